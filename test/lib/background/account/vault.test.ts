import "fake-indexeddb/auto";
import { inspect } from "node:util";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { openVault, type Vault } from "../../../../lib/background/account/vault";
import { Secret } from "../../../../lib/background/gateway/secret";
import { weaknessOf } from "../../../../lib/shared/passphrase";
import { fail, ok } from "../../../../lib/shared/failure";
import type { Store } from "../../../../lib/store/schema";
import { makeStore } from "../../../../lib/store/migrate";
import { fakeBrowser, type FakeBrowser } from "../fake-browser";

const PASSPHRASE = "seven green bottles standing";
const KEY = "wpf_live_CANARY0123456789";
const bound = { id: "c1", origin: "https://api.wappfy.io", instance: "inst_abc123" };
const other = { id: "c2", origin: "https://gateway.example", instance: "inst_def456" };

// A million iterations take their time on a busy computer.
vi.setConfig({ testTimeout: 60_000 });

let store: Store;
let fake: FakeBrowser;
let time: number;
let locks: number;
let vault: Vault;
let count = 0;

function open(): Vault {
  return openVault({
    store,
    session: fake.browser.storage.session,
    crypto,
    now: () => time,
    locked: () => void (locks += 1),
  });
}

beforeEach(async () => {
  count += 1;
  store = await makeStore(`vault-${count}`);
  fake = fakeBrowser();
  time = 1_800_000_000_000;
  locks = 0;
  vault = open();
});

/** A vault whose derivations are counted, over the same store. */
function counted(): { vault: Vault; derived: () => number } {
  let derived = 0;
  const subtle = new Proxy(crypto.subtle, {
    get(target, name) {
      if (name === "deriveBits") derived += 1;
      const method = Reflect.get(target, name) as (...input: unknown[]) => unknown;
      return (...input: unknown[]) => Reflect.apply(method, target, input);
    },
  });
  const watched = { subtle, getRandomValues: (array: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(array) };
  const { session } = fake.browser.storage;
  const ports = { store, session, crypto: watched as unknown as Crypto, now: () => time, locked: () => undefined };
  return { vault: openVault(ports), derived: () => derived };
}

const row = (key: string) => store.db.get("vault", key) as Promise<Record<string, unknown>>;
const keyOf = async (from: Vault, of = bound) => {
  const reply = await from.use(of);
  return reply.ok ? reply.value.reveal() : reply.failure.code;
};
/** The browser was closed and opened again. */
const restart = (): Vault => {
  fake.session = {};
  return open();
};
/** The disk is full until the spy is restored. */
function failWrites() {
  const transaction = Reflect.get(IDBDatabase.prototype, "transaction") as IDBDatabase["transaction"];
  return vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, tables, mode) {
    if (mode === "readwrite") throw new DOMException("", "QuotaExceededError");
    return transaction.call(this, tables, mode);
  });
}
/** Everything that lies in the store, as text and bytes. */
async function onDisk(): Promise<string> {
  const rows = await store.db.getAll("vault");
  return rows.map((value) => inspect(value, { depth: 9, maxArrayLength: null })).join() + JSON.stringify(rows);
}

describe("with a passphrase", () => {
  let first: { rows: [key: string, value: unknown][]; session: Record<string, unknown> } | undefined;

  // Made once and copied into each test's own store.
  beforeEach(async () => {
    if (!first) {
      expect(await vault.put(bound, KEY, "passphrase", PASSPHRASE)).toEqual(ok(undefined));
      const keys = await store.db.getAllKeys("vault");
      first = { rows: [], session: structuredClone(fake.session) };
      for (const key of keys) first.rows.push([key, await store.db.get("vault", key)]);
      return;
    }
    for (const [key, value] of first.rows) await store.db.put("vault", value, key);
    fake.session = structuredClone(first.session);
  });

  test("keeps a key, gives it back while open, and asks again after a restart", async () => {
    expect(await vault.mode()).toBe("passphrase");
    expect(await keyOf(vault)).toBe(KEY);
    expect(await keyOf(open())).toBe(KEY); // another life of the worker
    const later = restart();
    expect(await keyOf(later)).toBe("locked");
    expect(await row("key:c1")).toBeDefined();
    expect(await later.unlock(PASSPHRASE)).toEqual(ok(undefined));
    expect(await keyOf(later)).toBe(KEY);
    await later.lock();
    expect(await keyOf(later)).toBe("locked");
    expect(fake.session).toEqual({});
  });

  test("tells the screens no more than whether it is open", async () => {
    expect(fake.session["isOpen"]).toBe(true);
    expect(JSON.stringify(fake.session)).not.toContain(KEY);
    await vault.lock();
    expect(fake.session["isOpen"]).toBeUndefined();
  });

  test("has no piece of the key or the passphrase on disk", async () => {
    const text = await onDisk();
    for (const secret of [KEY, btoa(KEY), PASSPHRASE, KEY.slice(-8)]) expect(text).not.toContain(secret);
    // The derived key is in the session alone.
    const { key } = fake.session["vault"] as { key: string };
    expect(text).not.toContain(key);
  });

  test("T60: a wrong passphrase", async () => {
    const later = restart();
    expect(await later.unlock("seven green bottles sitting")).toEqual(fail("wrong-passphrase"));
    expect(await keyOf(later)).toBe("locked");
    expect(fake.session).toEqual({});
  });

  test.each([
    ["a flipped bit", (data: Uint8Array) => data.with(3, (data[3] ?? 0) ^ 1)],
    ["a truncated record", (data: Uint8Array) => data.slice(0, -1)],
    ["an empty record", (data: Uint8Array) => data.slice(0, 0)],
  ])("T60: %s", async (_name, damage) => {
    const record = await row("key:c1");
    await store.db.put("vault", { ...record, data: damage(record["data"] as Uint8Array) }, "key:c1");
    expect(await vault.use(bound)).toEqual(fail("no-key"));
  });

  test("T60: a record under another address or instance, in the record or in the connection", async () => {
    const record = await row("key:c1");
    const elsewhere = { ...bound, origin: "https://evil.example" };
    expect(await keyOf(vault, elsewhere)).toBe("no-key");
    expect(await keyOf(vault, { ...bound, instance: "inst_other" })).toBe("no-key");
    await store.db.put("vault", { ...record, origin: elsewhere.origin }, "key:c1");
    expect(await keyOf(vault, elsewhere)).toBe("no-key");
    expect(await keyOf(vault)).toBe("no-key");
    // Both changed alike: only what the key is sealed with still knows.
    const moved = { ...bound, instance: "inst_other" };
    await store.db.put("vault", { ...record, instance: moved.instance }, "key:c1");
    expect(await keyOf(vault, moved)).toBe("no-key");
  });

  test("T60: the record of one connection in the place of another", async () => {
    await vault.put({ ...bound, id: "c3" }, "another-key-012345");
    await store.db.put("vault", await row("key:c3"), "key:c1");
    expect(await keyOf(vault)).toBe("no-key");
  });

  test("T60: an older record that is put back", async () => {
    const old = await row("key:c1");
    await vault.put(bound, "the-newer-key-012345");
    expect(await keyOf(vault)).toBe("the-newer-key-012345");
    await store.db.put("vault", old, "key:c1");
    expect(await vault.use(bound)).toEqual(fail("no-key"));
  });

  test("T60: a damaged header locks for good", async () => {
    const header = await row("header");
    const list = header["list"] as { iv: Uint8Array; data: Uint8Array };
    await store.db.put("vault", { ...header, list: { ...list, data: list.data.with(0, 0xff) } }, "header");
    expect(await keyOf(vault)).toBe("locked");
    expect(await vault.unlock(PASSPHRASE)).toEqual(fail("wrong-passphrase"));
  });

  test.each([
    ["one iteration", { it: 1 }],
    ["a trillion iterations", { it: 1e12 }],
    ["just below the floor", { it: 599_999 }],
    ["half an iteration", { it: 1_000_000.5 }],
    ["iterations as text", { it: "1000000" }],
    ["an unknown derivation", { kdf: "scrypt" }],
    ["a derivation in the prototype", { kdf: "constructor" }],
    ["a short salt", { salt: new Uint8Array(8) }],
    ["another version", { v: 2 }],
  ])("T65: a header with %s is not even tried", async (_name, damage) => {
    await store.db.put("vault", { ...(await row("header")), ...damage }, "header");
    const { vault: tampered, derived } = counted();
    expect(await tampered.unlock(PASSPHRASE)).toEqual(fail("no-key"));
    expect(await keyOf(tampered)).toBe("no-key");
    expect(derived()).toBe(0);
  });

  test("a header that cannot be read is set aside with its sealed keys when a new vault is begun", async () => {
    const sealed: unknown = await store.db.get("vault", `key:${bound.id}`);
    expect(sealed).toBeDefined();
    await store.db.put("vault", { v: 9, secret: "future" }, "header");
    expect(await vault.put(bound, KEY)).toEqual(fail("no-key"));
    expect(await vault.put(bound, KEY, "passphrase", PASSPHRASE)).toEqual(ok(undefined));
    expect(await keyOf(vault)).toBe(KEY);
    const aside = new Map((await store.db.getAll("aside")).map(({ table, key, value }) => [`${table} ${key}`, value]));
    expect(aside).toEqual(
      new Map<string, unknown>([
        ["vault header", { v: 9, secret: "future" }],
        [`vault key:${bound.id}`, sealed],
      ]),
    );
    // Forgotten with its connection, there too.
    await vault.forget(bound.id);
    expect((await store.db.getAll("aside")).map(({ key }) => key)).toEqual(["header"]);
  });

  test("a second key needs the open vault or its passphrase", async () => {
    expect(await vault.put(other, "second-key-012345", "passphrase", "four wrong words indeed")).toEqual(
      fail("wrong-passphrase"),
    );
    const later = restart();
    expect(await later.put(other, "second-key-012345", "passphrase")).toEqual(fail("locked"));
    expect(await row("key:c2")).toBeUndefined();
    expect(await later.put(other, "second-key-012345", "passphrase", PASSPHRASE)).toEqual(ok(undefined));
    expect(await keyOf(later, other)).toBe("second-key-012345");
    expect(await keyOf(later)).toBe(KEY);
  });

  test("two keys that come at the same time are both kept", async () => {
    await Promise.all([vault.put(other, "second-key-012345"), vault.put({ ...other, id: "c3" }, "third-key-012345")]);
    expect(await keyOf(vault, other)).toBe("second-key-012345");
    expect(await keyOf(vault, { ...other, id: "c3" })).toBe("third-key-012345");
  });

  test("a forgotten key is gone and cannot be put back", async () => {
    const record = await row("key:c1");
    await vault.forget("c1");
    expect(await row("key:c1")).toBeUndefined();
    expect(await keyOf(vault)).toBe("no-key");
    await store.db.put("vault", record, "key:c1");
    expect(await keyOf(vault)).toBe("no-key");
  });

  test("a key that was forgotten under the lock cannot be put back after the next one", async () => {
    const record = await row("key:c1");
    const later = restart();
    await later.forget("c1");
    await later.put(other, "second-key-012345", undefined, PASSPHRASE);
    await store.db.put("vault", record, "key:c1");
    expect(await keyOf(later)).toBe("no-key");
    expect(await keyOf(later, other)).toBe("second-key-012345");
  });

  test("without any key left, the next one begins with a passphrase of its own", async () => {
    await vault.forget("c1");
    await vault.lock();
    expect(await vault.put(other, "second-key-012345", "passphrase", "eight blue lanterns glowing")).toEqual(
      ok(undefined),
    );
    await vault.lock();
    expect(await vault.unlock(PASSPHRASE)).toEqual(fail("wrong-passphrase"));
    expect(await vault.unlock("eight blue lanterns glowing")).toEqual(ok(undefined));
  });

  test("R17: a clock that went back more than a minute locks it, a smaller step does not", async () => {
    time -= 59_000;
    expect(await keyOf(vault)).toBe(KEY);
    time -= 2_000;
    await vault.watchClock();
    expect(locks).toBe(1);
    expect(fake.session["isOpen"]).toBeUndefined();
    expect(await keyOf(vault)).toBe("locked");
  });

  test("R17: it is the latest time that counts", async () => {
    time += 3_600_000;
    await vault.watchClock();
    time -= 61_000;
    expect(await keyOf(vault)).toBe("locked");
  });

  test("T64: another way to write the same characters opens it", async () => {
    expect(await vault.setProtection("passphrase", "café crème brûlée ﬁn")).toEqual(ok(undefined));
    const later = restart();
    expect(await later.unlock("café crème brûlée ﬁn".normalize("NFD"))).toEqual(ok(undefined));
    await later.lock();
    expect(await later.unlock("café crème brûlée fin")).toEqual(ok(undefined));
  });

  test("T64: a megabyte is refused without being tried", async () => {
    const { vault: patient, derived } = counted();
    expect(await patient.unlock("x".repeat(1_000_000))).toEqual(fail("wrong-passphrase"));
    expect(derived()).toBe(0);
    expect(await vault.setProtection("passphrase", `${PASSPHRASE} `.repeat(40))).toEqual(fail("weak-passphrase"));
    expect(await keyOf(vault)).toBe(KEY);
  });
});

test("T60: each vault has a salt of its own and a million iterations", async () => {
  const salts: unknown[] = [];
  for (let i = 0; i < 2; i += 1) {
    expect(await vault.setProtection("passphrase", PASSPHRASE)).toEqual(ok(undefined));
    const header = await row("header");
    expect(header["it"]).toBe(1_000_000);
    salts.push(String(header["salt"]));
  }
  expect(new Set(salts).size).toBe(2);
  expect(salts).not.toContain(String(new Uint8Array(16)));
});

describe("until the browser closes", () => {
  beforeEach(async () => {
    await vault.put(bound, KEY, "session");
  });

  test("keeps the key in the session alone", async () => {
    expect(await vault.mode()).toBe("session");
    expect(await keyOf(vault)).toBe(KEY);
    expect(await onDisk()).not.toContain(KEY);
    const later = restart();
    expect(await keyOf(later)).toBe("no-key");
    expect(await later.unlock("anything")).toEqual(ok(undefined));
    // Typed anew it is kept the same way again.
    expect(await later.put(bound, "typed-again-012345")).toEqual(ok(undefined));
    expect(await keyOf(later)).toBe("typed-again-012345");
    expect(await onDisk()).not.toContain("typed-again");
  });

  test("is bound to the address, too", async () => {
    expect(await keyOf(vault, { ...bound, origin: "https://evil.example" })).toBe("no-key");
  });

  test("locking forgets the keys, forgetting one leaves the others", async () => {
    await vault.put(other, "second-key-012345");
    await vault.forget("c1");
    expect(await keyOf(vault)).toBe("no-key");
    expect(await keyOf(vault, other)).toBe("second-key-012345");
    await vault.lock();
    expect(await keyOf(vault, other)).toBe("no-key");
  });
});

describe("without protection", () => {
  beforeEach(async () => {
    await vault.put(bound, KEY, "none");
  });

  test("outlives the browser, and never lies in clear", async () => {
    expect(await vault.mode()).toBe("none");
    expect(await onDisk()).not.toContain(KEY);
    const later = restart();
    expect(await keyOf(later)).toBe(KEY);
    await later.lock();
    expect(await keyOf(later)).toBe(KEY);
    expect(await keyOf(later, { ...bound, origin: "https://evil.example" })).toBe("no-key");
  });

  test("its own key cannot be taken out", async () => {
    const { key } = (await row("header")) as unknown as { key: CryptoKey };
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  });
});

describe("changing the protection", () => {
  test("leaves nothing behind that the old passphrase opens", async () => {
    await vault.put(bound, KEY, "passphrase", PASSPHRASE);
    const old = String((await row("key:c1"))["data"]);
    await vault.setProtection("passphrase", "another set of plain words");
    expect(String((await row("key:c1"))["data"])).not.toBe(old);
    await vault.setProtection("session");
    expect(await store.db.getAllKeys("vault")).toEqual(["header"]);
  });

  test("takes every key along, in each direction", async () => {
    await vault.put(bound, KEY, "none");
    await vault.put(other, "second-key-012345");
    for (const mode of ["passphrase", "session", "passphrase", "none", "session", "none"] as const) {
      expect(await vault.setProtection(mode, mode === "passphrase" ? PASSPHRASE : undefined)).toEqual(ok(undefined));
      expect(await vault.mode()).toBe(mode);
      expect(await keyOf(vault)).toBe(KEY);
      expect(await keyOf(vault, other)).toBe("second-key-012345");
      expect((await store.db.get("settings", "settings"))?.protection).toBe(mode);
      expect(await onDisk()).not.toContain(KEY);
    }
  });

  test.each([
    ["session", "passphrase"],
    ["passphrase", "session"],
    ["passphrase", "passphrase"],
    ["none", "session"],
    ["none", "passphrase"],
  ] as const)("changes nothing on a full disk (%s, then %s)", async (mode, next) => {
    await vault.put(bound, KEY, mode, mode === "passphrase" ? PASSPHRASE : undefined);
    const before = structuredClone(fake.session);
    const full = failWrites();
    await expect(vault.setProtection(next, "another set of plain words")).rejects.toThrow();
    full.mockRestore();
    expect(fake.session).toEqual(before);
    expect(await keyOf(vault)).toBe(KEY);
  });

  test.each([
    ["session", KEY],
    ["passphrase", "locked"],
  ] as const)("a worker that dies before the change is stored loses no key (%s)", async (mode, kept) => {
    await vault.put(bound, KEY, mode, mode === "passphrase" ? PASSPHRASE : undefined);
    failWrites();
    const { session } = fake.browser.storage;
    const set = session.set.bind(session);
    let isDead = false;
    vi.spyOn(session, "set").mockImplementation(async (items) => {
      // What is set after the failed write, a dead worker does not set.
      if (!isDead) await set(items);
      isDead = true;
    });
    await vault.setProtection("passphrase", "another set of plain words").catch(() => undefined);
    vi.restoreAllMocks();
    expect(await keyOf(open())).toBe(kept);
    // The screens ask for the passphrase.
    expect(fake.session["isOpen"]).toBe(kept === "locked" ? undefined : true);
  });

  test("needs the open vault and a passphrase that is not weak", async () => {
    await vault.put(bound, KEY, "passphrase", PASSPHRASE);
    expect(await vault.setProtection("passphrase", "123456")).toEqual(fail("weak-passphrase"));
    expect(await vault.setProtection("passphrase")).toEqual(fail("weak-passphrase"));
    const later = restart();
    expect(await later.setProtection("none")).toEqual(fail("locked"));
    expect(await later.unlock(PASSPHRASE)).toEqual(ok(undefined));
    expect(await keyOf(later)).toBe(KEY);
  });

  test("a new passphrase shuts out the old one", async () => {
    await vault.put(bound, KEY, "passphrase", PASSPHRASE);
    await vault.setProtection("passphrase", "another set of plain words");
    const later = restart();
    expect(await later.unlock(PASSPHRASE)).toEqual(fail("wrong-passphrase"));
    expect(await later.unlock("another set of plain words")).toEqual(ok(undefined));
  });
});

test("nothing is kept before a mode is chosen", async () => {
  expect(await vault.mode()).toBeUndefined();
  expect(await vault.use(bound)).toEqual(fail("no-key"));
  expect(await vault.put(bound, KEY)).toEqual(fail("no-key"));
  expect(await vault.put(bound, KEY, "passphrase")).toEqual(fail("weak-passphrase"));
  expect(await vault.unlock(PASSPHRASE)).toEqual(fail("no-key"));
  expect(await row("key:c1")).toBeUndefined();
});

test.each([
  "",
  "1234",
  "123456789012",
  "short words",
  "password1234",
  "passwordpassword",
  "P@ssw0rd P@ssw0rd",
  "qwertyuiop12",
  "aaaaaaaaaaaaaaaa",
  "abcabcabcabcabc",
  "abcdefghijklmnop",
  "098765432109876",
  "iloveyou12345",
  "wappfy wappfy wappfy",
  "letmein letmein",
  "a b c d e f",
  "hello hello hello hello",
  "           x",
])("T64: %j is weak", (passphrase) => {
  expect(weaknessOf(passphrase)).toBeDefined();
});

test.each([
  ["Summer2026!!", "word"],
  ["Mumbai@12345", "word"],
  ["iloveyou2026", "word"],
  ["Bangalore#2025", "word"],
  ["!!2026Winter!!", "word"],
  ["Summ3r-2026-07", "word"],
  ["P@ssw0rd2026!", "word"],
  ["मुंबई@123456789", "word"],
  ["to be or not", "short"],
  ["a1 b2 c3 d4", "short"],
  ["x y z 1 2 3 4 5", "short"],
  ["x".repeat(1025), "long"],
] as const)("%j is weak, and why: %s", (passphrase, why) => {
  expect(weaknessOf(passphrase)).toBe(why);
});

test.each([
  "kite/Marble7 Lagoon",
  "7 tango-Window",
  "电池 订书钉 正确 马匹",
  PASSPHRASE,
  "correct horse battery staple",
  "Tz4!kPw9$rLm",
  "нет дома никого сегодня",
  "चाय पानी दूध रोटी",
  "猫が庭で静かに眠っていた",
  "wappfy gateway of the third desk",
])("%j will do", (passphrase) => {
  expect(weaknessOf(passphrase)).toBeUndefined();
});

test("a secret shows itself only when asked to", () => {
  const secret = new Secret(KEY);
  const shown = [`${secret}`, JSON.stringify({ secret }), inspect(secret), inspect({ secret }), String([secret])];
  for (const text of shown) expect(text).not.toContain("CANARY");
  expect(secret.reveal()).toBe(KEY);
});
