import type { Connection, Group, Job, KnownInvite, Pause, Reading, Reason, Step, Verdict } from "../../shared/model";
import type { Gateway } from "../gateway/gateway";
import type { GatewayFailure } from "../gateway/answer";
import type { JobPatch, Learnt, Next } from "./journal";
import { kindOf } from "../../shared/jobs/kinds";

/** One slice of work on a job, from one stored state to the next. */
export interface Slice {
  job: Job;
  /** By index. */
  steps: Step[];
  connection?: Connection;
  gateway: Gateway;
  settleTime: number;
  now(): number;
  random(): number;
  /** Ids of a group's members, if read within a day. */
  recent(group: string): Promise<string[] | undefined>;
  group(id: string): Promise<Group | undefined>;
  /** The stored list of groups and the time of its last complete reading, or 0. */
  knownGroups(): Promise<Reading & { ids: string[] }>;
  invite(code: string): Promise<KnownInvite | undefined>;
  /** Narrows the slice to this group or chat, so that other jobs need not wait. */
  focus(target: string): void;
  /** Records that these steps are sent; must precede the request. */
  intend(steps: Step[], list?: Reading): Promise<Step[]>;
  commit(changes: Step[], next: Next, patch?: JobPatch, learnt?: Learnt): Promise<void>;
  /** Starts a follow-up job, once per nonce. */
  follow(input: Job["input"], nonce: string): Promise<void>;
}

/** How one kind of job is done. */
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
  /** Where an unsure create or join led, if the agent says. */
  group?: string;
  now: number;
}

/** A change to a job outside a slice. */
export interface Change {
  job: Partial<Job>;
  steps: Step[];
  invites: KnownInvite[];
}

/** After this (ms) no late effect of a request is expected. */
export const SETTLE = 120_000;

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** Waits (ms) before reading again, by the number of readings in vain. */
export const SOON = [5 * SECOND, 20 * SECOND] as const;

/** Wait (ms) while network or gateway is away: 30 s, doubling up to 5 min. */
export function backoff(tries: number): number {
  return Math.min(30 * SECOND * 2 ** tries, 300 * SECOND);
}

/** Random gap (ms) at the careful pace; our caution, without official figures. */
export function jitter(random: () => number): number {
  return 3 * SECOND + random() * 5 * SECOND;
}

/** Refused requests in a row that pause a job. */
export const REFUSALS = 3;

/** Age (ms) at which a list may lack a group that we were already in. */
const RECENT = 600_000;

/** Whether a group missing in the list before this request is newer than the request. */
export function knowsOlder({ job }: Slice, { sentAt = 0 }: Step): boolean {
  const readAt = job.readings?.[""]?.at ?? 0;
  return Math.abs(sentAt - readAt) < RECENT;
}

/** The gateway's retry time, within 1 s to 1 h; by default 1 min. */
function retryAt(failure: { retryAt?: number }, now: number): number {
  const wanted = failure.retryAt ?? now + 60 * SECOND;
  return Math.min(Math.max(wanted, now + SECOND), now + HOUR);
}

/** Refusals that every step would meet: about key, instance or gateway. */
const FOR_ALL = new Set(["key-refused", "no-right", "instance-gone", "instance-off", "no-route", "plan-limit"]);

/**
 * Returns the pause after a failed call: timed for rate limits and offline, else until the agent acts; undefined for
 * none.
 */
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

/** Returns a step's fields that describe a failed request. */
export function failureFields(failure: GatewayFailure): Pick<Step, "failure" | "code" | "detail" | "requestId"> {
  const { code, serverCode, detail, requestId } = failure;
  return { failure: code, code: serverCode, detail, requestId };
}

/** Returns a step whose request had no effect to `todo`, uncounted. */
export function unsent(step: Step): Step {
  return { ...step, state: "todo", attempts: step.attempts - 1, sentAt: undefined };
}

/** Marks a step whose request may have worked. */
export function unknown(step: Step, failure: GatewayFailure): Step {
  return { ...step, ...failureFields(failure), state: "unknown", verdict: "unconfirmed" };
}

/**
 * Returns the outcome of a failed request for one step. A single step fails; in a job of several, common trouble pauses
 * it.
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

/** Readings after which a gateway's clock that stands still no longer counts. */
const STUCK = 3;

/**
 * Starts counting by the gateway's clock at the first reading: the request's answer may lack it or come from a proxy, and
 * two clocks would falsify the time. Counts readings in which that clock stood still (cached answers), though ours went
 * on.
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

/** Whether a reading rules out a late effect. Uses the gateway's clock if known, as ours may be moved. */
export function isSettled(step: Step, reading: { at: number; serverAt?: number }, settleTime: number): boolean {
  // The first such reading only starts the count, stored in the step.
  if (reading.serverAt !== undefined && (step.stuck ?? 0) < STUCK)
    return reading.serverAt >= (step.serverAt ?? reading.serverAt) + settleTime;
  return reading.at >= (step.sentAt ?? 0) + settleTime;
}

/** When, by our clock, a reading will be late enough. */
export function settledAt(step: Step, reading: { at: number; serverAt?: number } | undefined, slice: Slice): number {
  const now = slice.now();
  const due =
    step.serverAt !== undefined && reading?.serverAt !== undefined
      ? reading.at + step.serverAt + slice.settleTime - reading.serverAt
      : (step.sentAt ?? 0) + slice.settleTime;
  return Math.min(due, now + slice.settleTime);
}

/** When, by our clock, to read again: soon after the request, then once settled. */
export function nextReadingAt(step: Step, reading: { at: number; serverAt?: number }, slice: Slice): number {
  const soon = (step.sentAt ?? 0) + SOON[0];
  const settled = settledAt(step, reading, slice);
  return reading.at < soon ? Math.min(soon, settled) : settled;
}

/** Whether the step is still to be sent. */
export function isTodo(step: Step): boolean {
  return step.state === "todo";
}

/** Whether the job runs at the careful pace. */
export function isCareful({ job }: Slice): boolean {
  return !("pace" in job.input) || job.input.pace === "careful";
}

/** Whether the group's first removal was proved. */
export function isProven(job: Job, group: string): boolean {
  return job.proven?.includes(group) === true;
}
