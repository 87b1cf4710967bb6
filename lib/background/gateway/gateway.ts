import type { Cursor, GatewayNotes, Instance, Member, PageRequest } from "../../shared/model";
import type { Answer, GatewayFailure, GroupInfo, PersonResult } from "./answer";
import type { GivenName } from "./read-names";

/** Options of every call. */
export interface CallOptions {
  /** `background` leaves a reserve for the agent. */
  priority: "agent" | "background";
  signal?: AbortSignal;
}

/** The last page has no `next`; `isComplete`: the list is whole. */
export interface GroupsPage {
  groups: GroupInfo[];
  count: number;
  total?: number;
  next?: PageRequest;
  isComplete: boolean;
}

/** Reads on from `from`, if set. */
export interface ListOptions extends CallOptions {
  from?: Cursor;
  onPage?: (page: GroupsPage) => Promise<void>;
}

/** A connection's gateway. Never throws; sends each request once, for at most 25 s. */
export interface Gateway {
  /** null: this gateway lists no instances. */
  listInstances(options: CallOptions): Promise<Answer<Instance[] | null>>;
  /**
   * Reads all pages from `from`. `isComplete` is false if it ended early, perhaps on `failure`. Later pages are
   * `background`.
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
  /** Empty without individual results. */
  addMembers(group: string, people: string[], options: CallOptions): Promise<Answer<PersonResult[]>>;
  removeMembers(group: string, people: string[], options: CallOptions): Promise<Answer<PersonResult[]>>;
  readInvite(group: string, options: CallOptions): Promise<Answer<{ code: string }>>;
  /** `group` if the answer named it. `isPending`: an admin must approve. */
  joinGroup(
    code: string,
    options: CallOptions,
  ): Promise<Answer<{ group?: GroupInfo | { id: string }; isPending: boolean }>>;
  /** Sent or queued, never "delivered"; uncertain without `message`, its id. */
  sendText(chat: string, text: string, options: CallOptions): Promise<Answer<{ message?: string; isQueued: boolean }>>;
  /** null: this gateway checks no numbers. `phone` is digits only. */
  checkPerson(phone: string, options: CallOptions): Promise<Answer<{ exists: boolean; id?: string } | null>>;
  /** The account's contacts; `name` is empty if unknown. null: this gateway lists none. */
  listContacts(options: CallOptions): Promise<Answer<GivenName[] | null>>;
}

/** Stores what was learned about a gateway. */
export interface NotesPort {
  load(): Promise<Pick<GatewayNotes, "paging" | "routes">>;
  learn(change: Pick<GatewayNotes, "paging" | "routes">): Promise<void>;
}
