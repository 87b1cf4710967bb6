import type { IDBPDatabase } from "idb";

/** The store as version 1 made it. Never change it: it is what lies on somebody's disk. */
export const v1 = {
  version: 1,

  /** Makes the tables of version 1. */
  create(database: IDBPDatabase): void {
    database.createObjectStore("connections", { keyPath: "id" });
    database.createObjectStore("settings");
    database.createObjectStore("vault");
    const groups = database.createObjectStore("groups", { keyPath: ["connection", "id"] });
    groups.createIndex("name", ["connection", "gone", "nameKey"]);
    groups.createIndex("size", ["connection", "gone", "sizeKey"]);
    groups.createIndex("used", ["connection", "gone", "usedKey"]);
    const rosters = database.createObjectStore("rosters", { keyPath: ["connection", "group"] });
    rosters.createIndex("connection", "connection");
    database.createObjectStore("invites", { keyPath: ["connection", "code"] });
    const jobs = database.createObjectStore("jobs", { keyPath: "id" });
    jobs.createIndex("state", "state");
    jobs.createIndex("created", ["connection", "createdAt"]);
    jobs.createIndex("nonce", "nonce", { unique: true });
    database.createObjectStore("steps", { keyPath: ["job", "index"] });
    database.createObjectStore("budgets", { keyPath: "connection" });
    database.createObjectStore("tallies", { keyPath: ["connection", "day"] });
    database.createObjectStore("drafts");
    database.createObjectStore("sandbox");
    database.createObjectStore("aside", { keyPath: "id" });
  },

  /** Rows by table, each with the key that it has where the table keeps none in the row. */
  rows: {
    connections: [
      [
        "c1",
        {
          id: "c1",
          name: "Support desk",
          origin: "https://api.wappfy.io",
          instance: "inst_abc123",
          dialect: "guide",
          auth: "api-key",
          isSandbox: false,
          keyTail: "9f3c",
          createdAt: 1_795_000_000_000,
        },
      ],
    ],
    settings: [["settings", { current: "c1", pace: "fast", protection: "session", sort: "size" }]],
    groups: [
      [
        "",
        {
          connection: "c1",
          id: "120363000000000001@g.us",
          name: "Zebra",
          size: 12,
          listedAt: 1_795_000_100_000,
          gone: 0,
          nameKey: "zebra",
          sizeKey: -12,
          usedKey: 0,
        },
      ],
      [
        "",
        {
          connection: "c1",
          id: "120363000000000002@g.us",
          name: "Álvaro's team",
          size: 3,
          listedAt: 1_795_000_100_000,
          invite: { code: "AbCdEfGhIjKlMnOpQrStUv", readAt: 1_795_000_200_000 },
          gone: 0,
          nameKey: "alvaro's team",
          sizeKey: -3,
          usedKey: -1_795_000_300_000,
        },
      ],
      [
        "",
        {
          connection: "c1",
          id: "120363000000000003@g.us",
          name: "Left long ago",
          listedAt: 1_794_000_000_000,
          goneAt: 1_795_000_000_000,
          gone: 1,
          nameKey: "left long ago",
          sizeKey: 0,
          usedKey: 0,
        },
      ],
    ],
    rosters: [
      [
        "",
        {
          connection: "c1",
          group: "120363000000000001@g.us",
          members: [{ id: "447700900100@s.whatsapp.net", role: "superadmin" }],
          readAt: 1_795_000_100_000,
        },
      ],
    ],
    jobs: [
      [
        "",
        {
          id: "j1",
          nonce: "n1",
          connection: "c1",
          input: {
            kind: "add",
            groups: ["120363000000000001@g.us"],
            people: [
              { id: "12025550101@s.whatsapp.net", given: "+1 202 555 0101" },
              { id: "12025550102@s.whatsapp.net", given: "+1 202 555 0102", name: "Bo" },
            ],
            pace: "careful",
          },
          state: "paused",
          createdAt: 1_795_000_400_000,
          notBefore: 0,
          undoUntil: 0,
          pause: { reason: "agent" },
          epoch: 3,
          version: 1,
        },
      ],
    ],
    steps: [
      [
        "",
        {
          job: "j1",
          index: 0,
          connection: "c1",
          target: "120363000000000001@g.us",
          person: "12025550101@s.whatsapp.net",
          given: "+1 202 555 0101",
          state: "done",
          attempts: 1,
          sentAt: 1_795_000_400_500,
          verdict: "added",
        },
      ],
      [
        "",
        {
          job: "j1",
          index: 1,
          connection: "c1",
          target: "120363000000000001@g.us",
          person: "12025550102@s.whatsapp.net",
          given: "+1 202 555 0102",
          state: "todo",
          attempts: 0,
        },
      ],
    ],
    drafts: [
      ["create:name:c1", "Half typed"],
      ["create:people:c1", "+1 202 555 0101"],
      ["create:people:c1/list", "+1 202 555 0102"],
      ["create:job:c1", "j0"],
      ["people:c1", "+1 202 555 0103"],
      ["people:c1/list", "+1 202 555 0104"],
      ["people:selection", "+1 202 555 0105"],
      ["people:job:c1", "j1"],
      ["add/c1/120363000000000001@g.us", "+1 202 555 0106"],
      ["add/c1/120363000000000001@g.us/list", "+1 202 555 0107"],
      ["add/c1/120363000000000001@g.us/pace", "fast"],
      ["remove/c1/120363000000000001@g.us", "+1 202 555 0108"],
      ["equal/c1/120363000000000001@g.us/remove", "j2"],
      ["edit/c1/120363000000000001@g.us/name", "Half renamed"],
      ["message/c1/120363000000000001@g.us", "Half written"],
      ["message:text:c1", "To several"],
      ["message:groups:c1", "120363000000000001@g.us"],
      ["job/c1/120363000000000001@g.us/send", "j3"],
      ["join:text:c1", "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"],
      ["join:text:c1:AbCdEfGhIjKlMnOpQrStUv", "AbCdEfGhIjKlMnOpQrStUv more"],
      ["page:job:c1", "j4"],
      ["invite-instead/c1", "Come in: {link}"],
      ["groups:search:c1", "night"],
      ["groups:scroll:c1", "120"],
      ["route:popup", "#/people"],
      // Left behind by a connection that was forgotten.
      ["people:c0", "+1 202 555 0199"],
      ["message/c0/120363000000000002@g.us", "To nobody"],
      ["stray", "nothing of ours"],
    ],
  } as Record<string, [key: string, value: unknown][]>,
};
