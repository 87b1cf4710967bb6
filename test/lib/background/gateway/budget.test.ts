import "fake-indexeddb/auto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONNECTION } from "../simulation";
import { openBudget, retryAt, storedBudget, type Allowance } from "../../../../lib/background/gateway/budget";
import type { Budget } from "../../../../lib/shared/model";
import { readBudget } from "../../../../lib/store/read-account";
import { makeStore } from "../../../../lib/store/migrate";

const NOW = Date.UTC(2026, 10, 24, 12);

/** A clock that a test moves, an allowance by it, and what was saved. */
function setUp(saved?: Budget) {
  const clock = { now: NOW };
  const written: Budget[] = [];
  const budget = openBudget(
    "c",
    { load: async () => saved, save: async (state) => void written.push(state) },
    () => clock.now,
  );
  return { clock, written, budget };
}

/** Headers as the gateway sends them; its reset time is in seconds from `NOW` by its own clock. */
function told(remaining: number, reset: number, { limit = 100, skew = 0, status = 200 } = {}) {
  return {
    status,
    serverTime: NOW + skew,
    headers: new Headers({
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String(Math.ceil((NOW + skew) / 1000) + reset),
    }),
  };
}

async function take(budget: Allowance, priority: "agent" | "background" = "agent") {
  const ticket = await budget.take(priority);
  if (!ticket.ok) throw new Error(`refused until ${ticket.retryAt}`);
  return ticket;
}

/** How many requests are granted in a row, without an answer to any. */
async function grants(budget: Allowance, priority: "agent" | "background") {
  for (let count = 0; ; count += 1) if (!(await budget.take(priority)).ok) return count;
}

describe("the allowance", () => {
  test("is a hundred a minute until the gateway says otherwise, also without any header", async () => {
    const { budget, clock } = setUp();
    for (let i = 0; i < 100; i += 1) (await take(budget)).report({ status: 200, headers: new Headers() });
    expect(await budget.take("agent")).toEqual({ ok: false, retryAt: NOW + 60_000 });
    clock.now += 60_000;
    expect((await budget.take("agent")).ok).toBe(true);
  });

  test("calls in flight count: together they never overshoot", async () => {
    const { budget } = setUp();
    (await take(budget)).report(told(10, 30));
    const tickets = await Promise.all(Array.from({ length: 50 }, () => budget.take("agent")));
    expect(tickets.filter(({ ok }) => ok)).toHaveLength(10);
  });

  test("background work leaves five of a hundred to the agent, who may use all", async () => {
    const { budget } = setUp();
    expect(await grants(budget, "background")).toBe(95);
    expect(await grants(budget, "agent")).toBe(5);
    const small = setUp();
    (await take(small.budget)).report(told(10, 30, { limit: 10 }));
    expect(await grants(small.budget, "background")).toBe(10);
  });

  test("the gateway's count wins: another device uses the same allowance", async () => {
    const { budget } = setUp();
    (await take(budget)).report(told(3, 30));
    expect(budget.state()).toMatchObject({ limit: 100, remaining: 3 });
    expect(await grants(budget, "agent")).toBe(3);
  });

  test("answers out of order do not bring back what is used", async () => {
    const { budget } = setUp();
    const [first, second] = [await take(budget), await take(budget)];
    second.report(told(4, 30));
    first.report(told(5, 30));
    expect(budget.state().remaining).toBe(4);
  });

  test("a request without an answer counts as used", async () => {
    const { budget } = setUp();
    (await take(budget)).report(told(10, 30));
    (await take(budget)).report();
    expect(budget.state().remaining).toBe(9);
  });

  test("a ticket is reported once", async () => {
    const { budget } = setUp();
    const ticket = await take(budget);
    ticket.report(told(10, 30));
    ticket.report(told(50, 90));
    expect(budget.state().remaining).toBe(10);
  });

  test.each([-3_600_000, -5000, 0, 5000, 3_600_000])(
    "the reset time is read by the gateway's own clock (%i ms off ours)",
    async (skew) => {
      const { budget, clock } = setUp();
      (await take(budget)).report(told(0, 30, { skew }));
      const refused = await budget.take("agent");
      expect(refused).toMatchObject({ ok: false });
      if (refused.ok) return;
      expect(refused.retryAt).toBeGreaterThanOrEqual(NOW + 30_000);
      expect(refused.retryAt).toBeLessThanOrEqual(NOW + 32_000);
      clock.now = refused.retryAt;
      expect(await grants(budget, "agent")).toBe(100);
    },
  );

  test.each([
    ["its timestamp never moves", { serverTime: Date.UTC(2026, 1, 10), date: NOW, reset: NOW + 30_000 }],
    ["a proxy sets the date by another clock", { serverTime: NOW - 9e7, date: NOW, reset: NOW - 9e7 + 30_000 }],
    ["it tells no time", { serverTime: undefined, date: undefined, reset: NOW + 30_000 }],
    ["both its clocks are wrong", { serverTime: NOW - 9e8, date: NOW + 9e8, reset: NOW + 30_000 }],
  ])("the reset time holds although %s", async (_, { serverTime, date, reset }) => {
    const { budget } = setUp();
    const headers = new Headers({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset / 1000) });
    if (date !== undefined) headers.set("date", new Date(date).toUTCString());
    (await take(budget)).report({ status: 200, headers, serverTime });
    expect(await budget.take("agent")).toEqual({ ok: false, retryAt: NOW + 31_000 });
  });

  test("a late answer of the old window says nothing about the new one", async () => {
    const { budget, clock } = setUp();
    (await take(budget)).report(told(1, 10));
    const late = await take(budget);
    clock.now += 11_000;
    expect((await budget.take("agent")).ok).toBe(true);
    late.report(told(0, 10));
    expect(budget.state().remaining).toBeGreaterThan(90);
  });

  test("a window that slides with every answer is followed up and down", async () => {
    const { budget } = setUp();
    (await take(budget)).report(told(1, 60));
    (await take(budget)).report(told(40, 60));
    expect(budget.state().remaining).toBe(40);
  });

  test.each(["", "many", "-5", "1e999", "NaN", "0x10g"])("headers that say %j are as good as none", async (text) => {
    const { budget } = setUp();
    const headers = new Headers({
      "x-ratelimit-limit": text,
      "x-ratelimit-remaining": text === "-5" ? "" : text,
      "x-ratelimit-reset": text,
    });
    (await take(budget)).report({ status: 200, headers });
    expect(budget.state()).toMatchObject({ limit: 100, remaining: 99 });
  });
});

describe("a 429", () => {
  test("stops everything until the gateway's time, the agent's clicks too", async () => {
    const { budget, clock } = setUp();
    const [one, two] = [await take(budget), await take(budget)];
    const at = one.report(told(0, 42, { status: 429 }))!;
    expect(at).toBeGreaterThanOrEqual(NOW + 42_000);
    expect(budget.state()).toMatchObject({ isLimited: true, remaining: 0, resetAt: at });
    // An answer that was under way does not lift it.
    two.report(told(50, 10));
    expect(budget.state()).toMatchObject({ isLimited: true, remaining: 0, resetAt: at });
    clock.now = at - 1;
    expect(await budget.take("agent")).toEqual({ ok: false, retryAt: at });
    clock.now = at;
    expect((await budget.take("agent")).ok).toBe(true);
    expect(budget.state().isLimited).toBe(false);
  });

  test("without a time, waits double: 1, 2, 4, 8 seconds, and start anew after a good answer", async () => {
    const { budget, clock } = setUp();
    const waits: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const at = (await take(budget)).report({ status: 429, headers: new Headers() })!;
      waits.push(at - clock.now);
      clock.now = at;
      if (i === 3) (await take(budget)).report({ status: 200, headers: new Headers() });
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 1000]);
  });

  test("several at once count as one", async () => {
    const { budget } = setUp();
    const tickets = await Promise.all(Array.from({ length: 5 }, () => take(budget)));
    const times = tickets.map((ticket) => ticket.report({ status: 429, headers: new Headers() }));
    expect(Math.max(...times.map((at) => at! - NOW))).toBeLessThanOrEqual(2000);
  });

  test.each([
    ["seconds", { "retry-after": "17" }, 17_000],
    ["a date", { "retry-after": new Date(NOW + 20_000).toUTCString() }, 20_000],
    ["a date that is over", { "retry-after": new Date(NOW - 20_000).toUTCString() }, 1000],
    ["a negative", { "retry-after": "-5" }, 1000],
    ["ms", { "retry-after": "30000" }, 30_000],
    ["seconds since 1970", { "retry-after": String(NOW / 1000 + 20) }, 20_000],
    ["ms since 1970", { "retry-after": String(NOW + 20_000) }, 20_000],
    ["1e9", { "retry-after": "1e9" }, 1000],
    ["1e999", { "retry-after": "1e999" }, 3_600_000],
    ["no number", { "retry-after": "soon" }, 1000],
    ["nothing", {}, 1000],
    ["a reset in seconds since 1970", { "x-ratelimit-reset": String(NOW / 1000 + 9) }, 10_000],
    ["a reset in seconds to go", { "x-ratelimit-reset": "9" }, 10_000],
    ["a reset in ms to go", { "x-ratelimit-reset": "9000" }, 10_000],
    ["a reset in ms since 1970", { "x-ratelimit-reset": String(NOW + 9000) }, 10_000],
    ["a reset of 1e9", { "x-ratelimit-reset": "1e9" }, 1000],
    ["the later of two", { "retry-after": "5", "x-ratelimit-reset": String(NOW / 1000 + 40) }, 41_000],
  ])("waits for %s (T53)", (_, headers, wait) => {
    const at = retryAt(new Headers(headers as Record<string, string>), { now: NOW, serverNow: NOW, refusals: 0 });
    expect(at - NOW).toBe(wait);
  });

  test("never waits less than a second nor more than an hour, whatever is sent (T53)", () => {
    const value = fc.oneof(
      fc.string().filter((text) => /^[\x20-\x7e]*$/.test(text)),
      fc.double().map(String),
      fc.integer().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(value, value, fc.nat(100), fc.integer({ min: -1e10, max: 1e10 }), (reset, after, refusals, skew) => {
        const headers = new Headers({ "x-ratelimit-reset": reset, "retry-after": after });
        const wait = retryAt(headers, { now: NOW, serverNow: NOW + skew, refusals }) - NOW;
        expect(wait).toBeGreaterThanOrEqual(1000);
        expect(wait).toBeLessThanOrEqual(3_600_000);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("against a gateway that counts", () => {
  /** A gateway with fixed windows, its own clock and slow answers, driven by a made-up time. */
  async function run(options: {
    skew: number;
    latency: (n: number) => number;
    parallel: number;
    windows: number;
    starts: number;
  }) {
    const { clock, budget } = setUp();
    const server = { start: -Infinity, used: 0 };
    let served = 0;
    let refused = 0;
    let n = 0;
    const pending: { at: number; deliver: () => void }[] = [];
    const begin = clock.now;
    clock.now += options.starts;
    while (clock.now < begin + options.windows * 60_000) {
      for (const event of pending.filter(({ at }) => at <= clock.now)) event.deliver();
      pending.splice(0, pending.length, ...pending.filter(({ at }) => at > clock.now));
      while (pending.length < options.parallel) {
        const ticket = await budget.take("background");
        if (!ticket.ok) break;
        n += 1;
        const [there, back] = [options.latency(n), options.latency(n + 7)];
        let answer: Parameters<typeof ticket.report>[0];
        pending.push({
          at: clock.now + there,
          deliver: () => {
            const serverNow = clock.now + options.skew;
            if (serverNow >= server.start + 60_000) Object.assign(server, { start: serverNow, used: 0 });
            const isOver = server.used >= 100;
            if (isOver) refused += 1;
            else {
              server.used += 1;
              served += 1;
            }
            answer = {
              status: isOver ? 429 : 200,
              // The Date header: whole seconds, made when the server answered.
              serverTime: Math.floor(serverNow / 1000) * 1000,
              headers: new Headers({
                "x-ratelimit-limit": "100",
                "x-ratelimit-remaining": String(100 - server.used),
                "x-ratelimit-reset": String(Math.floor((server.start + 60_000) / 1000)),
              }),
            };
            pending.push({ at: clock.now + back, deliver: () => void ticket.report(answer) });
          },
        });
      }
      clock.now += 50;
    }
    return { served, refused, possible: options.windows * 100 };
  }

  test.each([
    { skew: 0, parallel: 1, latency: () => 100, starts: 0 },
    { skew: 7_654_321, parallel: 1, latency: () => 250, starts: 437 },
    { skew: -12_345, parallel: 8, latency: (n: number) => 50 + ((n * 7919) % 1500), starts: 911 },
  ])("a long fast run sees no 429 and uses at least 90 % of the allowance: %j", async (options) => {
    const { served, refused, possible } = await run({ ...options, windows: 20 });
    expect(refused).toBe(0);
    expect(served / possible).toBeGreaterThanOrEqual(0.9);
  });
});

describe("between two lives of the worker", () => {
  test("a new worker starts from what was saved", async () => {
    const { budget, clock } = setUp({
      connection: "c",
      limit: 60,
      remaining: 2,
      resetAt: NOW + 20_000,
      isLimited: false,
    });
    expect(await grants(budget, "agent")).toBe(2);
    clock.now += 20_000;
    expect(await grants(budget, "agent")).toBe(58); // 60, less the two that were never answered
    const limited = setUp({ connection: "c", limit: 60, remaining: 0, resetAt: NOW + 20_000, isLimited: true });
    expect(await limited.budget.take("agent")).toEqual({ ok: false, retryAt: NOW + 20_000 });
    const old = setUp({ connection: "c", limit: 60, remaining: 0, resetAt: NOW - 1, isLimited: true });
    expect(await grants(old.budget, "agent")).toBe(60);
  });

  test("a saved time that lies days ahead, because the clock was set back, holds for an hour at most", async () => {
    const { budget } = setUp({ connection: "c", limit: 100, remaining: 0, resetAt: NOW + 9e8, isLimited: true });
    expect(await budget.take("agent")).toEqual({ ok: false, retryAt: NOW + 3_600_000 });
  });

  test("calls in flight are saved as used, many changes as few writes", async () => {
    const { budget, written } = setUp();
    const tickets = await Promise.all(Array.from({ length: 40 }, () => take(budget)));
    await expect.poll(() => written.at(-1)?.remaining).toBe(60);
    for (const ticket of tickets) ticket.report({ status: 200, headers: new Headers() });
    await expect.poll(() => written.length).toBeGreaterThan(1);
    expect(written.length).toBeLessThan(10);
    expect(written.at(-1)).toMatchObject({ connection: "c", limit: 100, remaining: 60 });
  });

  test("a store that fails stops no call", async () => {
    const broken = async () => {
      throw new Error("quota");
    };
    const budget = openBudget("c", { load: broken, save: broken }, () => NOW);
    expect((await budget.take("agent")).ok).toBe(true);
    expect((await budget.take("agent")).ok).toBe(true);
  });

  test("it is kept in the store, where the screens read it", async () => {
    const store = await makeStore("budget-test");
    await store.db.put("connections", { ...CONNECTION, id: "c" });
    const budget = openBudget("c", storedBudget(store, "c"), () => NOW);
    (await take(budget)).report(told(87, 30));
    await expect.poll(() => readBudget(store, "c")).toMatchObject({ connection: "c", remaining: 87, isLimited: false });
    const next = openBudget("c", storedBudget(store, "c"), () => NOW);
    expect(await grants(next, "agent")).toBe(87);
    store.db.close();
  });
});
