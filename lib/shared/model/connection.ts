import type { FailureCode } from "./failure";

/** Gateways: where they are, how they are spoken to, and what was learnt of them. */

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
  /** created, starting, scan_qr, connected, disconnected, failed; anything else as sent; undefined when absent. */
  status?: string;
  /** Own number as a person id, where the gateway sends it. */
  number?: string;
}

/** The request allowance of a connection's account, as the gateway's headers state it. */
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

/** The part of a list that is asked for: by page number where the gateway counts pages, else by offset. */
export type PageRequest = { page: number; limit?: number } | { offset: number; limit: number };

/** Where the reading of a list stands: what it asks for next, and what it has received. */
export interface Cursor {
  next: PageRequest;
  /** Distinct rows so far; how many there are in all, where the gateway says so. */
  count: number;
  total?: number;
}

/** How a gateway returns its list of groups: in one piece, or in parts of at most `limit`. */
export type Paging = { by: "whole" } | { by: "page" | "offset"; limit: number };

/** The reading of a connection's group list: the last whole one, or one that stopped on the way. */
export interface ListReading {
  startedAt: number;
  /** When the whole list had been read. Absent: some of it is missing. */
  endedAt?: number;
  count: number;
  total?: number;
  /** What comes next; absent when there is nothing to go on with. */
  next?: PageRequest;
  /** When it goes on by itself, and how often in a row it could not. */
  goesOnAt?: number;
  tries?: number;
  /** It was taken up again after a pause, in which the list may have changed. */
  isResumed?: boolean;
  /** When the last whole reading before this one began. */
  before?: number;
  /** The list holds the members of groups, so that they are not read group by group. */
  hasMembers?: boolean;
}

/** The reading of the members of many groups: the one under way, or the last one. */
export interface MembersReading {
  startedAt: number;
  /** A group counts as read when its members were read at this time or later. */
  since: number;
  /** The groups that were chosen; absent: all of the list. */
  groups?: string[];
  /** A reading of all groups that waits until these chosen ones are read. */
  next?: MembersReading;
  /** How many groups it is about, and how many of them were read or could not be. */
  total: number;
  done: number;
  /** Groups that could not be read, and why. */
  failed?: Record<string, FailureCode>;
  /** Nothing is asked for before this time; `wait` says why. */
  goesOnAt?: number;
  wait?: FailureCode;
  /** Pauses in a row in which nothing was read. */
  tries?: number;
  /** What stopped it; it goes on when that is over, or when the agent asks for it. */
  failure?: FailureCode;
  /** The agent paused it. */
  isPaused?: true;
  /** It began while the agent was away, and pauses when the agent is back. */
  isIdle?: true;
  endedAt?: number;
}

/** What was learnt of a connection's gateway, so that it is not asked again. */
export interface GatewayNotes {
  connection: string;
  paging?: Paging;
  /** Requests that it accepts only in the form of the other dialect. */
  routes?: { add?: Dialect; remove?: Dialect };
  list?: ListReading;
  members?: MembersReading;
}
