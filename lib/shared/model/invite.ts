import type { Reason } from "./step";

/** An invite code seen by a connection. Never sent to a page. */
export interface KnownInvite {
  connection: string;
  code: string;
  /**
   * `ours`: of our group. `pending`: an admin must approve (`reason`: `approval`) or may have to. `refused`: revoked,
   * full, invalid.
   */
  state: "ours" | "pending" | "refused" | "seen";
  group?: string;
  at: number;
  reason?: Reason;
  /** The join waiting until we are seen in the group. */
  step?: { job: string; index: number };
}

/** An invite found on a page. */
export interface FoundInvite {
  code: string;
  /** Up to 120 characters around the link; absent before a search. */
  context?: string;
  isUnusual: boolean;
  /** No longer on the page. */
  isGone?: true;
}

/** Maximum kept per page. */
export const PAGE_INVITES = 1_000;
/** Prefix of a page list's session key, before the tab's id. */
export const PAGE_LIST = "page:";

/** The one invite a page asked to show (security rule R2), for 120 s. */
export interface PendingInvite {
  id: string;
  code: string;
  /** As attested by the browser; `null` if opaque. */
  origin: string | null;
  tab?: number;
  at: number;
  /** From the list "This page", which shows the question. */
  isListed?: boolean;
  /** The agent pressed another invite meanwhile, which was ignored. */
  isFirst?: boolean;
}

/** `storage.session` key of the pending invite. */
export const PENDING_FLAG = "pending";
