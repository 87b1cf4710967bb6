import * as v from "valibot";
import { readAddress } from "../../shared/address";
import { commands } from "../../shared/commands";
import { groupId, personId } from "../../shared/fields";
import { ID_FORMS } from "../../shared/ids";
import { fail, ok, type Reply } from "../../shared/failure";
import type { Connection, Job, Step } from "../../shared/model";
import { readChanges } from "../../store/changes";
import { readContacts } from "../../store/directory";
import {
  readConnections,
  readGroups,
  readInvites,
  readJobs,
  readLabels,
  readRosters,
  readSets,
  readSettings,
  readSteps,
} from "../../store/read";
import type { Aside, Store } from "../../store/schema";
import { write } from "../../store/write";
import { learnNames } from "./contacts";
import { addKept } from "./sets";

/**
 * The file that the agent exports and imports. It holds no key in any form; people (numbers,
 * names, texts that were sent) only when asked for. Reading one never touches a key or an existing address.
 */

const FORMAT = "wappfy-groups";
const VERSION = 1;

/** All that is stored, as JSON without blanks. */
export async function exportData(store: Store, withPeople: boolean, now: number): Promise<string> {
  const connections = await readConnections(store);
  const data = await Promise.all(connections.map((connection) => exportOne(store, connection, withPeople)));
  const { current: _, policy: __, ...settings } = await readSettings(store);
  const file = { format: FORMAT, version: VERSION, exportedAt: new Date(now).toISOString(), withPeople, settings };
  return JSON.stringify({ ...file, connections: data, aside: await exportAside(store, withPeople) });
}

/** What this version could not read and set aside. Of a vault's header only that there was one: it is about keys. */
async function exportAside({ db }: Store, withPeople: boolean): Promise<Partial<Aside>[]> {
  return (await db.getAll("aside")).map(({ id, table, key, value, at }) =>
    withPeople && table !== "vault" ? { id, table, key, value, at } : { table, at },
  );
}

async function exportOne(store: Store, connection: Connection, withPeople: boolean): Promise<unknown> {
  // The tail is for telling keys apart on this computer; in a file it would be a piece of the key.
  const { keyTail: _, trouble: __, ownNumber, ...rest } = connection;
  const jobs = await readJobs(store, connection.id);
  const history = await Promise.all(
    jobs.map(async (job) => exportJob(job, await readSteps(store, job.id), withPeople)),
  );
  const groups = await readGroups(store, connection.id, "name");
  if (!withPeople) {
    // An old group's id begins with its maker's number.
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

/** A kept row as it is in a file: what the command that keeps it takes, without what the store adds. */
const kept = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(
    v.custom<Record<string, unknown>>((row) => typeof row === "object" && row !== null),
    v.transform((row): unknown => {
      const { connection: _connection, savedAt: _savedAt, ...given } = row;
      return given;
    }),
    schema,
  );
const savedSet = kept(commands.saveSet.input);
const labelled = kept(commands.labelGroup.input);
/** Ids as a gateway gave them once; what is none by now is left out. */
const idsOf = v.pipe(
  v.array(v.string()),
  v.maxLength(5000),
  v.transform((ids) => ids.filter((one) => ID_FORMS.person.test(one))),
);
const time = v.pipe(v.number(), v.integer(), v.minValue(0));
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
/** What is taken from a file; `object` drops every other key. A part that does not fit its form refuses the file. */
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
        name: short(100),
        origin: short(300),
        instance: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.:-]{1,128}$/)),
        dialect: v.picklist(["guide", "reference"]),
        auth: v.picklist(["api-key", "bearer"]),
        isSandbox: v.boolean(),
        ownNumber: v.optional(personId),
        contacts: v.optional(v.array(v.object({ id: personId, name: short(200) }))),
        sets: v.optional(v.array(savedSet)),
        labels: v.optional(v.array(labelled)),
        changes: v.optional(v.array(change)),
      }),
    ),
  ),
});

/**
 * Takes connections and settings from a file; each new connection waits for its key. A connection that is there already
 * keeps its address, its key and everything else; names, sets, labels and changes of members that it has not are added. Paused sites are added to those of here, and a file may turn the page
 * script off but never on: it knows nothing of what was decided here since. Gives how many are new; `bad-input`, `bad-address`.
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
    if (origin === undefined || /^\.{1,2}$/.test(instance)) return fail("bad-address");
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
    const { isPageOn, pausedSites = [], ...taken } = settings ?? {};
    const sites = pausedSites.filter((site) => /^https?:\/\/[^/?#]+$/.test(site));
    const paused = [...new Set([...(before?.pausedSites ?? []), ...sites])];
    if (isPageOn === false) Object.assign(taken, { isPageOn });
    if (paused.length > 0) Object.assign(taken, { pausedSites: paused });
    await tx.objectStore("settings").put({ ...before, ...taken, ...(current ? { current } : {}) }, "settings");
  });
  const here = new Map((await readConnections(store)).map((one) => [`${one.origin} ${one.instance}`, one.id]));
  for (const { origin, instance, contacts = [], sets = [], labels = [], changes = [] } of wanted) {
    const connection = here.get(`${readAddress(origin)} ${instance}`);
    if (connection === undefined) continue;
    const people = contacts.map(({ id, name }) => ({ id, given: id, name }));
    await learnNames(store, connection, people, ports.now);
    await addKept(store, connection, { sets, labels, changes }, ports.now);
  }
  return ok({ connections: fresh.length });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Not JSON is as good as the wrong form.
    return undefined;
  }
}
