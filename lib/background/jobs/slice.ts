import type { Connection, Group, Job, KnownInvite, Pause, Reading, Reason, Step, Verdict } from "../../shared/model";
import type { Gateway } from "../gateway/gateway";
import type { GatewayFailure } from "../gateway/answer";
import type { JobPatch, Learnt, Next } from "./journal";
import { kindOf } from "../../shared/jobs/kinds";

/** A slice of a job's work, between two stored states. */
export interface Slice {
  job: Job;
  /** By index. */
  steps: Step[];
  connection?: Connection;
  gateway: Gateway;
  settleTime: number;
  /** The company's rule, also for jobs from before it. */
  mustBeCareful: boolean;
  now(): number;
  random(): number;
  /** Ids of a group's members, if read within a day. */
  recent(group: string): Promise<string[] | undefined>;
  group(id: string): Promise<Group | undefined>;
  /** The people whose removal from a group other jobs sent, as far as a reading since a time (ms) may show it. */
  removals(group: string, since: number): Promise<string[]>;
  /** The stored groups, and when the list was read whole, or 0. */
  knownGroups(): Promise<Reading & { ids: string[] }>;
  invite(code: string): Promise<KnownInvite | undefined>;
  /** Narrows the slice to this group or chat, so other jobs need not wait. */
  focus(target: string): void;
  /** Records these steps as sent; must precede the request. */
  intend(steps: Step[], list?: Reading): Promise<Step[]>;
  commit(changes: Step[], next: Next, patch?: JobPatch, learnt?: Learnt): Promise<void>;
  /** Starts a follow-up job, once per nonce. */
  follow(input: Job["input"], nonce: string): Promise<void>;
}

/** Does one kind of job. */
export interface Executor {
  /** Reads or sends once, and commits the outcome. */
  run(slice: Slice): Promise<void>;
  /** What else changes when the agent resolves steps. */
  resolve?(decision: Decision): Partial<Change>;
}

/** The agent's decision about steps in review. */
export interface Decision {
  job: Job;
  steps: Step[];
  /** In their new state. */
  resolved: Step[];
  as: "done" | "failed";
  /** Where an unsure create or join led, if named. */
  group?: string;
  now: number;
}

/** A change to a job outside a slice. */
export interface Change {
  job: Partial<Job>;
  steps: Step[];
  invites: KnownInvite[];
}

/** How long (ms) a request may have late effects. */
export const SETTLE = 120_000;

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** Waits (ms) before reading again, by number of readings in vain. */
export const SOON = [5 * SECOND, 20 * SECOND] as const;

/** Wait (ms) while network or gateway is away: 30 s, doubling to 5 min. */
export function backoff(tries: number): number {
  return Math.min(30 * SECOND * 2 ** tries, 300 * SECOND);
}

/** Random gap (ms) at the careful pace: our estimate, no official figure. */
export function jitter(random: () => number): number {
  return 3 * SECOND + random() * 5 * SECOND;
}

/** Refused requests in a row that pause a job. */
export const REFUSALS = 3;

/** A list this old (ms) may lack groups we were already in. */
const RECENT = 600_000;

/** Whether the list before this request was recent enough to tell which groups are new. */
export function knowsOlder({ job }: Slice, { sentAt = 0 }: Step): boolean {
  const readAt = job.readings?.[""]?.at ?? 0;
  return Math.abs(sentAt - readAt) < RECENT;
}

/** The gateway's retry time, within 1 s to 1 h; default 1 min. */
function retryAt(failure: { retryAt?: number }, now: number): number {
  const wanted = failure.retryAt ?? now + 60 * SECOND;
  return Math.min(Math.max(wanted, now + SECOND), now + HOUR);
}

/** Refusals that every step would meet: of key, instance or gateway. */
const FOR_ALL = new Set(["key-refused", "no-right", "instance-gone", "instance-off", "no-route", "plan-limit"]);

/** Returns the pause after a failed call, if any: timed for rate limits and offline, else until the agent acts. */
export function pauseFor(failure: GatewayFailure, now: number, tries: number): Pause | undefined {
  const { code, detail } = failure;
  if (code === "rate-limited") return { reason: "rate-limited", until: retryAt(failure, now), detail };
  if (failure.certainty === "unknown") return undefined;
  if (code === "offline") return { reason: "offline", until: now + backoff(tries), detail };
  if (failure.certainty === "unsent" || FOR_ALL.has(code)) return { reason: code, detail };
  return undefined;
}

/** Failed readings in a row before a job stops waiting. */
export const FAILED_READS = 5;

/** Returns the pause after a failed reading; undefined after enough retries. */
export function pauseAfterReading(slice: Slice, failure: GatewayFailure): Pause | undefined {
  const { tries = 0 } = slice.job;
  const now = slice.now();
  const pause = pauseFor(failure, now, tries);
  if (pause || tries >= FAILED_READS) return pause;
  return { reason: failure.code, until: now + backoff(tries), detail: failure.detail };
}

const REASONS: Partial<Record<GatewayFailure["code"], Reason>> = {
  "not-admin": "not-admin",
  "group-gone": "group-gone",
  "invite-invalid": "revoked",
  "group-full": "group-full",
  "is-self": "own-number",
  rejected: "invalid",
};

/** Returns our reason for a refusal. */
export function reasonOf(failure: GatewayFailure): Reason {
  if (failure.code === "rejected" && /privacy/i.test(failure.detail ?? "")) return "privacy";
  return REASONS[failure.code] ?? "unknown";
}

/** Returns a step's fields for a failed request. */
export function failureFields(failure: GatewayFailure): Pick<Step, "failure" | "code" | "detail" | "requestId"> {
  const { code, serverCode, detail, requestId } = failure;
  return { failure: code, code: serverCode, detail, requestId };
}

/** Resets a step whose request had no effect to `todo`, uncounted. */
export function unsent(step: Step): Step {
  return { ...step, state: "todo", attempts: step.attempts - 1, sentAt: undefined };
}

/** Marks a step whose request may have worked. */
export function unknown(step: Step, failure: GatewayFailure): Step {
  return { ...step, ...failureFields(failure), state: "unknown", verdict: "unconfirmed" };
}

/**
 * Returns a step after a failed request. Trouble common to all steps pauses the job, but fails a single-step job unless
 * timed or `locked`.
 */
export function failedStep(
  slice: Slice,
  step: Step,
  { failure }: { failure: GatewayFailure },
  verdict: Verdict,
): { step: Step; pause?: Pause } {
  const pause = pauseFor(failure, slice.now(), slice.job.tries ?? 0);
  if (failure.certainty === "unknown") return { step: unknown(step, failure), pause };
  const mustWait =
    pause !== undefined &&
    (!kindOf(slice.job.input).isSingle(slice.job.input) || pause.until !== undefined || pause.reason === "locked");
  if (mustWait) return { step: unsent(step), pause };
  return { step: { ...step, ...failureFields(failure), state: "failed", verdict, reason: reasonOf(failure) } };
}

/** Readings after which a gateway clock standing still is ignored. */
const STUCK = 3;

/**
 * Starts counting by the gateway's clock at the first reading: the request's answer may lack it or carry a proxy's.
 * Also counts readings in which that clock stood still (cached answers) though our settle time passed.
 */
export function counted(step: Step, reading: { at: number; serverAt?: number }, settleTime: number): Step {
  const { serverAt = reading.serverAt, stuck = 0 } = step;
  if (serverAt === undefined) return step;
  const isStuck =
    step.serverAt !== undefined &&
    reading.serverAt !== undefined &&
    reading.serverAt <= step.serverAt &&
    reading.at >= (step.sentAt ?? 0) + settleTime;
  if (isStuck) return { ...step, stuck: stuck + 1 };
  return step.serverAt === serverAt ? step : { ...step, serverAt };
}

/** Whether a reading rules out a late effect, by the gateway's clock if known: ours may be moved. */
export function isSettled(step: Step, reading: { at: number; serverAt?: number }, settleTime: number): boolean {
  // The first such reading only starts the count.
  if (reading.serverAt !== undefined && (step.stuck ?? 0) < STUCK)
    return reading.serverAt >= (step.serverAt ?? reading.serverAt) + settleTime;
  return reading.at >= (step.sentAt ?? 0) + settleTime;
}

/** When a reading is late enough (our clock). */
export function settledAt(step: Step, reading: { at: number; serverAt?: number } | undefined, slice: Slice): number {
  const now = slice.now();
  const due =
    step.serverAt !== undefined && reading?.serverAt !== undefined
      ? reading.at + step.serverAt + slice.settleTime - reading.serverAt
      : (step.sentAt ?? 0) + slice.settleTime;
  return Math.min(due, now + slice.settleTime);
}

/** When to read again (our clock): soon after the request, then once settled. */
export function nextReadingAt(step: Step, reading: { at: number; serverAt?: number }, slice: Slice): number {
  const soon = (step.sentAt ?? 0) + SOON[0];
  const settled = settledAt(step, reading, slice);
  return reading.at < soon ? Math.min(soon, settled) : settled;
}

/** Whether the step awaits sending. */
export function isTodo(step: Step): boolean {
  return step.state === "todo";
}

/** Whether the job runs at the careful pace. */
export function isCareful({ job, mustBeCareful }: Slice): boolean {
  return mustBeCareful || !("pace" in job.input) || job.input.pace === "careful";
}

/** Whether the group's first removal was proved. */
export function isProven(job: Job, group: string): boolean {
  return job.proven?.includes(group) === true;
}
