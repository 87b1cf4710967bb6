import type { Job, Step, Tally } from "../shared/model";
import type { JobSummary } from "../shared/summary";
import type { Store } from "./schema";

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
    // Each row costs a turn: find the batch's start, then read it at once.
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

/** Returns ids of paused jobs that resume by themselves. */
export async function readTimed({ db }: Store): Promise<Set<string>> {
  const paused = await db.getAllFromIndex("jobs", "state", "paused");
  return new Set(paused.flatMap(({ id, pause }) => (pause?.until === undefined ? [] : id)));
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

/** Returns the people whose removal from a group jobs other than this sent, if open or ended since a time (ms). */
export async function readRemovals(store: Store, { id, connection }: Job, group: string, since: number) {
  const removed: string[] = [];
  for (const { job, kind, endedAt = Infinity } of await readGroupSummaries(store, connection, group)) {
    if (job === id || endedAt < since || (kind !== "remove" && kind !== "move")) continue;
    for (const step of await readSteps(store, job)) {
      const isRemoval = kind === "remove" || step.group !== undefined;
      if (isRemoval && step.target === group && step.attempts > 0) removed.push(step.person ?? "");
    }
  }
  return removed;
}

/** Returns `group personKey` of everybody invited to these groups (see `Invited`), even by an erased job. */
export async function readInvited({ db }: Store, connection: string, groups: string[]): Promise<Set<string>> {
  const ranges = [...new Set(groups)].map((group) => IDBKeyRange.bound([connection, group], [connection, group, []]));
  const keys = (await Promise.all(ranges.map((range) => db.getAllKeys("invited", range)))).flat();
  return new Set(keys.map(([, group, person]) => `${group} ${person}`));
}

/** Returns a local day's counts (`2026-11-24`). */
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

/** Counts jobs set aside. */
export async function countAside({ db }: Store): Promise<number> {
  return (await db.getAll("aside")).filter(({ table }) => table === "jobs").length;
}

/** Returns the local date of a time (ms). */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}
