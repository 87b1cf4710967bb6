import type { FailureCode } from "./failure";

/** The steps of a job: what is done one by one, and what happened. */

export type Pace = "careful" | "fast";

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
  | "not-moved"
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
export const JOB_LIMITS = {
  people: 20_000,
  groups: 1000,
  results: 50_000,
  invites: 200,
  creates: 200,
  chats: 5000,
} as const;
