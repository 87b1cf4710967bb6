import type { IDBPDatabase } from "idb";
import { v3 } from "./v3";

/** The store as version 4 made it: each job has a summary. */
export const v4 = {
  version: 4,

  /** Makes the tables of version 4. */
  create(database: IDBPDatabase): void {
    v3.create(database);
    const summaries = database.createObjectStore("summaries", { keyPath: "job" });
    summaries.createIndex("created", ["connection", "createdAt"]);
    summaries.createIndex("ended", "endedAt");
    summaries.createIndex("groups", "groups", { multiEntry: true });
  },

  rows: {
    ...v3.rows,
    summaries: [
      [
        "",
        {
          job: "j1",
          connection: "c1",
          createdAt: 1_795_000_400_000,
          kind: "add",
          count: 2,
          groups: ["120363000000000001@g.us"],
          state: "paused",
          steps: 2,
          open: 1,
          troubled: 0,
          verdicts: { added: 1 },
        },
      ],
    ] as [string, unknown][],
  },
};
