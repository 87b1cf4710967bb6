import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { Gateway } from "../../../../lib/background/gateway/gateway";
import { openGroups } from "../../../../lib/background/groups/groups";
import type { Member } from "../../../../lib/shared/model";
import { fail, ok } from "../../../../lib/shared/failure";
import { readGroup, readRoster } from "../../../../lib/store/read";
import { toRow, write } from "../../../../lib/store/write";
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

/** The reading of groups from a gateway that answers in a way of its own. */
async function readerOf(own: Partial<Gateway>) {
  const world = newWorld();
  const store = await newStore(world);
  const gateway = { ...simulatedGateway(world), ...own };
  const groups = openGroups({
    store,
    sleep: async () => undefined,
    now: () => world.time,
    alarms: noAlarms,
    gatewayOf: () => gateway,
  });
  return { groups, goneAt: async () => (await readGroup(store, CONNECTION.id, GROUP))?.goneAt, store };
}

test.each([
  [true, undefined],
  [undefined, expect.any(Number)],
])("only a 404 that names the group (not vague: %s) takes it from the list", async (isVague, goneAt) => {
  const missing = async () =>
    ({ ok: false, failure: { code: "group-gone", certainty: "refused", status: 404, isVague } }) as const;
  const one = await readerOf({ getGroup: missing });
  expect(await one.groups.refreshOne(CONNECTION, GROUP)).toMatchObject(fail("group-gone"));
  expect(await one.goneAt()).toEqual(goneAt);
  const two = await readerOf({ readInvite: missing });
  expect(await two.groups.readInvite(CONNECTION, GROUP)).toMatchObject(fail("group-gone"));
  expect(await two.goneAt()).toEqual(goneAt);
  const three = await readerOf({ listMembers: missing });
  await three.groups.readers.members.start(CONNECTION, [GROUP]);
  await expect
    .poll(async () => (await three.store.db.get("gateways", CONNECTION.id))?.members?.failed)
    .toEqual({ [GROUP]: isVague ? "rejected" : "group-gone" });
  expect(await three.goneAt()).toEqual(goneAt);
});

test("an answer without anybody leaves the size of the group as it was", async () => {
  const nobody = { id: GROUP, name: "Team", members: [], size: 0 };
  const on = await readerOf({
    getGroup: async () => ({ ok: true, value: nobody }) as never,
    listMembers: async () => ({ ok: true, value: [] }) as never,
  });
  const row = (await readGroup(on.store, CONNECTION.id, GROUP))!;
  await write(on.store, ["groups"], (tx) => tx.objectStore("groups").put(toRow({ ...row, size: 40 })));
  await on.groups.refreshOne(CONNECTION, GROUP);
  expect((await readGroup(on.store, CONNECTION.id, GROUP))?.size).toBe(40);
});

test("a group that is shown with its first members only is read as a whole", async () => {
  const { groups, store } = await readerOf({
    getGroup: async (id) => ({ ok: true, value: { id, name: "First", size: 4, members: [member(901)] } }),
  });
  expect(await groups.refreshOne(CONNECTION, GROUP)).toEqual(ok(undefined));
  expect((await readRoster(store, CONNECTION.id, GROUP))?.members).toHaveLength(4);
});
