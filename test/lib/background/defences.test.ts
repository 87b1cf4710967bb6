import "fake-indexeddb/auto";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openWorker, type Worker } from "../../../lib/background/worker";
import { WORLD_CODES } from "../../../lib/sandbox/world";
import type { Input } from "../../../lib/shared/commands";
import { fail, ok } from "../../../lib/shared/failure";
import { OPEN_FLAG, PENDING_FLAG } from "../../../lib/shared/model";
import { readConnections } from "../../../lib/store/read";
import { fakeBrowser, sendFromPage, senderTo, setGlobals, type FakeBrowser } from "./fake-browser";

/** What the whole worker does for safety's sake alone, and what nobody would miss in a day's work. */

// A million iterations take their time on a busy computer.
vi.setConfig({ testTimeout: 60_000 });

const KEY = "wpf_live_CANARY0123456789";

let fake: FakeBrowser;
let worker: Worker;
let count = 0;

beforeAll(setGlobals);
beforeEach(async () => {
  count += 1;
  fake = fakeBrowser();
  worker = await openWorker(fake.browser, `defences-${count}`);
});

const send = senderTo(() => worker);
const fromPage = (command: string, input?: unknown) => sendFromPage(worker, fake, { command, input });

/** A connection whose gateway is never called. */
async function add(more: Partial<Input<"addConnection">> = {}) {
  const candidate = { origin: "https://api.wappfy.io", instance: "inst_1", dialect: "guide", auth: "api-key" } as const;
  const added = await send("addConnection", { ...candidate, name: "Desk", key: KEY, protection: "none", ...more });
  if (!added.ok) throw new Error(added.failure.code);
  return added.value;
}

test("T62 the storage of the extension is closed to content scripts, where the browser can", async () => {
  const asked: unknown[] = [];
  const closing = (area: string) => ({
    setAccessLevel: (level: unknown) => Promise.resolve(void asked.push([area, level])),
  });
  Object.assign(fake.browser.storage.local, closing("local"));
  Object.assign(fake.browser.storage.session, closing("session"));
  await openWorker(fake.browser, `defences-${count}`);
  const level = { accessLevel: "TRUSTED_CONTEXTS" };
  expect(asked).toEqual(
    expect.arrayContaining([
      ["local", level],
      ["session", level],
    ]),
  );
});

test("T61 a clock that was set back is noticed by the next message, whatever it is", async () => {
  const { setSystemTime } = vi.useFakeTimers({ toFake: ["Date"] });
  try {
    await add({ protection: "passphrase", passphrase: "seven green bottles standing" });
    expect(fake.session[OPEN_FLAG]).toBe(true);
    setSystemTime(Date.now() - 61_000);
    await send("pageView");
    expect(fake.session[OPEN_FLAG]).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test("everything that is written is on the disk before anybody is told of it", async () => {
  const transactions = vi.spyOn(IDBDatabase.prototype, "transaction");
  await add();
  await send("saveSettings", { pace: "fast" });
  await send("startJob", { job: { kind: "join", codes: [WORLD_CODES.sample], pace: "careful" }, nonce: "n" });
  const writes = transactions.mock.calls.filter(([, mode]) => mode === "readwrite");
  transactions.mockRestore();
  expect(writes.length).toBeGreaterThan(2);
  for (const [tables, , options] of writes) expect([tables, options?.durability]).toEqual([tables, "strict"]);
});

describe("a key", () => {
  test.each([
    ["abcd", ""],
    ["abcdefgh", ""],
    ["abcdefghijk", ""],
    ["abcdefghijkl", "ijkl"],
  ])("%s shows %j of itself", async (key, tail) => {
    expect((await add({ key })).keyTail).toBe(tail);
  });
});

describe("a connection that is forgotten", () => {
  test("gives back the access to its address", async () => {
    fake.granted.add("https://gateway.example/*");
    const { id } = await add({ origin: "https://gateway.example" });
    await send("forgetConnection", { id });
    expect(fake.granted.has("https://gateway.example/*")).toBe(false);
  });
  test("leaves the access to another one on the same host", async () => {
    fake.granted.add("https://gateway.example/*");
    const one = await add({ origin: "https://gateway.example" });
    const other = await add({ origin: "https://gateway.example:8443", instance: "inst_2" });
    await send("forgetConnection", { id: one.id });
    expect(fake.granted.has("https://gateway.example/*")).toBe(true);
    await send("forgetConnection", { id: other.id });
    expect(fake.granted.has("https://gateway.example/*")).toBe(false);
    expect(await readConnections(worker.store)).toEqual([]);
  });
});

describe("a question that a page asked for", () => {
  const pending = async () => {
    const reply = await send("pendingInvite");
    return reply.ok ? reply.value : null;
  };
  test("T23 is void when the clock was set back, so that nobody knows its age", async () => {
    const { setSystemTime } = vi.useFakeTimers({ toFake: ["Date"] });
    try {
      await send("addSandbox");
      await fromPage("askToJoin", { code: WORLD_CODES.sample });
      const { id } = (await pending())!;
      setSystemTime(Date.now() - 61_000);
      expect(await pending()).toBeNull();
      expect(await send("confirmInvite", { id })).toEqual(fail("expired"));
    } finally {
      vi.useRealTimers();
    }
  });
  test("has its code looked at again when it is confirmed", async () => {
    await send("addSandbox");
    await fromPage("askToJoin", { code: WORLD_CODES.sample });
    const { id } = (await pending())!;
    Object.assign(fake.session[PENDING_FLAG] as object, { code: "../../instances" });
    expect(await send("confirmInvite", { id })).toEqual(fail("expired"));
    expect(await worker.store.db.count("jobs")).toBe(0);
  });
});

test("T14 the list of a page has a bound, however much the page says", async () => {
  for (let at = 0; at < 1200; at += 100) {
    const sources = Array.from({ length: 100 }, (_, i) => [
      ["href", `https://chat.whatsapp.com/${String(at + i).padStart(22, "K7pQxVbNmLwRtZsYdHfGjC")}`],
    ]);
    expect(await fromPage("reportInvites", { sources })).toMatchObject(ok({ invites: { length: 100 } }));
  }
  const view = await send("pageView");
  expect(view.ok && view.value.invites.length).toBe(1000);
});

test("an imported file leads no call out of its path", async () => {
  for (const instance of ["..", "."]) {
    const one = {
      name: "x",
      origin: "https://api.wappfy.io",
      instance,
      dialect: "guide",
      auth: "api-key",
      isSandbox: false,
    };
    const file = { format: "wappfy-groups", version: 1, connections: [one] };
    expect(await send("importData", { json: JSON.stringify(file) })).toMatchObject({ ok: false });
  }
  expect(await readConnections(worker.store)).toEqual([]);
});

test("a job of more than 50,000 steps is not begun", async () => {
  await send("addSandbox");
  const people = Array.from({ length: 51 }, (_, i) => ({ id: `9170000${10_000 + i}@s.whatsapp.net`, given: "x" }));
  const groups = Array.from({ length: 1000 }, (_, i) => `12036300000${1_000_000 + i}@g.us`);
  const job = { kind: "add" as const, groups, people, pace: "careful" as const };
  expect(await send("startJob", { job, nonce: "n" })).toMatchObject({ ok: false });
  expect(await worker.store.db.count("steps")).toBe(0);
  expect(await send("startJob", { job: { ...job, people: people.slice(0, 1) }, nonce: "m" })).toMatchObject(ok({}));
});
