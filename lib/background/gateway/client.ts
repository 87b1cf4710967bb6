import type { Failure } from "../../shared/failure";
import type { Instance, Member, Reason } from "../../shared/model";

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
}

/** A gateway call's outcome. `serverTime` is the gateway's clock (`meta.timestamp` or `Date`), in ms. */
export type Answer<T> =
  | { ok: true; value: T; requestId?: string; serverTime?: number }
  | { ok: false; failure: GatewayFailure; serverTime?: number };

/** A group in our words, as far as one answer tells it. */
export interface GroupInfo {
  id: string;
  name: string;
  description?: string;
  owner?: string;
  createdAt?: number;
  size?: number;
  picture?: string;
  members?: Member[];
}

/** What the gateway says of one person in an answer to add, remove or create. `ok` does not prove membership. */
export interface PersonResult {
  /** As the gateway wrote it. */
  person: string;
  outcome: "ok" | "already" | Reason;
  /** The gateway's own code, as text: `403`, `409` … */
  code: string;
}

export interface CallOptions {
  /** `agent`: somebody waits for it, may use the whole allowance. `background`: leaves a reserve for the agent. */
  priority: "agent" | "background";
  signal?: AbortSignal;
}

/** The gateway as a connection offers it. Nothing throws; nothing is repeated by itself; every call ends within 25 s. */
export interface Gateway {
  /** null: this gateway does not list instances. */
  listInstances(options: CallOptions): Promise<Answer<Instance[] | null>>;
  /** All pages. `isComplete` is false when paging ended on a failure after the first page. */
  listGroups(options: CallOptions): Promise<Answer<{ groups: GroupInfo[]; isComplete: boolean }>>;
  getGroup(group: string, options: CallOptions): Promise<Answer<GroupInfo>>;
  createGroup(
    input: { name: string; people: string[] },
    options: CallOptions,
  ): Promise<Answer<{ group?: GroupInfo; people: PersonResult[] }>>;
  updateGroup(
    group: string,
    change: { name?: string; description?: string },
    options: CallOptions,
  ): Promise<Answer<void>>;
  leaveGroup(group: string, options: CallOptions): Promise<Answer<void>>;
  listMembers(group: string, options: CallOptions): Promise<Answer<Member[]>>;
  /** `people` of the answer is empty when the gateway says nothing of single persons. */
  addMembers(group: string, people: string[], options: CallOptions): Promise<Answer<PersonResult[]>>;
  removeMembers(group: string, people: string[], options: CallOptions): Promise<Answer<PersonResult[]>>;
  /** The bare code, checked for its form. */
  readInvite(group: string, options: CallOptions): Promise<Answer<{ code: string }>>;
  /** `group` when the answer named it. `isPending`: an admin must approve first. */
  joinGroup(
    code: string,
    options: CallOptions,
  ): Promise<Answer<{ group?: GroupInfo | { id: string }; isPending: boolean }>>;
  /** Never "delivered": sent, or only queued. */
  sendText(chat: string, text: string, options: CallOptions): Promise<Answer<{ message?: string; isQueued: boolean }>>;
  /** null: this gateway does not check numbers. `phone` is digits only. */
  checkPerson(phone: string, options: CallOptions): Promise<Answer<{ exists: boolean; id?: string } | null>>;
}
