import type { IDBPDatabase } from "idb";
import { v5 } from "./v5";

/** The store as version 6 made it: people are found as somebody types, and have the agent's names. */
export const v6 = {
  version: 6,

  /** Makes the tables of version 6. */
  create(database: IDBPDatabase): void {
    v5.create(database);
    database.createObjectStore("directory", { keyPath: ["connection", "group", "readAt"] });
    database.createObjectStore("contacts", { keyPath: ["connection", "person"] });
  },

  rows: {
    ...v5.rows,
    directory: [
      [
        "",
        {
          connection: "c1",
          group: "120363000000000001@g.us",
          readAt: 1_795_000_300_000,
          people: "\n12025550100\t\ts\t\n12025550101\t\t\t\n",
        },
      ],
    ],
    contacts: [
      [
        "",
        {
          connection: "c1",
          person: "12025550101",
          id: "12025550101@s.whatsapp.net",
          name: "Asha Rao",
          at: 1_795_000_300_000,
        },
      ],
    ],
  },
};
