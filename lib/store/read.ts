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

/** Returns the settings; company rules win. */
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

/** Returns all connections, oldest first. */
export async function readConnections({ db }: Store): Promise<Connection[]> {
  return (await db.getAll("connections")).toSorted((a, b) => a.createdAt - b.createdAt);
}

/** Returns the current connection. */
export async function readCurrent(store: Store): Promise<Connection | undefined> {
  const { current } = await readSettings(store);
  return current === undefined ? undefined : store.db.get("connections", current);
}

/** Returns groups in list order, without gone ones. Indexed: the cost does not depend on the number of groups. */
export async function readGroups(
  { db }: Store,
  connection: string,
  sort: Settings["sort"],
  limit?: number,
): Promise<GroupRow[]> {
  return db.getAllFromIndex("groups", sort, IDBKeyRange.bound([connection, 0], [connection, 0, []]), limit);
}

/** Returns a group, even if gone. */
export async function readGroup({ db }: Store, connection: string, id: string): Promise<Group | undefined> {
  return db.get("groups", [connection, id]);
}

/** Returns the known groups of these ids, gone ones too. */
export async function readGroupsOf(
  store: Store,
  connection: string,
  ids: Iterable<string>,
): Promise<Map<string, Group>> {
  const found = await Promise.all([...new Set(ids)].map((id) => readGroup(store, connection, id)));
  return new Map(found.flatMap((group) => (group ? [[group.id, group] as const] : [])));
}

/** Returns a group's last reading. */
export async function readRoster({ db }: Store, connection: string, group: string): Promise<Roster | undefined> {
  return db.get("rosters", [connection, group]);
}

/** Returns all rosters. */
export async function readRosters({ db }: Store, connection: string): Promise<Roster[]> {
  return db.getAllFromIndex("rosters", "connection", connection);
}

/** Returns the ids of groups with a roster. */
export async function readRosterKeys({ db }: Store, connection: string): Promise<Set<string>> {
  const keys = await db.getAllKeys("rosters", IDBKeyRange.bound([connection], [connection, []]));
  return new Set(keys.map(([, group]) => group));
}

/** Returns what the agent saved, by name. */
export async function readSets<Kind extends SavedSet["kind"]>(
  { db }: Store,
  connection: string,
  kind: Kind,
): Promise<(SavedSet & { kind: Kind })[]> {
  const sets = await db.getAll("sets", IDBKeyRange.bound([connection, kind], [connection, kind, []]));
  return sets as (SavedSet & { kind: Kind })[];
}

/** Returns labels and notes of all groups. */
export async function readLabels({ db }: Store, connection: string): Promise<GroupLabels[]> {
  return db.getAll("labels", IDBKeyRange.bound([connection], [connection, []]));
}

/** Returns what is known of an invite code; `seen`, so joinable again, if we are no longer in its group. */
export async function readInvite(store: Store, connection: string, code: string): Promise<KnownInvite | undefined> {
  return (await readKnown(store, connection, [code])).get(code)?.known;
}

/** Does the same for many codes, with their groups. */
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

/** Returns all known codes. */
export async function readInvites({ db }: Store, connection: string): Promise<KnownInvite[]> {
  return db.getAll("invites", IDBKeyRange.bound([connection], [connection, []]));
}

/** Returns a job. */
export async function readJob({ db }: Store, id: string): Promise<Job | undefined> {
  return db.get("jobs", id);
}

/** Whether a job's record exists. */
export async function hasJob({ db }: Store, id: string): Promise<boolean> {
  return (await db.getKey("jobs", id)) !== undefined;
}

/** Returns a job's steps in order. */
export async function readSteps({ db }: Store, job: string): Promise<Step[]> {
  return db.getAll("steps", IDBKeyRange.bound([job], [job, []]));
}

/** Returns a job with its steps. */
export async function readJobWithSteps(store: Store, id: string): Promise<{ job: Job; steps: Step[] } | undefined> {
  const job = await readJob(store, id);
  return job ? { job, steps: await readSteps(store, id) } : undefined;
}

/** Returns jobs, newest first. */
export async function readJobs({ db }: Store, connection: string): Promise<Job[]> {
  const jobs = await db.getAllFromIndex("jobs", "created", IDBKeyRange.bound([connection], [connection, []]));
  return jobs.toReversed();
}

/** Returns wanted job summaries, newest first, at most `limit`. */
export async function readSummaries(
  { db }: Store,
  connection: string,
  limit: number,
  isWanted: (summary: JobSummary) => boolean = () => true,
): Promise<JobSummary[]> {
  const found: JobSummary[] = [];
  const index = db.transaction("summaries").store.index("created");
  let batch = Math.min(limit, 1000);
  let range = IDBKeyRange.bound([connection], [connection, []]);
  while (found.length < limit) {
    const newest = await index.openKeyCursor(range, "prev");
    if (!newest) break;
    // Each row costs a turn: find where the batch begins, then read it at once.
    const oldest = batch > 1 ? await newest.advance(batch - 1) : newest;
    const from = oldest?.key ?? range.lower;
    const rows = await index.getAll(IDBKeyRange.bound(from, range.upper, false, range.upperOpen));
    found.push(...rows.toReversed().filter(isWanted));
    if (!oldest) break;
    range = IDBKeyRange.bound([connection], from, false, true);
    // Few match: larger batches take fewer turns.
    batch = Math.min(4 * batch, 1000);
  }
  return found.slice(0, limit);
}

/** Returns ids of jobs ended before a time (ms), and of the oldest beyond `most` steps. */
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

/** Returns a job's summary. */
export async function readSummary({ db }: Store, job: string): Promise<JobSummary | undefined> {
  return db.get("summaries", job);
}

/** Returns a group's job summaries, newest first. */
export async function readGroupSummaries({ db }: Store, connection: string, group: string): Promise<JobSummary[]> {
  const found = await db.getAllFromIndex("summaries", "groups", group);
  return found.filter((each) => each.connection === connection).toSorted((a, b) => b.createdAt - a.createdAt);
}

/**
 * Returns `group personKey` of everybody who was, may have been or will be sent a group's link, even by an erased job.
 */
export async function readInvited({ db }: Store, connection: string, groups: string[]): Promise<Set<string>> {
  const ranges = [...new Set(groups)].map((group) => IDBKeyRange.bound([connection, group], [connection, group, []]));
  const keys = (await Promise.all(ranges.map((range) => db.getAllKeys("invited", range)))).flat();
  return new Set(keys.map(([, group, person]) => `${group} ${person}`));
}

/** States of a job that has not ended. */
export const OPEN_STATES: readonly JobState[] = ["waiting", "running", "paused"];

/** Returns all jobs not ended. */
export async function readOpenJobs({ db }: Store): Promise<Job[]> {
  return (await Promise.all(OPEN_STATES.map((state) => db.getAllFromIndex("jobs", "state", state)))).flat();
}

/** Returns the allowance; undefined before the first request. */
export async function readBudget({ db }: Store, connection: string): Promise<Budget | undefined> {
  return db.get("budgets", connection);
}

/** Returns the notes on a gateway. */
export async function readNotes({ db }: Store, connection: string): Promise<GatewayNotes> {
  return (await db.get("gateways", connection)) ?? { connection };
}

/** Returns the counts of a local day (`2026-11-24`). */
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

/** Counts unreadable records. */
export async function countAside({ db }: Store): Promise<number> {
  return db.count("aside");
}

/** Returns the draft of a form's field. */
export async function readDraft({ db }: Store, key: DraftKey): Promise<string | undefined> {
  return db.get("drafts", key);
}

/** Returns the local date of a time (ms). */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}

/** Returns the company's rules. */
export async function rulesOf(store: Store): Promise<Policy> {
  return (await readSettings(store)).policy ?? {};
}
