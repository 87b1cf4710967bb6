import type { FailureCode } from "./failure";

export type Pace = "careful" | "fast";

/** Moves: `STEP_MOVES` in `journal.ts`. cancelled: before it was sent. */
export type StepState = "todo" | "sending" | "accepted" | "unknown" | "done" | "failed" | "review" | "cancelled";

/** Final result of a step. */
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

/** Why a verdict is not the wanted one. */
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
  | "altered"
  | "by-agent"
  | "unknown";

/** One effect of a job: a person in a group, a group to leave, a code to join, a chat to write to. */
export interface Step {
  job: string;
  /** From 0, in input order. */
  index: number;
  connection: string;
  /** Group id, invite code (join), chat id (send), or empty (create). */
  target: string;
  /** As sent. */
  person?: string;
  /** As typed. */
  given?: string;
  state: StepState;
  attempts: number;
  sentAt?: number;
  /** Index of the first step in the same request. */
  batch?: number;
  /** The gateway's clock at the first reading after sending. Starts the settle time, as our clock may jump. */
  serverAt?: number;
  /** Readings in which that clock had not moved since, though ours had. */
  stuck?: number;
  verdict?: Verdict;
  /** What the gateway says of an `accepted` step; a reading decides. */
  claim?: "already-in" | "was-not-in" | "waiting-approval";
  reason?: Reason;
  failure?: FailureCode;
  /** The gateway's own code and sentence, shortened. */
  code?: string;
  detail?: string;
  requestId?: string;
  isChecked?: boolean;
  /** The group created or joined; in a move, the one the person must be in first. */
  group?: string;
  /** New groups after a create or join of unknown outcome, for the agent to choose. */
  candidates?: string[];
}

/** What was tried here with an instance on one local day, for cautions: refusals count, as WhatsApp counts them. */
export interface Tally {
  connection: string;
  /** `2026-11-24` */
  day: string;
  adds: number;
  removes: number;
  joins: number;
  creates: number;
  messages: number;
}

/** Daily counts that warn, never block; our own figures, as nobody publishes any. */
export const CAUTION = { adds: 50, joins: 10, creates: 5, messages: 50 } as const;

/** Limits per job; `results` are people × groups. The history keeps no more. */
export const JOB_LIMITS = {
  people: 20_000,
  groups: 1000,
  results: 50_000,
  invites: 200,
  creates: 200,
  chats: 5000,
} as const;
