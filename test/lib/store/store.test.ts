import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import { deleteDB, openDB, unwrap } from "idb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FailureCode, Group, Job } from "../../../lib/shared/model";
import { summaryOf, type JobSummary } from "../../../lib/shared/summary";
import { watch } from "../../../lib/store/live";
import { readGroup, readGroups, readOpenJobs, readRosters, readSettings } from "../../../lib/store/read";
import { readCurrent } from "../../../lib/store/read-account";
import { readInvites } from "../../../lib/store/read-invites";
import { dayOf, readJobs, readSteps, readSummaries, readTally } from "../../../lib/store/read-jobs";
import type { Store } from "../../../lib/store/schema";
import { makeStore } from "../../../lib/store/migrate";
import { openStore, VERSION } from "../../../lib/store/open";
import { storeFailure } from "../../../lib/store/trouble";
import { toRow, write } from "../../../lib/store/write";

let store: Store;
let test = 0;
beforeEach(async () => {
  store = await makeStore(`store-${++test}`);
});
afterEach(() => store.db.close());

const group = (id: number, more: Partial<Group> = {}): Group => ({
  connection: "c1",
  id: `${120363000000000000n + BigInt(id)}@g.us`,
  name: `Group ${String(id).padStart(5, "0")}`,
  listedAt: 1,
  ...more,
});
const job = (id: string, more: Partial<Job> = {}): Job & { nonce: string } => ({
  id,
  nonce: `nonce ${id}`,
  connection: "c1",
  input: { kind: "leave", groups: ["120363000000000001@g.us"] },
  state: "waiting",
  createdAt: 1,
  notBefore: 0,
  undoUntil: 0,
  epoch: 0,
  version: 1,
  ...more,
});
const names = (groups: Group[]) => groups.map(({ name }) => name);
const put = (...groups: Group[]) =>
  write(store, ["groups"], async (tx) => {
    await Promise.all(groups.map((one) => tx.objectStore("groups").put(toRow(one))));
  });

it("gives the first page in list order and reads no more rows than it shows", async () => {
  await put(...Array.from({ length: 2000 }, (_, index) => group(2000 - index)));
  let handed = 0;
  const reads = vi.spyOn(IDBIndex.prototype, "getAll");
  try {
    expect(names(await readGroups(store, "c1", "name", 50))).toEqual(
      Array.from({ length: 50 }, (_, index) => `Group ${String(index + 1).padStart(5, "0")}`),
    );
  } finally {
    for (const { value } of reads.mock.results) handed += (value as IDBRequest<unknown[]>).result.length;
    reads.mockRestore();
  }
  expect(handed).toBe(50);
  expect(await readGroups(store, "c1", "name")).toHaveLength(2000);
});

it("sorts by name without case and accents, by size and by last use", async () => {
  await put(
    group(1, { name: "zeta", size: 9, usedAt: 5 }),
    group(2, { name: "Éclair", size: 700 }),
    group(3, { name: "delta", usedAt: 90 }),
    group(4, { name: "हिंदी समूह", size: 10 }),
  );
  expect(names(await readGroups(store, "c1", "name"))).toEqual(["delta", "Éclair", "zeta", "हिंदी समूह"]);
  expect(names(await readGroups(store, "c1", "size"))).toEqual(["Éclair", "हिंदी समूह", "zeta", "delta"]);
  expect(names(await readGroups(store, "c1", "used")).slice(0, 2)).toEqual(["delta", "zeta"]);
});

it("leaves groups that are gone out of the list, and still knows them", async () => {
  await put(group(1), group(2, { goneAt: 7 }));
  expect(names(await readGroups(store, "c1", "name"))).toEqual(["Group 00001"]);
  expect((await readGroup(store, "c1", group(2).id))?.goneAt).toBe(7);
});

it("never mixes two connections", async () => {
  // The second begins with the name of the first: a careless key range would take both.
  for (const connection of ["c1", "c10"]) {
    await put(group(1, { connection, name: `of ${connection}` }));
    await write(store, ["rosters", "invites", "jobs", "steps"], async (tx) => {
      await tx.objectStore("rosters").put({ connection, group: group(1).id, members: [], readAt: 1 });
      await tx.objectStore("invites").put({ connection, code: "AbCdEfGhIjKlMn", state: "seen", at: 1 });
      await tx.objectStore("jobs").put(job(connection, { connection }));
      await tx
        .objectStore("steps")
        .put({ job: connection, index: 0, connection, target: group(1).id, state: "todo", attempts: 0 });
    });
  }
  expect(names(await readGroups(store, "c1", "name"))).toEqual(["of c1"]);
  expect((await readRosters(store, "c1")).map(({ connection }) => connection)).toEqual(["c1"]);
  expect((await readInvites(store, "c1")).map(({ connection }) => connection)).toEqual(["c1"]);
  expect((await readJobs(store, "c1")).map(({ connection }) => connection)).toEqual(["c1"]);
  expect((await readSteps(store, "c1")).map(({ connection }) => connection)).toEqual(["c1"]);
});

it("lists jobs newest first, and finds those that have not ended", async () => {
  await write(store, ["jobs"], async (tx) => {
    await tx.objectStore("jobs").put(job("old", { createdAt: 1, state: "done" }));
    await tx.objectStore("jobs").put(job("new", { createdAt: 3, state: "running" }));
    await tx.objectStore("jobs").put(job("middle", { createdAt: 2, state: "paused" }));
  });
  expect((await readJobs(store, "c1")).map(({ id }) => id)).toEqual(["new", "middle", "old"]);
  expect((await readOpenJobs(store)).map(({ id }) => id).toSorted()).toEqual(["middle", "new"]);
});

it("refuses a second job of the same press", async () => {
  const insert = (id: string) =>
    write(store, ["jobs"], (tx) => tx.objectStore("jobs").add({ ...job(id), nonce: "one press" }));
  await insert("first");
  await expect(insert("second")).rejects.toThrow();
  expect((await readJobs(store, "c1")).map(({ id }) => id)).toEqual(["first"]);
});

it("keeps the steps of a job in the order of the input", async () => {
  await write(store, ["steps"], async (tx) => {
    for (const index of [10, 2, 0]) {
      await tx
        .objectStore("steps")
        .put({ job: "j", index, connection: "c1", target: group(1).id, state: "todo", attempts: 0 });
    }
  });
  expect((await readSteps(store, "j")).map(({ index }) => index)).toEqual([0, 2, 10]);
});

it("writes all of a transaction or nothing, and says nothing of what was not written", async () => {
  const told: number[] = [];
  const stop = new AbortController();
  watch(store, ["groups"], () => told.push(1), stop.signal);
  await expect(
    write(store, ["groups"], async (tx) => {
      await tx.objectStore("groups").put(toRow(group(1)));
      throw new Error("the work failed");
    }),
  ).rejects.toThrow("the work failed");
  expect(await readGroups(store, "c1", "name")).toEqual([]);
  await put(group(2));
  await expect.poll(() => told.length).toBe(1);
  stop.abort();
});

it("tells every other open view of what was written, until it is closed", async () => {
  const view = await makeStore(store.name);
  const told: string[] = [];
  const stop = new AbortController();
  watch(view, ["groups"], () => told.push("groups"), stop.signal);
  watch(view, ["jobs"], () => told.push("jobs"), new AbortController().signal);
  await put(group(1));
  await expect.poll(() => told).toEqual(["groups"]);
  // What it was told of is there to be read.
  expect(names(await readGroups(view, "c1", "name"))).toEqual(["Group 00001"]);
  stop.abort();
  await put(group(2));
  await write(store, ["jobs"], (tx) => tx.objectStore("jobs").put(job("j")));
  await expect.poll(() => told).toEqual(["groups", "jobs"]);
  view.db.close();
});

it("lets an update of the extension through while a view is open", async () => {
  const view = await makeStore(store.name);
  const next = indexedDB.open(store.name, view.db.version + 1);
  await new Promise((resolve, reject) => {
    next.addEventListener("success", resolve);
    next.addEventListener("blocked", () => reject(new Error("the open view holds the update up")));
  });
  next.result.close();
});

it("gives the defaults for settings and tallies that were never set", async () => {
  expect(await readSettings(store)).toMatchObject({ pace: "careful", isPageOn: true });
  // How keys are kept is known with the first of them.
  expect(await readSettings(store)).not.toHaveProperty("protection");
  await write(store, ["settings"], (tx) =>
    tx.objectStore("settings").put({ pace: "fast", current: "gone" }, "settings"),
  );
  expect(await readSettings(store)).toMatchObject({ pace: "fast" });
  expect(await readCurrent(store)).toBeUndefined();
  expect(await readTally(store, "c1", dayOf(new Date(2026, 10, 5).getTime()))).toEqual({
    connection: "c1",
    day: "2026-11-05",
    adds: 0,
    removes: 0,
    joins: 0,
    creates: 0,
    messages: 0,
  });
});

it("a store that was lost says so, refuses, and is opened again by itself", async () => {
  const told: (FailureCode | undefined)[] = [];
  const own = await makeStore(`store-${test}`, { onTrouble: (code) => told.push(code) });
  const stop = new AbortController();
  let changes = 0;
  watch(own, ["groups"], () => (changes += 1), stop.signal);
  const before = own.db;
  // As when the data are cleared or the disk fails.
  forceCloseDatabase(unwrap(before) as never);
  const refusal = await readOpenJobs({ ...own, db: before }).catch((error: unknown) => error);
  expect(storeFailure(refusal)).toBe("store-closed");
  await vi.waitUntil(() => told.length === 2, 25_000);
  expect(told).toEqual(["store-closed", undefined]);
  expect(await readOpenJobs(own)).toEqual([]);
  // Whoever watches reads again.
  await vi.waitUntil(() => changes > 0, 25_000);
  stop.abort();
  own.db.close();
});

it("a store that is lost in the middle of a reading refuses it, and throws nothing beside", async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.prependListener("unhandledRejection", note);
  const tx = store.db.transaction("jobs");
  const reading = tx.store.getAll();
  tx.abort();
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  // Node tells of a promise without a handler in the turn after.
  await new Promise((resolve) => setTimeout(resolve));
  process.off("unhandledRejection", note);
  expect(uncaught).toEqual([]);
});

it("a newer version takes the store: the older one lets it, says so, and refuses to open what it cannot read", async () => {
  const told: (FailureCode | undefined)[] = [];
  const own = await makeStore(`store-${test}`, { onTrouble: (code) => told.push(code) });
  store.db.close();
  const newer = await openDB(`store-${test}`, VERSION + 1);
  await vi.waitUntil(() => told.includes("store-newer"), { timeout: 10_000 });
  expect(told[0]).toBe("store-closed");
  const refusal = await makeStore(`store-${test}`).catch((error: unknown) => error);
  expect(storeFailure(refusal)).toBe("store-newer");
  newer.close();
  own.db.close();
});

it("a page that only opens the store makes none where there is none, and leaves an older one to the worker", async () => {
  const name = `absent-${test}`;
  await expect(openStore(name)).rejects.toMatchObject({ name: "NotFoundError" });
  expect((await indexedDB.databases()).map((one) => one.name)).not.toContain(name);
  (await openDB(name, VERSION - 1)).close();
  await expect(openStore(name)).rejects.toMatchObject({ name: "NotFoundError" });
  expect((await indexedDB.databases()).find((one) => one.name === name)?.version).toBe(VERSION - 1);
  await deleteDB(name);
  const made = await makeStore(name);
  const opened = await openStore(name);
  expect(await readOpenJobs(opened)).toEqual([]);
  made.db.close();
  opened.db.close();
});

it("says of each refusal of the browser what it means, and of any other error that something is broken", () => {
  const code = (name: string) => storeFailure(new DOMException("x", name));
  expect(["QuotaExceededError", "VersionError", "InvalidStateError", "UnknownError"].map(code)).toEqual([
    "storage-full",
    "store-newer",
    "store-closed",
    "store-closed",
  ]);
  expect([code("DataCloneError"), storeFailure(new TypeError("x")), storeFailure("constructor")]).toEqual([
    "broken",
    "broken",
    "broken",
  ]);
});

it("reads the newest summaries in batches, through a filter, and of one connection alone", async () => {
  await write(store, ["summaries"], async (tx) => {
    for (let n = 0; n < 2500; n += 1) {
      const of = job(`j${n}`, { connection: n % 2 ? "c1" : "c10", createdAt: Math.floor(n / 6) });
      await tx.objectStore("summaries").put(summaryOf(of, []));
    }
  });
  const mine = Array.from({ length: 1250 }, (_, n) => `j${2 * n + 1}`);
  for (const limit of [1, 2, 50, 1249, 1250, 1251, Infinity]) {
    const found = await readSummaries(store, "c1", limit);
    expect(found).toHaveLength(Math.min(limit, 1250));
    expect(found.every(({ connection }) => connection === "c1")).toBe(true);
    expect(found.map(({ createdAt }) => createdAt)).toEqual(
      found.map(({ createdAt }) => createdAt).toSorted((a, b) => b - a),
    );
    expect(new Set(found.map((one) => one.job)).size).toBe(found.length);
  }
  const isOld = ({ createdAt }: JobSummary) => createdAt < 2;
  expect((await readSummaries(store, "c1", 3, isOld)).map((one) => one.createdAt)).toEqual([1, 1, 1]);
  expect((await readSummaries(store, "c1", Infinity)).map((one) => one.job).toSorted()).toEqual(mine.toSorted());
  expect(await readSummaries(store, "c1", 10, () => false)).toEqual([]);
  expect(await readSummaries(store, "none", 10)).toEqual([]);
});
