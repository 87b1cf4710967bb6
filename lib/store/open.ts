import { type IDBPTransaction, openDB, type StoreNames, wrap } from "idb";
import type { FailureCode } from "../shared/model";
import { announce } from "./live";
import { storeFailure } from "./trouble";
import { indexPeople, keyDrafts, summarizeJobs } from "./upgrade";
import type { Database, Schema, Store, Table } from "./schema";

/** Opens the store and brings it up to date, step by step. */

/** Version of the database; each step from one version to the next is a case in `upgrade`. */
export const VERSION = 9;

/** How a store is opened. */
export interface StoreOptions {
  /** Called with what keeps the store from being used, and with undefined once it can be used again. */
  onTrouble?: (code: FailureCode | undefined) => void;
  /** Throws a `NotFoundError` where there is no store yet, instead of making one. */
  mustExist?: boolean;
}

/** Before a lost store is opened again, in ms. */
const AGAIN = 3000;

/**
 * `idb` makes a promise for the end of every transaction, and nobody awaits it after a reading. When the store is lost in
 * the middle, the reading itself throws; this promise must not be an uncaught exception beside it.
 */
function leaveToCaller({ target }: Event): void {
  const tx = target instanceof IDBTransaction ? target : (target as IDBRequest).transaction;
  if (tx) wrap(tx).done.catch(() => undefined);
}

/**
 * Opens the store of this origin, migrating it step by step. Throws what the browser throws; `storeFailure` tells what it
 * means. A store that is lost later (its data were cleared, a newer version took it, the disk failed) is opened again by
 * itself for as long as this context lives; until then every reading and writing throws. Tests give another name.
 */
export async function openStore(name = "wappfy", options: StoreOptions = {}): Promise<Store> {
  const { onTrouble = () => {} } = options;
  const store: Store = { db: await openDatabase(name, options, lost), name };

  function lost(): void {
    onTrouble("store-closed");
    void reopen();
  }
  async function reopen(): Promise<void> {
    try {
      store.db = await openDatabase(name, options, lost);
      onTrouble(undefined);
      announce(store, [...store.db.objectStoreNames] as Table[]);
    } catch (error) {
      onTrouble(storeFailure(error));
      setTimeout(() => void reopen(), AGAIN);
    }
  }
  return store;
}

/** Opens the database once. `onLost` is called when it is lost later. */
async function openDatabase(name: string, options: StoreOptions, onLost: () => void): Promise<Database> {
  const { onTrouble = () => {}, mustExist = false } = options;
  let isAbsent = false;
  let isBlocked = false;
  const ended = new AbortController();
  const end = () => {
    ended.abort();
    onLost();
  };
  const opening = openDB<Schema>(name, VERSION, {
    async upgrade(database, oldVersion, _newVersion, tx) {
      if (oldVersion === 0 && mustExist) {
        isAbsent = true;
        tx.done.catch(() => undefined); // The opening fails, which says it.
        tx.abort();
        return;
      }
      await migrate(database, oldVersion, tx);
    },
    blocked() {
      isBlocked = true;
      onTrouble("store-blocked");
    },
    // A newer version of the extension waits for this page: close, so that the update is not held up.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      end();
    },
    terminated: end,
  });
  try {
    const db = await opening;
    for (const type of ["error", "abort"] as const) {
      db.addEventListener(type, leaveToCaller, { signal: ended.signal });
    }
    if (isBlocked) onTrouble(undefined);
    return db;
  } catch (error) {
    throw isAbsent ? new DOMException("there is no store here", "NotFoundError") : error;
  }
}

/** Brings the store from a version to the present one, step by step. */
async function migrate(
  database: Database,
  oldVersion: number,
  tx: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">,
): Promise<void> {
  if (oldVersion < 1) {
    database.createObjectStore("connections", { keyPath: "id" });
    database.createObjectStore("settings");
    database.createObjectStore("vault");
    const groups = database.createObjectStore("groups", { keyPath: ["connection", "id"] });
    groups.createIndex("name", ["connection", "gone", "nameKey"]);
    groups.createIndex("size", ["connection", "gone", "sizeKey"]);
    groups.createIndex("used", ["connection", "gone", "usedKey"]);
    const rosters = database.createObjectStore("rosters", { keyPath: ["connection", "group"] });
    rosters.createIndex("connection", "connection");
    database.createObjectStore("invites", { keyPath: ["connection", "code"] });
    const jobs = database.createObjectStore("jobs", { keyPath: "id" });
    jobs.createIndex("state", "state");
    jobs.createIndex("created", ["connection", "createdAt"]);
    jobs.createIndex("nonce", "nonce", { unique: true });
    database.createObjectStore("steps", { keyPath: ["job", "index"] });
    database.createObjectStore("budgets", { keyPath: "connection" });
    database.createObjectStore("tallies", { keyPath: ["connection", "day"] });
    database.createObjectStore("drafts");
    database.createObjectStore("sandbox");
    database.createObjectStore("aside", { keyPath: "id" });
  }
  if (oldVersion < 2) database.createObjectStore("invited", { keyPath: ["connection", "group", "person"] });
  if (oldVersion < 3) await keyDrafts(tx);
  if (oldVersion < 4) {
    const summaries = database.createObjectStore("summaries", { keyPath: "job" });
    summaries.createIndex("created", ["connection", "createdAt"]);
    summaries.createIndex("ended", "endedAt");
    summaries.createIndex("groups", "groups", { multiEntry: true });
    await summarizeJobs(tx);
  }
  if (oldVersion < 5) database.createObjectStore("gateways", { keyPath: "connection" });
  if (oldVersion < 6) {
    database.createObjectStore("directory", { keyPath: ["connection", "group", "readAt"] });
    database.createObjectStore("contacts", { keyPath: ["connection", "person"] });
    await indexPeople(tx);
  }
  if (oldVersion < 7) {
    database.createObjectStore("sets", { keyPath: ["connection", "kind", "name"] });
    database.createObjectStore("labels", { keyPath: ["connection", "group"] });
  }
  if (oldVersion < 8) tx.objectStore("steps").createIndex("person", ["connection", "person"]);
  if (oldVersion < 9) {
    const changes = database.createObjectStore("changes", { keyPath: ["connection", "group", "at"] });
    changes.createIndex("at", ["connection", "at"]);
    changes.createIndex("time", "at");
  }
}
