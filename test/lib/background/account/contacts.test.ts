import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { exportData, importData } from "../../../../lib/background/account/backup";
import { eraseContacts, learnGiven, learnNames, saveContact } from "../../../../lib/background/account/contacts";
import { labelGroup, saveSet } from "../../../../lib/background/account/sets";
import { importable } from "../../../../lib/shared/backup";
import { fail, ok } from "../../../../lib/shared/failure";
import { readNames } from "../../../../lib/store/directory";
import { readChanges } from "../../../../lib/store/changes";
import { readLabels, readSets } from "../../../../lib/store/read";
import { makeStore } from "../../../../lib/store/migrate";
import { write } from "../../../../lib/store/write";
import { CONNECTION } from "../simulation";

/** The agent's names for people. */

const ASHA = "919876543210@s.whatsapp.net";
const LONG = "5511987654321@s.whatsapp.net";

async function setUp(ids = ["c1", "c10"]) {
  const store = await makeStore(`contacts-${crypto.randomUUID()}`);
  await write(store, ["connections"], async (tx) => {
    for (const id of ids) await tx.objectStore("connections").put({ ...CONNECTION, id, instance: `inst_${id}` });
  });
  const names = async (connection = "c1") => Object.fromEntries(await readNames(store, connection));
  return { store, names };
}
const person = (id: string, name?: string) => ({ id, given: id, ...(name === undefined ? {} : { name }) });

test("takes names from lists, newer ones in place of older ones, but never in place of a name that was typed", async () => {
  const { store, names } = await setUp();
  await learnNames(store, "c1", [person(ASHA, "asha\u202e\n rao"), person(LONG), person("12025550101@c.us", " ")], 1);
  expect(await names()).toEqual({ "919876543210": "asha rao" });
  await learnNames(store, "c1", [person(ASHA, "Asha R."), person("551187654321@c.us", "Bia")], 2);
  expect(await names()).toEqual({ "919876543210": "Asha R.", "551187654321": "Bia" });
  // One person in both of Brazil's spellings.
  expect(await saveContact(store, "c1", { person: LONG, name: "Bianca" }, 3)).toEqual(ok(undefined));
  await learnNames(store, "c1", [person(LONG, "B.")], 4);
  expect(await names()).toEqual({ "919876543210": "Asha R.", "551187654321": "Bianca" });
  await saveContact(store, "c1", { person: "551187654321@c.us", name: null }, 5);
  expect(await names()).toEqual({ "919876543210": "Asha R." });
});

test("each connection has its own names, and a forgotten one gets none back", async () => {
  const { store, names } = await setUp();
  await saveContact(store, "c1", { person: ASHA, name: "Asha" }, 1);
  await saveContact(store, "c10", { person: ASHA, name: "Supplier" }, 1);
  await eraseContacts(store, "c1");
  expect([await names(), await names("c10")]).toEqual([{}, { "919876543210": "Supplier" }]);
  expect(await saveContact(store, "gone", { person: ASHA, name: "Asha" }, 1)).toEqual(fail("no-connection"));
  await learnNames(store, "gone", [person(ASHA, "Asha")], 1);
  expect(await names("gone")).toEqual({});
});

test("names go into a file only with people, and come back to the same account without replacing what was typed", async () => {
  const { store } = await setUp(["c1"]);
  await saveContact(store, "c1", { person: ASHA, name: "Asha" }, 1);
  await saveContact(store, "c1", { person: LONG, name: "Bianca" }, 1);
  await learnGiven(
    store,
    { ...CONNECTION, id: "c1", instance: "inst_c1" },
    [{ id: "12025550101@c.us", name: "Joe" }],
    1,
  );
  expect(await exportData(store, false, 1)).not.toMatch(/Asha|Joe/);
  const json = importable(await exportData(store, true, 1));
  const ports = { now: 2, id: () => "new" };
  const there = await setUp([]);
  expect(await importData(there.store, json, ports)).toEqual(ok({ connections: 1 }));
  const joe = { "12025550101": "~Joe" };
  expect(await there.names("new")).toEqual({ "919876543210": "Asha", "551187654321": "Bianca", ...joe });
  await saveContact(there.store, "new", { person: ASHA, name: "Aisha" }, 3);
  await importData(there.store, json, { ...ports, now: 4 });
  expect(await there.names("new")).toEqual({ "919876543210": "Aisha", "551187654321": "Bianca", ...joe });
});

test("sets and labels come back from a file, and replace nothing that is kept here", async () => {
  const { store } = await setUp(["c1"]);
  const group = "120363012345678901@g.us";
  await saveSet(store, "c1", { kind: "groups", name: "North", groups: [group] }, 1);
  await saveSet(store, "c1", { kind: "people", name: "Team", people: [person(ASHA, "Asha")] }, 1);
  await saveSet(store, "c1", { kind: "texts", name: "Hello", text: "Hello {group}" }, 1);
  await labelGroup(store, "c1", { group, labels: ["VIP"], note: "call first" });
  expect(await exportData(store, false, 1)).not.toMatch(/North|Team|Hello|VIP|call first/);
  const json = importable(await exportData(store, true, 1));
  const there = await setUp(["c1"]);
  await saveSet(there.store, "c1", { kind: "texts", name: "Hello", text: "ours" }, 2);
  expect(await importData(there.store, json, { now: 3, id: () => "new" })).toEqual(ok({ connections: 0 }));
  const [groups, people, texts] = await Promise.all(
    (["groups", "people", "texts"] as const).map((kind) => readSets(there.store, "c1", kind)),
  );
  expect([groups, people, texts]).toMatchObject([
    [{ name: "North", groups: [group] }],
    [{ name: "Team", people: [{ id: ASHA, name: "Asha" }] }],
    [{ name: "Hello", text: "ours" }],
  ]);
  expect(await readLabels(there.store, "c1")).toMatchObject([{ group, labels: ["VIP"], note: "call first" }]);
});

test("what changed in groups comes back from a file with people, of its own account, and replaces nothing", async () => {
  const { store } = await setUp(["c1", "c10"]);
  const group = "120363012345678901@g.us";
  const change = { group, since: 5, at: 10, joined: [ASHA], left: [], promoted: [], demoted: ["not an id"] };
  await write(store, ["changes"], async (tx) => {
    for (const [connection, at] of [
      ["c1", 10],
      ["c1", 20],
      ["c10", 30],
    ] as const) {
      await tx.objectStore("changes").put({ ...change, connection, at });
    }
  });
  expect(await exportData(store, false, 1)).not.toContain(ASHA);
  const json = importable(await exportData(store, true, 1));
  const there = await setUp(["c1"]);
  await write(there.store, ["changes"], (tx) =>
    tx.objectStore("changes").put({ ...change, connection: "c1", at: 20, left: [LONG] }),
  );
  // What is said to come later than now is none.
  await importData(there.store, json, { now: 25, id: () => "new" });
  expect(await readChanges(there.store, "c1", 9)).toMatchObject([
    { at: 20, left: [LONG] },
    { at: 10, since: 5, joined: [ASHA], left: [], demoted: [] },
  ]);
  expect(await readChanges(there.store, "new", 9)).toEqual([]);
});

test("of very many changes an import takes the newest, so that the file is never too large", () => {
  const ids = Array.from({ length: 100 }, () => ASHA);
  const changes = Array.from({ length: 2000 }, (_, n) => ({ group: "g", at: 5000 - n, joined: ids }));
  const json = importable(JSON.stringify({ connections: [{ changes }, { changes }] }));
  expect(json.length).toBeLessThan(2_100_000);
  const { connections } = JSON.parse(json) as { connections: { changes: { at: number }[] }[] };
  expect(connections[0]?.changes[0]?.at).toBe(5000);
  expect(connections[0]?.changes.length).toBeGreaterThan(500);
});

test.each([
  ["that no date can show", { since: 1e300, at: 1 }, fail("bad-input")],
  ["after its end", { since: 20, at: 10 }, ok({ connections: 0 })],
])("a change that began at a time %s is not kept", async (_, times, reply) => {
  const { store } = await setUp(["c1"]);
  const group = "120363012345678901@g.us";
  await write(store, ["changes"], (tx) =>
    tx.objectStore("changes").put({
      connection: "c1",
      group,
      ...times,
      joined: [ASHA],
      left: [],
      promoted: [],
      demoted: [],
    }),
  );
  const json = importable(await exportData(store, true, 1));
  const there = await setUp(["c1"]);
  expect(await importData(there.store, json, { now: 30, id: () => "new" })).toEqual(reply);
  expect(await readChanges(there.store, "c1", 9)).toEqual([]);
});

test("a change of very many members comes back from its file", async () => {
  const { store } = await setUp(["c1"]);
  const group = "120363012345678901@g.us";
  const joined = Array.from({ length: 6000 }, (_, n) => `${919_000_000_000 + n}@s.whatsapp.net`);
  await write(store, ["changes"], (tx) =>
    tx
      .objectStore("changes")
      .put({ connection: "c1", group, since: 5, at: 10, joined, left: [], promoted: [], demoted: [] }),
  );
  const there = await setUp(["c1"]);
  const json = importable(await exportData(store, true, 1));
  expect(await importData(there.store, json, { now: 25, id: () => "new" })).toEqual(ok({ connections: 0 }));
  expect((await readChanges(there.store, "c1", 9))[0]?.joined).toHaveLength(5000);
});

test("names from a file are cleaned", async () => {
  const { store, names } = await setUp(["c1"]);
  const { origin, instance, dialect, auth } = { ...CONNECTION, instance: "inst_c1" };
  const contacts = [{ id: ASHA, name: "Asha\u202e\nRao", isGiven: true }];
  const known = { name: "x", origin, instance, dialect, auth, isSandbox: false, contacts };
  const connections = [known, { ...known, name: "Desk\u202e\n2", instance: "inst_new" }];
  const json = JSON.stringify({ format: "wappfy-groups", version: 1, connections });
  expect(await importData(store, json, { now: 1, id: () => "new" })).toEqual(ok({ connections: 1 }));
  expect(await names()).toEqual({ "919876543210": "~Asha Rao" });
  expect((await store.db.get("connections", "new"))?.name).toBe("Desk 2");
});
