import type { FailureCode } from "./failure";
import type { Person } from "./person";

/** Jobs: what is to be achieved, how far it is, and what happened. */

export type Pace = "careful" | "fast";

/** What a job is to achieve. Every write at the gateway is a job. */
export type JobInput =
  /**
   * `pairs`: only these people in these groups, by their places in the two lists; without it everybody in every group.
   * `admins`, of a removal: who goes although an admin there, each a `placeKey`; without it every admin goes too.
   */
  | {
      kind: "add" | "remove";
      groups: string[];
      people: Person[];
      pace: Pace;
      pairs?: [group: number, person: number][];
      admins?: string[];
    }
  | { kind: "create"; name: string; people: Person[]; pace: Pace }
  | { kind: "update"; group: string; name?: string; description?: string }
  | { kind: "leave"; groups: string[] }
  | { kind: "join"; codes: string[]; pace: Pace }
  /** `chats` are group ids, or person ids for "invite instead". `texts`, when given, has one text for each chat. */
  | { kind: "send"; chats: string[]; text: string; texts?: string[]; pace: Pace; about?: { job: string } };

export type JobKind = JobInput["kind"];

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

/**
 * todo → sending → accepted | done | failed | unknown; accepted → done | review; unknown → done | todo | review.
 * cancelled: the agent cancelled before it was sent.
 */
export type StepState = "todo" | "sending" | "accepted" | "unknown" | "done" | "failed" | "review" | "cancelled";

/** What happened, in the end, to one step. */
export type Verdict =
  | "added"
  | "already-in"
  | "not-added"
  | "removed"
  | "was-not-in"
  | "not-removed"
  | "joined"
  | "already-joined"
  | "waiting-approval"
  | "not-joined"
  | "left"
  | "was-not-member"
  | "not-left"
  | "sent"
  | "queued"
  | "not-sent"
  | "created"
  | "not-created"
  | "updated"
  | "not-updated"
  | "unconfirmed"
  | "needs-review"
  | "cancelled";

/** Why a verdict is not the wanted one, where the gateway said so (limits: the product's section 8). */
export type Reason =
  | "privacy"
  | "not-on-whatsapp"
  | "recently-left"
  | "group-full"
  | "approval"
  | "community"
  | "blocked"
  | "invalid"
  | "hidden"
  | "not-admin"
  | "is-admin"
  | "group-gone"
  | "revoked"
  | "own-number"
  | "left-again"
  | "late"
  | "not-seen"
  | "unread"
  | "empty"
  | "shrunken"
  | "stale"
  | "no-effect"
  | "contradicted"
  | "by-agent"
  | "unknown";

/** One effect of a job: one person in one group, one group to leave, one code to join, one chat to write to. */
export interface Step {
  job: string;
  /** From 0, in the order of the input. */
  index: number;
  connection: string;
  /** Group id (add, remove, update, leave), invite code (join), chat id (send), empty (create). */
  target: string;
  /** Person id as it is sent (add, remove). */
  person?: string;
  /** As the agent typed it. */
  given?: string;
  state: StepState;
  /** How many times a request was sent for it. */
  attempts: number;
  sentAt?: number;
  /** Index of the first step in the same request. */
  batch?: number;
  /** The gateway's clock at the first reading after the sending: the settle time counts from it, as ours may be moved. */
  serverAt?: number;
  verdict?: Verdict;
  reason?: Reason;
  /** Why its request failed, in our words. */
  failure?: FailureCode;
  /** The gateway's own code (per-person status or error code) and sentence, cut, as text. Never a word of ours. */
  code?: string;
  detail?: string;
  requestId?: string;
  /** The gateway was asked whether the number is on WhatsApp, and knows it. */
  isChecked?: boolean;
  /** Group that came out of it (create, join). */
  group?: string;
  /** After an unknown create: groups that appeared since, for the agent to choose from. */
  candidates?: string[];
}

/** What this instance did on one local day, for the words of caution. */
export interface Tally {
  connection: string;
  /** Local date, `2026-11-24`. */
  day: string;
  adds: number;
  removes: number;
  joins: number;
  creates: number;
  messages: number;
}

/**
 * What one job may hold: people in a list, results (people × groups), invites, chats. More is a mistake, and more results
 * than this the history does not keep either.
 */
export const JOB_LIMITS = { people: 20_000, groups: 1000, results: 50_000, invites: 200, chats: 5000 } as const;
