import type { IDBPDatabase } from "idb";
import { v6 } from "./v6";

/** The store as version 7 made it: sets of groups and people, and labels of groups. */
export const v7 = {
  version: 7,

  /** Makes the tables of version 7. */
  create(database: IDBPDatabase): void {
    v6.create(database);
    database.createObjectStore("sets", { keyPath: ["connection", "kind", "name"] });
    database.createObjectStore("labels", { keyPath: ["connection", "group"] });
  },

  rows: {
    ...v6.rows,
    sets: [
      ["", { connection: "c1", kind: "groups", name: "Pune", groups: ["120363000000000001@g.us"], savedAt: 1 }],
      [
        "",
        {
          connection: "c1",
          kind: "people",
          name: "New staff",
          people: [{ id: "919876543210@s.whatsapp.net", given: "+91 98765 43210" }],
          savedAt: 1,
        },
      ],
    ],
    labels: [["", { connection: "c1", group: "120363000000000001@g.us", labels: ["sales"], note: "Ask Asha first." }]],
  },
};
