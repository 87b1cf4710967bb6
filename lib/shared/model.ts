/**
 * Our own words for what the product deals with. The gateway's words end in `lib/background/gateway`; everything else
 * (store, commands, screens, tests) speaks these. Times are milliseconds since 1970 unless a name says otherwise.
 */

/** How the gateway is spoken to. `guide` is the groups guide (the default), `reference` the API reference. */
export type Dialect = "guide" | "reference";

/** Which header carries the key: `api-key` is `X-Api-Key`, `bearer` is `Authorization: Bearer`. */
export type Auth = "api-key" | "bearer";

/** How the keys lie on this computer: see `lib/background/account/vault.ts`. One mode holds for all connections. */
export type Protection = "passphrase" | "session" | "none";

/** A gateway address, an instance on it, and which key opens it. The key itself is in the vault. */
export interface Connection {
  id: string;
  name: string;
  /** Origin of the gateway in ASCII, without a trailing slash: `https://api.wappfy.io`. */
  origin: string;
  /** Opaque: `inst_abc123` in the guide, a UUID in the reference. */
  instance: string;
  dialect: Dialect;
  auth: Auth;
  isSandbox: boolean;
  /** Last four characters of the key, so that the agent can tell keys apart. Empty in the sandbox. */
  keyTail: string;
  /** The instance's own number as a person id, where known: it is never added or removed. */
  ownNumber?: string;
  createdAt: number;
  /** Why the connection does not work right now (`key-refused`, `no-permission`, …); absent when it does. */
  trouble?: FailureCode;
}

/** One WhatsApp account behind the key, as `GET /api/instances` lists it, where the gateway offers that. */
export interface Instance {
  id: string;
  name: string;
  /** created, starting, scan_qr, connected, disconnected, failed; anything else as sent; undefined when not told. */
  status?: string;
  /** Own number as a person id, where the gateway tells it. */
  number?: string;
}

export type Role = "member" | "admin" | "superadmin";

/** Somebody in a group. `id` is exactly what the gateway listed; compare with `personKey` of `person.ts` only. */
export interface Member {
  id: string;
  role: Role;
}

/** A group as the store holds it. What was never read is absent, not empty. */
export interface Group {
  connection: string;
  id: string;
  name: string;
  description?: string;
  owner?: string;
  createdAt?: number;
  /** Number of members, as listed or counted. */
  size?: number;
  /** How many members it can have, where the gateway says so; else WhatsApp's own limit holds (`LIMITS.members`). */
  capacity?: number;
  picture?: string;
  /** It is a community: it holds other groups, and nobody can be added to it directly. */
  isCommunity?: boolean;
  /** It is the announcement group of a community. */
  isAnnouncement?: boolean;
  /** Id of the community that it belongs to. */
  community?: string;
  /** Whether only admins may write in it, or add people to it. */
  onlyAdminsSend?: boolean;
  onlyAdminsAdd?: boolean;
  /** Whether our instance is an admin there: from the member list when our number is known, or from a refusal. */
  isAdmin?: boolean;
  /** When the list last contained it. */
  listedAt: number;
  /** When we made or joined it here. Until the settle time is over, its absence from a reading means that it is late. */
  enteredAt?: number;
  /** When its details were last read. */
  readAt?: number;
  /** When the agent last opened it or wrote to it. */
  usedAt?: number;
  /** When it was no longer in a complete list, or when we left. Such a group is not shown in the list. */
  goneAt?: number;
  /** The invite code, once read. */
  invite?: { code: string; readAt: number };
  /** When the gateway last refused the invite code. */
  inviteRefusedAt?: number;
}

/** The members of one group as last read. */
export interface Roster {
  connection: string;
  group: string;
  members: Member[];
  readAt: number;
  /** The reading shows far fewer members than the one before, or not ourselves: how many they were, and since when. */
  shrunk?: { from: number; at: number };
}

/** A number that somebody typed, pasted or selected. */
export interface Person {
  /** What is sent: `digits@s.whatsapp.net`, or a `@lid` id passed through untouched. */
  id: string;
  /** What stood in the input, for the agent to recognise. */
  given: string;
  /** A name found beside it (vCard, CSV), if any. */
  name?: string;
}

/** A piece of the input that is not a person, and why. */
export interface Reject {
  given: string;
  reason: RejectReason;
  /** Line of the input, from 1. */
  line: number;
}

/** Why a piece of the input is not a person; each has a sentence in `_locales`. */
export type RejectReason =
  | "not-a-number"
  | "too-short"
  | "too-long"
  | "no-country"
  | "duplicate"
  | "group-id"
  | "invalid";

/** What parsing an input gives. */
export interface People {
  people: Person[];
  rejects: Reject[];
}

/** An invite code that we met, per connection. Known on our surfaces only, never told to a page. */
export interface KnownInvite {
  connection: string;
  code: string;
  /**
   * `ours`: fetched from a group of ours or joined. `pending`: asked to join and not in the group yet; an admin has to
   * approve (`reason` is `approval`) or may have to. `refused`: revoked, full, invalid.
   */
  state: "ours" | "pending" | "refused" | "seen";
  group?: string;
  at: number;
  reason?: Reason;
  /** The step that asked to join and waits: it ends when the group is read with us in it. */
  step?: { job: string; index: number };
}

/** An invite found on a page, with what stands around it. */
export interface FoundInvite {
  code: string;
  /** Up to 120 characters of the text around the link, without the link; absent until the page was looked through. */
  context?: string;
  /** True when the code does not have the usual 22 characters. */
  isUnusual: boolean;
  /** It was on the page and is not any more. */
  isGone?: true;
}

/** Invites that are kept of one page. */
export const PAGE_INVITES = 1_000;

/** The one invite that a page asked us to show: security rule R2. Lives 120 s. */
export interface PendingInvite {
  id: string;
  code: string;
  /** The origin that the browser attests; `null` when it is opaque. */
  origin: string | null;
  tab?: number;
  at: number;
  /** The agent asked for it in the list "This page", where the question then stands. */
  isListed?: boolean;
  /** While it was shown, the agent pressed on another invite, which was not taken. */
  isFirst?: boolean;
}

export type Pace = "careful" | "fast";

/** What a job is to achieve. Every write at the gateway is a job. */
export type JobInput =
  | { kind: "add" | "remove"; groups: string[]; people: Person[]; pace: Pace }
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

/** The request allowance of a connection's account, as the gateway's headers tell it. */
export interface Budget {
  connection: string;
  /** Requests a window. */
  limit: number;
  remaining: number;
  /** Wall time (our clock) at which the window starts anew. */
  resetAt: number;
  /** True while a 429 is in force. */
  isLimited: boolean;
}

/** Which part of a list is asked for: by page number where the gateway counts pages, else by offset. */
export type Page = { page: number; limit?: number } | { offset: number; limit: number };

/** Where the reading of a list stands: what it asks for next, and what it has received. */
export interface Cursor {
  next: Page;
  /** Rows so far, without doubles; how many there are in all, where the gateway tells it. */
  count: number;
  total?: number;
}

/** How a gateway gives its list of groups: in one piece, or in parts of at most `limit`. */
export type Paging = { by: "whole" } | { by: "page" | "offset"; limit: number };

/** The reading of a connection's group list: the last whole one, or one that stopped on the way. */
export interface ListReading {
  startedAt: number;
  /** When the whole list had been read. Absent: some of it is missing. */
  endedAt?: number;
  count: number;
  total?: number;
  /** What comes next; absent when there is nothing to go on with. */
  next?: Page;
  /** When it goes on by itself, and how often in a row it could not. */
  goesOnAt?: number;
  tries?: number;
  /** It was taken up again after a pause, in which the list may have changed. */
  isResumed?: boolean;
  /** When the last whole reading before this one began. */
  before?: number;
}

/** What was learnt of a connection's gateway, so that it is not asked again. */
export interface GatewayNotes {
  connection: string;
  paging?: Paging;
  /** Requests that it takes in the other dialect's form, because it does not have the route of its own. */
  routes?: { add?: Dialect; remove?: Dialect };
  list?: ListReading;
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

export interface Settings {
  /** Connection in use, if any. */
  current?: string;
  /** Two-letter country for numbers without a prefix; absent: such numbers are rejected with a reason. */
  country?: string;
  pace: Pace;
  /** Whether the page script may run at all. */
  isPageOn: boolean;
  /** Origins on which it is paused. */
  pausedSites: string[];
  /** Lock after so many idle minutes (5 to 480); 0 is off. */
  lockAfter: number;
  protection: Protection;
  /** Whether a gateway on this computer may be connected without encryption (security rule R7). */
  isLocalHttpOn: boolean;
  /** How the list is sorted. */
  sort: "name" | "size" | "used";
  /** Days after which ended jobs are erased; 0 keeps them as long as there are not too many. */
  keepHistory: number;
  /** What the agent's company set; written by the worker alone. */
  policy?: Policy;
}

/** What a company set for its agents, under the names that `public/managed.json` explains. Absent: the agent chooses. */
export interface Policy {
  /** The one address that may be used beside those of `allowedHosts`; new connections begin with it. */
  gateway?: string;
  /** `*.` before a host stands for its subdomains. */
  allowedHosts?: string[];
  instance?: string;
  maxPace?: Pace;
  requirePassphrase?: boolean;
  /** In minutes. */
  lockAfter?: number;
  pageActions?: boolean;
  sandbox?: boolean;
  /** Entries that could not be read; the narrowest rule holds in their place. */
  wrong?: string[];
}

/** What a new installation starts with. */
export const DEFAULT_SETTINGS: Settings = {
  pace: "careful",
  isPageOn: true,
  pausedSites: [],
  lockAfter: 0,
  protection: "passphrase",
  // Tests and development talk to a gateway on this computer.
  isLocalHttpOn: import.meta.env.MODE !== "production",
  sort: "name",
  keepHistory: 180,
};

/**
 * What one job may hold: people in a list, results (people × groups), invites, chats. More is a mistake, and more results
 * than this the history does not keep either.
 */
export const JOB_LIMITS = { people: 20_000, groups: 1000, results: 50_000, invites: 200, chats: 5000 } as const;

/** Limits that WhatsApp sets: warn, never block (product, section 8). Lengths in user-visible characters. */
export const LIMITS = { name: 100, description: 2048, members: 1024, createWith: 10 } as const;

/** Key in `storage.session` that says, as a bare boolean, whether the vault is open. Set by the worker. */
export const OPEN_FLAG = "isOpen";

/** Key in `storage.session` under which the worker keeps the one invite that waits for a confirmation. */
export const PENDING_FLAG = "pending";

/** Every way in which something can fail. Each has a sentence and a next step in `_locales`: `failure_<code>`. */
export const FAILURE_CODES = [
  // our own border
  "not-allowed",
  "no-page-access",
  "unknown-command",
  "bad-input",
  "bad-file",
  "broken",
  "expired",
  "storage-full",
  "too-many",
  "store-closed",
  "store-newer",
  "store-blocked",
  "store-elsewhere",
  "no-answer",
  // vault and connection
  "no-connection",
  "locked",
  "no-key",
  "wrong-passphrase",
  "weak-passphrase",
  "bad-address",
  "local-http",
  "no-permission",
  "company-rule",
  // on the way
  "offline",
  "timeout",
  "redirected",
  "too-large",
  "not-json",
  "bad-answer",
  "empty-answer",
  // the gateway's answer
  "key-refused",
  "no-right",
  "not-admin",
  "group-gone",
  "instance-gone",
  "no-route",
  "already-in",
  "not-in",
  "is-self",
  "not-on-whatsapp",
  "plan-limit",
  "rejected",
  "invite-invalid",
  "group-full",
  "rate-limited",
  "gateway-down",
  "instance-off",
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];
