import type { IDBPDatabase } from "idb";
import { v2 } from "./v2";

const GROUP = "120363000000000001@g.us";

/** The store as version 3 made it: drafts are keyed by connection, form, subject and field. */
export const v3 = {
  version: 3,

  /** Makes the tables of version 3. */
  create(database: IDBPDatabase): void {
    v2.create(database);
  },

  rows: {
    ...v2.rows,
    drafts: [
      [["c1", "create", "", "name"], "Half typed"],
      [["c1", "create", "", "people"], "+1 202 555 0101"],
      [["c1", "create", "", "list"], "+1 202 555 0102"],
      [["c1", "create", "", "job"], "j0"],
      [["c1", "people", "", "people"], "+1 202 555 0103"],
      [["c1", "people", "", "list"], "+1 202 555 0104"],
      [["", "selection", "", "people"], "+1 202 555 0105"],
      [["c1", "people", "", "job"], "j1"],
      [["c1", "add", GROUP, "people"], "+1 202 555 0106"],
      [["c1", "add", GROUP, "list"], "+1 202 555 0107"],
      [["c1", "add", GROUP, "pace"], "fast"],
      [["c1", "remove", GROUP, "people"], "+1 202 555 0108"],
      [["c1", "equal", GROUP, "remove"], "j2"],
      [["c1", "edit", GROUP, "name"], "Half renamed"],
      [["c1", "group-message", GROUP, "text"], "Half written"],
      [["c1", "message", "", "text"], "To several"],
      [["c1", "message", "", "groups"], GROUP],
      [["c1", "group-job", GROUP, "send"], "j3"],
      [["c1", "join", "", "text"], "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"],
      [["c1", "join", "AbCdEfGhIjKlMnOpQrStUv", "text"], "AbCdEfGhIjKlMnOpQrStUv more"],
      [["c1", "page", "", "job"], "j4"],
      [["c1", "invite-instead", "", "text"], "Come in: {link}"],
      [["c1", "groups", "", "search"], "night"],
      [["c1", "groups", "", "scroll"], "120"],
      [["", "route", "", "popup"], "#/people"],
    ] satisfies [string[], string][],
  },
};
