import "fake-indexeddb/auto";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { CHIP_STYLE } from "../../../lib/background/page/chip-style";
import { onCommand } from "../../../lib/background/page/menus";
import { openWorker, type Worker } from "../../../lib/background/worker";
import { WORLD_CODES, WORLD_GROUPS, WORLD_INSTANCES, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import { createWorld } from "../../../lib/sandbox/seed";
import type { Input } from "../../../lib/shared/commands";
import { importable } from "../../../lib/shared/backup";
import { draftKey, FORMS, type DraftKey, type Form } from "../../../lib/shared/draft";
import { fail, ok, type Reply } from "../../../lib/shared/failure";
import type { Connection } from "../../../lib/shared/model";
import {
  readConnections,
  readDraft,
  readGroup,
  readGroups,
  readLabels,
  readRoster,
  readSets,
  readSettings,
} from "../../../lib/store/read";
import { readCurrent } from "../../../lib/store/read-account";
import { readInvites, readInvite } from "../../../lib/store/read-invites";
import { readJob } from "../../../lib/store/read-jobs";
import type { Table } from "../../../lib/store/schema";
import { write } from "../../../lib/store/write";
import { startServer, type TestServer } from "../../server";
import { fakeBrowser, sendFromPage, senderTo, setGlobals, ORIGIN, type FakeBrowser } from "./fake-browser";

/** The whole worker against a real HTTP gateway: what a screen sends, what it gets, and what the gateway saw. */

vi.setConfig({ testTimeout: 60_000 });

const KEY = "wpf_live_CANARY0123456789";
const PASSPHRASE = "seven green bottles standing";

let server: TestServer;
let fake: FakeBrowser;
let worker: Worker;
let count = 0;

beforeAll(async () => {
  setGlobals();
  server = await startServer({ key: KEY, world: createWorld({ groups: 120 }), rateLimit: false, dialect: "guide" });
});
afterAll(() => server.close());

beforeEach(async () => {
  count += 1;
  server.reset();
  fake = fakeBrowser();
  worker = await openWorker(fake.browser, `worker-${count}`);
});

const send = senderTo(() => worker);
const fromPage = (command: string, input?: unknown, url?: string) =>
  sendFromPage(worker, fake, { command, input }, url);

const candidate = () => ({
  origin: server.origin,
  key: KEY,
  auth: "api-key" as const,
  dialect: "guide" as const,
});

/** A connection to the test gateway, without protection so that no test waits for a derivation. */
async function connect(more: Partial<Input<"addConnection">> = {}): Promise<Connection> {
  const input = { ...candidate(), name: "Desk", instance: WORLD_INSTANCES.main, protection: "none" as const, ...more };
  const added = await send("addConnection", input);
  if (!added.ok) throw new Error(added.failure.code);
  return added.value;
}

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  await vi.waitUntil(isTrue, { timeout: 20_000, interval: 20 });
};

describe("connections", () => {
  test("probing lists the instances of a good key and stores nothing", async () => {
    const reply = await send("probeConnection", candidate());
    expect(reply.ok && reply.value.instances?.map(({ id }) => id)).toContain(WORLD_INSTANCES.main);
    expect(await readConnections(worker.store)).toEqual([]);
    expect(await worker.store.db.getAll("budgets")).toEqual([]);
    expect(await worker.store.db.getAll("vault")).toEqual([]);
  });

  test("probing says what is wrong: the key, the address, the permission", async () => {
    expect(await send("probeConnection", { ...candidate(), key: "wrong-key-0123" })).toMatchObject(fail("key-refused"));
    for (const origin of ["http://gateway.example", "https://user@api.wappfy.io", "https://api.wappfy.io/v1"]) {
      expect(await send("probeConnection", { ...candidate(), origin })).toEqual(fail("bad-address"));
    }
    expect(await send("probeConnection", { ...candidate(), origin: "https://gateway.example" })).toEqual(
      fail("no-permission"),
    );
  });

  test("T46 plain http to this computer waits for its switch, for a new connection and for a new address", async () => {
    const { id } = await connect();
    await send("saveSettings", { isLocalHttpOn: false });
    const { origin } = candidate();
    expect(await send("probeConnection", candidate())).toEqual(fail("local-http"));
    expect(
      await send("addConnection", { ...candidate(), name: "Desk", instance: "other", protection: "none" }),
    ).toEqual(fail("local-http"));
    expect(await send("replaceKey", { id, key: KEY, origin })).toEqual(fail("local-http"));
    await send("saveSettings", { isLocalHttpOn: true });
    expect(await send("replaceKey", { id, key: KEY, origin })).toEqual(ok(undefined));
  });

  test("a gateway that lists no instances is told apart from one that refuses", async () => {
    const plain = await startServer({ key: KEY, world: createWorld({ hasExtras: false, groups: 9 }) });
    const input = { ...candidate(), origin: plain.origin };
    expect(await send("probeConnection", input)).toEqual(ok({ instances: null }));
    expect(await send("probeConnection", { ...input, key: "wrong-key-0123" })).toMatchObject(fail("key-refused"));
    await plain.close();
  });

  test("adding keeps the key with its address and puts the connection in front", async () => {
    const connection = await connect({ name: "Desk", ownNumber: "447700900100@s.whatsapp.net" });
    expect(connection).toMatchObject({ origin: server.origin, keyTail: "6789", isSandbox: false });
    expect((await readCurrent(worker.store))?.id).toBe(connection.id);
    expect(JSON.stringify(connection)).not.toContain(KEY);
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
    expect(server.log.every(({ headers }) => headers["x-api-key"] === KEY)).toBe(true);
  });

  test("adding the same instance twice (a double press) makes one connection", async () => {
    const [first, second] = [await connect(), await connect({ name: "Again" })];
    expect(second.id).toBe(first.id);
    expect(await readConnections(worker.store)).toHaveLength(1);
  });

  test("a weak passphrase stores nothing", async () => {
    const input = { ...candidate(), name: "Desk", instance: "inst_abc123", protection: "passphrase" as const };
    expect(await send("addConnection", { ...input, passphrase: "1234" })).toEqual(fail("weak-passphrase"));
    expect(await readConnections(worker.store)).toEqual([]);
    expect(await worker.store.db.getAll("vault")).toEqual([]);
  });

  test("locking shows on every connection, stops every call, and unlocking takes it back", async () => {
    await connect({ protection: "passphrase", passphrase: PASSPHRASE });
    await send("lock");
    server.reset();
    expect((await readCurrent(worker.store))?.trouble).toBe("locked");
    expect(await send("refreshGroups")).toMatchObject(fail("locked"));
    expect(await send("unlock", { passphrase: "seven green bottles sitting" })).toEqual(fail("wrong-passphrase"));
    expect(server.log).toEqual([]);
    expect(await send("unlock", { passphrase: PASSPHRASE })).toEqual(ok(undefined));
    expect((await readCurrent(worker.store))?.trouble).toBeUndefined();
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
  });

  test("a refused key and a revoked permission stay with the connection until they are gone", async () => {
    const { id } = await connect({ key: "wrong-key-0123" });
    expect(await send("refreshGroups")).toMatchObject(fail("key-refused"));
    expect((await readCurrent(worker.store))?.trouble).toBe("key-refused");
    expect(await send("replaceKey", { id, key: KEY })).toEqual(ok(undefined));
    expect((await readCurrent(worker.store))?.trouble).toBeUndefined();
    expect((await readCurrent(worker.store))?.keyTail).toBe("6789");
    server.reset();
    fake.granted.delete("http://127.0.0.1/*");
    await worker.onPermissionsChanged();
    expect((await readCurrent(worker.store))?.trouble).toBe("no-permission");
    expect(await send("refreshGroups")).toMatchObject(fail("no-permission"));
    expect(server.log).toEqual([]);
    fake.granted.add("http://127.0.0.1/*");
    await worker.onPermissionsChanged();
    expect((await readCurrent(worker.store))?.trouble).toBeUndefined();
  });

  test("T47: a new address needs the new key, drops what was stored, and never sees the old key", async () => {
    const { id } = await connect();
    await send("refreshGroups");
    const elsewhere = await startServer({ key: "other-key-012345", world: createWorld({ groups: 9 }) });
    const moved = { id, key: "other-key-012345", origin: elsewhere.origin };
    expect(await send("replaceKey", moved)).toEqual(ok(undefined));
    expect(await readGroups(worker.store, id, "name")).toEqual([]);
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
    expect(elsewhere.log.some(({ headers }) => JSON.stringify(headers).includes(KEY))).toBe(false);
    await elsewhere.close();
  });

  test("T47: an address that is changed in the store by hand never gets the key", async () => {
    const connection = await connect();
    const elsewhere = await startServer({ world: createWorld({ groups: 9 }) });
    await worker.store.db.put("connections", { ...connection, origin: elsewhere.origin });
    expect(await send("refreshGroups")).toMatchObject(fail("no-key"));
    expect(elsewhere.log).toEqual([]);
    await elsewhere.close();
  });

  test("editing changes the words and nothing else", async () => {
    const before = await connect({ ownNumber: "447700900100@s.whatsapp.net" });
    await send("editConnection", { id: before.id, name: "Night desk", ownNumber: null });
    const { ownNumber: _, ...rest } = before;
    expect(await readCurrent(worker.store)).toEqual({ ...rest, name: "Night desk" });
    expect(await send("editConnection", { id: "nobody", name: "x" })).toEqual(fail("no-connection"));
  });

  test("forgetting one leaves the other, its key and its data alone", async () => {
    const kept = await connect();
    await send("refreshGroups");
    const gone = await connect({ instance: WORLD_INSTANCES.second });
    await send("refreshGroups");
    await send("startJob", { job: { kind: "update", group: WORLD_GROUPS.lobby, name: "x" }, nonce: "n1" });
    for (const { id } of [gone, kept]) {
      await send("useConnection", { id });
      await send("saveSet", { kind: "groups", name: "Set", groups: [WORLD_GROUPS.lobby] });
      await send("labelGroup", { group: WORLD_GROUPS.lobby, labels: ["sales", "sales"], note: "" });
      await send("saveContact", { person: WORLD_PEOPLE.seed, name: "Asha" });
      await send("refreshGroup", { group: WORLD_GROUPS.lobby });
    }
    await send("forgetConnection", { id: gone.id });
    expect((await readConnections(worker.store)).map(({ id }) => id)).toEqual([kept.id]);
    expect((await readCurrent(worker.store))?.id).toBe(kept.id);
    for (const table of [
      "groups",
      "rosters",
      "jobs",
      "steps",
      "budgets",
      "tallies",
      "sets",
      "labels",
      "directory",
      "contacts",
      "changes",
      "gateways",
    ] as const) {
      const rows = (await worker.store.db.getAll(table)) as { connection: string }[];
      expect(
        rows.filter(({ connection }) => connection === gone.id),
        table,
      ).toEqual([]);
    }
    expect(await readSets(worker.store, kept.id, "groups")).toMatchObject([{ name: "Set" }]);
    expect(await readLabels(worker.store, kept.id)).toMatchObject([{ labels: ["sales"] }]);
    expect(await worker.store.db.getAllKeys("vault")).toEqual(["header", `key:${kept.id}`]);
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
  });

  /** Types a text of its own into every field of every form, and gives the texts by key. */
  async function typeEverywhere(connection: string): Promise<Map<DraftKey, string>> {
    const forms = Object.entries(FORMS) as [Form, readonly string[]][];
    const keys = forms.flatMap(([form, fields]) =>
      ["", WORLD_GROUPS.alpha].flatMap((subject) =>
        fields.map((field): DraftKey => [
          form === "route" || form === "selection" ? "" : connection,
          form,
          subject,
          field,
        ]),
      ),
    );
    const typed = new Map(keys.map((key) => [key, `typed by ${connection} into ${key.join(" ")}`]));
    for (const [key, value] of typed) expect(await send("saveDraft", { key, value })).toEqual(ok(undefined));
    return typed;
  }
  const dump = async (): Promise<string> =>
    JSON.stringify(
      await Promise.all(
        Array.from(worker.store.db.objectStoreNames, async (table) => [
          table,
          await worker.store.db.getAllKeys(table),
          await worker.store.db.getAll(table),
        ]),
      ),
    );
  /** Which of the texts still lie anywhere in the store. */
  const left = async (typed: Map<DraftKey, string>): Promise<string[]> => {
    const all = await dump();
    return [...typed.values()].filter((text) => all.includes(text));
  };

  test("forgetting one erases all that was typed under it, and nothing of another", async () => {
    const gone = await connect();
    await send("refreshGroups");
    const people = [{ id: "447700900111@s.whatsapp.net", given: "Asha 07700 900111", name: "Asha" }];
    const job = { kind: "add" as const, groups: [WORLD_GROUPS.alpha], people, pace: "fast" as const };
    const started = await send("startJob", { job, nonce: "n1" });
    const id = started.ok ? started.value.id : "";
    await until(async () => (await readJob(worker.store, id))?.state === "done");
    const kept = await connect({ instance: WORLD_INSTANCES.second });
    const mine = await typeEverywhere(kept.id);
    const typed = await typeEverywhere(gone.id);
    // A record that a later version wrote was set aside with all its people.
    const aside = { id: "jobs x", table: "jobs", key: "x", at: 1 };
    const steps = [{ person: people[0]!.id, given: people[0]!.given }];
    const value = { job: { id: "x", connection: gone.id, input: { people } }, steps };
    await write(worker.store, ["aside"], (tx) => tx.objectStore("aside").put({ ...aside, value }));

    await send("forgetConnection", { id: gone.id });
    expect(await left(typed)).toEqual([]);
    const all = await dump();
    for (const text of [gone.id, "Asha", "447700900111"]) expect(all).not.toContain(text);
    const own = [...mine].filter(([[connection]]) => connection === kept.id).map(([, text]) => text);
    expect(own.length).toBeGreaterThan(30);
    expect(await left(mine)).toEqual(own);

    // A tab that is still open on it types on.
    for (const [key, text] of typed) if (key[0] !== "") await send("saveDraft", { key, value: text });
    expect(await left(typed)).toEqual([]);
  });

  test("a key for another account erases what was typed for the old one; a new key for the same does not", async () => {
    const { id } = await connect();
    const typed = await typeEverywhere(id);
    await send("replaceKey", { id, key: KEY });
    expect(await left(typed)).toEqual([...typed.values()]);
    expect(await send("replaceKey", { id, key: KEY, instance: WORLD_INSTANCES.second })).toEqual(ok(undefined));
    expect(await left(typed)).toEqual([]);
  });

  test("forgetting everything is a new installation", async () => {
    await connect();
    await send("refreshGroups");
    await send("saveDraft", { key: draftKey({ form: "selection" }, "people"), value: "+44 7700 900111" });
    fake.session["pending"] = { id: "x" };
    fake.granted.add("https://gateway.example/*");
    expect(await send("forgetEverything")).toEqual(ok(undefined));
    for (const table of worker.store.db.objectStoreNames) {
      expect(await worker.store.db.count(table), table).toBe(0);
    }
    expect(fake.session).toEqual({});
    expect(fake.granted.has("http://127.0.0.1/*")).toBe(false);
  });
});

test("a start writes nothing that did not change", async () => {
  fake.managed = { maxPace: "careful", allowedHosts: ["gateway.example"] };
  const writes: unknown[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- called on the database that it is called on
  const transaction = IDBDatabase.prototype.transaction;
  const spy = vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...args) {
    if (args[1] === "readwrite") writes.push(args[0]);
    return transaction.apply(this, args);
  });
  try {
    worker = await openWorker(fake.browser, `worker-${count}`);
    expect(writes).toEqual([["settings"]]);
    writes.length = 0;
    for (let starts = 0; starts < 3; starts += 1) worker = await openWorker(fake.browser, `worker-${count}`);
    expect(writes).toEqual([]);
    expect((await readSettings(worker.store)).policy).toMatchObject({ maxPace: "careful" });
    fake.managed = {};
    worker = await openWorker(fake.browser, `worker-${count}`);
    expect(writes).toEqual([["settings"]]);
    expect((await readSettings(worker.store)).policy).toBeUndefined();
  } finally {
    spy.mockRestore();
  }
});

describe("a browser that gives the company's policy late, as Chrome does after its own start", () => {
  let give: (policy: Record<string, unknown>) => void;
  beforeEach(() => {
    const late = new Promise<Record<string, unknown>>((resolve) => (give = resolve));
    Object.assign(fake.browser.storage.managed, { get: () => late });
  });
  const start = () => openWorker(fake.browser, `worker-${count}`);

  test("does not stop a connection, which follows the policy once it is there", async () => {
    await connect();
    worker = await start();
    expect(await send("refreshGroups")).toEqual(ok({ count: 120 }));
    give({ allowedHosts: ["gateway.example"] });
    await until(async () => (await readCurrent(worker.store))?.trouble === "company-rule");
    expect((await readSettings(worker.store)).policy).toMatchObject({ allowedHosts: ["gateway.example"] });
  });

  test("keeps the rules known so far", async () => {
    await write(worker.store, ["settings"], (tx) =>
      tx.objectStore("settings").put({ policy: { sandbox: false } }, "settings"),
    );
    await connect();
    worker = await start();
    expect(await send("addSandbox")).toMatchObject(fail("company-rule"));
    give({});
    await until(async () => (await readSettings(worker.store)).policy === undefined);
  });

  test("has no connection made before its rules are known", async () => {
    let isOpen = false;
    const opening = start().then((opened) => {
      isOpen = true;
      return opened;
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(isOpen).toBe(false);
    give({ sandbox: false });
    worker = await opening;
    expect(await send("addSandbox")).toMatchObject(fail("company-rule"));
  });
});

describe("the sandbox", () => {
  test("works without a key or a permission, and outlives the worker", async () => {
    fake.granted.clear();
    const added = await send("addSandbox");
    expect(added).toMatchObject({ ok: true, value: { isSandbox: true, keyTail: "" } });
    expect(await send("refreshGroups")).toEqual(ok({ count: 60 }));
    const job = await send("startJob", {
      job: { kind: "create", name: "Made here", people: [], pace: "fast" },
      nonce: "n1",
    });
    await until(async () => (await readJob(worker.store, job.ok ? job.value.id : ""))?.state === "done");
    worker = await openWorker(fake.browser, `worker-${count}`);
    expect(await send("refreshGroups")).toEqual(ok({ count: 61 }));
    expect(await send("addSandbox")).toEqual(added);
  });
});

describe("reading", () => {
  test("the list is read to its end, and what was known of a group stays", async () => {
    const { id } = await connect();
    expect(await send("refreshGroups")).toEqual(ok({ count: 120 }));
    await send("markUsed", { group: WORLD_GROUPS.alpha });
    await send("refreshGroup", { group: WORLD_GROUPS.alpha });
    await send("readInvite", { group: WORLD_GROUPS.alpha });
    await send("refreshGroups");
    const group = await readGroup(worker.store, id, WORLD_GROUPS.alpha);
    expect(group).toMatchObject({ name: "Project Alpha", description: "Team workspace for Project Alpha" });
    expect(group?.usedAt).toBeGreaterThan(0);
    expect(group?.invite?.code).toBe(WORLD_CODES.alpha);
    expect(group?.readAt).toBeGreaterThan(0);
  });

  test("two refreshes at once share one reading", async () => {
    await connect();
    const hold = server.hold({ path: "/groups" }, "received");
    const both = [send("refreshGroups"), send("refreshGroups")];
    await hold.reached;
    hold.release();
    const [one, two] = await Promise.all(both);
    expect(one).toEqual(two);
    const firstPages = server.log.filter(({ path }) => /\/groups(\?(?!.*offset=[1-9]).*)?$/.test(path));
    expect(firstPages).toHaveLength(1);
  });

  test("a group that a complete list no longer has is gone; an empty list is doubted", async () => {
    const { id } = await connect();
    await send("refreshGroups");
    server.fault({ path: "/groups" }, "empty-list");
    const before = await readGroups(worker.store, id, "name");
    expect(before).toHaveLength(120);
    const reply = await send("refreshGroups");
    expect(reply).toMatchObject(fail("empty-answer"));
    expect(await readGroups(worker.store, id, "name")).toHaveLength(120);
    const { [WORLD_GROUPS.support]: left, ...rest } = server.world.groups;
    server.world.groups = rest;
    await send("refreshGroups");
    expect((await readGroup(worker.store, id, WORLD_GROUPS.support))?.goneAt).toBeGreaterThan(0);
    expect(await readGroups(worker.store, id, "name")).toHaveLength(119);
    server.world.groups = { ...rest, [WORLD_GROUPS.support]: left! };
    await send("refreshGroups");
    expect((await readGroup(worker.store, id, WORLD_GROUPS.support))?.goneAt).toBeUndefined();
  });

  test("a list that breaks off marks nothing as gone", async () => {
    const { id } = await connect();
    await send("refreshGroups");
    server.fault({ path: "/groups", nth: 2 }, "500");
    await send("refreshGroups");
    expect(await readGroups(worker.store, id, "name")).toHaveLength(120);
  });

  test("one group: details, members, and whether we are an admin", async () => {
    const { id } = await connect({ ownNumber: server.world.instances[0]!.number });
    expect(await send("refreshGroup", { group: WORLD_GROUPS.lobby })).toEqual(ok(undefined));
    expect(await readGroup(worker.store, id, WORLD_GROUPS.lobby)).toMatchObject({ isAdmin: true });
    expect((await readRoster(worker.store, id, WORLD_GROUPS.lobby))?.members.length).toBeGreaterThan(20);
    await send("refreshGroup", { group: WORLD_GROUPS.member });
    expect(await readGroup(worker.store, id, WORLD_GROUPS.member)).toMatchObject({ isAdmin: false });
  });

  test("a group that we are no longer in is marked gone when it is opened", async () => {
    const { id } = await connect();
    await send("refreshGroups");
    const { [WORLD_GROUPS.support]: left, ...rest } = server.world.groups;
    server.world.groups = rest;
    expect(await send("refreshGroup", { group: WORLD_GROUPS.support })).toMatchObject(fail("group-gone"));
    expect((await readGroup(worker.store, id, WORLD_GROUPS.support))?.goneAt).toBeGreaterThan(0);
    server.world.groups = { ...rest, [WORLD_GROUPS.support]: left! };
  });

  test("an invite code is remembered as ours, a refusal with the group", async () => {
    const { id } = await connect();
    await send("refreshGroups");
    expect(await send("readInvite", { group: WORLD_GROUPS.alpha })).toEqual(ok({ code: WORLD_CODES.alpha }));
    expect(await readInvite(worker.store, id, WORLD_CODES.alpha)).toMatchObject({
      state: "ours",
      group: WORLD_GROUPS.alpha,
    });
    expect(await send("readInvite", { group: WORLD_GROUPS.member })).toMatchObject(fail("not-admin"));
    const member = await readGroup(worker.store, id, WORLD_GROUPS.member);
    expect(member).toMatchObject({ isAdmin: false });
    expect(member?.inviteRefusedAt).toBeGreaterThan(0);
  });

  test("a hidden person is not asked for at the gateway", async () => {
    await connect();
    server.reset();
    expect(await send("checkPerson", { person: "76699677012110@lid" })).toEqual(ok({ exists: null }));
    expect(server.log).toEqual([]);
    expect(await send("checkPerson", { person: "447700900111@s.whatsapp.net" })).toEqual(ok({ exists: true }));
  });

  test("nothing is read without a connection", async () => {
    for (const reply of [await send("refreshGroups"), await send("readInvite", { group: WORLD_GROUPS.alpha })]) {
      expect(reply).toEqual(fail("no-connection"));
    }
  });
});

describe("invites on pages", () => {
  const links = (...codes: string[]) => ({
    sources: codes.map((code): [string, string][] => [["href", `https://chat.whatsapp.com/${code}`]]),
  });

  test("what a page is answered depends on its pause and on what it said alone", async () => {
    const answer = (invites: string[][]) => ok({ invites, style: CHIP_STYLE });
    expect(await fromPage("reportInvites", links(WORLD_CODES.sample, "YourGroupInviteCodeXYZ"))).toEqual(
      answer([[WORLD_CODES.sample], []]),
    );
    expect(await fromPage("askToJoin", { code: WORLD_CODES.sample })).toEqual(ok(true));
    // Refused by the bucket, from a tab behind, from a window behind: the page cannot tell.
    expect(await fromPage("askToJoin", { code: WORLD_CODES.sample })).toEqual(ok(true));
    await send("pauseSite", { origin: "https://forum.example", isPaused: true });
    expect(await fromPage("reportInvites", links(WORLD_CODES.sample))).toEqual(ok(null));
    expect(await fromPage("askToJoin", { code: WORLD_CODES.sample })).toEqual(ok(false));
    expect(await fromPage("reportInvites", links(), "https://other.example/")).toEqual(answer([]));
    await send("saveSettings", { isPageOn: false });
    expect(await fromPage("reportInvites", links(), "https://other.example/")).toEqual(ok(null));
    // T13: what pages are sent without being looked at is a bare boolean.
    expect(fake.sent.length).toBeGreaterThan(0);
    expect(fake.sent.every((message) => typeof message === "boolean")).toBe(true);
  });

  test("T08: a page reaches nothing else, and nothing is called", async () => {
    await connect();
    await send("refreshGroups");
    server.reset();
    const forbidden = {
      refreshGroups: undefined,
      exportData: { withPeople: true },
      confirmInvite: { id: "x" },
      pendingInvite: undefined,
      lock: undefined,
      startJob: { job: { kind: "leave", groups: [WORLD_GROUPS.alpha] }, nonce: "n" },
    };
    for (const [command, input] of Object.entries(forbidden)) {
      expect(await fromPage(command, input), command).toEqual(fail("not-allowed"));
    }
    expect(server.log).toEqual([]);
    expect(await worker.store.db.count("jobs")).toBe(0);
  });

  test("an invite that was asked for opens our window and waits for the agent", async () => {
    await fromPage("askToJoin", { code: WORLD_CODES.sample });
    expect(fake.popups).toBe(1);
    const pending = await send("pendingInvite");
    // T26: the origin is the browser's word.
    expect(pending).toMatchObject(ok({ code: WORLD_CODES.sample, origin: "https://forum.example", tab: 1 }));
  });

  test("T14: at most one in two seconds a tab and six a minute; none from behind", async () => {
    const { setSystemTime } = vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const start = Date.now();
      fake.contexts = [];
      for (let at = 0; at <= 4000; at += 100) {
        setSystemTime(start + at);
        await fromPage("askToJoin", { code: WORLD_CODES.sample });
      }
      expect(fake.popups).toBe(3);
      for (let at = 6000; at < 58_000; at += 2000) {
        setSystemTime(start + at);
        await fromPage("askToJoin", { code: WORLD_CODES.sample });
      }
      expect(fake.popups).toBe(6);
      setSystemTime(start + 70_000);
      fake.tabs[0]!.active = false;
      await fromPage("askToJoin", { code: WORLD_CODES.sample });
      fake.tabs[0]!.active = true;
      fake.focused = false;
      await fromPage("askToJoin", { code: WORLD_CODES.sample });
      expect(fake.popups).toBe(6);
      fake.focused = true;
      await fromPage("askToJoin", { code: WORLD_CODES.sample });
      expect(fake.popups).toBe(7);
    } finally {
      vi.useRealTimers();
    }
  });

  test("T21: what the agent looks at is not exchanged; what nobody looks at is", async () => {
    const { setSystemTime } = vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const start = Date.now();
      await fromPage("askToJoin", { code: WORLD_CODES.sample });
      fake.contexts = [{ contextType: "POPUP", documentUrl: `${ORIGIN}/popup.html#/groups`, windowId: 10 }];
      const shown = await send("pendingInvite");
      setSystemTime(start + 3000);
      await fromPage("askToJoin", { code: WORLD_CODES.market });
      // The one that is shown stays, and says that another was pressed.
      const stays = shown.ok ? ok({ ...shown.value, isFirst: true }) : shown;
      expect(await send("pendingInvite")).toEqual(stays);
      expect(fake.popups).toBe(1);
      fake.contexts = [
        { contextType: "TAB", documentUrl: `${ORIGIN}/app.html#/groups`, windowId: 10 },
        { contextType: "TAB", documentUrl: `${ORIGIN}/popup.html`, windowId: 11 },
        { contextType: "SIDE_PANEL", documentUrl: `${ORIGIN}/sidepanel.html`, windowId: 12 },
      ];
      setSystemTime(start + 6000);
      await fromPage("askToJoin", { code: WORLD_CODES.market });
      expect(await send("pendingInvite")).toMatchObject(ok({ code: WORLD_CODES.market }));
      // The first one's id is worth nothing any more.
      expect(await send("confirmInvite", { id: shown.ok ? shown.value!.id : "" })).toEqual(fail("expired"));
    } finally {
      vi.useRealTimers();
    }
  });

  test("T23: it is joined once; a second time, a strange id and one too old are not", async () => {
    const { id: connection } = await connect();
    await fromPage("askToJoin", { code: WORLD_CODES.market });
    const pending = await send("pendingInvite");
    const id = pending.ok ? pending.value!.id : "";
    expect(await send("confirmInvite", { id: "00000000-0000-4000-8000-000000000000" })).toEqual(fail("expired"));
    const confirmed = await send("confirmInvite", { id });
    const job = confirmed.ok ? confirmed.value.job : "";
    expect(await send("confirmInvite", { id })).toEqual(fail("expired"));
    await until(async () => (await readJob(worker.store, job))?.state === "done");
    expect(server.effects.filter(({ kind }) => kind === "joined")).toHaveLength(1);
    expect(await readInvite(worker.store, connection, WORLD_CODES.market)).toMatchObject({ state: "ours" });
  });

  test("T23: after 121 s it is expired, and taken away", async () => {
    const { setSystemTime } = vi.useFakeTimers({ toFake: ["Date"] });
    try {
      await fromPage("askToJoin", { code: WORLD_CODES.sample });
      const pending = await send("pendingInvite");
      setSystemTime(Date.now() + 121_000);
      expect(await send("confirmInvite", { id: pending.ok ? pending.value!.id : "" })).toEqual(fail("expired"));
      expect(await send("pendingInvite")).toEqual(ok(null));
      // Repeats: the worker may die before it has taken the invite away.
      expect(fake.alarms.get("pending")).toMatchObject({ periodInMinutes: 1 });
      await worker.onAlarm("pending");
      expect(fake.session["pending"]).toBeUndefined();
      expect(fake.alarms.has("pending")).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test("T23: it outlives the worker", async () => {
    await connect();
    await fromPage("askToJoin", { code: WORLD_CODES.sample });
    worker = await openWorker(fake.browser, `worker-${count}`);
    const pending = await send("pendingInvite");
    expect(await send("confirmInvite", { id: pending.ok ? pending.value!.id : "" })).toMatchObject({ ok: true });
  });

  test("T24: two windows that confirm in the same tick join once", async () => {
    await connect();
    await fromPage("askToJoin", { code: WORLD_CODES.arabic });
    const pending = await send("pendingInvite");
    const id = pending.ok ? pending.value!.id : "";
    const replies = await Promise.all([send("confirmInvite", { id }), send("confirmInvite", { id })]);
    // Each window is led to the one job.
    const [job] = await worker.store.db.getAllKeys("jobs");
    expect(replies).toEqual([ok({ job }), ok({ job })]);
    expect(await worker.store.db.count("jobs")).toBe(1);
  });

  test("what could not be started can be confirmed again", async () => {
    await fromPage("askToJoin", { code: WORLD_CODES.sample });
    const pending = await send("pendingInvite");
    const id = pending.ok ? pending.value!.id : "";
    expect(await send("confirmInvite", { id })).toEqual(fail("no-connection"));
    await send("addSandbox");
    expect(await send("confirmInvite", { id })).toMatchObject({ ok: true });
  });

  test("a dismissed one is gone, another one's id dismisses nothing", async () => {
    await fromPage("askToJoin", { code: WORLD_CODES.sample });
    const pending = await send("pendingInvite");
    await send("dismissInvite", { id: "another" });
    expect(await send("pendingInvite")).toEqual(pending);
    await send("dismissInvite", { id: pending.ok ? pending.value!.id : "" });
    expect(await send("pendingInvite")).toEqual(ok(null));
  });

  test("T27: without a popup a window is opened; with the panel open, neither", async () => {
    fake.canPopup = false;
    await fromPage("askToJoin", { code: WORLD_CODES.sample });
    expect(fake.windows).toEqual([`${ORIGIN}/popup.html`]);
    expect(await send("pendingInvite")).toMatchObject(ok({ code: WORLD_CODES.sample }));
    fake.session = {};
    fake.popups = 0;
    fake.contexts = [{ contextType: "SIDE_PANEL", documentUrl: `${ORIGIN}/sidepanel.html`, windowId: 10 }];
    await fromPage("askToJoin", { code: WORLD_CODES.sample });
    expect([fake.popups, fake.windows.length]).toEqual([0, 1]);
  });

  test("a window of ours shows the page that it was opened for, also beside another browser window", async () => {
    fake.canPopup = false;
    await fromPage("reportInvites", links(WORLD_CODES.sample));
    await fromPage("askToJoin", { code: WORLD_CODES.sample });
    expect(fake.front.type).toBe("popup");
    fake.tabs.unshift({ id: 2, windowId: 9, active: true, url: "https://other.example/" });
    expect(await send("pageView")).toMatchObject(ok({ tab: 1, origin: "https://forum.example" }));
  });

  test("the page's list tells what is known of each invite, and goes with the page", async () => {
    await connect();
    await send("refreshGroups");
    await send("readInvite", { group: WORLD_GROUPS.alpha });
    await fromPage("reportInvites", links(WORLD_CODES.alpha, WORLD_CODES.sample));
    const view = await send("pageView");
    expect(view).toMatchObject(
      ok({
        tab: 1,
        origin: "https://forum.example",
        isPaused: false,
        invites: [
          { code: WORLD_CODES.alpha, isUnusual: false, known: { state: "ours" }, group: { name: "Project Alpha" } },
          { code: WORLD_CODES.sample, isUnusual: true },
        ],
      }),
    );
    await vi.waitUntil(() => fake.badge.get(1) === "2", { timeout: 5000 });
    // More of the same page comes to it; the page changes its address; the tab goes to another page.
    await fromPage("reportInvites", links(WORLD_CODES.market));
    expect(await send("pageView")).toMatchObject(ok({ invites: { length: 3 } }));
    fake.navigate(1);
    expect(await send("pageView")).toMatchObject(ok({ invites: [] }));
  });

  test("a page that was left leaves no number on the button and no list behind, though nobody tells of it", async () => {
    fake.tabs.push({ id: 2, windowId: 10, active: false });
    await fromPage("reportInvites", links(WORLD_CODES.alpha, WORLD_CODES.sample));
    await vi.waitUntil(() => fake.badge.get(1) === "2", { timeout: 5000 });
    fake.navigate(1);
    await sendFromPage(worker, { tabs: [fake.tabs[1]!] } as FakeBrowser, {
      command: "reportInvites",
      input: links(WORLD_CODES.market),
    });
    await vi.waitUntil(() => fake.badge.get(2) === "1", { timeout: 5000 });
    expect(fake.badge.get(1)).toBeUndefined();
    expect(Object.keys(fake.session).filter((key) => key.startsWith("page:"))).toEqual(["page:2"]);
  });

  test("an invite that waited for an admin is ours once the group is in the list, and not before", async () => {
    await connect();
    const connection = (await readCurrent(worker.store))!.id;
    const waits = (code: string, group?: string) =>
      write(worker.store, ["invites"], (tx) =>
        tx.objectStore("invites").put({ connection, code, state: "pending", group, at: 1, reason: "approval" }),
      );
    await waits(WORLD_CODES.sample, WORLD_GROUPS.alpha);
    await waits(WORLD_CODES.market, "120363000000000099@g.us");
    await waits(WORLD_CODES.arabic);
    await send("refreshGroups");
    const states = (await readInvites(worker.store, connection)).map(({ code, state }) => [code, state]);
    expect(Object.fromEntries(states)).toEqual({
      [WORLD_CODES.sample]: "ours",
      [WORLD_CODES.market]: "pending",
      [WORLD_CODES.arabic]: "pending",
    });
  });

  describe("looking through the page", () => {
    const candidate = (code: string, context = "") => ({ source: links(code).sources[0], context });
    const look = (found: unknown[], more: object = {}) => ({ host: "forum.example", found, frames: [], ...more });
    const listed = async () => {
      const view = await send("pageView");
      return view.ok ? view.value.invites.map(({ code, context, isGone }) => [code, context, isGone]) : view;
    };
    beforeEach(() => {
      fake.tabs[0]!.url = "https://forum.example/t/1";
    });

    test("reads what the page's renderer gives as a stranger's word", async () => {
      fake.frames = [
        look([
          { ...candidate(WORLD_CODES.sample, "Join\u202e us  now"), code: "../../etc", extra: 1 },
          candidate(WORLD_CODES.sample, "again"),
          candidate("YourGroupInviteCodeXYZ"),
        ]),
      ];
      const found = { code: WORLD_CODES.sample, context: "Join us now", isUnusual: true };
      expect(await send("findOnPage")).toMatchObject(ok({ origin: "https://forum.example", invites: [found] }));
      for (const told of [[{ source: "../../etc" }], { length: 1e9 }, undefined, look([{}])]) {
        fake.frames = [told];
        expect(await send("findOnPage")).toMatchObject(ok({ closed: [] }));
        expect((await listed()) as unknown[]).toEqual([[WORLD_CODES.sample, "Join us now", true]]);
      }
    });

    test("gives one list in the order of the page, with the words around each, beside what the page script reported", async () => {
      await fromPage("reportInvites", links(WORLD_CODES.alpha, WORLD_CODES.market, WORLD_CODES.sample));
      expect(await listed()).toEqual([
        [WORLD_CODES.alpha, undefined, undefined],
        [WORLD_CODES.market, undefined, undefined],
        [WORLD_CODES.sample, undefined, undefined],
      ]);
      const line = `1. First group: https://chat.whatsapp.com/${WORLD_CODES.sample}\n2. Market: https://chat.whatsapp.com/${WORLD_CODES.market} (full)`;
      fake.frames = [look([{ source: [["", line]], context: "" }, candidate(WORLD_CODES.market, "another place")])];
      await send("findOnPage");
      // What is not there any more comes last and is called so; the badge counts what is there.
      expect(await listed()).toEqual([
        [WORLD_CODES.sample, "1. First group", undefined],
        [WORLD_CODES.market, "2. Market: (full)", undefined],
        [WORLD_CODES.alpha, undefined, true],
      ]);
      await vi.waitUntil(() => fake.badge.get(1) === "2", { timeout: 5000 });
      await fromPage("reportInvites", links(WORLD_CODES.alpha));
      expect(((await listed()) as unknown[]).at(-1)).toEqual([WORLD_CODES.alpha, undefined, undefined]);
    });

    test("a code that is reported while the look is under way is not called gone", async () => {
      vi.spyOn(fake.browser.scripting, "executeScript").mockImplementationOnce(async () => {
        await fromPage("reportInvites", links(WORLD_CODES.sample));
        return [{ frameId: 0, documentId: "", result: look([candidate(WORLD_CODES.market, "Market")]) }];
      });
      await send("findOnPage");
      expect(await listed()).toEqual([
        [WORLD_CODES.market, "Market", undefined],
        [WORLD_CODES.sample, undefined, undefined],
      ]);
    });

    test("looks into each frame that the browser lets us into, and names the others by their hosts", async () => {
      fake.frames = [
        look([candidate(WORLD_CODES.sample, "Page")], {
          frames: ["forum.example", "mail.example:8443", "ads.example", "ads.example", ""],
        }),
        look([candidate(WORLD_CODES.market, "Widget"), candidate(WORLD_CODES.sample, "Widget again")]),
        look([candidate(WORLD_CODES.alpha, "Letter")], { host: "", frames: ["deep.example", "<img src=x>", "x/../y"] }),
      ];
      expect(await send("findOnPage")).toMatchObject(ok({ closed: ["mail.example:8443", "ads.example"] }));
      fake.frames[2] = look([candidate(WORLD_CODES.alpha, "Letter")], { host: "", frames: ["deep.example"] });
      expect(await send("findOnPage")).toMatchObject(
        ok({ closed: ["mail.example:8443", "ads.example", "deep.example"] }),
      );
      expect(await listed()).toEqual([
        [WORLD_CODES.sample, "Page", undefined],
        [WORLD_CODES.market, "Widget", undefined],
        [WORLD_CODES.alpha, "Letter", undefined],
      ]);
    });

    test("reads no more of a look than a page may make us read", async () => {
      const long = { ...candidate(WORLD_CODES.market), context: "" };
      long.source = Array.from({ length: 50 }, () => ["title", "x".repeat(2000)]);
      fake.frames = [
        look([candidate(WORLD_CODES.sample), ...Array.from({ length: 50 }, () => long), candidate(WORLD_CODES.alpha)]),
      ];
      await send("findOnPage");
      expect(((await listed()) as unknown[][]).map(([code]) => code)).toEqual([WORLD_CODES.sample]);
    });

    test("a list of a thousand has its state read at once", async () => {
      const code = (at: number) => String(at).padStart(22, "K7pQxVbNmLwRtZsYdHfGjC");
      fake.frames = [look(Array.from({ length: 1200 }, (_, at) => candidate(code(at), `Group ${at}`)))];
      const transactions = vi.spyOn(IDBDatabase.prototype, "transaction");
      const view = await send("findOnPage");
      expect(view.ok && view.value.invites.map(({ context }) => context)).toEqual(
        Array.from({ length: 1000 }, (_, at) => `Group ${at}`),
      );
      const tables = transactions.mock.calls.map(([of]) => JSON.stringify(of));
      expect(tables.filter((of) => of.includes("invites"))).toEqual(['["invites","groups"]']);
      transactions.mockRestore();
    });

    test("where the browser keeps us out, the page script looks, else what it said is shown, or the reason", async () => {
      fake.frames = new Error("Cannot access contents of the page");
      expect(await send("findOnPage")).toEqual(fail("no-page-access"));
      await fromPage("reportInvites", links(WORLD_CODES.sample));
      expect(await send("findOnPage")).toMatchObject(ok({ invites: [{ code: WORLD_CODES.sample }] }));
      fake.pageScript = look([candidate(WORLD_CODES.sample, "From the script")], { frames: ["mail.example"] });
      expect(await send("findOnPage")).toMatchObject(
        ok({ closed: ["mail.example"], invites: [{ code: WORLD_CODES.sample, context: "From the script" }] }),
      );
    });
  });

  test("only a site can be paused", async () => {
    for (const origin of ["javascript:alert(1)", "https://forum.example/path", "*", "null"]) {
      expect(await send("pauseSite", { origin, isPaused: true })).toEqual(fail("bad-input"));
    }
  });
});

describe("jobs", () => {
  test("a start sets the repeating alarm before anything can fail, and clears it when no job is open", async () => {
    await until(async () => !fake.alarms.has("jobs"));
    const open = vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new Error("the disk is away");
    });
    await expect(openWorker(fake.browser, `worker-${count}`)).rejects.toThrow("the disk is away");
    open.mockRestore();
    const alarm = fake.alarms.get("jobs");
    expect(alarm).toMatchObject({ periodInMinutes: 0.5 });
    expect(alarm!.when! - Date.now()).toBeLessThanOrEqual(30_000);
    await openWorker(fake.browser, `worker-${count}`);
    await until(async () => !fake.alarms.has("jobs"));
  });

  test("as long as a job is open its alarm repeats, also when it waits for the agent", async () => {
    await connect();
    await until(async () => !fake.alarms.has("jobs"));
    const job = await send("startJob", { job: { kind: "leave", groups: [WORLD_GROUPS.support] }, nonce: "n1" });
    const id = job.ok ? job.value.id : "";
    expect(fake.alarms.get("jobs")).toMatchObject({ periodInMinutes: 0.5 });
    await send("pauseJob", { id });
    await until(async () => (fake.alarms.get("jobs")?.when ?? 0) > Date.now() + 200_000);
    await send("cancelJob", { id });
    await until(async () => !fake.alarms.has("jobs"));
  });
});

describe("rest", () => {
  const locked = async () => (await readCurrent(worker.store))?.trouble === "locked";

  test("a locked screen locks the vault", async () => {
    await connect({ protection: "passphrase", passphrase: PASSPHRASE });
    await worker.onIdle("idle");
    expect(await locked()).toBe(false);
    await worker.onIdle("locked");
    expect(await locked()).toBe(true);
  });

  test("idle time locks it when the agent said so, but not under a running job", async () => {
    await connect({ protection: "passphrase", passphrase: PASSPHRASE });
    expect(await send("saveSettings", { lockAfter: 3 })).toEqual(fail("bad-input"));
    await send("saveSettings", { lockAfter: 10 });
    expect(fake.idleAfter).toBe(600);
    fake.idleState = "idle";
    const job = await send("startJob", { job: { kind: "leave", groups: [WORLD_GROUPS.support] }, nonce: "n1" });
    await worker.onIdle("idle");
    expect(await locked()).toBe(false);
    expect(fake.alarms.get("lock")).toMatchObject({ periodInMinutes: 1 });
    await send("cancelJob", { id: job.ok ? job.value.id : "" });
    await worker.onAlarm("lock");
    expect(await locked()).toBe(true);
    expect(fake.alarms.has("lock")).toBe(false);
  });

  test.each(["idle", "locked"] as const)(
    "a store that fails while the agent rests (%s) locks a minute later",
    async (state) => {
      await connect({ protection: "passphrase", passphrase: PASSPHRASE });
      await send("saveSettings", { lockAfter: 10 });
      fake.idleState = state;
      const { db } = worker.store;
      const broken = vi.spyOn(db, "get").mockRejectedValue(new Error("the disk is away"));
      await expect(worker.onIdle(state)).rejects.toThrow("the disk is away");
      broken.mockRestore();
      expect(await locked()).toBe(false);
      // The alarm repeats, so that it is there however often this goes wrong.
      expect(fake.alarms.get("lock")).toMatchObject({ periodInMinutes: 1 });
      await worker.onAlarm("lock");
      expect(await locked()).toBe(true);
      expect(fake.alarms.has("lock")).toBe(false);
    },
  );

  test("an agent who is back is not locked out by the alarm of the rest", async () => {
    await connect({ protection: "passphrase", passphrase: PASSPHRASE });
    await send("saveSettings", { lockAfter: 10 });
    await worker.onAlarm("lock");
    expect(await locked()).toBe(false);
    expect(fake.alarms.has("lock")).toBe(false);
  });

  test("the keys of a session are not taken away by a locked screen", async () => {
    await connect({ protection: "session" });
    await worker.onIdle("locked");
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
  });

  test("the keys of a session are taken away once the screen has been locked for the idle time", async () => {
    await connect({ protection: "session" });
    await send("saveSettings", { lockAfter: 10 });
    fake.idleState = "locked";
    await worker.onIdle("locked");
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
    expect(fake.alarms.get("lock")).toEqual({ delayInMinutes: 10, periodInMinutes: 1 });
    await worker.onAlarm("lock");
    expect(await send("refreshGroups")).toMatchObject(fail("no-key"));
    expect(fake.alarms.has("lock")).toBe(false);
  });

  test("the browser's shortcut locks what a passphrase opens again, and takes no session's keys", async () => {
    await connect({ protection: "session" });
    await onCommand(worker.menus, "lock", undefined);
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
    await send("setProtection", { protection: "passphrase", passphrase: PASSPHRASE });
    await onCommand(worker.menus, "lock", undefined);
    expect(await locked()).toBe(true);
  });

  test("settings that are taken back have their default again", async () => {
    await send("saveSettings", { country: "GB", sort: "size" });
    await send("saveSettings", { country: null });
    expect(await readSettings(worker.store)).toMatchObject({ sort: "size", pace: "careful" });
    expect((await readSettings(worker.store)).country).toBeUndefined();
  });
});

describe("files", () => {
  test("T63: a file holds no key, and people only when asked for", async () => {
    await connect({ ownNumber: "447700900100@s.whatsapp.net" });
    await send("refreshGroups");
    await send("refreshGroup", { group: WORLD_GROUPS.alpha });
    await send("startJob", {
      job: { kind: "send", chats: [WORLD_GROUPS.alpha], text: "Call +44 7700 900222", pace: "fast" },
      nonce: "n",
    });
    const people = [{ id: "447700900333@s.whatsapp.net", given: "Asha" }];
    await send("saveSet", { kind: "people", name: "New staff", people });
    await send("labelGroup", { group: WORLD_GROUPS.alpha, labels: [], note: "Ask Asha first" });
    const plain = await send("exportData", { withPeople: false });
    const full = await send("exportData", { withPeople: true });
    const [less, more] = [plain.ok ? plain.value.json : "", full.ok ? full.value.json : ""];
    for (const json of [less, more]) {
      expect(json).not.toContain(KEY);
      expect(json).not.toContain("keyTail");
      expect(json).toContain("Project Alpha");
    }
    expect(less).not.toMatch(/\d{7,}@(s\.whatsapp\.net|c\.us|lid)/);
    expect(less).not.toContain("447700900100");
    expect(less).not.toContain("900222");
    expect(more).toContain("447700900100@s.whatsapp.net");
    expect(more).toContain("900222");
    for (const own of ["New staff", "900333", "Ask Asha first"]) {
      expect(more).toContain(own);
      expect(less).not.toContain(own);
    }
  });

  test("T63: a file brings connections without keys and touches none that is there", async () => {
    const here = await connect();
    const exported = await send("exportData", { withPeople: true });
    const file = JSON.parse(exported.ok ? exported.value.json : "{}") as {
      connections: Record<string, unknown>[];
      settings: Record<string, unknown>;
    };
    const fresh = {
      ...file.connections[0],
      id: here.id,
      origin: "https://gateway.example",
      key: "smuggled",
      trouble: "x",
    };
    file.connections.push(fresh);
    Object.assign(file.settings, { current: "evil", pace: "fast", protection: "none", unknown: { deep: [1] } });
    expect(await send("importData", { json: JSON.stringify(file) })).toEqual(ok({ connections: 1 }));
    const [first, second] = await readConnections(worker.store);
    expect(first).toEqual(here);
    expect(second).toMatchObject({ origin: "https://gateway.example", keyTail: "", trouble: "no-key" });
    expect(second?.id).not.toBe(here.id);
    expect(JSON.stringify(await worker.store.db.getAll("connections"))).not.toContain("smuggled");
    expect(await readSettings(worker.store)).toMatchObject({ current: here.id, pace: "fast", protection: "none" });
    // The key that is here still goes to its own address alone.
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["another format", '{"format":"other","version":1}'],
    ["an older version", '{"format":"wappfy-groups","version":0}'],
    ["a newer version", '{"format":"wappfy-groups","version":2}'],
    ["connections that are none", '{"format":"wappfy-groups","version":1,"connections":[{"origin":1}]}'],
    ["a list", "[]"],
  ])("T63: %s is refused", async (_name, json) => {
    expect(await send("importData", { json })).toEqual(fail("bad-input"));
  });

  test("whatever was exported can be imported, however much it is", async () => {
    const here = await connect({ ownNumber: "447700900100:12@s.whatsapp.net" });
    await write(worker.store, ["rosters"], async (tx) => {
      for (let n = 0; n < 250; n += 1) {
        const members = Array.from({ length: 400 }, (_, i) => ({
          id: `${919_000_000_000 + n * 400 + i}@s.whatsapp.net`,
          role: "member" as const,
        }));
        const group = `12036300000${1_000_000 + n}@g.us`;
        await tx.objectStore("rosters").put({ connection: here.id, group, members, readAt: 1 });
      }
    });
    const named = { connection: here.id, name: "👨‍👩‍👧‍👦".repeat(100), at: 1, isGiven: true as const };
    await write(worker.store, ["contacts"], async (tx) => {
      for (let n = 0; n < 5000; n += 1) {
        const person = String(919_000_000_000 + n);
        await tx.objectStore("contacts").put({ ...named, person, id: `${person}@s.whatsapp.net` });
      }
    });
    const exported = await send("exportData", { withPeople: true });
    const json = exported.ok ? exported.value.json : "";
    expect(json.length).toBeGreaterThan(5_000_000);
    expect(json).not.toMatch(/\n/);
    await send("forgetConnection", { id: here.id });
    expect(await send("importData", { json: importable(json) })).toEqual(ok({ connections: 1 }));
    const { name, origin, instance, dialect, auth, ownNumber } = here;
    expect(await readConnections(worker.store)).toMatchObject([{ name, origin, instance, dialect, auth, ownNumber }]);
    expect(await worker.store.db.count("contacts")).toBe(5000);
  });

  test("a file adds its paused sites to those of here and never turns the page script on", async () => {
    await send("pauseSite", { origin: "https://here.example", isPaused: true });
    await send("saveSettings", { isPageOn: false });
    const file = (settings: object) => ({ json: JSON.stringify({ format: "wappfy-groups", version: 1, settings }) });
    await send("importData", file({ isPageOn: true, pausedSites: ["https://file.example", "https://here.example"] }));
    expect(await readSettings(worker.store)).toMatchObject({
      isPageOn: false,
      pausedSites: ["https://here.example", "https://file.example"],
    });
    await send("importData", file({ pausedSites: [] }));
    expect((await readSettings(worker.store)).pausedSites).toHaveLength(2);
    await send("saveSettings", { isPageOn: true });
    await send("importData", file({ isPageOn: false }));
    expect((await readSettings(worker.store)).isPageOn).toBe(false);
  });

  test("T82: what was set aside is in an export with people, and goes with the history", async () => {
    const job = { id: "x", input: { people: [{ given: "Asha 07700 900111" }] } };
    const rows = [
      { id: "jobs x", table: "jobs", key: "x", value: { job }, at: 1 },
      { id: "v", table: "vault", key: "header", value: { v: 9, salt: "sealed-words" }, at: 2 },
    ];
    await write(worker.store, ["aside"], async (tx) => {
      for (const row of rows) await tx.objectStore("aside").put(row);
    });
    const [full, plain] = await Promise.all([true, false].map((withPeople) => send("exportData", { withPeople })));
    const asideOf = (reply?: Reply<{ json: string }>): unknown =>
      reply?.ok ? (JSON.parse(reply.value.json) as { aside: unknown }).aside : undefined;
    expect(asideOf(full)).toEqual([rows[0], { table: "vault", at: 2 }]);
    expect(asideOf(plain)).toEqual([
      { table: "jobs", at: 1 },
      { table: "vault", at: 2 },
    ]);
    await send("eraseHistory", {});
    expect((await worker.store.db.getAll("aside")).map(({ id }) => id)).toEqual(["v"]);
  });

  test("T63: a file of more than forty million characters is refused", async () => {
    expect(await send("importData", { json: " ".repeat(40_000_001) })).toEqual(fail("bad-input"));
  });

  test("T63: an address that could not be typed cannot be imported", async () => {
    const connection = { name: "x", instance: "inst_1", dialect: "guide", auth: "api-key", isSandbox: false };
    const json = (origin: string) =>
      JSON.stringify({ format: "wappfy-groups", version: 1, connections: [{ ...connection, origin }] });
    for (const origin of ["http://evil.example", "https://api.wappfy.io@evil.example", "javascript:1"]) {
      expect(await send("importData", { json: json(origin) })).toEqual(fail("bad-address"));
    }
    expect(await readConnections(worker.store)).toEqual([]);
  });
});

test("drafts are kept and forgotten", async () => {
  const { id } = await connect();
  const key = draftKey({ form: "people", connection: id }, "people");
  await send("saveDraft", { key, value: "+44 7700 900111" });
  expect(await readDraft(worker.store, key)).toBe("+44 7700 900111");
  await send("saveDraft", { key, value: null });
  expect(await readDraft(worker.store, key)).toBeUndefined();
  // No name beside the registered ones: nobody would ever erase what lies there.
  for (const wrong of ["job", "pace", "anything"]) {
    const unknown: DraftKey = [id, "selection", "", wrong];
    expect(await send("saveDraft", { key: unknown, value: "x" })).toEqual(fail("bad-input"));
  }
});

test("a draft is announced alone: no open view reads the connections again for each letter typed", async () => {
  const { id } = await connect();
  const told: Table[] = [];
  const channel = new BroadcastChannel(worker.store.name);
  channel.addEventListener("message", (event: MessageEvent<Table[]>) => told.push(...event.data));
  await send("saveDraft", { key: draftKey({ form: "create", connection: id }, "name"), value: "Night shift" });
  await until(async () => told.includes("drafts"));
  channel.close();
  expect(told).toEqual(["drafts"]);
});
