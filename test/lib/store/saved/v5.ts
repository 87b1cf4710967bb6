import type { IDBPDatabase } from "idb";
import { v4 } from "./v4";

/** The store as version 5 made it: what was learnt of a gateway is kept. */
export const v5 = {
  version: 5,

  /** Makes the tables of version 5. */
  create(database: IDBPDatabase): void {
    v4.create(database);
    database.createObjectStore("gateways", { keyPath: "connection" });
  },

  rows: {
    ...v4.rows,
    gateways: [
      [
        "",
        {
          connection: "c1",
          paging: { by: "page", limit: 100 },
          routes: { add: "guide" },
          list: { startedAt: 1, count: 1000, total: 1200, next: { page: 101, limit: 10 }, goesOnAt: 2 },
        },
      ],
    ],
  },
};
