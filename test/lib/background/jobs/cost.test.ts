import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openBudget } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import { sandboxGateway } from "../../../../lib/sandbox/gateway";
import { OWN_NUMBER, WORLD_GROUPS } from "../../../../lib/sandbox/world";
import { createWorld } from "../../../../lib/sandbox/seed";
import { ok } from "../../../../lib/shared/failure";
import { memoryStore } from "../memory";
import { CONNECTION, GROUP, harnessOn, membersOf, newStore, newWorld, person, writes } from "../simulation";

/** What adding costs in requests, against the bound of group testing: b·log2(n/b) tests find b bad ones among n. */

const CONSTANT = 24;

/** Spreads `bad` numbers over `n` without a pattern, the same each time. */
function spread(n: number, bad: number): Set<number> {
  const found = new Set<number>();
  for (let seed = 7; found.size < bad;) {
    seed = (seed * 48_271) % 2_147_483_647;
    found.add(seed % n);
  }
  return found;
}

async function cost(n: number, bad: number): Promise<{ sent: number; read: number }> {
  const world = newWorld();
  const store = await newStore(world, memoryStore());
  const h = harnessOn(store, world);
  const people = [...Array(n)].map((_, each) => person(each + 2000));
  for (const each of spread(n, bad)) world.bad.add(people[each]?.id ?? "");
  const id = await h.begin({ kind: "add", groups: [GROUP], people, pace: "fast" });
  await h.settle();
  // Three bad ones that happen to lie side by side pause the job: the agent goes on.
  for (let i = 0; i < bad && (await h.state(id)) === "paused"; i += 1) {
    await h.jobs.resume(id);
    await h.settle();
  }
  const steps = await h.steps(id);
  expect(steps.filter(({ verdict }) => verdict === "added")).toHaveLength(n - bad);
  expect(steps.filter(({ verdict }) => verdict === "not-added").map(({ person: who }) => who)).toEqual(
    people.map(({ id: who }) => who).filter((who) => world.bad.has(who)),
  );
  expect(new Set(membersOf(world)).size).toBe(membersOf(world).length);
  return { sent: writes(world).length, read: world.calls.length - writes(world).length };
}

test("finds the bad ones within twice the bound, and a clean run costs a tenth of a request a person", async () => {
  const table = [];
  for (const n of [1, 10, 100, 300, 1000]) {
    for (const bad of [0, 1, 3, 10, 30, 100, 250]) {
      if (bad * 4 > n) continue;
      const { sent, read } = await cost(n, bad);
      const bound = bad === 0 ? 0 : bad * Math.log2(n / bad);
      table.push({
        n,
        bad,
        requests: sent,
        readings: read,
        bound: Math.round(bound),
        allowed: Math.round(2 * bound + CONSTANT),
      });
      expect(sent, `${n} people, ${bad} bad`).toBeLessThanOrEqual(2 * bound + CONSTANT);
      if (bad === 0 && n >= 100) expect((sent + read) / n).toBeLessThanOrEqual(0.1);
    }
  }
  console.table(table);
}, 180_000);

/** Limit and window (ms) of the documented allowance, and what one request takes here. */
const ALLOWED = { limit: 100, window: 60_000 };
const LATENCY = 150;

/** Adds people at the fast pace through the real client to the sandbox gateway, which counts by its own clock. */
async function longRun(n: number, bad: number) {
  const time = newWorld();
  const now = () => time.time;
  const world = createWorld({ groups: 10 });
  const sandbox = sandboxGateway({ world, now, rateLimit: ALLOWED });
  const requests: number[] = [];
  let limited = 0;
  const gateway = openGateway({
    connection: { ...CONNECTION, instance: world.instances[0]!.id },
    key: async () => ok(new Secret("sandbox")),
    budget: openBudget(CONNECTION.id, { load: async () => undefined, save: async () => undefined }, now),
    fetch: async (request) => {
      requests.push(now());
      const response = await sandbox.fetch(request);
      time.time += LATENCY;
      if (response.status === 429) limited += 1;
      return response;
    },
  });
  const store = await newStore(time, memoryStore());
  const h = harnessOn(store, time, { gateway: async () => ok(gateway) });
  const wrong = spread(n, bad);
  // A number of sixteen digits is none: the gateway refuses the whole request.
  const people = [...Array(n)].map((_, each) => ({
    id: wrong.has(each) ? `${10 ** 15 + each}@s.whatsapp.net` : person(each + 2000).id,
    given: "",
  }));
  const group = WORLD_GROUPS.alpha;
  const before = world.groups[group]!.members.length;
  const id = await h.begin({ kind: "add", groups: [group], people, pace: "fast" });
  await h.settle();
  for (let i = 0; i < bad && (await h.state(id)) === "paused"; i += 1) {
    await h.jobs.resume(id);
    await h.settle();
  }
  expect((await h.steps(id)).filter(({ verdict }) => verdict === "added")).toHaveLength(n - bad);
  expect(world.groups[group]!.members).toHaveLength(before + n - bad);
  expect(world.groups[group]!.members.some(({ id: who }) => who === OWN_NUMBER)).toBe(true);

  // Windows as the gateway counts them: each begins with the first request after the end of the one before.
  const windows: { start: number; used: number }[] = [];
  for (const at of requests) {
    const last = windows.at(-1);
    if (last && at < last.start + ALLOWED.window) last.used += 1;
    else windows.push({ start: at, used: 1 });
  }
  // The last one is not over when the job is.
  const full = windows.slice(0, -1);
  const used = full.reduce((sum, window) => sum + window.used, 0);
  const minutes = (windows.at(-1)!.start - windows[0]!.start) / ALLOWED.window;
  return { requests: requests.length, limited, minutes, usage: minutes === 0 ? 1 : used / (ALLOWED.limit * minutes) };
}

test(
  "a long fast run uses nine tenths of the allowance, and is never refused for asking too much",
  { timeout: 300_000 },
  async () => {
    const table = [];
    for (const [n, bad] of [
      [1000, 0],
      [1000, 30],
      [1000, 250],
    ] as const) {
      const { requests, limited, minutes, usage } = await longRun(n, bad);
      const percent = `${(100 * usage).toFixed(1)} %`;
      table.push({ n, bad, requests, minutes: minutes.toFixed(1), "allowance used": percent, "429": limited });
      expect(limited).toBe(0);
      expect(usage).toBeGreaterThanOrEqual(0.9);
      if (bad === 0) expect(requests / n).toBeLessThanOrEqual(0.1);
    }
    console.table(table);
  },
);
