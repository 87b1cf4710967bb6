import type { NewStep } from "../../shared/jobs/kind";
import { KINDS, kindOf } from "../../shared/jobs/kinds";
import type {
  FailureCode,
  Group,
  Job,
  JobState,
  KnownInvite,
  Pause,
  Roster,
  Step,
  StepState,
} from "../../shared/model";
import { dayOf, OPEN_STATES } from "../../store/read";
import type { Store, Table } from "../../store/schema";
import { putRecord, readStepsIn, RECORD, type StepChange, type StoredJob } from "./record";
import { putRoster, ROSTER, toRow, write, type Writing } from "../../store/write";

/**
 * The journal of jobs: what a step and a job may become, and the three writes by which a runner works (take, intend,
 * commit). Each is one transaction with strict durability; a runner that is not the latest writes nothing.
 */

/** Version of job records that this code writes and runs. */
const JOB_VERSION = 1;

/** Every move that a step may make. Anything else is a defect in our code and throws. */
export const STEP_MOVES: Record<StepState, StepState[]> = {
  todo: ["sending", "done", "failed", "review", "cancelled"],
  sending: ["todo", "accepted", "unknown", "done", "failed", "review"],
  accepted: ["done", "review"],
  unknown: ["todo", "done", "review"],
  review: ["accepted", "done", "failed"],
  done: [],
  failed: [],
  cancelled: [],
};

/** Every move that a job may make. A finished one opens again only when the agent names the group of an unsure create. */
export const JOB_MOVES: Record<JobState, JobState[]> = {
  waiting: ["running", "paused", "cancelled", "done"],
  running: ["waiting", "paused", "cancelled", "done"],
  paused: ["running", "waiting", "cancelled", "done"],
  done: ["waiting"],
  cancelled: [],
};

/** A move that the tables do not have. */
export class IllegalMove extends Error {}

/** Another runner took the job, or the agent paused or cancelled it: this runner must let go. */
export class Fenced extends Error {}

/** The journal could not be written (disk full): nothing may be sent. */
export class NotWritten extends Error {}

/** Where a slice of work leaves the job. `at`: go on not before. `isSettling`: it waits for late effects. */
export type Next = { at: number; isSettling?: boolean } | { pause: Pause } | { end: true };

/** What is learnt beside the steps and written with them. A group with a `name` may be new to the store. */
export interface Learnt {
  rosters?: Roster[];
  groups?: (Partial<Group> & { id: string })[];
  invites?: KnownInvite[];
  /** Our own number, where the connection does not have it yet. */
  own?: string;
}

/** Fields of a job that a slice may change. */
export type JobPatch = Partial<Pick<Job, "proven" | "streak" | "tries" | "readings" | "stopped" | "isUncheckable">>;

/** Checks a move of a step or a job; the same state again is no move. Throws `IllegalMove`. */
export function assertMove<State extends string>(moves: Record<State, State[]>, from: State, to: State): void {
  if (from !== to && !moves[from]?.includes(to)) throw new IllegalMove(`${from} → ${to}`);
}

/** Whether a request was sent whose effect is not proved yet. */
export function isPending(step: Step): boolean {
  return step.state === "accepted" || step.state === "unknown";
}

/** Writes to the journal, turning what the database throws into `NotWritten`; our own errors pass. */
export async function journal<const Tables extends Table[], T>(
  store: Store,
  tables: Tables,
  work: (tx: Writing<Tables>) => Promise<T>,
): Promise<T> {
  try {
    return await write(store, tables, work);
  } catch (error) {
    if (error instanceof IllegalMove || error instanceof Fenced) throw error;
    throw new NotWritten(String(error));
  }
}

/**
 * Writes a new job with its steps (by default those of its input) and returns its id. If a job has the nonce already, or
 * an open one has the same input (the agent pressed in two windows), returns the id of that one. Throws `NotWritten`.
 */
export async function addJob(
  store: Store,
  wanted: { connection: string; input: Job["input"]; nonce: string; undo: number },
  now: number,
  steps?: NewStep[],
): Promise<string> {
  const { connection, input, nonce, undo } = wanted;
  const kind = kindOf(input);
  const own = (await store.db.get("connections", connection))?.ownNumber;
  return journal(store, [...RECORD], async (tx) => {
    const known = await tx.objectStore("jobs").index("nonce").get(nonce);
    if (known) return known.id;
    const open = steps === undefined ? await openJobs(tx) : [];
    const body = JSON.stringify(input);
    const same = open.find(
      (job) => job.connection === connection && job.isCancelled !== true && JSON.stringify(job.input) === body,
    );
    if (same) return same.id;
    const id = crypto.randomUUID();
    const undoUntil = kind.undo ? now + undo : 0;
    const times = { createdAt: now, notBefore: undoUntil || now, undoUntil };
    const record = { id, connection, input, nonce, epoch: 0, version: JOB_VERSION };
    const fresh = (steps ?? kind.steps(input, own)).map((step, index) => ({ ...step, job: id, connection, index }));
    await putRecord(
      tx,
      { ...record, ...times, state: "waiting" },
      fresh.map((after) => ({ after })),
    );
    return id;
  });
}

async function openJobs(tx: Writing<Table[]>): Promise<StoredJob[]> {
  const index = tx.objectStore("jobs").index("state");
  return (await Promise.all(OPEN_STATES.map((state) => index.getAll(state)))).flat();
}

/** Takes the job for a runner: raises the epoch, so that an older runner's writes are refused from here on. */
export function takeJob(store: Store, id: string): Promise<StoredJob> {
  return journal(store, [...RECORD], async (tx) => {
    const job = await tx.objectStore("jobs").get(id);
    if (!job || job.state === "done" || job.state === "cancelled") throw new Fenced();
    assertMove(JOB_MOVES, job.state, "running");
    const running: StoredJob = { ...job, state: "running", epoch: job.epoch + 1, pause: undefined };
    await putRecord(tx, running);
    return running;
  });
}

/**
 * Writes the intent to send these steps, and returns them as stored once they are on disk. Raises the counters of the day
 * in the same transaction. `ids`: what the group list showed before, for effects that are found by comparing it.
 */
export function intend(store: Store, job: Job, steps: Step[], now: number, ids?: string[]): Promise<Step[]> {
  return journal(store, [...RECORD, "tallies", "groups"], async (tx) => {
    const current = await tx.objectStore("jobs").get(job.id);
    if (current?.epoch !== job.epoch || current.state !== "running") throw new Fenced();
    const changes: { before: Step; after: Step }[] = [];
    for (const { index: at } of steps) {
      const step = await tx.objectStore("steps").get([job.id, at]);
      // Cancelled in this very moment: then none of them goes.
      if (step?.state !== "todo") throw new Fenced();
      // What an earlier attempt left behind would be mistaken for this one's.
      const { index, connection, target, person, given, group, attempts } = step;
      const fixed = { job: job.id, index, connection, target, person, given, group };
      const after: Step = { ...fixed, state: "sending", attempts: attempts + 1, sentAt: now, batch: steps[0]?.index };
      changes.push({ before: step, after });
    }
    const readings = ids === undefined ? {} : { readings: { ...current.readings, "": { at: now, ids } } };
    await putRecord(tx, { ...current, ...readings }, changes);
    const sent = changes.map(({ after }) => after);
    await tally(tx, job, sent, 1, now);
    for (const id of new Set(sent.map((step) => step.target))) {
      const group = await tx.objectStore("groups").get([job.connection, id]);
      if (group) await tx.objectStore("groups").put(toRow({ ...group, usedAt: now }));
    }
    return sent;
  });
}

/**
 * Writes what came of it: changed steps, fields of the job, where the job goes next, and what was learnt beside.
 * When the agent paused meanwhile the outcome is written all the same and the job stays paused.
 */
export function commit(
  store: Store,
  job: Job,
  changes: Step[],
  next: Next,
  patch: JobPatch,
  learnt: Learnt,
  now: number,
): Promise<StoredJob> {
  const tables: Table[] = [...RECORD];
  if (learnt.rosters?.length) tables.push(...ROSTER);
  if (learnt.groups?.length) tables.push("groups");
  if (learnt.invites?.length) tables.push("invites");
  if (learnt.own !== undefined) tables.push("connections");
  if (changes.some((step) => step.state === "todo")) tables.push("tallies");
  return journal(store, tables, async (tx) => {
    const current = await tx.objectStore("jobs").get(job.id);
    if (current?.epoch !== job.epoch) throw new Fenced();
    const refused: Step[] = [];
    const written = new Map<number, StepChange>();
    for (const step of changes) {
      const stored = await tx.objectStore("steps").get([job.id, step.index]);
      // The agent cancelled it while a reading was under way; what was learnt about it does not matter any more.
      if (!stored || (stored.state === "cancelled" && step.state !== "cancelled")) continue;
      const { state } = written.get(step.index)?.after ?? stored;
      assertMove(STEP_MOVES, state, step.state);
      if (state === "sending" && step.state === "todo") refused.push(step);
      written.set(step.index, { before: stored, after: step });
    }
    if (refused.length > 0) await tally(tx, job, refused, -1, now);
    for (const roster of learnt.rosters ?? []) await putRoster(tx, roster);
    for (const known of learnt.invites ?? []) await tx.objectStore("invites").put(known);
    const connection = learnt.own === undefined ? undefined : await tx.objectStore("connections").get(job.connection);
    if (connection && connection.ownNumber === undefined) {
      await tx.objectStore("connections").put({ ...connection, ownNumber: learnt.own });
    }
    for (const change of learnt.groups ?? []) {
      const stored = await tx.objectStore("groups").get([job.connection, change.id]);
      if (!stored && change.name === undefined) continue;
      const row = { connection: job.connection, name: change.id, listedAt: now, ...stored, ...defined(change) };
      // Told by the gateway just now: whatever we thought, it is not gone.
      if (change.name !== undefined) delete row.goneAt;
      await tx.objectStore("groups").put(toRow(row));
    }
    const updated: StoredJob = { ...current, ...patch };
    if ("end" in next) {
      const steps = (await readStepsIn(tx, job.id)).map((step) => written.get(step.index)?.after ?? step);
      Object.assign(updated, endOf(steps, now));
    } else if (current.state === "running") Object.assign(updated, continuation(next, now));
    assertMove(JOB_MOVES, current.state, updated.state);
    await putRecord(tx, updated, [...written.values()]);
    return updated;
  });
}

/** What the record of a job says once nothing is left to do. */
function endOf(steps: Step[], endedAt: number): Partial<StoredJob> {
  const state = steps.some((step) => step.state === "cancelled") ? "cancelled" : "done";
  return { state, endedAt, pause: undefined, tries: undefined };
}

/** What the record of a running job says of where it goes next. */
function continuation(next: Exclude<Next, { end: true }>, now: number): Partial<StoredJob> {
  if ("pause" in next) return { state: "paused", pause: next.pause, notBefore: next.pause.until ?? now };
  if (!next.isSettling) return { notBefore: next.at, pause: undefined };
  return { state: "waiting", notBefore: next.at, pause: { reason: "settling", until: next.at } };
}

/** Adds what these steps count for to the counters of the day, or takes it off again. */
async function tally(tx: Writing<Table[]>, job: Job, steps: Step[], by: 1 | -1, now: number): Promise<void> {
  const counts = kindOf(job.input).tally?.(steps);
  if (!counts) return;
  const day = dayOf(now);
  const none = { connection: job.connection, day, adds: 0, removes: 0, joins: 0, creates: 0, messages: 0 };
  const today = { ...none, ...(await tx.objectStore("tallies").get([job.connection, day])) };
  for (const [field, count] of Object.entries(counts) as [keyof typeof counts, number][]) {
    today[field] = Math.max(0, today[field] + by * count);
  }
  await tx.objectStore("tallies").put(today);
}

/** Pauses that are tried again at each waking, as the agent ends them elsewhere (unlock, permission) and nothing is sent. */
export const WAITING_FOR_AGENT: ReadonlySet<Pause["reason"]> = new Set<FailureCode>([
  "locked",
  "no-key",
  "no-permission",
  "company-rule",
  "no-connection",
]);

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

/** Whether this code knows the record: version, kind, state, and numbers that are numbers. */
export function isSound(job: StoredJob): boolean {
  const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
  return (
    job.version === JOB_VERSION &&
    typeof job.connection === "string" &&
    Object.hasOwn(KINDS, job.input?.kind) &&
    Object.hasOwn(JOB_MOVES, job.state) &&
    [job.createdAt, job.notBefore, job.undoUntil, job.epoch].every(isNumber)
  );
}

/** Whether this code knows the steps, all of them and in their order. */
export function areSound(steps: Step[]): boolean {
  return steps.every(
    (step, index) =>
      step.index === index &&
      typeof step.target === "string" &&
      Object.hasOwn(STEP_MOVES, step.state) &&
      Number.isInteger(step.attempts),
  );
}
