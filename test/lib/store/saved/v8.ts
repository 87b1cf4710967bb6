import type { IDBPDatabase, IDBPTransaction } from "idb";
import { v7 } from "./v7";

/** The store as version 8 made it: what was done with a person is found by the person. */
export const v8 = {
  version: 8,

  /** Makes the tables of version 8. */
  create(database: IDBPDatabase, tx: IDBPTransaction<unknown, string[], "versionchange">): void {
    v7.create(database);
    tx.objectStore("steps").createIndex("person", ["connection", "person"]);
  },

  rows: { ...v7.rows },
};
