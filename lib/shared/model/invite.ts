import type { Reason } from "./step";

/** Invites: those of an account, those on a page, and the one that waits for an answer. */

/** An invite code that was seen, per connection. Shown on our surfaces only, never sent to a page. */
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

/** Key in `storage.session` under which the worker keeps the one invite that waits for a confirmation. */
export const PENDING_FLAG = "pending";
