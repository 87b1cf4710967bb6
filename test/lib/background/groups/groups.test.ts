import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { openGroups } from "../../../../lib/background/groups/groups";
import type { Member } from "../../../../lib/shared/model";
import { readRoster } from "../../../../lib/store/read";
import { CONNECTION, GROUP, member, newStore, newWorld, OWN, simulatedGateway, noAlarms } from "../simulation";

/** A group of forty that is read again and again, with a gateway that shows what `list` makes of it. */
async function reader() {
  const world = newWorld();
  const all: Member[] = [{ id: OWN, role: "admin" }, ...[...Array(39).keys()].map((n) => member(1000 + n))];
  world.groups.get(GROUP)!.members = all;
  const store = await newStore(world);
  const groups = openGroups({
    store,
    sleep: async () => undefined,
    now: () => world.time,
    alarms: noAlarms,
    gatewayOf: () => simulatedGateway(world),
  });
  return {
    all,
    read: async (list: Member[], wait = 1000) => {
      world.time += wait;
      world.groups.get(GROUP)!.members = list;
      const reply = await groups.refreshOne({ ...CONNECTION, ownNumber: OWN }, GROUP);
      const roster = await readRoster(store, CONNECTION.id, GROUP);
      return { reply, roster, at: roster?.readAt };
    },
  };
}

test("a reading with far fewer members is marked, until it is whole again or was the same for a minute", async () => {
  const { all, read } = await reader();
  expect((await read(all)).roster?.shrunk).toBeUndefined();
  const few = await read(all.slice(0, 3));
  expect(few.roster?.members).toHaveLength(3);
  expect(few.roster?.shrunk).toEqual({ from: 40, at: few.at });
  expect((await read(all.slice(0, 3))).roster?.shrunk).toEqual({ from: 40, at: few.at });
  // Still fewer: the doubt begins anew, and what was before stays the measure.
  const fewer = await read(all.slice(0, 1), 59_000);
  expect(fewer.roster?.shrunk).toEqual({ from: 40, at: fewer.at });
  expect((await read(all.slice(0, 1), 60_000)).roster?.shrunk).toBeUndefined();
  await read(all);
  await read(all.slice(0, 3));
  expect((await read(all)).roster?.shrunk).toBeUndefined();
});

test("half of the members, or one, may go; a reading without ourselves is marked, and an empty one changes nothing", async () => {
  const { all, read } = await reader();
  await read(all);
  expect((await read(all.slice(0, 20))).roster?.shrunk).toBeUndefined();
  expect((await read(all.slice(1, 20))).roster?.shrunk).toMatchObject({ from: 20 });
  await read(all);
  const empty = await read([]);
  expect(empty.reply).toMatchObject({ ok: false, failure: { code: "empty-answer" } });
  expect(empty.roster?.members).toHaveLength(40);
});
