import type { Reason } from "./step";

/** An invite code seen by a connection. Never sent to a page. */
export interface KnownInvite {
  connection: string;
  code: string;
  /**
   * `ours`: of a group of ours. `pending`: an admin has to approve (`reason` is `approval`) or may have to. `refused`:
   * revoked, full, invalid.
   */
  state: "ours" | "pending" | "refused" | "seen";
  group?: string;
  at: number;
  reason?: Reason;
  /** The join that waits until we are seen in the group. */
  step?: { job: string; index: number };
}

/** An invite found on a page. */
export interface FoundInvite {
  code: string;
  /** Up to 120 characters around the link; absent until the page was searched. */
  context?: string;
  isUnusual: boolean;
  /** No longer on the page. */
  isGone?: true;
}

/** Maximum kept per page. */
export const PAGE_INVITES = 1_000;
/** Before a tab's id, the key of its page's list in the session. */
export const PAGE_LIST = "page:";

/** The one invite that a page asked to show (security rule R2), for 120 s. */
export interface PendingInvite {
  id: string;
  code: string;
  /** As attested by the browser; `null` if opaque. */
  origin: string | null;
  tab?: number;
  at: number;
  /** Asked for in the list "This page", which shows the question. */
  isListed?: boolean;
  /** The agent pressed another invite meanwhile, which was ignored. */
  isFirst?: boolean;
}

/** Key in `storage.session` of the pending invite. */
export const PENDING_FLAG = "pending";
