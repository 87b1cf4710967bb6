import * as v from "valibot";
import { readAddress } from "../../shared/address";
import { commands } from "../../shared/commands";
import { groupId, instanceId, personId, time } from "../../shared/fields";
import { ID_FORMS } from "../../shared/ids";
import { fail, ok, type Reply } from "../../shared/failure";
import type { Connection, Job, Step } from "../../shared/model";
import { cleanText } from "../../shared/text";
import { readChanges } from "../../store/changes";
import { readContacts } from "../../store/directory";
import { readConnections, readGroups, readLabels, readOwnSettings, readRosters, readSets } from "../../store/read";
import { readInvites } from "../../store/read-invites";
import { readJobs, readSteps } from "../../store/read-jobs";
import type { Aside, Store } from "../../store/schema";
import { write } from "../../store/write";
import { learnGiven, learnNames } from "./contacts";
import { addSaved } from "./sets";

/** The export file: no keys; people (numbers, names, sent texts) only on request. */

const FORMAT = "wappfy-groups";
const VERSION = 1;

/** Returns the export as compact JSON. */
export async function exportData(store: Store, withPeople: boolean, now: number): Promise<string> {
  const connections = await readConnections(store);
  const data = await Promise.all(connections.map((connection) => exportOne(store, connection, withPeople)));
  // Without the company's rules, which are no choice of the agent.
  const { current: _, policy: __, guide: ___, news: ____, ...settings } = await readOwnSettings(store);
  const file = { format: FORMAT, version: VERSION, exportedAt: new Date(now).toISOString(), withPeople, settings };
  return JSON.stringify({ ...file, connections: data, aside: await exportAside(store, withPeople) });
}

/** Unreadable rows; without people, or from the vault, only table and time. */
async function exportAside({ db }: Store, withPeople: boolean): Promise<Partial<Aside>[]> {
  return (await db.getAll("aside")).map(({ id, table, key, value, at }) =>
    withPeople && table !== "vault" ? { id, table, key, value, at } : { table, at },
  );
}

async function exportOne(store: Store, connection: Connection, withPeople: boolean): Promise<unknown> {
  // The tail is part of the key.
  const { keyTail: _, trouble: __, ownNumber, ...rest } = connection;
  const jobs = await readJobs(store, connection.id);
  const history = await Promise.all(
    jobs.map(async (job) => exportJob(job, await readSteps(store, job.id), withPeople)),
  );
  const groups = await readGroups(store, connection.id, "name");
  if (!withPeople) {
    // Old group ids begin with the creator's number.
    const named = groups.map(({ id, name, size }) => ({ id: id.replace(/^\d+-/, "…-"), name, size }));
    return { ...rest, groups: named, jobs: history };
  }
  const [rosters, contacts, changes, invites, labels, groupSets, peopleSets, texts] = await Promise.all([
    readRosters(store, connection.id),
    readContacts(store, connection.id),
    readChanges(store, connection.id, Infinity),
    readInvites(store, connection.id),
    readLabels(store, connection.id),
    readSets(store, connection.id, "groups"),
    readSets(store, connection.id, "people"),
    readSets(store, connection.id, "texts"),
  ]);
  const sets = [...groupSets, ...peopleSets, ...texts];
  return { ...rest, ownNumber, groups, labels, sets, rosters, contacts, changes, invites, jobs: history };
}

function exportJob(job: Job, steps: Step[], withPeople: boolean): unknown {
  if (withPeople) return { ...job, steps };
  const verdicts: Record<string, number> = {};
  for (const { verdict, state } of steps) verdicts[verdict ?? state] = (verdicts[verdict ?? state] ?? 0) + 1;
  const { id, state, createdAt, endedAt } = job;
  return { id, kind: job.input.kind, state, createdAt, endedAt, verdicts };
}

/** Reads a row as input of the command that saves it. */
const rowOf = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(
    v.custom<Record<string, unknown>>((row) => typeof row === "object" && row !== null),
    v.transform((row): unknown => {
      const { connection: _connection, savedAt: _savedAt, ...given } = row;
      return given;
    }),
    schema,
  );
const savedSet = rowOf(commands.saveSet.input);
const labelled = rowOf(commands.labelGroup.input);
const idsOf = v.pipe(
  v.array(v.string()),
  v.transform((ids) => ids.slice(0, 5000).filter((one) => ID_FORMS.person.test(one))),
);
const change = v.object({
  group: groupId,
  since: time,
  at: time,
  joined: idsOf,
  left: idsOf,
  promoted: idsOf,
  demoted: idsOf,
});
const short = (max: number) => v.pipe(v.string(), v.maxLength(max));
/** A name as the gateway gives it: a character may have many units. */
const line = v.pipe(
  short(2000),
  v.transform((name) => cleanText(name)),
);
/** Other keys are dropped; an invalid part fails the file. */
const file = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  settings: v.optional(
    v.object({
      country: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))),
      pace: v.optional(v.picklist(["careful", "fast"])),
      isPageOn: v.optional(v.boolean()),
      pausedSites: v.optional(v.array(short(300))),
      sort: v.optional(v.picklist(["name", "size", "used"])),
    }),
  ),
  connections: v.optional(
    v.array(
      v.object({
        name: line,
        origin: short(300),
        instance: instanceId,
        dialect: v.picklist(["guide", "reference"]),
        auth: v.picklist(["api-key", "bearer"]),
        isSandbox: v.boolean(),
        ownNumber: v.optional(personId),
        contacts: v.optional(v.array(v.object({ id: personId, name: line, isGiven: v.optional(v.boolean()) }))),
        sets: v.optional(v.array(savedSet)),
        labels: v.optional(v.array(labelled)),
        changes: v.optional(v.array(change)),
      }),
    ),
  ),
});

/**
 * Imports settings and keyless connections; known ones only gain missing names, sets, labels and member changes. Merges
 * paused sites; never turns on the page script, as the agent may have decided since. Returns the number of new
 * connections; fails with `bad-input` or `bad-address`.
 */
export async function importData(
  store: Store,
  json: string,
  ports: { now: number; id: () => string },
): Promise<Reply<{ connections: number }>> {
  const read = v.safeParse(file, parse(json), { abortEarly: true });
  if (!read.success) return fail("bad-input");
  const { settings, connections = [] } = read.output;
  const wanted = connections.filter(({ isSandbox }) => !isSandbox);
  const known = new Set((await readConnections(store)).map((one) => `${one.origin} ${one.instance}`));
  const fresh: Connection[] = [];
  for (const { name, origin: given, instance, dialect, auth, ownNumber } of wanted) {
    const origin = readAddress(given);
    if (origin === undefined) return fail("bad-address");
    if (known.has(`${origin} ${instance}`)) continue;
    known.add(`${origin} ${instance}`);
    fresh.push({
      id: ports.id(),
      name,
      origin,
      instance,
      dialect,
      auth,
      isSandbox: false,
      keyTail: "",
      createdAt: ports.now + fresh.length,
      trouble: "no-key",
      ...(ownNumber === undefined ? {} : { ownNumber }),
    });
  }
  await write(store, ["connections", "settings"], async (tx) => {
    for (const connection of fresh) await tx.objectStore("connections").put(connection);
    const before = await tx.objectStore("settings").get("settings");
    const current = before?.current ?? fresh[0]?.id;
    const { isPageOn, pausedSites = [], ...accepted } = settings ?? {};
    const sites = pausedSites.filter((site) => /^https?:\/\/[^/?#]+$/.test(site));
    const paused = [...new Set([...(before?.pausedSites ?? []), ...sites])];
    if (isPageOn === false) Object.assign(accepted, { isPageOn });
    if (paused.length > 0) Object.assign(accepted, { pausedSites: paused });
    await tx.objectStore("settings").put({ ...before, ...accepted, ...(current ? { current } : {}) }, "settings");
  });
  const here = new Map((await readConnections(store)).map((one) => [`${one.origin} ${one.instance}`, one]));
  for (const { origin, instance, contacts = [], sets = [], labels = [], changes = [] } of wanted) {
    const connection = here.get(`${readAddress(origin)} ${instance}`);
    if (connection === undefined) continue;
    const { id: own } = connection;
    const ours = contacts.filter(({ isGiven }) => isGiven !== true);
    const people = ours.map(({ id, name }) => ({ id, given: id, name }));
    await learnNames(store, own, people, ports.now);
    const given = contacts.filter(({ isGiven }) => isGiven === true);
    await learnGiven(store, connection, given, ports.now);
    await addSaved(store, own, { sets, labels, changes }, ports.now);
  }
  return ok({ connections: fresh.length });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
