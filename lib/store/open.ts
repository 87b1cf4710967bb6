import { type IDBPTransaction, openDB, type StoreNames, wrap } from "idb";
import type { FailureCode } from "../shared/model";
import { announce } from "./live";
import { storeFailure } from "./trouble";
import type { Database, Schema, Store, Table } from "./schema";

/** Keeps the store open. The worker creates and upgrades it (`migrate.ts`); pages find it ready. */

/** Database version; `migrate` covers each step. */
export const VERSION = 9;

export type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">;

/** Options for opening the store. */
export interface StoreOptions {
  /** Called with what makes the store unusable, and with undefined once a lost one is open again. */
  onTrouble?: (code: FailureCode | undefined) => void;
  /** Upgrades an older store (0: none). Without it, an older or missing store throws `NotFoundError`. */
  migrate?: (database: Database, oldVersion: number, tx: Upgrade) => Promise<void>;
}

/** In ms. */
const AGAIN = 3000;

/**
 * `idb` leaves each transaction's `done` unawaited. If the store is lost, the read itself throws; this avoids an
 * uncaught rejection beside it.
 */
function leaveToCaller({ target }: Event): void {
  const tx = target instanceof IDBTransaction ? target : (target as IDBRequest).transaction;
  if (tx) wrap(tx).done.catch(() => undefined);
}

/**
 * Opens the store. Throws the browser's error (see `storeFailure`). Reopens a store lost later (data cleared, newer
 * version, disk failure); until then, everything throws.
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

async function openDatabase(name: string, options: StoreOptions, onLost: () => void): Promise<Database> {
  const { onTrouble = () => {}, migrate } = options;
  let isAbsent = false;
  const ended = new AbortController();
  const end = () => {
    ended.abort();
    onLost();
  };
  const opening = openDB<Schema>(name, VERSION, {
    async upgrade(database, oldVersion, _newVersion, tx) {
      if (!migrate) {
        isAbsent = true;
        tx.done.catch(() => undefined); // The opening rejects instead.
        tx.abort();
        return;
      }
      await migrate(database, oldVersion, tx);
    },
    blocked() {
      onTrouble("store-blocked");
    },
    // A newer version waits for this page.
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
    return db;
  } catch (error) {
    throw isAbsent ? new DOMException("there is no such store here", "NotFoundError") : error;
  }
}
