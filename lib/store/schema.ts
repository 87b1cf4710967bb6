import type { DBSchema, IDBPDatabase } from "idb";
import type { DraftKey } from "../shared/draft";
import type { Invited } from "../shared/invitation";
import type {
  Budget,
  Connection,
  Contact,
  GatewayNotes,
  Group,
  GroupLabels,
  Job,
  KnownInvite,
  Roster,
  RosterChange,
  SavedSet,
  Settings,
  Step,
  Tally,
} from "../shared/model";
import type { JobSummary } from "../shared/summary";

/**
 * The store: IndexedDB in the extension's origin, because content scripts reach it in no browser. The worker writes
 * (`write.ts`), the screens read (`read.ts`) and watch (`live.ts`). Everything is keyed by connection.
 */

/** A group with the keys by which the list is sorted, so that the first screen reads only what it shows. */
export interface GroupRow extends Group {
  /** 0 in the list, 1 when `goneAt` is set. IndexedDB has no boolean keys. */
  gone: 0 | 1;
  nameKey: string;
  sizeKey: number;
  usedKey: number;
}

/** Who is in a group, as one text for finding people as somebody types; see `directory.ts`. */
export interface DirectoryRow {
  connection: string;
  group: string;
  readAt: number;
  people: string;
}

/** What is kept in memory of one connection for finding people. */
export interface Directory {
  /** By group. */
  rows: Map<string, DirectoryRow>;
  /** By `personKey`. */
  contacts: Map<string, { contact: Contact; nameKey: string }>;
  /** The reading of `rows` and that of `contacts`, under way or done; undefined once the store was written since. */
  texts?: Promise<void>;
  names?: Promise<void>;
}

/** A value that no longer fits its schema, kept under its own name and never dropped. */
export interface Aside {
  id: string;
  table: string;
  key: string;
  value: unknown;
  at: number;
}

export interface Schema extends DBSchema {
  connections: { key: string; value: Connection };
  settings: { key: "settings"; value: Partial<Settings> };
  /** Ciphertext and its header; read by `vault.ts` alone. */
  vault: { key: string; value: unknown };
  groups: {
    key: [connection: string, id: string];
    value: GroupRow;
    indexes: {
      name: [connection: string, gone: number, nameKey: string];
      size: [connection: string, gone: number, sizeKey: number];
      used: [connection: string, gone: number, usedKey: number];
    };
  };
  rosters: { key: [connection: string, group: string]; value: Roster; indexes: { connection: string } };
  /** One row for each roster, written with it. Its keys alone hold the age of each. */
  directory: { key: [connection: string, group: string, readAt: number]; value: DirectoryRow };
  /** What changed between readings, in the order of time: `at` for one connection, `time` for all. */
  changes: {
    key: [connection: string, group: string, at: number];
    value: RosterChange;
    indexes: { at: [connection: string, at: number]; time: number };
  };
  /** The agent's own names for people. */
  contacts: { key: [connection: string, person: string]; value: Contact };
  invites: { key: [connection: string, code: string]; value: KnownInvite };
  /** `state` finds what is to be run; `created` is the history, newest last. */
  jobs: {
    key: string;
    value: Job & { nonce: string };
    indexes: { state: string; created: [connection: string, createdAt: number]; nonce: string };
  };
  /** `person` finds what was done with somebody; steps about nobody are not in it. */
  steps: { key: [job: string, index: number]; value: Step; indexes: { person: [connection: string, person: string] } };
  /** One row for each job, so that the history is shown without its people. `ended` finds what is due to be erased. */
  summaries: {
    key: string;
    value: JobSummary;
    indexes: { created: [connection: string, createdAt: number]; ended: number; groups: string };
  };
  budgets: { key: string; value: Budget };
  /** What was learnt of each connection's gateway, and where the reading of its list stands. */
  gateways: { key: string; value: GatewayNotes };
  tallies: { key: [connection: string, day: string]; value: Tally };
  /** What the agent typed and did not use yet; `shared/draft.ts` names all that may lie here. */
  drafts: { key: DraftKey; value: string };
  /** Who is sent a group's invite link; kept when the record of the job is erased. */
  invited: { key: [connection: string, group: string, person: string]; value: Invited };
  /** Groups and lists of people that the agent keeps under a name. */
  sets: { key: [connection: string, kind: string, name: string]; value: SavedSet };
  labels: { key: [connection: string, group: string]; value: GroupLabels };
  /** The sandbox gateway's world, so that it survives the worker's death. */
  sandbox: { key: string; value: unknown };
  aside: { key: string; value: Aside };
}

export type Table = keyof { [Name in keyof Schema as string extends Name ? never : Name]: true };
export type Database = IDBPDatabase<Schema>;

/** One open store. `name` is also that of the channel on which changes are announced. */
export interface Store {
  /** Another one after the store was lost and opened again: ask for it each time. */
  db: Database;
  name: string;
  /** What was read for finding people, by connection; `directory.ts` alone uses it. */
  directories?: Map<string, Directory>;
}
