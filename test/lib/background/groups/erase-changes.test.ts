import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { eraseChanges, pruneChanges } from "../../../../lib/background/groups/erase-changes";
import type { Member } from "../../../../lib/shared/model";
import { readChanges, readGroupChanges } from "../../../../lib/store/changes";
import { makeStore } from "../../../../lib/store/migrate";
import { readRoster } from "../../../../lib/store/read";
import { putRoster, ROSTER, write } from "../../../../lib/store/write";

/** What is kept of the changes between readings, and for how long. */

const DAY = 86_400_000;
const NOW = new Date(2026, 10, 24, 12).getTime();
const member = (n: number): Member => ({ id: `91987654321${n}@s.whatsapp.net`, role: "member" });

async function setUp() {
  const store = await makeStore(`changes-${crypto.randomUUID()}`);
  const read = (members: number[], readAt: number, group = "g1", connection = "c1") =>
    write(store, [...ROSTER], (tx) => putRoster(tx, { connection, group, members: members.map(member), readAt }));
  const times = async (connection = "c1") =>
    (await readChanges(store, connection, 10)).map(({ at }) => (NOW - at) / DAY);
  return { store, read, times };
}

test("each reading that differs is kept, newest first, by group and for all of a connection", async () => {
  const { store, read } = await setUp();
  await read([1, 2], 10);
  await read([1, 2], 20);
  await read([1, 2, 3], 30);
  await read([1, 3], 40);
  await read([1], 35, "g2");
  await read([1, 2], 36, "g2");
  await read([1], 1, "g1", "c10");
  await read([1, 4], 2, "g1", "c10");
  expect(await readGroupChanges(store, "c1", "g1", 10)).toMatchObject([
    { since: 30, at: 40, joined: [], left: [member(2).id] },
    { since: 20, at: 30, joined: [member(3).id], left: [] },
  ]);
  expect((await readChanges(store, "c1", 2)).map(({ group, at }) => [group, at])).toEqual([
    ["g1", 40],
    ["g2", 36],
  ]);
  expect((await readChanges(store, "c10", 9)).map(({ joined }) => joined)).toEqual([[member(4).id]]);
});

test("they go with the history: what is older than the settings keep, before a moment, or all", async () => {
  const { store, read, times } = await setUp();
  for (const [i, days] of [300, 200, 100, 1].entries()) await read([0, 1, i + 2], NOW - days * DAY);
  expect(await times()).toEqual([1, 100, 200]);
  const seen = async () => {
    const { firstAt = 0, since } = (await readRoster(store, "c1", "g1"))!;
    return [(NOW - firstAt) / DAY, Object.values(since ?? {}).map((at) => (NOW - at) / DAY)];
  };
  expect(await seen()).toEqual([300, [1]]);
  const sizes = async () => (await readRoster(store, "c1", "g1"))?.sizes?.length;
  expect(await sizes()).toBe(4);
  await pruneChanges(store, NOW);
  expect([await times(), await sizes()]).toEqual([[1, 100], 2]);
  await eraseChanges(store, NOW - 50 * DAY);
  expect([await times(), await sizes()]).toEqual([[1], 1]);
  expect(await seen()).toEqual([50, [1]]);
  await eraseChanges(store);
  expect([await times(), await sizes()]).toEqual([[], undefined]);
  // Whoever is there was there when they were last read.
  expect(await seen()).toEqual([1, []]);
  // The members themselves stay.
  expect((await readRoster(store, "c1", "g1"))?.members).toHaveLength(3);
});
