import type { JobInput } from "../jobs/inputs";
import type { FailureCode } from "./failure";

/** A job: what is to be achieved, and how far it is. What it consists of is in `step.ts`. */

export type { JobInput, JobKind } from "../jobs/inputs";

/**
 * waiting: not before `notBefore` (the undo window, or a long wait). running: the runner works on it.
 * paused: needs the agent or a time (`pause`). done, cancelled: ended.
 */
export type JobState = "waiting" | "running" | "paused" | "done" | "cancelled";

/** Why a job does not go on, and until when if a time will do. */
export interface Pause {
  reason: "agent" | "rate-limited" | "locked" | "refusals" | "canary" | "brake" | "offline" | "settling" | FailureCode;
  until?: number;
  /** The server's sentence, cut, as text. */
  detail?: string;
}

export interface Job {
  id: string;
  connection: string;
  input: JobInput;
  state: JobState;
  createdAt: number;
  /** Wall time before which nothing is sent: end of the undo window, next pace step, end of a rate limit. */
  notBefore: number;
  /** End of the undo window; 0 when the job had none. */
  undoUntil: number;
  pause?: Pause;
  endedAt?: number;
  /** Fencing: raised by every runner that takes the job; a write under an older epoch is refused. */
  epoch: number;
  /** Schema version of the record. A job of a version that this code does not know is set aside, never run. */
  version: number;
  /** Groups whose first removal was proved by a reading (canary), so that the rest may go. */
  proven?: string[];
  /** The agent cancelled while something was under way: that is still proved, nothing new is sent. */
  isCancelled?: boolean;
  /** Refusals in a row; a streak pauses the job. */
  streak?: number;
  /** Readings in a row that failed or could not be believed. */
  tries?: number;
  /** Groups in which nothing more can be done, and why; what was sent there is still read back. */
  stopped?: Record<string, { code: FailureCode; detail?: string }>;
  /** The gateway cannot say now which numbers are on WhatsApp, so it is not asked again. */
  isUncheckable?: boolean;
  /** The last believed reading of each group in work (`""`: of the group list); gone when the group is finished. */
  readings?: Record<string, Reading>;
}

/** When something was read, by our clock and by the gateway's, and the ids that it showed where a comparison needs them. */
export interface Reading {
  at: number;
  serverAt?: number;
  ids?: string[];
  /** Hidden members before anything was sent that is not proved yet: who is hidden and new was added since. */
  hidden?: string[];
  /** It was taken because a request of several people was refused as a conflict; the next such refusal is halved. */
  isAfterConflict?: boolean;
}
