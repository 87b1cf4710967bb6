import { type IDBPTransaction, openDB, type StoreNames, wrap } from "idb";
import type { FailureCode } from "../shared/model";
import { announce } from "./live";
import { storeFailure } from "./trouble";
import type { Database, Schema, Store, Table } from "./schema";

/** Opens the store and keeps it open. The worker makes it and brings it up to date (`migrate.ts`); pages find it made. */

/** Version of the database; each step from one version to the next is a case in `migrate`. */
export const VERSION = 9;

export type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">;

/** How a store is opened. */
export interface StoreOptions {
  /** Called with what keeps the store from being used, and with undefined once it can be used again. */
  onTrouble?: (code: FailureCode | undefined) => void;
  /**
   * Brings the store from an older version to the present one; version 0 is no store. Without it, a store that is not there
   * in the present version is a `NotFoundError`.
   */
  migrate?: (database: Database, oldVersion: number, tx: Upgrade) => Promise<void>;
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
 * Opens the store of this origin. Throws what the browser throws; `storeFailure` tells what it
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
  const { onTrouble = () => {}, migrate } = options;
  let isAbsent = false;
  let isBlocked = false;
  const ended = new AbortController();
  const end = () => {
    ended.abort();
    onLost();
  };
  const opening = openDB<Schema>(name, VERSION, {
    async upgrade(database, oldVersion, _newVersion, tx) {
      if (!migrate) {
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
    throw isAbsent ? new DOMException("there is no such store here", "NotFoundError") : error;
  }
}
