import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { Gateway } from "../../../../lib/background/gateway/gateway";
import type { JobInput } from "../../../../lib/shared/model";
import { readJob } from "../../../../lib/store/read-jobs";
import { write } from "../../../../lib/store/write";
import { memoryStore } from "../memory";
import {
  CONNECTION,
  GROUP,
  harnessOn,
  member,
  newStore,
  newWorld,
  OTHER,
  person,
  simulatedGateway,
  Timeline,
  writes,
  type Harness,
} from "../simulation";

/** Jobs beside each other: what waits for a slow request, and what does not. */

const SLOW = 20_000;
const add = (...groups: string[]): JobInput => ({ kind: "add", groups, people: [person(1)], pace: "fast" });
const rename = (group: string, name = "Renamed"): JobInput => ({ kind: "update", group, name });

/** An engine in whose world requests take time: those that add people, so much more (ms) by the group. */
async function slowEngine(slow: Record<string, number> = { [GROUP]: SLOW }): Promise<{ h: Harness; start: number }> {
  const world = newWorld();
  const timeline = new Timeline(world);
  world.pass = (ms) => timeline.sleep(ms);
  const usual = simulatedGateway(world);
  const gateway: Gateway = {
    ...usual,
    addMembers: async (group, ...more) => {
      await timeline.sleep(slow[group] ?? 0);
      return usual.addMembers(group, ...more);
    },
  };
  const store = await newStore(world, memoryStore());
  await write(store, ["connections"], async (tx) => {
    await tx.objectStore("connections").put({ ...CONNECTION, id: "c2" });
  });
  const h = harnessOn(store, world, {
    gateway: async () => ({ ok: true, value: gateway }),
    clock: { now: () => world.time, sleep: (ms) => timeline.sleep(ms) },
  });
  h.flow();
  return { h, start: world.time };
}

async function tookOf({ store }: Harness, id: string, start: number): Promise<number> {
  return ((await readJob(store, id))?.endedAt ?? Infinity) - start;
}

test("a slow request holds up neither other groups nor other connections, and the same group until it is over", async () => {
  const { h, start } = await slowEngine();
  const slow = await h.begin(add(GROUP));
  const other = await h.begin(rename(OTHER));
  const same = await h.begin(rename(GROUP));
  // The same group in the account of another connection, which a job of ours changes in another way.
  const elsewhere = await h.jobs.start("c2", { kind: "update", group: GROUP, description: "Elsewhere" }, "n");
  await h.settle();
  expect(await tookOf(h, other, start)).toBeLessThan(5000);
  expect(await tookOf(h, elsewhere.ok ? elsewhere.value.id : "", start)).toBeLessThan(5000);
  expect(await tookOf(h, slow, start)).toBeGreaterThan(SLOW);
  expect(await tookOf(h, same, start)).toBeGreaterThan(SLOW);
});

test("a job for several groups holds up only the group that it is at", async () => {
  const { h, start } = await slowEngine();
  const both = await h.begin(add(GROUP, OTHER));
  const other = await h.begin(rename(OTHER));
  await h.settle();
  expect(await tookOf(h, other, start)).toBeLessThan(5000);
  expect(await tookOf(h, both, start)).toBeGreaterThan(SLOW);
  expect(h.world.overlaps).toEqual([]);
});

test("a job for several groups gets its turn among jobs that keep each of them busy", async () => {
  const { h } = await slowEngine({ [GROUP]: 3000, [OTHER]: 5000 });
  const crowd = (from: number) => Array.from({ length: 400 }, (_, n) => person(from + n));
  await h.begin({ kind: "add", groups: [GROUP], people: crowd(1000), pace: "fast" });
  await h.begin({ kind: "add", groups: [OTHER], people: crowd(2000), pace: "fast" });
  const both = await h.begin({ kind: "remove", groups: [OTHER, GROUP], people: [person(901)], pace: "fast" });
  await h.settle();
  expect((await h.steps(both)).map(({ verdict }) => verdict)).toEqual(["removed", "removed"]);
  // Of 16 requests that add, it waits for those alone that were under way when its undo window ended.
  expect(writes(h.world).findIndex(({ name }) => name === "removeMembers")).toBeLessThan(6);
  expect(h.world.overlaps).toEqual([]);
});

test("no more than four jobs of a connection are worked on at once", async () => {
  const { h } = await slowEngine();
  for (let n = 0; n < 8; n += 1) {
    const id = `12036300000000009${n}@g.us`;
    h.world.groups.set(id, { info: { id, name: `Group ${n}` }, members: [] });
    await h.begin(rename(id, `Renamed ${n}`));
  }
  await h.settle();
  expect(h.world.mostAtOnce).toBe(4);
  expect(writes(h.world)).toHaveLength(8);
});

test("paused or cancelled beside a slow request of another job, a job sends nothing more", async () => {
  const { h } = await slowEngine();
  await h.begin(add(GROUP));
  const paused = await h.begin({ kind: "send", chats: [OTHER], text: "Hello", pace: "fast" });
  await h.jobs.pause(paused);
  const cancelled = await h.begin({ kind: "leave", groups: [OTHER] });
  await h.jobs.cancel(cancelled);
  await h.settle();
  expect(await h.state(paused)).toBe("paused");
  expect(await h.state(cancelled)).toBe("cancelled");
  expect(writes(h.world).map(({ name }) => name)).toEqual(["addMembers"]);
});

test.each(["remove", "move"] as const)(
  "what another job of ours (%s) removes from the group is no harm",
  async (kind) => {
    const { h } = await slowEngine({});
    const numbers = (count: number) => Array.from({ length: count }, (_, n) => count + n);
    h.world.groups.get(GROUP)!.members.push(...[...numbers(4), ...numbers(20)].map(member));
    const about = { people: numbers(4).map(person), pace: "careful" } as const;
    const one = await h.begin(
      kind === "move" ? { kind, from: GROUP, to: OTHER, ...about } : { kind, groups: [GROUP], ...about },
    );
    const two = await h.begin({ kind: "remove", groups: [GROUP], people: numbers(20).map(person), pace: "careful" });
    await h.settle();
    expect([await h.state(one), await h.state(two)]).toEqual(["done", "done"]);
    expect((await h.steps(two)).map(({ verdict }) => verdict)).toEqual(Array(20).fill("removed"));
    // What nobody asked for still stops them.
    const three = await h.begin({
      kind: "remove",
      groups: [GROUP],
      people: [person(901), person(902)],
      pace: "careful",
    });
    const usual = h.world.reading;
    h.world.reading = (list, n) =>
      writes(h.world).at(-1)?.people.includes(person(901).id)
        ? { ok: true, value: list.filter(({ id }) => id !== person(903).id) }
        : usual(list, n);
    await h.settle();
    expect(await readJob(h.store, three)).toMatchObject({ state: "paused", pause: { reason: "canary" } });
  },
);
