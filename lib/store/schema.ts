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
 * The extension's IndexedDB, out of content scripts' reach. The worker writes (`write.ts`); screens read (`read.ts`)
 * and watch (`live.ts`).
 */

/** A group with sort keys: the first screen reads only what it shows. */
export interface GroupRow extends Group {
  /** 1 when gone; IndexedDB has no boolean keys. */
  gone: 0 | 1;
  nameKey: string;
  sizeKey: number;
  usedKey: number;
}

/** A group's members as searchable text; see `directory.ts`. */
export interface DirectoryRow {
  connection: string;
  group: string;
  readAt: number;
  people: string;
}

/** One connection's search data, in memory. */
export interface Directory {
  /** By group. */
  rows: Map<string, DirectoryRow>;
  /** By `personKey`. */
  contacts: Map<string, { contact: Contact; nameKey: string }>;
  /** In list order. */
  groups: Pick<GroupRow, "id" | "name" | "nameKey">[];
  /** Readings of `rows`, `contacts` and `groups`; undefined after a write. */
  texts?: Promise<void>;
  names?: Promise<void>;
  list?: Promise<void>;
  /** Job ids by person; undefined after a write. */
  jobs?: Map<string, Promise<string[]>>;
}

/** A value that this version could not read. */
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
  /** Ciphertext; only `vault.ts` reads it. */
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
  /** One row per roster; its key holds the time. */
  directory: { key: [connection: string, group: string, readAt: number]; value: DirectoryRow };
  /** By time: `at` for one connection, `time` for all. */
  changes: {
    key: [connection: string, group: string, at: number];
    value: RosterChange;
    indexes: { at: [connection: string, at: number]; time: number };
  };
  contacts: { key: [connection: string, person: string]; value: Contact };
  invites: { key: [connection: string, code: string]; value: KnownInvite };
  /** `state` finds jobs to run; `created` is the history. */
  jobs: {
    key: string;
    value: Job & { nonce: string };
    indexes: { state: string; created: [connection: string, createdAt: number]; nonce: string };
  };
  /** Steps about nobody are not in `person`. */
  steps: { key: [job: string, index: number]; value: Step; indexes: { person: [connection: string, person: string] } };
  /** One row per job, so the history loads no people. `ended` finds what to erase. */
  summaries: {
    key: string;
    value: JobSummary;
    indexes: { created: [connection: string, createdAt: number]; ended: number; groups: string };
  };
  budgets: { key: string; value: Budget };
  /** Facts about gateways, and states of readings. */
  gateways: { key: string; value: GatewayNotes };
  tallies: { key: [connection: string, day: string]; value: Tally };
  /** What was typed and not used; see `shared/draft.ts`. */
  drafts: { key: DraftKey; value: string };
  /** Who is sent a group's link; outlives the job. */
  invited: { key: [connection: string, group: string, person: string]; value: Invited };
  sets: { key: [connection: string, kind: string, name: string]; value: SavedSet };
  labels: { key: [connection: string, group: string]; value: GroupLabels };
  sandbox: { key: string; value: unknown };
  aside: { key: string; value: Aside };
}

export type Table = keyof { [Name in keyof Schema as string extends Name ? never : Name]: true };
export type Database = IDBPDatabase<Schema>;

/** An open store; `name` also names its channel of changes. */
export interface Store {
  /** Replaced on reopening: read it each time. */
  db: Database;
  name: string;
  /** Search data by connection, for `directory.ts` alone. */
  directories?: Map<string, Directory>;
}
