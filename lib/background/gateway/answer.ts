import { fail, type Failure } from "../../shared/failure";
import type { Group, Member, Reason } from "../../shared/model";

/** The outcome of a gateway call. Shared by the readers of answers and by the client. */

/**
 * What a call that failed may have done. `unsent`: nothing left this computer. `refused`: the gateway said no before
 * acting. `unknown`: it may have acted (timeout, connection lost, 5xx, unreadable answer to a write).
 */
export type Certainty = "unsent" | "refused" | "unknown";

export interface GatewayFailure extends Failure {
  certainty: Certainty;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** `error.code` of the gateway, or its exception's name. */
  serverCode?: string;
  /** A 404 that does not say what was not found: the group, or the route. */
  isVague?: boolean;
}

/** A gateway call's outcome. `serverTime` is the gateway's clock (`meta.timestamp` or `Date`), in ms. */
export type Answer<T> =
  | { ok: true; value: T; requestId?: string; serverTime?: number }
  | { ok: false; failure: GatewayFailure; serverTime?: number };

/** What of a group only the gateway knows. */
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

/** A gateway's failure as a reply to a command: without what only the engine needs. */
export function failed({ code, detail, requestId, retryAt }: GatewayFailure): { ok: false; failure: Failure } {
  return fail(code, { detail, requestId, retryAt });
}

/** A group in our words, as far as one answer holds it. */
export interface GroupInfo extends Pick<Group, "id" | "name" | GroupFacts> {
  members?: Member[];
}

/** What the gateway says of one person in an answer to add, remove or create. `ok` does not prove membership. */
export interface PersonResult {
  /** As the gateway wrote it, or as it was asked for when the gateway names somebody by a hidden id. */
  person: string;
  outcome: "ok" | "already" | Reason;
  /** The gateway's own code, as text: `403`, `409` …; empty when it named the person without one. */
  code: string;
}
