import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { GROUP, harnessOn, membersOf, newStore, newWorld, person, writes } from "./simulation";
import { memoryStore } from "./memory";

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
