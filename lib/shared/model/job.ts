import type { JobInput } from "../jobs/inputs";
import type { FailureCode } from "./failure";

export type { JobInput, JobKind } from "../jobs/inputs";

/** waiting: until `notBefore`. paused: needs the agent or time (`pause`). done, cancelled: ended. */
export type JobState = "waiting" | "running" | "paused" | "done" | "cancelled";

/** Why a job is paused, and until when if it resumes by itself. */
export interface Pause {
  reason:
    | "agent"
    | "rate-limited"
    | "locked"
    | "refusals"
    | "canary"
    | "brake"
    | "offline"
    | "settling"
    | "set-aside"
    | FailureCode;
  until?: number;
  detail?: string;
}

export interface Job {
  id: string;
  connection: string;
  input: JobInput;
  state: JobState;
  createdAt: number;
  /** Nothing is sent earlier: undo window, pace, rate limit. */
  notBefore: number;
  /** 0 without an undo window. */
  undoUntil: number;
  pause?: Pause;
  endedAt?: number;
  /** Fencing: each runner raises it; writes under an older epoch are refused. */
  epoch: number;
  /** Schema version. Jobs of unknown versions are never run. */
  version: number;
  /** Groups with a proved first removal (canary): the rest may follow. */
  proven?: string[];
  /** Nothing new is sent; earlier requests are still proved. */
  isCancelled?: boolean;
  /** Consecutive refusals; a streak pauses the job. */
  streak?: number;
  /** Consecutive failed or doubtful readings. */
  tries?: number;
  /** Groups without further requests; earlier ones are still proved. */
  stopped?: Record<string, { code: FailureCode; detail?: string }>;
  isUncheckable?: boolean;
  /** Last believed reading per unfinished group; `""`: the group list before the last request. */
  readings?: Record<string, Reading>;
}

/** A reading's time by our and the gateway's clock, with ids where comparisons need them. */
export interface Reading {
  at: number;
  serverAt?: number;
  ids?: string[];
  /** Hidden members before the unproved requests; others were added since. */
  hidden?: string[];
  /** Follows a conflict over a request for several people; the next such refusal halves it. */
  isAfterConflict?: boolean;
}
