import type { IDBPDatabase, IDBPTransaction } from "idb";
import { v8 } from "./v8";

/** The store as version 9 made it: what changed in groups between readings of their members. */
export const v9 = {
  version: 9,

  /** Makes the tables of version 9. */
  create(database: IDBPDatabase, tx: IDBPTransaction<unknown, string[], "versionchange">): void {
    v8.create(database, tx);
    const changes = database.createObjectStore("changes", { keyPath: ["connection", "group", "at"] });
    changes.createIndex("at", ["connection", "at"]);
    changes.createIndex("time", "at");
  },

  rows: {
    ...v8.rows,
    changes: [
      [
        "",
        {
          connection: "c1",
          group: "120363000000000001@g.us",
          since: 1_795_000_100_000,
          at: 1_795_000_300_000,
          joined: ["12025550101@s.whatsapp.net"],
          left: [],
          promoted: [],
          demoted: [],
        },
      ],
    ],
  },
};
