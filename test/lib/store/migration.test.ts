import "fake-indexeddb/auto";
import { openDB } from "idb";
import { describe, expect, it } from "vitest";
import { FORMS, type DraftKey } from "../../../lib/shared/draft";
import type { Job, Step } from "../../../lib/shared/model";
import { summaryOf } from "../../../lib/shared/summary";
import { readConnections, readGroups, readSettings } from "../../../lib/store/read";
import { readInvited, readJobs, readSteps, readSummaries } from "../../../lib/store/read-jobs";
import { makeStore } from "../../../lib/store/migrate";
import { VERSION } from "../../../lib/store/open";
import { v1 } from "./saved/v1";
import { v2 } from "./saved/v2";
import { v3 } from "./saved/v3";
import { v4 } from "./saved/v4";
import { v5 } from "./saved/v5";
import { v6 } from "./saved/v6";
import { v7 } from "./saved/v7";
import { v8 } from "./saved/v8";
import { v9 } from "./saved/v9";

/**
 * One saved example for each version of the database: how it was made then, and what lay in it. A new version adds its
 * own and keeps the older ones, so that every agent's store can be brought up to date from wherever it stands.
 */
const saved = [v1, v2, v3, v4, v5, v6, v7, v8, v9];

/** Makes a database as the extension of that version did. */
async function restore(name: string, example: (typeof saved)[number]): Promise<void> {
  const db = await openDB(name, example.version, {
    upgrade: (database, _old, _new, tx) => example.create(database, tx),
  });
  for (const [table, values] of Object.entries(example.rows)) {
    for (const [key, value] of values as [IDBValidKey, unknown][]) {
      await (db.transaction(table).store.keyPath === null ? db.put(table, value, key) : db.put(table, value));
    }
  }
  db.close();
}

const isOfForm = ([, form, , field]: DraftKey) => (FORMS[form] as readonly string[]).includes(field);

it("there is a saved example of every version", () => {
  expect(saved.map(({ version }) => version)).toEqual(Array.from({ length: VERSION }, (_, index) => index + 1));
});

describe.each(saved)("a store of version $version", (example) => {
  it("opens in this version with everything that was in it", async () => {
    const name = `saved-${example.version}`;
    await restore(name, example);
    const store = await makeStore(name);
    expect(store.db.version).toBe(VERSION);
    const connections = await readConnections(store);
    expect(connections.map((connection) => connection.name)).toEqual(["Support desk"]);
    const { id } = connections[0]!;
    expect(await readSettings(store)).toMatchObject({ current: id, pace: "fast", protection: "session", lockAfter: 0 });
    expect((await readGroups(store, id, "name")).map((group) => group.name)).toEqual(["Álvaro's team", "Zebra"]);
    const [job] = await readJobs(store, id);
    expect(job).toMatchObject({ state: "paused", input: { kind: "add" } });
    expect(await readSteps(store, job!.id)).toMatchObject([{ state: "done", verdict: "added" }, { state: "todo" }]);
    const keys = await store.db.getAllKeys("drafts");
    const drafts = await Promise.all(keys.map(async (key) => [key, await store.db.get("drafts", key)]));
    // Names from before version 3 that no form uses any more are deleted with it.
    const wanted = v3.rows.drafts.filter(([key]) => example.version > 2 || isOfForm(key as unknown as DraftKey));
    expect(drafts).toHaveLength(wanted.length);
    expect(drafts).toEqual(expect.arrayContaining(wanted));
    expect(await readSummaries(store, id, 10)).toEqual([summaryOf(job!, await readSteps(store, job!.id))]);
    store.db.close();
  });

  it("ends with the same tables and indexes as a new store", async () => {
    const shape = async (name: string) => {
      const { db } = await makeStore(name);
      const tables = Array.from(db.objectStoreNames, (table) => {
        const { keyPath, indexNames } = db.transaction(table).store;
        return { table, keyPath, indexes: Array.from(indexNames as Iterable<string>) };
      });
      db.close();
      return tables;
    };
    await restore(`shape-${example.version}`, example);
    expect(await shape(`shape-${example.version}`)).toEqual(await shape(`new-${example.version}`));
  });
});

it("version 4 knows whom jobs of before invited, and passes over a record that it does not know", async () => {
  const group = "120363000000000001@g.us";
  const job: Job = {
    id: "j2",
    connection: "c1",
    input: { kind: "send", chats: [], text: "", texts: [], pace: "fast", about: { job: "j1" } },
    state: "done",
    createdAt: 1,
    notBefore: 0,
    undoUntil: 0,
    epoch: 1,
    version: 1,
  };
  const step = (index: number, state: Step["state"]): Step => ({
    job: "j2",
    index,
    connection: "c1",
    target: `1202555010${index}@s.whatsapp.net`,
    group,
    state,
    attempts: 1,
  });
  const jobs = [
    ["", { ...job, nonce: "n2" }],
    ["", { ...job, id: "j3", nonce: "n3", input: "of a later version" }],
  ];
  const steps = [step(4, "done"), step(5, "failed"), step(6, "unknown")].map((each) => ["", each]);
  const rows = { ...v3.rows, jobs, steps };
  await restore("invitations", { ...v3, rows } as unknown as (typeof saved)[number]);
  const store = await makeStore("invitations");
  const told = await readInvited(store, "c1", [group]);
  expect([...told].toSorted()).toEqual([`${group} 12025550103`, `${group} 12025550104`, `${group} 12025550106`]);
  expect((await readSummaries(store, "c1", 10)).map((summary) => summary.job)).toEqual(["j2"]);
  store.db.close();
});
