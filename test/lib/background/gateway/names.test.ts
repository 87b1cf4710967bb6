import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import {
  eraseContacts,
  learnGiven,
  learnNames,
  readContactNames,
  saveContact,
} from "../../../../lib/background/account/contacts";
import { openGateways } from "../../../../lib/background/account/gateways";
import { readContactList, readMemberNames } from "../../../../lib/background/gateway/schemas";
import { Secret } from "../../../../lib/background/gateway/secret";
import { nameOf } from "../../../../lib/sandbox/numbers";
import { createWorld, type WorldOptions } from "../../../../lib/sandbox/seed";
import { WORLD_GROUPS, WORLD_INSTANCES, WORLD_PEOPLE } from "../../../../lib/sandbox/world";
import { ok } from "../../../../lib/shared/failure";
import { personKey } from "../../../../lib/shared/person";
import { readNames, searchPeople } from "../../../../lib/store/directory";
import { makeStore } from "../../../../lib/store/migrate";
import { write } from "../../../../lib/store/write";
import { CONNECTION } from "../simulation";

/** Names that the gateway gives: beside members that are read anyway, and in the account's contacts. */

const AGENT = { priority: "agent" } as const;
const SEED = WORLD_PEOPLE.seed;
const KEY = personKey(SEED);

async function setUp(options: WorldOptions = {}, dialect: "guide" | "reference" = "guide") {
  const store = await makeStore(`names-${crypto.randomUUID()}`);
  const connection = { ...CONNECTION, id: "c1", dialect, instance: WORLD_INSTANCES.main, isSandbox: true };
  const world = createWorld({ groups: 9, ...options });
  await write(store, ["connections", "sandbox"], async (tx) => {
    await tx.objectStore("connections").put(connection);
    await tx.objectStore("sandbox").put(world, "c1");
  });
  const { open } = openGateways({ store, permissions: { contains: async () => true }, now: () => 1000 });
  const gateway = open(connection, async () => ok(new Secret("sandbox-key")));
  const nameOfSeed = async () => (await readNames(store, "c1")).get(KEY);
  return { store, connection, gateway, nameOfSeed };
}

test("names that come with members are kept under the agent's own, without a request more", async () => {
  const { store, gateway, nameOfSeed } = await setUp({ hasNames: true });
  await gateway.listMembers(WORLD_GROUPS.alpha, AGENT);
  const given = `~${nameOf(SEED)}`;
  expect(await nameOfSeed()).toBe(given);
  expect((await searchPeople(store, "c1", nameOf(SEED), 5)).map(({ name }) => name)).toContain(given);
  await learnNames(store, "c1", [{ id: SEED, given: SEED, name: "Ana of the list" }], 2);
  await gateway.getGroup(WORLD_GROUPS.alpha, AGENT);
  expect(await nameOfSeed()).toBe("Ana of the list");
  await saveContact(store, "c1", { person: SEED, name: "Ana" }, 3);
  await gateway.listMembers(WORLD_GROUPS.alpha, AGENT);
  expect(await nameOfSeed()).toBe("Ana");
  await saveContact(store, "c1", { person: SEED, name: null }, 4);
  // The gateways hear of the deletion by a message, after it.
  await vi.waitFor(async () => {
    await gateway.listMembers(WORLD_GROUPS.support, AGENT);
    expect(await nameOfSeed()).toBe(given);
  });
});

test.each(["guide", "reference"] as const)("the contacts of the account are one request (%s)", async (dialect) => {
  const { store, connection, gateway, nameOfSeed } = await setUp({}, dialect);
  await gateway.listMembers(WORLD_GROUPS.alpha, AGENT);
  expect(await nameOfSeed()).toBeUndefined();
  const first = await readContactNames(store, connection, gateway, 1);
  expect(first.ok && first.value.count).toBeGreaterThan(20);
  expect(await nameOfSeed()).toBe(`~${nameOf(SEED)}`);
  // Nothing new, nothing written.
  expect(await readContactNames(store, connection, gateway, 2)).toEqual(ok({ count: 0 }));
  await learnGiven(store, connection, [{ id: SEED, name: "Somebody" }], 3);
  expect(await nameOfSeed()).toBe(`~${nameOf(SEED)}`);
  await learnGiven(store, connection, [{ id: SEED, name: "Somebody" }], 3, true);
  await readContactNames(store, connection, gateway, 4);
  expect(await nameOfSeed()).toBe(`~${nameOf(SEED)}`);
});

test("a gateway without contacts says so", async () => {
  const { store, connection, gateway } = await setUp({ hasExtras: false });
  expect(await readContactNames(store, connection, gateway, 1)).toEqual(ok({ count: null }));
});

test("a reading parses and saves the names alone that have changed since the last one", async () => {
  const known = new Map<string, string>();
  const other = "5511999997777@s.whatsapp.net";
  const read = (...names: string[]) =>
    readMemberNames({ data: names.map((name, at) => ({ id: [SEED, other][at], name })) }, known);
  expect(read("Ana", "Bia").map(({ name }) => name)).toEqual(["Ana", "Bia"]);
  expect(read("Ana", "Bia")).toEqual([]);
  expect(read("Ana", "Beatriz")).toEqual([{ id: other, name: "Beatriz" }]);

  const { store, connection, gateway, nameOfSeed } = await setUp({ hasNames: true });
  await gateway.getGroup(WORLD_GROUPS.alpha, AGENT);
  const name = await nameOfSeed();
  expect(name).toBe(`~${nameOf(SEED)}`);
  // Erased names come back with the next reading.
  await eraseContacts(store, connection.id);
  await vi.waitFor(async () => {
    await gateway.getGroup(WORLD_GROUPS.alpha, AGENT);
    expect(await nameOfSeed()).toBe(name);
  });
});

test("what stands in the place of a name and is none is no name", () => {
  const named = (row: object) => readMemberNames({ data: [{ id: SEED, ...row }] })[0]?.name;
  expect(named({ name: null, pushName: "  Ana\u202e\n Silva " })).toBe("Ana Silva");
  expect(named({ notify: "~ Ana" })).toBe("Ana");
  expect(named({ name: "+55 11 99999-8888", short_name: "Ana" })).toBe("Ana");
  for (const name of ["", " ", "+55 11 99999-8888", SEED, 7, "."]) expect(named({ name })).toBeUndefined();
  expect(readMemberNames({ data: [{ id: "120363012345678901@g.us", name: "Project Alpha" }] })).toEqual([]);
  const group = { id: "120363012345678901@g.us", subject: "A", participants: [{ id: SEED, name: "Ana" }] };
  for (const body of [group, [group], { data: { items: [group] } }, { data: { group } }]) {
    expect(readMemberNames(body), JSON.stringify(body)).toEqual([{ id: SEED, name: "Ana" }]);
  }
  expect(
    readContactList([
      { id: SEED, pushname: "Ana" },
      { id: "120363012345678901@g.us", name: "A" },
    ]),
  ).toEqual({
    items: [{ id: SEED, name: "Ana" }],
    ids: [SEED],
  });
  expect(readContactList({ data: "no" })).toBeUndefined();
});
