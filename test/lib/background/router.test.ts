import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRouter, type Handlers } from "../../../lib/background/router";
import type { Caller } from "../../../lib/background/page/sender";
import { commands, type CommandName } from "../../../lib/shared/commands";
import { fail, ok } from "../../../lib/shared/failure";

const ours: Caller = { from: "extension" };
const page: Caller = { from: "web", origin: "https://forum.example", tab: 1, window: 1, isActive: true };
const names = Object.keys(commands) as CommandName[];
const FROM_PAGES = ["reportInvites", "askToJoin"];

/** Handlers that only say that they were called. */
function recording(): { route: ReturnType<typeof createRouter>; calls: [name: string, input: unknown][] } {
  const calls: [string, unknown][] = [];
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      (input: unknown) => {
        calls.push([name, input]);
        return Promise.resolve(ok(name));
      },
    ]),
  ) as unknown as Handlers;
  return { route: createRouter(handlers), calls };
}

test("a good message reaches its handler with its input", async () => {
  const { route, calls } = recording();
  expect(await route({ command: "unlock", input: { passphrase: "correct horse" } }, ours)).toEqual(ok("unlock"));
  expect(await route({ command: "lock" }, ours)).toEqual(ok("lock"));
  expect(await route({ command: "askToJoin", input: { code: "AbCdEfGhIjKlMn" } }, page)).toEqual(ok("askToJoin"));
  expect(calls).toEqual([
    ["unlock", { passphrase: "correct horse" }],
    ["lock", undefined],
    ["askToJoin", { code: "AbCdEfGhIjKlMn" }],
  ]);
});

test("a page reaches two commands, and our own screens reach none of these", async () => {
  const { route } = recording();
  for (const name of names) {
    const fromPage = await route({ command: name }, page);
    expect(fromPage.ok || fromPage.failure.code !== "not-allowed", name).toBe(FROM_PAGES.includes(name));
    const fromUs = await route({ command: name }, ours);
    expect(fromUs.ok || fromUs.failure.code !== "not-allowed", name).toBe(!FROM_PAGES.includes(name));
    expect(await route({ command: name }, undefined), name).toEqual(fail("not-allowed"));
  }
});

test("each border refuses with its own code, in order", async () => {
  const { route, calls } = recording();
  expect(await route({ command: "nothing" }, undefined)).toEqual(fail("unknown-command"));
  expect(await route({ command: "unlock", input: { passphrase: 1 } }, page)).toEqual(fail("not-allowed"));
  expect(await route({ command: "unlock", input: { passphrase: 1 } }, ours)).toEqual(fail("bad-input"));
  expect(await route({ command: "unlock", input: { passphrase: "x", more: 1 } }, ours)).toEqual(fail("bad-input"));
  expect(await route({ command: "lock", input: {} }, ours)).toEqual(fail("bad-input"));
  const groups = Array.from({ length: 1001 }, (_, n) => `${120_363_000_000_000_000 + n}@g.us`);
  expect(await route({ command: "readMembers", input: { groups } }, ours)).toEqual(fail("too-many"));
  expect(await route({ command: "readMembers", input: { groups: ["x"] } }, ours)).toEqual(fail("bad-input"));
  expect(calls).toEqual([]);
});

test("T10: a name of the prototype is no command", async () => {
  const { route } = recording();
  for (const command of ["toString", "constructor", "__proto__", "hasOwnProperty", "valueOf"]) {
    expect(await route({ command }, ours), command).toEqual(fail("unknown-command"));
  }
});

test("T10: a getter of the message is not run", async () => {
  const { route, calls } = recording();
  let runs = 0;
  const get = (value: unknown) => ({
    enumerable: true,
    get: () => {
      runs += 1;
      return value;
    },
  });
  const messages = [
    Object.defineProperty({}, "command", get("lock")),
    Object.defineProperty({ command: "unlock" }, "input", get({ passphrase: "correct horse" })),
  ];
  for (const message of messages) expect(await route(message, ours)).toMatchObject({ ok: false });
  expect([runs, calls]).toEqual([0, []]);
});

test("T08 T10: a page names an invite by a code and by nothing else", async () => {
  const { route, calls } = recording();
  const codes = ["A".repeat(65), "A".repeat(9), "AbCdEf/../GhIjKl", "AbCdEfGhIj?x", "AbCdEfGhIj\u200b", "", 5, null];
  for (const code of codes) {
    expect(await route({ command: "askToJoin", input: { code } }, page), String(code)).toEqual(fail("bad-input"));
  }
  expect(calls).toEqual([]);
});

test("a date, a map or a list is no empty input", async () => {
  const { route, calls } = recording();
  for (const input of [new Date(0), new Map(), new Set(), [], /x/, () => 1, new URL("https://forum.example")]) {
    expect(await route({ command: "eraseHistory", input }, ours)).toEqual(fail("bad-input"));
  }
  expect(calls).toEqual([]);
});

test("an exception in a handler gives a code and no more", async () => {
  const handlers = {
    lock: () => Promise.reject(new Error("secret of the inside")),
    addSandbox: () => Promise.reject(new DOMException("full", "QuotaExceededError")),
    findOnPage: () => Promise.reject(new DOMException("written by a newer one", "VersionError")),
    forgetEverything: () => Promise.reject(new DOMException("the connection is closing", "InvalidStateError")),
    pageView: () => {
      throw new TypeError("at once");
    },
  } as unknown as Handlers;
  const route = createRouter(handlers);
  expect(await route({ command: "lock" }, ours)).toEqual(fail("broken"));
  expect(await route({ command: "addSandbox" }, ours)).toEqual(fail("storage-full"));
  expect(await route({ command: "findOnPage" }, ours)).toEqual(fail("store-newer"));
  expect(await route({ command: "forgetEverything" }, ours)).toEqual(fail("store-closed"));
  expect(await route({ command: "pageView" }, ours)).toEqual(fail("broken"));
  expect(await route({ command: "unlock", input: { passphrase: "x" } }, ours)).toEqual(fail("broken"));
});

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i += 1) value = { input: value };
  return value;
}

const throwing = Object.defineProperty({}, "code", {
  enumerable: true,
  get() {
    throw new Error("touched");
  },
});
const holes: unknown[] = [];
holes[5] = "AbCdEfGhIjKlMn";

/** T10: shapes made to get through, to pollute or to choke. */
const hostile: [name: string, message: unknown][] = [
  ["__proto__ as a command", { command: "__proto__", input: {} }],
  ["constructor as a command", { command: "constructor", input: {} }],
  ["toString as a command", { command: "toString" }],
  ["hasOwnProperty as a command", { command: "hasOwnProperty" }],
  ["a command that is an object", { command: { toString: () => "lock" } }],
  ["a command in the prototype", Object.create({ command: "lock" })],
  ["a command behind a getter", Object.defineProperty({}, "command", { enumerable: true, get: () => "lock" })],
  ["__proto__ in the message", JSON.parse('{"command":"lock","__proto__":{"x":1}}')],
  [
    "__proto__ in the input",
    JSON.parse('{"command":"askToJoin","input":{"code":"AbCdEfGhIjKlMn","__proto__":{"x":1}}}'),
  ],
  ["constructor in the input", JSON.parse('{"command":"askToJoin","input":{"code":"AbCdEfGhIjKlMn","constructor":1}}')],
  ["input with the field in its prototype only", { command: "askToJoin", input: Object.create({ code: 5 }) }],
  ["a getter that throws", { command: "askToJoin", input: throwing }],
  ["10 MB as a code", { command: "askToJoin", input: { code: "A".repeat(10_000_000) } }],
  ["10 MB as a command", { command: "A".repeat(10_000_000) }],
  ["depth 10,000", { command: "askToJoin", input: deep(10_000) }],
  ["a further field beside a good command", { command: "eraseHistory", tab: 1 }],
  ["a further field beside a good input", { command: "askToJoin", input: { code: "AbCdEfGhIjKlMn" }, origin: "x" }],
  ["10 MB as a passphrase", { command: "unlock", input: { passphrase: "A".repeat(10_000_000) } }],
  ["depth 10,000 as a passphrase", { command: "unlock", input: { passphrase: deep(10_000) } }],
  [
    "codes with holes",
    { command: "startJob", input: { job: { kind: "join", codes: holes, pace: "fast" }, nonce: "n" } },
  ],
  ["__proto__ in an input of ours", JSON.parse('{"command":"unlock","input":{"passphrase":"x","__proto__":{"x":1}}}')],
  ["a date as an empty input", { command: "reportInvites", input: new Date(0) }],
  ["an array as input", { command: "reportInvites", input: [] }],
  ["sources that are like an array", { command: "reportInvites", input: { sources: { length: 1, 0: [["", "x"]] } } }],
  ["300 sources", { command: "reportInvites", input: { sources: Array.from({ length: 300 }, () => [["", "x"]]) } }],
  ["a third field", { command: "lock", tab: 1 }],
  ["a symbol beside", { command: "lock", [Symbol("x")]: 1 }],
  ["an array", ["lock"]],
  ["a string", "lock"],
  ["null", null],
  ["undefined", undefined],
  ["a revoked proxy", revoked()],
];

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test.each([
  ["a hole", undefined],
  ["an attribute with a long value", [["href", "x".repeat(2001)]]],
  ["an attribute with a long name", [["x".repeat(101), "whatsapp"]]],
  ["51 attributes", Array.from({ length: 51 }, (_, i) => [`data-${i}`, "whatsapp"])],
  ["a number", 7],
])("%s among the sources of a page takes away nothing but itself", async (_name, bad) => {
  const { route, calls } = recording();
  await route({ command: "reportInvites", input: { sources: [bad, [["href", "x"]]] } }, page);
  expect(calls).toEqual([["reportInvites", { sources: [[], [["href", "x"]]] }]]);
});

test.each(hostile)("T10: refuses %s, whoever sends it", async (_name, message) => {
  const { route, calls } = recording();
  for (const caller of [page, ours, undefined]) expect(await route(message, caller)).toMatchObject({ ok: false });
  expect(calls).toEqual([]);
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test(
  "T09: 10,000 random and mutated messages are all refused, and nothing is called",
  { timeout: 60_000 },
  async () => {
    const { route, calls } = recording();
    const someCommand = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, fc.string(), fc.anything());
    const key = fc.oneof(fc.constantFrom("id", "code", "codes", "job", "key", "origin", "__proto__"), fc.string());
    const someInput = fc.oneof(
      fc.anything({ withNullPrototype: true, withMap: true, withDate: true, withSparseArray: true }),
      // Never quite right: each input has a field that no schema knows.
      fc.dictionary(key, fc.anything()).map((fields) => ({ ...fields, "not a field": 1 })),
    );
    const message = fc.oneof(
      fc.anything(),
      fc.record({ command: someCommand, input: someInput }, { requiredKeys: ["command"] }),
    );
    const caller = fc.constantFrom<(Caller | undefined)[]>(ours, page, undefined);
    await fc.assert(
      fc.asyncProperty(message, caller, async (one, from) => {
        const hasNoInput = isBare(one);
        const reply = await route(one, from);
        // A bare name, with no or an empty input, is a good message for some commands; every other is to be refused.
        if (!hasNoInput) expect(reply.ok).toBe(false);
        else if (!reply.ok) expect(reply.failure.code).toMatch(/^(bad-input|not-allowed|unknown-command)$/);
      }),
      { numRuns: 10_000 },
    );
    expect(calls.every(([, input]) => Object.keys(input ?? {}).length === 0)).toBe(true);
  },
);

function isBare(message: unknown): boolean {
  if (typeof message !== "object" || message === null) return false;
  const { input } = message as { input?: unknown };
  return input === undefined || (typeof input === "object" && Reflect.ownKeys(input ?? [0]).length === 0);
}
