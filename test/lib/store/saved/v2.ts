import type { IDBPDatabase } from "idb";
import { v1 } from "./v1";

/** The store as version 2 made it: who was invited is remembered apart from the jobs. */
export const v2 = {
  version: 2,

  /** Makes the tables of version 2. */
  create(database: IDBPDatabase): void {
    v1.create(database);
    database.createObjectStore("invited", { keyPath: ["connection", "group", "person"] });
  },

  rows: {
    ...v1.rows,
    invited: [["", { connection: "c1", group: "120363000000000001@g.us", person: "12025550103" }]],
  },
};
