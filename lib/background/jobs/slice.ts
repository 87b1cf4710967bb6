import type { Connection, Group, Job, KnownInvite, Pause, Reason, Step, Verdict } from "../../shared/model";
import type { Gateway } from "../gateway/gateway";
import type { GatewayFailure } from "../gateway/answer";
import type { JobPatch, Learnt, Next } from "./journal";
import { kindOf } from "../../shared/jobs/kinds";

/**
 * One slice of work on a job: from what the store says to the next point at which the store says it all again. What an
 * executor of a job kind gets, and the meaning of failures, which is the same for all kinds.
 */
export interface Slice {
  /** As stored after the last commit. */
  job: Job;
  /** As stored, by index. */
  steps: Step[];
  connection?: Connection;
  gateway: Gateway;
  /** Time after which no late effect is expected any more, in ms. */
  settleTime: number;
  now(): number;
  random(): number;
  /** Ids of a group's members as the store has them from the last day, for comparing. */
  recent(group: string): Promise<string[] | undefined>;
  /** A group as the store has it. */
  group(id: string): Promise<Group | undefined>;
  /** Ids of the groups in the store's list. */
  knownGroups(): Promise<string[]>;
  /** What the store knows of an invite code. */
  invite(code: string): Promise<KnownInvite | undefined>;
  /** From here on the slice touches this group or chat alone: jobs for the others of this job need not wait. */
  focus(target: string): void;
  /** Writes ahead that these steps are about to be sent, and returns them as stored. A request may leave only after it. */
  intend(steps: Step[], ids?: string[]): Promise<Step[]>;
  commit(changes: Step[], next: Next, patch?: JobPatch, learnt?: Learnt): Promise<void>;
  /** Starts a job that follows from this one; once for each nonce. */
  follow(input: Job["input"], nonce: string): Promise<void>;
}

/** How a kind of job is done. */
export interface Executor {
  /** Works on a job once: reads or sends something, and commits what came of it. */
  run(slice: Slice): Promise<void>;
  /** What follows when the agent says what became of steps in review, beside the verdicts of these steps. */
  settle?(decision: Decision): Partial<Change>;
}

/** What the agent says of steps in review. */
export interface Decision {
  job: Job;
  /** All steps of the job, as stored. */
  steps: Step[];
  /** Those that are settled, as they become. */
  settled: Step[];
  as: "done" | "failed";
  /** The group that an unsure create or join gave, where the agent names it. */
  group?: string;
  now: number;
}

/** A change of a job that is no slice of work on it. */
export interface Change {
  job: Partial<Job>;
  steps: Step[];
  invites: KnownInvite[];
}

/** After this long no late effect of a request is expected any more, in ms. */
export const SETTLE = 120_000;

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** How long a second look waits, by how often the looks were in vain, in ms. */
export const SOON = [5 * SECOND, 20 * SECOND] as const;

/** Waits when the network or the gateway is away: 30 s, doubled up to 5 min. */
export function backoff(tries: number): number {
  return Math.min(30 * SECOND * 2 ** tries, 300 * SECOND);
}

/** Pause between two requests of the careful pace: 3 to 8 s. Caution, as there are no official figures. */
export function jitter(random: () => number): number {
  return 3 * SECOND + random() * 5 * SECOND;
}

/** Refusals of a whole request in a row that pause a job of several steps. */
export const REFUSALS = 3;

/** When another try makes sense: what the gateway says, between 1 s and 1 h; a minute when it says nothing. */
function retryAt(failure: { retryAt?: number }, now: number): number {
  const wanted = failure.retryAt ?? now + 60 * SECOND;
  return Math.min(Math.max(wanted, now + SECOND), now + HOUR);
}

/** Refusals that would be the same for every step, because they are about the key, the instance or the gateway. */
const FOR_ALL = new Set(["key-refused", "no-right", "instance-gone", "instance-off", "no-route", "plan-limit"]);

/**
 * The pause that a failed call asks for, or undefined when the job can go on: rate limits and a missing network wait
 * for a time, what is about the connection waits for the agent.
 */
export function pauseFor(failure: GatewayFailure, now: number, tries: number): Pause | undefined {
  const { code, detail } = failure;
  if (code === "rate-limited") return { reason: "rate-limited", until: retryAt(failure, now), detail };
  if (failure.certainty === "unknown") return undefined;
  if (code === "offline") return { reason: "offline", until: now + backoff(tries), detail };
  if (failure.certainty === "unsent" || FOR_ALL.has(code)) return { reason: code, detail };
  return undefined;
}

/** Failed readings in a row after which a job stops waiting for one. */
export const FAILED_READS = 5;

/**
 * The pause after a reading that failed: what the failure asks for, else a few more tries. Undefined when there were enough.
 */
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

/** Our word for why a request was refused. */
export function reasonOf(failure: GatewayFailure): Reason {
  return REASONS[failure.code] ?? "unknown";
}

/** Fields of a step that describe a failed request: our code, the gateway's own code and sentence, and the request id. */
export function failureFields(failure: GatewayFailure): Pick<Step, "failure" | "code" | "detail" | "requestId"> {
  const { code, serverCode, detail, requestId } = failure;
  return { failure: code, code: serverCode, detail, requestId };
}

/** Whether the gateway says that it has no such group for us. */
export function isGroupGone({ certainty, code }: GatewayFailure): boolean {
  return certainty === "refused" && code === "group-gone";
}

/** A step that was refused before anything happened: as if it had not been sent. */
export function unsent(step: Step): Step {
  return { ...step, state: "todo", attempts: step.attempts - 1, sentAt: undefined };
}

/** A step whose request may have had its effect. */
export function unknown(step: Step, failure: GatewayFailure): Step {
  return { ...step, ...failureFields(failure), state: "unknown", verdict: "unconfirmed" };
}

/**
 * The outcome of a failed request for one step of a job whose steps stand alone (create, update, leave, join, send).
 * A single one that was refused has failed and the job ends; in a row of several, what concerns them all pauses.
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

/**
 * Whether a reading is late enough to say that a step's effect will not come any more. The gateway's clock decides where
 * it is known, because ours may have been moved.
 */
export function isSettled(step: Step, reading: { at: number; serverAt?: number }, settleTime: number): boolean {
  // The first reading with the gateway's clock only starts the count; the reader notes it in the step.
  if (reading.serverAt !== undefined) return reading.serverAt >= (step.serverAt ?? reading.serverAt) + settleTime;
  return reading.at >= (step.sentAt ?? 0) + settleTime;
}

/** When, by our clock, a reading will be late enough for the step. Never further away than the settle time. */
export function settledAt(step: Step, reading: { at: number; serverAt?: number } | undefined, slice: Slice): number {
  const now = slice.now();
  const due =
    step.serverAt !== undefined && reading?.serverAt !== undefined
      ? reading.at + step.serverAt + slice.settleTime - reading.serverAt
      : (step.sentAt ?? 0) + slice.settleTime;
  return Math.min(due, now + slice.settleTime);
}

/**
 * When a step is looked at again, by our clock: a first time soon after its request, then when its effect must have come.
 */
export function nextLook(step: Step, reading: { at: number; serverAt?: number }, slice: Slice): number {
  const soon = (step.sentAt ?? 0) + SOON[0];
  const settled = settledAt(step, reading, slice);
  return reading.at < soon ? Math.min(soon, settled) : settled;
}

/** Whether nothing was sent for the step yet. */
export function isTodo(step: Step): boolean {
  return step.state === "todo";
}

/** Whether the job goes at the careful pace. */
export function isCareful({ job }: Slice): boolean {
  return !("pace" in job.input) || job.input.pace === "careful";
}

/** Whether a first removal in the group was proved. */
export function isProven(job: Job, group: string): boolean {
  return job.proven?.includes(group) === true;
}
