import { fail, type Failure } from "../../shared/failure";
import type { Group, Member, Reason } from "../../shared/model";

/**
 * What a failed call may have done: nothing (`unsent`, `refused`) or anything (`unknown`: timeout, lost connection,
 * 5xx, unreadable answer).
 */
export type Certainty = "unsent" | "refused" | "unknown";

export interface GatewayFailure extends Failure {
  certainty: Certainty;
  status?: number;
  /** `error.code`, or an exception's name. */
  serverCode?: string;
  /** A 404 or 403: the route or our right may be missing, not the group. */
  isVague?: boolean;
}

/** `serverTime`: the gateway's clock, in ms. */
export type Answer<T> =
  | { ok: true; value: T; requestId?: string; serverTime?: number }
  | { ok: false; failure: GatewayFailure; serverTime?: number };

type GroupFacts =
  | "description"
  | "owner"
  | "createdAt"
  | "size"
  | "capacity"
  | "picture"
  | "isCommunity"
  | "isAnnouncement"
  | "community"
  | "onlyAdminsSend"
  | "onlyAdminsAdd";

/** Converts a failure into a reply, without the job engine's fields. */
export function failed({ code, detail, requestId, retryAt }: GatewayFailure): { ok: false; failure: Failure } {
  return fail(code, { detail, requestId, retryAt });
}

/** What one answer says about a group. */
export interface GroupInfo extends Pick<Group, "id" | "name" | GroupFacts> {
  members?: Member[];
  /** Still shown, though we are out. */
  isLeft?: true;
}

/** One person's result. `ok` does not prove membership. */
export interface PersonResult {
  /** As the gateway wrote it or, if hidden or missing, as requested. */
  person: string;
  outcome: "ok" | "already" | Reason;
  /** As text (`403`), or empty. */
  code: string;
}

/** Whether the gateway has no such group for us. */
export function isGroupGone({ certainty, code }: GatewayFailure): boolean {
  return certainty === "refused" && code === "group-gone";
}

/** Whether the group is surely missing, not just the route. */
export function isSurelyGone(failure: GatewayFailure): boolean {
  return isGroupGone(failure) && failure.isVague !== true;
}
