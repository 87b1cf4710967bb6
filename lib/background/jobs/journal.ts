import { isEnded } from "../../shared/summary";
import type { NewStep } from "../../shared/jobs/kind";
import { KINDS, kindOf } from "../../shared/jobs/kinds";
import type {
  FailureCode,
  Group,
  Job,
  JobState,
  KnownInvite,
  Pause,
  Reading,
  Roster,
  Step,
  StepState,
} from "../../shared/model";
import { OPEN_STATES } from "../../store/read";
import { dayOf } from "../../store/read-jobs";
import type { Store, Table } from "../../store/schema";
import { putRecord, readStepsIn, RECORD, type StepChange, type StoredJob } from "./record";
import { putRoster, ROSTER, toRow, write, type Writing } from "../../store/write";

/** The job journal: legal moves, and a runner's three writes (take, intend, commit). */

/** Jobs of another version are set aside, never run. */
const JOB_VERSION = 1;

/** Legal moves of a step; others are our bug. */
export const STEP_MOVES: Record<StepState, StepState[]> = {
  todo: ["sending", "done", "failed", "review", "cancelled"],
  sending: ["todo", "accepted", "unknown", "done", "failed", "review", "cancelled"],
  accepted: ["done", "review"],
  unknown: ["todo", "done", "review"],
  review: ["accepted", "done", "failed"],
  done: [],
  // A reading shows a refused request's effect.
  failed: ["done"],
  cancelled: [],
};

/** Legal moves of a job. Only naming an unsure create's group reopens a done one. */
export const JOB_MOVES: Record<JobState, JobState[]> = {
  waiting: ["running", "paused", "cancelled", "done"],
  running: ["waiting", "paused", "cancelled", "done"],
  paused: ["running", "waiting", "cancelled", "done"],
  done: ["waiting"],
  cancelled: [],
};

/** A move that the tables lack. */
export class IllegalMove extends Error {}

/** Another runner, a pause or a cancellation took this runner's job. */
export class Fenced extends Error {}

/** Where a slice leaves the job. `at`: earliest time (ms) to continue. `isSettling`: late effects may come. */
export type Next = { at: number; isSettling?: boolean } | { pause: Pause } | { end: true };

/** Facts written with the steps. Groups new to the store need a `name`. */
export interface Learnt {
  rosters?: Roster[];
  groups?: (Partial<Group> & { id: string })[];
  invites?: KnownInvite[];
  /** Our number; ignored if known. */
  own?: string;
}

/** Job fields that a slice may change. */
export type JobPatch = Partial<Pick<Job, "proven" | "streak" | "tries" | "readings" | "stopped" | "isUncheckable">>;

/** Throws `IllegalMove` unless the table has the move or the state stays. */
export function assertMove<State extends string>(moves: Record<State, State[]>, from: State, to: State): void {
  if (from !== to && !moves[from]?.includes(to)) throw new IllegalMove(`${from} → ${to}`);
}

/** Whether the step was sent but is unproved. */
export function isPending(step: Step): boolean {
  return step.state === "accepted" || step.state === "unknown";
}

/**
 * Writes a job with its steps (default: its input's). Returns its id, or that of a job with this nonce or, without
 * `steps`, an open one with this input (pressed in two windows); undefined if the connection is gone.
 */
export async function addJob(
  store: Store,
  wanted: { connection: string; input: Job["input"]; nonce: string; undo: number },
  now: number,
  steps?: NewStep[],
): Promise<string | undefined> {
  const { connection, input, nonce, undo } = wanted;
  const kind = kindOf(input);
  return write(store, [...RECORD, "connections"], async (tx) => {
    const stored = await tx.objectStore("connections").get(connection);
    if (!stored) return undefined;
    const known = await tx.objectStore("jobs").index("nonce").get(nonce);
    if (known) return known.id;
    const open = steps === undefined ? await openJobs(tx) : [];
    const body = JSON.stringify(input);
    const same = open.find(
      (job) => job.connection === connection && job.isCancelled !== true && JSON.stringify(job.input) === body,
    );
    const undoUntil = kind.undo ? now + undo : 0;
    const start = { state: "waiting", notBefore: undoUntil || now, undoUntil } as const;
    if (same) {
      // If paused with nothing sent, this press starts it; otherwise the agent resumes it.
      const isFresh = (await readStepsIn(tx, same.id)).every(
        ({ state, attempts }) => state === "todo" && attempts === 0,
      );
      if (same.state === "paused" && isFresh) await putRecord(tx, { ...same, ...start, pause: undefined });
      return same.id;
    }
    const id = crypto.randomUUID();
    const record = { id, connection, input, nonce, epoch: 0, version: JOB_VERSION, createdAt: now, ...start };
    const fresh = (steps ?? kind.steps(input, stored.ownNumber)).map((step, index) => ({
      ...step,
      job: id,
      connection,
      index,
    }));
    await putRecord(
      tx,
      record,
      fresh.map((after) => ({ after })),
    );
    return id;
  });
}

async function openJobs(tx: Writing<Table[]>): Promise<StoredJob[]> {
  const index = tx.objectStore("jobs").index("state");
  return (await Promise.all(OPEN_STATES.map((state) => index.getAll(state)))).flat();
}

/** Takes the job; its raised epoch bars older runners. Throws `Fenced` if it has ended. */
export function takeJob(store: Store, id: string): Promise<StoredJob> {
  return write(store, [...RECORD], async (tx) => {
    const job = await tx.objectStore("jobs").get(id);
    if (!job || job.state === "done" || job.state === "cancelled") throw new Fenced();
    assertMove(JOB_MOVES, job.state, "running");
    const running: StoredJob = { ...job, state: "running", epoch: job.epoch + 1, pause: undefined };
    await putRecord(tx, running);
    return running;
  });
}

/**
 * Records steps as sent, before the request, and counts them for the day. Returns them as stored. `list`: the group
 * list before, for comparison.
 */
export function intend(store: Store, job: Job, steps: Step[], now: number, list?: Reading): Promise<Step[]> {
  return write(store, [...RECORD, "tallies", "groups"], async (tx) => {
    const current = await tx.objectStore("jobs").get(job.id);
    if (current?.epoch !== job.epoch || current.state !== "running") throw new Fenced();
    const changes: { before: Step; after: Step }[] = [];
    for (const { index: at } of steps) {
      const step = await tx.objectStore("steps").get([job.id, at]);
      // Just cancelled: send none.
      if (step?.state !== "todo") throw new Fenced();
      // Drop an earlier attempt's results.
      const { index, connection, target, person, given, group, attempts } = step;
      const fixed = { job: job.id, index, connection, target, person, given, group };
      const after: Step = { ...fixed, state: "sending", attempts: attempts + 1, sentAt: now, batch: steps[0]?.index };
      changes.push({ before: step, after });
    }
    const readings = list && { readings: { ...current.readings, "": list } };
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

/** Writes a slice's outcome. A job paused meanwhile stays paused unless it ends. */
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
  return write(store, tables, async (tx) => {
    const current = await tx.objectStore("jobs").get(job.id);
    if (current?.epoch !== job.epoch) throw new Fenced();
    const refused: Step[] = [];
    const written = new Map<number, StepChange>();
    for (const step of changes) {
      const stored = await tx.objectStore("steps").get([job.id, step.index]);
      // Cancelled during a reading: its result no longer matters.
      if (!stored || (stored.state === "cancelled" && step.state !== "cancelled")) continue;
      const { state } = written.get(step.index)?.after ?? stored;
      const after = current.isCancelled === true ? unrepeated(state, step) : step;
      assertMove(STEP_MOVES, state, after.state);
      if (state === "sending" && step.state === "todo") refused.push(step);
      written.set(step.index, { before: stored, after });
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
      // Just reported, so not gone.
      if (change.name !== undefined) delete row.goneAt;
      await tx.objectStore("groups").put(toRow(row));
    }
    const updated: StoredJob = { ...current, ...patch };
    const mayEnd = "end" in next || current.isCancelled === true;
    const steps = (mayEnd ? await readStepsIn(tx, job.id) : []).map((step) => written.get(step.index)?.after ?? step);
    if ("end" in next || (mayEnd && steps.every(isEnded))) Object.assign(updated, endOf(steps, now));
    else if (current.state === "running") Object.assign(updated, continuation(next, now));
    assertMove(JOB_MOVES, current.state, updated.state);
    await putRecord(tx, updated, [...written.values()]);
    return updated;
  });
}

/** Returns a step of a cancelled job, in which nothing is sent again. */
function unrepeated(from: StepState, step: Step): Step {
  if (step.state !== "todo") return step;
  if (from === "unknown") return { ...step, state: "review", verdict: "needs-review" };
  return { ...step, state: "cancelled", verdict: "cancelled" };
}

function endOf(steps: Step[], endedAt: number): Partial<StoredJob> {
  const state = steps.some((step) => step.state === "cancelled") ? "cancelled" : "done";
  return { state, endedAt, pause: undefined, tries: undefined };
}

function continuation(next: Exclude<Next, { end: true }>, now: number): Partial<StoredJob> {
  if ("pause" in next) return { state: "paused", pause: next.pause, notBefore: next.pause.until ?? now };
  if (!next.isSettling) return { notBefore: next.at, pause: undefined };
  return { state: "waiting", notBefore: next.at, pause: { reason: "settling", until: next.at } };
}

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

/** Pauses retried at each wake-up: the agent ends them elsewhere (unlock, permission). */
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

/** Whether this code understands the job. */
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

/** Whether this code understands the steps, in their order. */
export function areSound(steps: Step[]): boolean {
  return steps.every(
    (step, index) =>
      step.index === index &&
      typeof step.target === "string" &&
      Object.hasOwn(STEP_MOVES, step.state) &&
      Number.isInteger(step.attempts),
  );
}
