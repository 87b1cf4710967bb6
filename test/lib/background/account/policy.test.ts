import "fake-indexeddb/auto";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { isConnectionAllowed, isProtectionAllowed, readPolicy } from "../../../../lib/background/account/policy";
import { openWorker, type Worker } from "../../../../lib/background/worker";
import { WORLD_CODES, WORLD_GROUPS, WORLD_INSTANCES, WORLD_PEOPLE } from "../../../../lib/sandbox/world";
import { createWorld } from "../../../../lib/sandbox/seed";
import type { Input } from "../../../../lib/shared/commands";
import { fail, ok } from "../../../../lib/shared/failure";
import { readSettings } from "../../../../lib/store/read";
import { readCurrent } from "../../../../lib/store/read-account";
import { readJob } from "../../../../lib/store/read-jobs";
import managed from "../../../../public/managed.json";
import { startServer, type TestServer } from "../../../server";
import { fakeBrowser, sendFromPage, senderTo, setGlobals, type FakeBrowser } from "../fake-browser";

/** What a company sets holds in the worker, whatever is asked of it. */

vi.setConfig({ testTimeout: 60_000 });

const KEY = "wpf_live_CANARY0123456789";
const PASSPHRASE = "seven green bottles standing";
const RULE = fail("company-rule");

let server: TestServer;
let fake: FakeBrowser;
let worker: Worker;
let count = 0;

beforeAll(async () => {
  setGlobals();
  server = await startServer({ key: KEY, world: createWorld({ groups: 20 }), rateLimit: false, dialect: "guide" });
});
afterAll(() => server.close());
beforeEach(() => {
  count += 1;
  server.reset();
  fake = fakeBrowser();
});

/** A start of the worker under what the company set by then. */
const start = async (set: Record<string, unknown> = {}) => {
  fake.managed = set;
  worker = await openWorker(fake.browser, `policy-${count}`);
};
const change = async (set: Record<string, unknown>) => {
  fake.managed = set;
  await worker.onPolicyChanged();
};

const send = senderTo(() => worker);
const fromPage = (command: string, input?: unknown, url?: string) =>
  sendFromPage(worker, fake, { command, input }, url);

const candidate = () => ({ origin: server.origin, key: KEY, auth: "api-key" as const, dialect: "guide" as const });
const connect = (more: Partial<Input<"addConnection">> = {}) =>
  send("addConnection", {
    ...candidate(),
    name: "Desk",
    instance: WORLD_INSTANCES.main,
    protection: "none",
    ...more,
  });

describe("reading", () => {
  const from = (given: Record<string, unknown>) => readPolicy({ get: () => Promise.resolve(given) });

  test("takes what it knows, leaves out what it does not, and names what is wrong", async () => {
    expect(
      await from({ gateway: "GATEWAY.example/", sandbox: false, colour: "red", __proto__: { maxPace: "fast" } }),
    ).toEqual({
      gateway: "https://gateway.example",
      sandbox: false,
    });
    const wrong = {
      gateway: "http://gateway.example",
      allowedHosts: ["a.example", "https://b@c.example"],
      instance: "../x",
      maxPace: "slow",
      requirePassphrase: "yes",
      lockAfter: 1,
      pageActions: 0,
      sandbox: null,
    };
    // The narrowest that each could have meant, and the one host of the list that can be read.
    expect(await from(wrong)).toEqual({
      allowedHosts: ["a.example"],
      maxPace: "careful",
      requirePassphrase: true,
      lockAfter: 5,
      pageActions: false,
      sandbox: false,
      wrong: [...Object.keys(wrong).filter((name) => name !== "allowedHosts"), "allowedHosts: https://b@c.example"],
    });
    expect(await from({ ...wrong, lockAfter: 30 })).toMatchObject({ lockAfter: 30 });
  });

  test.each([
    ["a gateway with a path", { gateway: "https://gw.example/api" }],
    ["a gateway without encryption", { gateway: "http://gw.example" }],
    ["a gateway that is a pattern", { gateway: "https://*.gw.example" }],
    ["hosts that are no list", { allowedHosts: "gw.example" }],
    ["an empty list of hosts", { allowedHosts: [] }],
    ["a gateway with an empty label", { gateway: "https://.gw.example" }],
    ["a list of hosts of which none can be read", { allowedHosts: [7, "gw.example/api", "*", "*."] }],
    ["an instance that cannot be one", { instance: "a b" }],
  ])("%s lets nothing be connected", async (_, given) => {
    const policy = (await from(given))!;
    for (const origin of ["https://gw.example", "https://evil.example", "https://api.wappfy.io"])
      expect(isConnectionAllowed(policy, { origin, instance: "inst_abc123", isSandbox: false })).toBe(false);
  });

  test.each(["true", 1, "yes", null])("%j for a required passphrase requires it", async (requirePassphrase) => {
    const policy = (await from({ requirePassphrase }))!;
    expect(isProtectionAllowed(policy, "none")).toBe(false);
    expect(isProtectionAllowed(policy, "passphrase")).toBe(true);
    expect(policy.wrong).toEqual(["requirePassphrase"]);
  });

  test.each(["*.gw.example", "https://*.gw.example", "*.GW.example"])("%s stands for subdomains", async (host) => {
    const policy = (await from({ allowedHosts: [host] }))!;
    const isAllowed = (origin: string) => isConnectionAllowed(policy, { origin, isSandbox: false });
    expect(["https://a.gw.example", "https://b.a.gw.example:8443"].map(isAllowed)).toEqual([true, true]);
    expect(["https://gw.example", "https://evilgw.example", "https://gw.example.evil"].map(isAllowed)).toEqual([
      false,
      false,
      false,
    ]);
  });

  test.each([
    ".gw.example",
    "gw..example",
    "*..gw.example",
    "a.example,b.example",
    "a.example;b.example",
    "https://a.example,b.example",
    { toString: null },
    null,
  ])("%j, which no host matches, is named as wrong", async (host) => {
    const policy = (await from({ allowedHosts: [host] }))!;
    expect(policy.allowedHosts).toEqual([]);
    expect(policy.wrong).toEqual([`allowedHosts: ${typeof host === "string" ? host : JSON.stringify(host)}`]);
  });

  test.each([
    ["10.1.2.3", "10.1.2.3"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["my_host.gw-1.example:8443", "my_host.gw-1.example"],
  ])("%s is read as %s", async (host, read) => {
    expect(await from({ allowedHosts: [host] })).toEqual({ allowedHosts: [read] });
  });

  test("without a company there is none", async () => {
    expect(await from({})).toBeUndefined();
    expect(await readPolicy(undefined)).toBeUndefined();
    expect(
      await readPolicy({ get: () => Promise.reject(new Error("Managed storage manifest not found")) }),
    ).toBeUndefined();
  });

  test("Chrome is told of every name that is read, and of no other", async () => {
    const samples = {
      gateway: "https://gateway.example",
      allowedHosts: ["gateway.example"],
      instance: "inst_abc123",
      maxPace: "careful",
      requirePassphrase: true,
      lockAfter: 15,
      pageActions: false,
      sandbox: false,
    };
    expect(Object.keys(managed.properties)).toEqual(Object.keys(samples));
    expect(await from(samples)).toEqual(samples);
  });
});

describe("addresses", () => {
  const other = "https://api.wappfy.io";

  test("only the company's gateway can be tried, added or moved to", async () => {
    await start({ gateway: other });
    expect(await send("probeConnection", candidate())).toEqual(RULE);
    expect(await connect()).toEqual(RULE);
    await change({ gateway: server.origin });
    const added = await connect();
    expect(added).toMatchObject({ ok: true });
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
    const { id } = (await readCurrent(worker.store))!;
    expect(await send("replaceKey", { id, key: KEY, origin: other })).toEqual(RULE);
  });

  test("a host of the list may be used beside it", async () => {
    await start({ gateway: other, allowedHosts: ["127.0.0.1"] });
    expect(await connect()).toMatchObject({ ok: true });
  });

  test("a connection from before says why it rests, sends nothing, and goes on when the rule is gone", async () => {
    await start();
    await connect();
    await change({ allowedHosts: ["gateway.example"] });
    server.reset();
    expect(await send("refreshGroups")).toMatchObject(RULE);
    const { id, trouble } = (await readCurrent(worker.store))!;
    expect(trouble).toBe("company-rule");
    const people = [{ id: WORLD_PEOPLE.free, given: "+1" }];
    const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.lobby];
    const job = await send("startJob", { job: { kind: "add", groups, people, pace: "fast" }, nonce: "n" });
    expect(job.ok).toBe(true);
    await vi.waitUntil(
      async () => (await readJob(worker.store, job.ok ? job.value.id : ""))?.pause?.reason === "company-rule",
      { timeout: 15_000 },
    );
    expect(server.log).toEqual([]);
    await change({});
    expect((await worker.store.db.get("connections", id))?.trouble).toBeUndefined();
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
  });

  test("only the company's instance can be used, also by a file and by hand", async () => {
    await start({ instance: WORLD_INSTANCES.main });
    expect(await send("probeConnection", { ...candidate(), instance: "inst_other" })).toEqual(RULE);
    expect(await connect({ instance: "inst_other" })).toEqual(RULE);
    await connect();
    const { id, ...rest } = (await readCurrent(worker.store))!;
    expect(await send("replaceKey", { id, key: KEY, instance: "inst_other" })).toEqual(RULE);
    await worker.store.db.put("connections", { ...rest, id, instance: "inst_other" });
    server.reset();
    expect(await send("refreshGroups")).toMatchObject(RULE);
    expect(server.log).toEqual([]);
  });

  test("the sample groups can be taken away", async () => {
    await start();
    expect(await send("addSandbox")).toMatchObject({ ok: true });
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
    await change({ sandbox: false });
    expect(await send("refreshGroups")).toMatchObject(RULE);
    expect(await send("addSandbox")).toEqual(RULE);
  });
});

describe("the key", () => {
  test("is kept only under a passphrase", async () => {
    await start({ requirePassphrase: true });
    for (const protection of ["none", "session"] as const) {
      expect(await connect({ protection })).toEqual(RULE);
      expect(await send("setProtection", { protection })).toEqual(RULE);
    }
    expect(await worker.store.db.getAll("vault")).toEqual([]);
    expect(await connect({ protection: "passphrase", passphrase: PASSPHRASE })).toMatchObject({ ok: true });
  });

  test.each(["none", "session"] as const)(
    "that was kept otherwise before (%s) is used again after a passphrase is set",
    async (mode) => {
      await start();
      await connect({ protection: mode });
      await change({ requirePassphrase: true });
      server.reset();
      expect(await send("refreshGroups")).toMatchObject(RULE);
      expect(server.log).toEqual([]);
      expect(await send("setProtection", { protection: "passphrase", passphrase: PASSPHRASE })).toEqual(ok(undefined));
      expect(await send("refreshGroups")).toMatchObject({ ok: true });
    },
  );

  test.each(["none", "session"] as const)("is not replaced where it would be kept otherwise (%s)", async (mode) => {
    await start();
    await connect({ protection: mode });
    const { id } = (await readCurrent(worker.store))!;
    await change({ requirePassphrase: true });
    const before = [await worker.store.db.getAll("vault"), fake.session["vault"]];
    expect(await send("replaceKey", { id, key: KEY })).toEqual(RULE);
    expect([await worker.store.db.getAll("vault"), fake.session["vault"]]).toEqual(before);
    const given = { protection: "passphrase", passphrase: PASSPHRASE } as const;
    expect(await send("replaceKey", { id, key: KEY, ...given })).toEqual(ok(undefined));
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
  });

  test("is locked away after the company's time", async () => {
    await start({ lockAfter: 15 });
    expect(fake.idleAfter).toBe(15 * 60);
    expect(await send("saveSettings", { lockAfter: 0 })).toEqual(RULE);
    expect(await send("saveSettings", { lockAfter: 60 })).toEqual(RULE);
    expect(await send("saveSettings", { sort: "size" })).toEqual(ok(undefined));
    await connect({ protection: "passphrase", passphrase: PASSPHRASE });
    fake.idleState = "idle";
    await worker.onIdle("idle");
    expect(await send("refreshGroups")).toMatchObject(fail("locked"));
  });
});

describe("work", () => {
  const add = (pace: "careful" | "fast") => ({
    kind: "add" as const,
    groups: [WORLD_GROUPS.alpha],
    people: [{ id: WORLD_PEOPLE.free, given: "+1" }],
    pace,
  });

  test("goes no faster than the company allows", async () => {
    await start();
    await connect();
    await send("saveSettings", { pace: "fast" });
    const wish = {
      op: "add" as const,
      groups: [WORLD_GROUPS.alpha],
      people: add("fast").people.map(({ id }) => id),
      pace: "fast" as const,
    };
    const fast = await send("planMembership", wish);
    await change({ maxPace: "careful" });
    expect((await readSettings(worker.store)).pace).toBe("careful");
    expect(await send("saveSettings", { pace: "fast" })).toEqual(RULE);
    const careful = await send("planMembership", wish);
    expect(careful.ok && careful.value.duration).toBeGreaterThan(fast.ok ? fast.value.duration : Infinity);
    const job = await send("startJob", { job: add("fast"), nonce: "n" });
    expect(await readJob(worker.store, job.ok ? job.value.id : "")).toMatchObject({ input: { pace: "careful" } });
    const exported = await send("exportData", { withPeople: false });
    const file = JSON.parse(exported.ok ? exported.value.json : "{}") as { settings: unknown };
    expect(file.settings).toMatchObject({ pace: "fast" });
    // What the agent chose is there again when the rule is gone.
    await change({});
    expect((await readSettings(worker.store)).pace).toBe("fast");
  });

  test("on pages can be switched off", async () => {
    const sources = [[["href", `https://chat.whatsapp.com/${WORLD_CODES.sample}`]]];
    await start();
    expect(await fromPage("reportInvites", { sources })).toMatchObject(ok({ invites: [[WORLD_CODES.sample]] }));
    fake.sent = [];
    await change({ pageActions: false });
    expect(fake.sent.length).toBeGreaterThan(0);
    expect(await fromPage("reportInvites", { sources })).toEqual(ok(null));
    expect(await fromPage("askToJoin", { code: WORLD_CODES.sample })).toEqual(ok(false));
    expect(await send("pendingInvite")).toEqual(ok(null));
    expect(await send("saveSettings", { isPageOn: true })).toEqual(RULE);
    expect(fake.popups).toBe(0);
  });
});

test("rules that cannot be read for a moment stay, and the worker starts", async () => {
  await start({ sandbox: false });
  const { managed } = fake.browser.storage;
  const broken = vi.spyOn(managed, "get").mockRejectedValue(new Error("An unexpected error occurred"));
  worker = await openWorker(fake.browser, `policy-${count}`);
  await worker.onPolicyChanged();
  expect(await send("addSandbox")).toEqual(RULE);
  broken.mockRejectedValue(new Error("Managed storage manifest not found"));
  await worker.onPolicyChanged();
  expect(await send("addSandbox")).toMatchObject({ ok: true });
});

test("nothing that an agent does takes the rules away, and no file carries them", async () => {
  await start({ sandbox: false, maxPace: "careful", colour: "red" });
  const { policy } = await readSettings(worker.store);
  expect(policy).toEqual({ sandbox: false, maxPace: "careful" });
  await connect();
  const exported = await send("exportData", { withPeople: true });
  expect(exported.ok && exported.value.json).not.toContain("maxPace");
  const file = { format: "wappfy-groups", version: 1, settings: { pace: "fast", isPageOn: true, policy: {} } };
  await send("importData", { json: JSON.stringify(file) });
  await send("forgetEverything");
  expect(await readSettings(worker.store)).toMatchObject({ policy, pace: "careful" });
  expect(await send("addSandbox")).toEqual(RULE);
});
