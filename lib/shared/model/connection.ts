import type { FailureCode } from "./failure";

/** The gateway's API: `guide` is the groups guide (default), `reference` the API reference. */
export type Dialect = "guide" | "reference";

/** Header for the key: `X-Api-Key` or `Authorization: Bearer`. */
export type Auth = "api-key" | "bearer";

/** How all keys are stored: see `lib/background/account/vault.ts`. */
export type Protection = "passphrase" | "session" | "none";

/** A gateway address and an instance on it. The vault holds the key. */
export interface Connection {
  id: string;
  name: string;
  /** ASCII, without trailing slash: `https://api.wappfy.io`. */
  origin: string;
  /** Opaque: `inst_abc123` in the guide, a UUID in the reference. */
  instance: string;
  dialect: Dialect;
  auth: Auth;
  isSandbox: boolean;
  /** The key's last four characters; empty in the sandbox. */
  keyTail: string;
  /** Our person id, if known; never added or removed. */
  ownNumber?: string;
  createdAt: number;
  trouble?: FailureCode;
}

/** A WhatsApp account behind the key. */
export interface Instance {
  id: string;
  name: string;
  /** As sent: created, starting, scan_qr, connected, disconnected, failed. */
  status?: string;
  /** Own number as a person id. */
  number?: string;
}

/** Request allowance from the gateway's headers. */
export interface Budget {
  connection: string;
  limit: number;
  remaining: number;
  resetAt: number;
  /** A 429 is in force. */
  isLimited: boolean;
}

/** Part of a list to request: page or offset as the gateway counts, or the query that its answer named. */
export type PageRequest = { page: number; limit?: number } | { offset: number; limit: number } | { query: string };

/** Progress of reading a list. */
export interface Cursor {
  next: PageRequest;
  count: number;
  total?: number;
}

/**
 * How a gateway returns its group list. `limit`: size of a part. `ended`: length of a part after which nothing came.
 * `query`: each answer names the next part.
 */
export type Paging =
  | { by: "whole" }
  | { by: "page"; limit: number }
  | { by: "offset"; limit: number; ended?: number }
  | { by: "query" };

/** The last complete reading of the group list, or an interrupted one. */
export interface ListReading {
  startedAt: number;
  /** Absent while incomplete. */
  endedAt?: number;
  count: number;
  total?: number;
  /** Absent when none is left. */
  next?: PageRequest;
  /** When it resumes by itself, what it waits for, and consecutive failures. */
  goesOnAt?: number;
  wait?: FailureCode;
  tries?: number;
  /** Resumed after a pause, in which the list may have changed. */
  isResumed?: boolean;
  /** When the previous complete reading began. */
  before?: number;
  /** The list included members: no separate requests. */
  hasMembers?: boolean;
}

/** Current or last reading of many groups' members or codes. */
export interface EachReading {
  startedAt: number;
  /** Groups read before it are read again. */
  since: number;
  /** Absent: all in the list. */
  groups?: string[];
  /** Reading of all groups, postponed until the chosen ones are done. */
  next?: EachReading;
  /** Groups; `done` includes failed ones. */
  total: number;
  done: number;
  failed?: Record<string, FailureCode>;
  /** No request earlier, because of `wait`. */
  goesOnAt?: number;
  wait?: FailureCode;
  /** Consecutive rounds that read nothing. */
  tries?: number;
  /** Why it stopped; it resumes when that is over or the agent asks. */
  failure?: FailureCode;
  isPaused?: true;
  /** Started while the agent was away; pauses on return. */
  isIdle?: true;
  endedAt?: number;
}

/** What was learnt about a gateway. */
export interface GatewayNotes {
  connection: string;
  paging?: Paging;
  /** Requests that work only in the other dialect. */
  routes?: { add?: Dialect; remove?: Dialect };
  list?: ListReading;
  members?: EachReading;
  invites?: EachReading;
}
