import type { Database, Store } from "./schema";
import { openStore, type StoreOptions, type Upgrade } from "./open";
import { indexPeople, keyDrafts, summarizeJobs } from "./upgrade";

/** For the worker alone: the code would weigh on each page. */

/** Opens the store, creating or upgrading it if needed. */
export function makeStore(name?: string, options: StoreOptions = {}): Promise<Store> {
  return openStore(name, { ...options, migrate });
}

async function migrate(database: Database, oldVersion: number, tx: Upgrade): Promise<void> {
  if (oldVersion < 1) {
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
  }
  if (oldVersion < 2) database.createObjectStore("invited", { keyPath: ["connection", "group", "person"] });
  if (oldVersion < 3) await keyDrafts(tx);
  if (oldVersion < 4) {
    const summaries = database.createObjectStore("summaries", { keyPath: "job" });
    summaries.createIndex("created", ["connection", "createdAt"]);
    summaries.createIndex("ended", "endedAt");
    summaries.createIndex("groups", "groups", { multiEntry: true });
    await summarizeJobs(tx);
  }
  if (oldVersion < 5) database.createObjectStore("gateways", { keyPath: "connection" });
  if (oldVersion < 6) {
    database.createObjectStore("directory", { keyPath: ["connection", "group", "readAt"] });
    database.createObjectStore("contacts", { keyPath: ["connection", "person"] });
    await indexPeople(tx);
  }
  if (oldVersion < 7) {
    database.createObjectStore("sets", { keyPath: ["connection", "kind", "name"] });
    database.createObjectStore("labels", { keyPath: ["connection", "group"] });
  }
  if (oldVersion < 8) tx.objectStore("steps").createIndex("person", ["connection", "person"]);
  if (oldVersion < 9) {
    const changes = database.createObjectStore("changes", { keyPath: ["connection", "group", "at"] });
    changes.createIndex("at", ["connection", "at"]);
    changes.createIndex("time", "at");
  }
}
