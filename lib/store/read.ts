import {
  type Budget,
  type Connection,
  DEFAULT_SETTINGS,
  type GatewayNotes,
  type Group,
  type GroupLabels,
  type Job,
  type JobState,
  type KnownInvite,
  type Policy,
  type Roster,
  type SavedSet,
  type Settings,
  type Step,
  type Tally,
} from "../shared/model";
import type { DraftKey } from "../shared/draft";
import type { JobSummary } from "../shared/summary";
import type { GroupRow, Store } from "./schema";

/** Reads of the store, for screens and worker alike. Nothing here writes. */

/** The settings, with the default for what was never set; what the company set wins. */
export async function readSettings({ db }: Store): Promise<Settings> {
  const settings = { ...DEFAULT_SETTINGS, ...(await db.get("settings", "settings")) };
  const { maxPace, pageActions, lockAfter } = settings.policy ?? {};
  return {
    ...settings,
    ...(maxPace === "careful" ? { pace: maxPace } : {}),
    ...(pageActions === false ? { isPageOn: false } : {}),
    ...(lockAfter === undefined ? {} : { lockAfter }),
  };
}

/** All connections, in the order of their making. */
export async function readConnections({ db }: Store): Promise<Connection[]> {
  return (await db.getAll("connections")).toSorted((a, b) => a.createdAt - b.createdAt);
}

/** The connection in use, or undefined on a new installation. */
export async function readCurrent(store: Store): Promise<Connection | undefined> {
  const { current } = await readSettings(store);
  return current === undefined ? undefined : store.db.get("connections", current);
}

/**
 * Groups of a connection in list order, without those that are gone; at most `limit`.
 * The indexes hold the order, so a first screen of fifty costs the same with a hundred groups and with ten thousand.
 */
export async function readGroups(
  { db }: Store,
  connection: string,
  sort: Settings["sort"],
  limit?: number,
): Promise<GroupRow[]> {
  return db.getAllFromIndex("groups", sort, IDBKeyRange.bound([connection, 0], [connection, 0, []]), limit);
}

/** One group, also when it is gone. */
export async function readGroup({ db }: Store, connection: string, id: string): Promise<Group | undefined> {
  return db.get("groups", [connection, id]);
}

/** The members of a group as last read. */
export async function readRoster({ db }: Store, connection: string, group: string): Promise<Roster | undefined> {
  return db.get("rosters", [connection, group]);
}

/** All member lists of a connection, for finding a person in the groups. */
export async function readRosters({ db }: Store, connection: string): Promise<Roster[]> {
  return db.getAllFromIndex("rosters", "connection", connection);
}

/** The groups whose members were read. */
export async function readRosterKeys({ db }: Store, connection: string): Promise<Set<string>> {
  const keys = await db.getAllKeys("rosters", IDBKeyRange.bound([connection], [connection, []]));
  return new Set(keys.map(([, group]) => group));
}

/** What the agent keeps under a name, by name. */
export async function readSets<Kind extends SavedSet["kind"]>(
  { db }: Store,
  connection: string,
  kind: Kind,
): Promise<(SavedSet & { kind: Kind })[]> {
  const sets = await db.getAll("sets", IDBKeyRange.bound([connection, kind], [connection, kind, []]));
  return sets as (SavedSet & { kind: Kind })[];
}

/** The labels and notes of a connection's groups. */
export async function readLabels({ db }: Store, connection: string): Promise<GroupLabels[]> {
  return db.getAll("labels", IDBKeyRange.bound([connection], [connection, []]));
}

/** What is known about a code. One of a group that we left, or that is gone, is `seen`: it can be joined again. */
export async function readInvite(store: Store, connection: string, code: string): Promise<KnownInvite | undefined> {
  return (await readKnown(store, connection, [code])).get(code)?.known;
}

/** The same about many codes at once, with the group that each leads to where that is known. */
export async function readKnown(
  { db }: Store,
  connection: string,
  codes: string[],
): Promise<Map<string, { known?: KnownInvite; group?: Group }>> {
  const tx = db.transaction(["invites", "groups"]);
  const read = async (code: string) => {
    const known = await tx.objectStore("invites").get([connection, code]);
    if (known?.group === undefined) return [code, { known }] as const;
    const group = await tx.objectStore("groups").get([connection, known.group]);
    const isLeft = known.state === "ours" && group?.gone !== 0;
    return [code, { known: isLeft ? { ...known, state: "seen" as const } : known, group }] as const;
  };
  return new Map(await Promise.all(codes.map(read)));
}

/** All known codes of a connection. */
export async function readInvites({ db }: Store, connection: string): Promise<KnownInvite[]> {
  return db.getAll("invites", IDBKeyRange.bound([connection], [connection, []]));
}

/** One job. */
export async function readJob({ db }: Store, id: string): Promise<Job | undefined> {
  return db.get("jobs", id);
}

/** Whether the record of a job is still there. */
export async function hasJob({ db }: Store, id: string): Promise<boolean> {
  return (await db.getKey("jobs", id)) !== undefined;
}

/** The steps of a job, in order. */
export async function readSteps({ db }: Store, job: string): Promise<Step[]> {
  return db.getAll("steps", IDBKeyRange.bound([job], [job, []]));
}

/** A job with its steps. */
export async function readJobWithSteps(store: Store, id: string): Promise<{ job: Job; steps: Step[] } | undefined> {
  const job = await readJob(store, id);
  return job ? { job, steps: await readSteps(store, id) } : undefined;
}

/** Jobs of a connection, newest first. */
export async function readJobs({ db }: Store, connection: string): Promise<Job[]> {
  const jobs = await db.getAllFromIndex("jobs", "created", IDBKeyRange.bound([connection], [connection, []]));
  return jobs.toReversed();
}

/**
 * Summaries of a connection's jobs, newest first: at most `limit` of those that `isWanted` takes. No step and no list of
 * people is read.
 */
export async function readSummaries(
  { db }: Store,
  connection: string,
  limit: number,
  isWanted: (summary: JobSummary) => boolean = () => true,
): Promise<JobSummary[]> {
  const found: JobSummary[] = [];
  const index = db.transaction("summaries").store.index("created");
  const batch = Math.min(limit, 1000);
  let range = IDBKeyRange.bound([connection], [connection, []]);
  while (found.length < limit) {
    const newest = await index.openKeyCursor(range, "prev");
    if (!newest) break;
    // A row at a time would be a turn each: one step finds where the batch begins, then its rows come together.
    const oldest = batch > 1 ? await newest.advance(batch - 1) : newest;
    const from = oldest?.key ?? range.lower;
    const rows = await index.getAll(IDBKeyRange.bound(from, range.upper, false, range.upperOpen));
    found.push(...rows.toReversed().filter(isWanted));
    if (!oldest) break;
    range = IDBKeyRange.bound([connection], from, false, true);
  }
  return found.slice(0, limit);
}

/** Ended jobs that are due to be erased: those that ended before a moment, and the oldest beyond `most` steps in all. */
export async function readExpired({ db }: Store, before: number, most: number): Promise<string[]> {
  let excess = (await db.count("steps")) - most;
  const expired: string[] = [];
  const index = db.transaction("summaries").store.index("ended");
  for (let cursor = await index.openCursor(); cursor; cursor = await cursor.continue()) {
    const { job, endedAt = 0, steps } = cursor.value;
    if (endedAt >= before && excess <= 0) break;
    expired.push(job);
    excess -= steps;
  }
  return expired;
}

/** The summary of a job. */
export async function readSummary({ db }: Store, job: string): Promise<JobSummary | undefined> {
  return db.get("summaries", job);
}

/** Summaries of the jobs that wrote to a group, newest first. */
export async function readGroupSummaries({ db }: Store, connection: string, group: string): Promise<JobSummary[]> {
  const found = await db.getAllFromIndex("summaries", "groups", group);
  return found.filter((each) => each.connection === connection).toSorted((a, b) => b.createdAt - a.createdAt);
}

/**
 * Who was sent the invite link of one of the groups, may have been, or is going to be, as `group personKey`: nobody is
 * sent it twice, also when the record of the job was erased.
 */
export async function readInvited({ db }: Store, connection: string, groups: string[]): Promise<Set<string>> {
  const ranges = [...new Set(groups)].map((group) => IDBKeyRange.bound([connection, group], [connection, group, []]));
  const keys = (await Promise.all(ranges.map((range) => db.getAllKeys("invited", range)))).flat();
  return new Set(keys.map(([, group, person]) => `${group} ${person}`));
}

/** The states of a job that has not ended. */
export const OPEN_STATES: readonly JobState[] = ["waiting", "running", "paused"];

/** Jobs that have not ended, of all connections. */
export async function readOpenJobs({ db }: Store): Promise<Job[]> {
  return (await Promise.all(OPEN_STATES.map((state) => db.getAllFromIndex("jobs", "state", state)))).flat();
}

/** The allowance of a connection; undefined before the first request. */
export async function readBudget({ db }: Store, connection: string): Promise<Budget | undefined> {
  return db.get("budgets", connection);
}

/** What was learnt of a connection's gateway; empty on a new one. */
export async function readNotes({ db }: Store, connection: string): Promise<GatewayNotes> {
  return (await db.get("gateways", connection)) ?? { connection };
}

/** What the instance did on a local day (`2026-11-24`). */
export async function readTally({ db }: Store, connection: string, day: string): Promise<Tally> {
  return (
    (await db.get("tallies", [connection, day])) ?? {
      connection,
      day,
      adds: 0,
      removes: 0,
      joins: 0,
      creates: 0,
      messages: 0,
    }
  );
}

/** How many records were set aside because this version could not read them. */
export async function countAside({ db }: Store): Promise<number> {
  return db.count("aside");
}

/** What the agent typed into a field of a form, or undefined. */
export async function readDraft({ db }: Store, key: DraftKey): Promise<string | undefined> {
  return db.get("drafts", key);
}

/** The local date of a moment, as the tallies use it. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}

/** What holds now; nothing where no company set anything. */
export async function rulesOf(store: Store): Promise<Policy> {
  return (await readSettings(store)).policy ?? {};
}
