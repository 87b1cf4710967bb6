import type { Cursor, GatewayNotes, Instance, Member, PageRequest } from "../../shared/model";
import type { Answer, GatewayFailure, GroupInfo, PersonResult } from "./answer";

/** What a connection offers, in our own words. `openGateway` in `client.ts` makes it. */

export interface CallOptions {
  /** `agent`: somebody waits for it, may use the whole allowance. `background`: leaves a reserve for the agent. */
  priority: "agent" | "background";
  signal?: AbortSignal;
}

/** One page of the list of groups. The last has no `next`; `isComplete` says whether the list is whole. */
export interface GroupsPage {
  groups: GroupInfo[];
  count: number;
  total?: number;
  next?: PageRequest;
  isComplete: boolean;
}

/** How the list of groups is read: from the start or from where an earlier reading stood. */
export interface ListOptions extends CallOptions {
  from?: Cursor;
  /** Told of each page before the next one is asked for. */
  onPage?: (page: GroupsPage) => Promise<void>;
}

/** The gateway as a connection offers it. Nothing throws; nothing is repeated by itself; every call ends within 25 s. */
export interface Gateway {
  /** null: this gateway does not list instances. */
  listInstances(options: CallOptions): Promise<Answer<Instance[] | null>>;
  /**
   * All pages from `from` on. `isComplete` is false when paging ended before the end, on `failure` where there is one. The
   * first page is asked for with the given priority, the others leave the agent a reserve.
   */
  listGroups(
    options: ListOptions,
  ): Promise<Answer<{ groups: GroupInfo[]; isComplete: boolean; failure?: GatewayFailure }>>;
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
  /** Never "delivered": sent, or only queued. Without `message` (its id), nobody knows whether it was taken. */
  sendText(chat: string, text: string, options: CallOptions): Promise<Answer<{ message?: string; isQueued: boolean }>>;
  /** null: this gateway does not check numbers. `phone` is digits only. */
  checkPerson(phone: string, options: CallOptions): Promise<Answer<{ exists: boolean; id?: string } | null>>;
}

/** Where what was learnt of a gateway is kept. */
export interface NotesPort {
  load(): Promise<Pick<GatewayNotes, "paging" | "routes">>;
  learn(change: Pick<GatewayNotes, "paging" | "routes">): Promise<void>;
}
