import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Member, Role } from "../../../lib/shared/model";
import { personKey } from "../../../lib/shared/person";
import { readNames, readPlaces, searchPeople } from "../../../lib/store/directory";
import { makeStore } from "../../../lib/store/migrate";
import type { Store } from "../../../lib/store/schema";
import { putRoster, ROSTER, toRow, write } from "../../../lib/store/write";

/** Finding people in the members that were read, by number and by name. */

let store: Store;
let test = 0;
beforeEach(async () => {
  store = await makeStore(`directory-${++test}`);
});
afterEach(() => store.db.close());

const ids = ["120363000000000001@g.us", "120363000000000002@g.us"] as const;
const member = (digits: string, role: Role = "member"): Member => ({ id: `${digits}@s.whatsapp.net`, role });
async function read(
  members: Member[],
  more: { group?: string; readAt?: number; connection?: string; goneAt?: number } = {},
) {
  const { group = ids[0], readAt = 1, connection = "c1", goneAt } = more;
  await write(store, ["groups", ...ROSTER], async (tx) => {
    const row = toRow({
      connection,
      id: group,
      name: `Group of ${connection}`,
      listedAt: 1,
      ...(goneAt ? { goneAt } : {}),
    });
    await tx.objectStore("groups").put(row);
    await putRoster(tx, { connection, group, members, readAt });
  });
}
async function name(id: string, given: string, connection = "c1") {
  await write(store, ["contacts"], (tx) =>
    tx.objectStore("contacts").put({ connection, person: personKey(id), id, name: given, at: 1 }),
  );
}
const find = async (text: string, limit = 10) => (await searchPeople(store, "c1", text, limit)).map(({ id }) => id);

it("finds the whole number in every spelling, and parts of at least four digits", async () => {
  await read([member("919876543210", "admin"), member("12025550101"), { id: "919876543210999@lid", role: "member" }]);
  const [asha, other] = ["919876543210@s.whatsapp.net", "12025550101@s.whatsapp.net"];
  for (const text of ["+91 98765 43210", "0091-98765-43210", "098765 43210", "43210", "8765", "९८७६५ ४३२१०"]) {
    expect([text, await find(text)]).toEqual([text, [asha]]);
  }
  expect(await find("0101")).toEqual([other]);
  for (const text of ["", "  ", "321", "+98765", "asha", "919876543210999", "55501011"]) {
    expect([text, await find(text)]).toEqual([text, []]);
  }
});

it("takes Brazil's two spellings as one person, whichever the gateway lists and the agent types", async () => {
  await read([member("5511987654321"), member("551198761234")]);
  const [long, short] = ["5511987654321@s.whatsapp.net", "551198761234@s.whatsapp.net"];
  for (const text of ["+55 11 98765-4321", "+55 11 8765-4321", "11 98765-4321", "1187654321", "4321", "5511987"]) {
    expect([text, (await find(text)).includes(long)]).toEqual([text, true]);
  }
  for (const text of ["5511998761234", "11998761234", "998761234", "551198761234"]) {
    expect([text, await find(text)]).toEqual([text, [short]]);
  }
});

it("gives the whole number first, then numbers that end so, then those that hold it; never more than asked for", async () => {
  await read([member("9112345600"), member("9900123456"), member("123456"), member("4412345678")]);
  const digits = async (limit?: number) => (await find("123456", limit)).map((id) => id.split("@")[0]);
  expect(await digits()).toEqual(["123456", "9900123456", "4412345678", "9112345600"]);
  expect(await digits(2)).toEqual(["123456", "9900123456"]);
});

it("says in which groups somebody is, with role and time of reading, as last read; groups that are gone do not count", async () => {
  const places = async () =>
    (await readPlaces(store, "c1", "919876543210")).map(({ group, role, readAt }) => [group.id, role, readAt]);
  await read([member("919876543210", "superadmin")], { readAt: 5 });
  await read([member("919876543210"), member("12025550101")], { group: ids[1], readAt: 7 });
  expect(await places()).toEqual([
    [ids[0], "superadmin", 5],
    [ids[1], "member", 7],
  ]);
  const [hit] = await searchPeople(store, "c1", "43210", 1);
  expect(hit?.places.map(({ group }) => group.id)).toEqual([...ids]);
  // Read again: gone from one group, and the other one is no longer ours.
  await read([member("12025550101")], { readAt: 9 });
  expect(await places()).toEqual([[ids[1], "member", 7]]);
  await read([member("919876543210")], { group: ids[1], readAt: 7, goneAt: 8 });
  expect(await places()).toEqual([]);
});

it("finds by the agent's names, also somebody who is in no group that was read", async () => {
  await read([member("919876543210")]);
  await name("919876543210@s.whatsapp.net", "Ashá Rao");
  await name("12025550101@s.whatsapp.net", "आशा Rao");
  expect(await find("rao asha")).toEqual(["919876543210@s.whatsapp.net"]);
  expect(await find("आशा")).toEqual(["12025550101@s.whatsapp.net"]);
  const hits = await searchPeople(store, "c1", "rao", 10);
  expect(hits.map((hit) => `${hit.name} ${hit.places.length}`).toSorted()).toEqual(["Ashá Rao 1", "आशा Rao 0"]);
  expect((await searchPeople(store, "c1", "43210", 10))[0]?.name).toBe("Ashá Rao");
  expect([...(await readNames(store, "c1")).keys()]).toEqual(["12025550101", "919876543210"]);
});

it("keeps two connections with the same group and number apart", async () => {
  await read([member("919876543210")]);
  await read([member("919876543210"), member("919876543211")], { connection: "c10" });
  await name("919876543210@s.whatsapp.net", "Theirs", "c10");
  expect(await find("9198765432")).toEqual(["919876543210@s.whatsapp.net"]);
  const [hit] = await searchPeople(store, "c1", "919876543210", 10);
  expect([hit?.name, hit?.places.map(({ group }) => group.name)]).toEqual([undefined, ["Group of c1"]]);
  expect(await searchPeople(store, "c10", "theirs", 10)).toHaveLength(1);
});

it("asks the store nothing for the next letter, and finds what was written since", async () => {
  await read([member("919876543210")]);
  await name("919876543210@s.whatsapp.net", "Asha");
  expect(await find("3210")).toHaveLength(1);
  const reads = [vi.spyOn(IDBObjectStore.prototype, "getAllKeys"), vi.spyOn(IDBObjectStore.prototype, "getAll")];
  for (const text of ["43210", "543210", "asha", "nobody"]) await find(text);
  for (const spy of reads) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  await read([member("919876543210"), member("12025553210")], { readAt: 2 });
  await name("12025553210@s.whatsapp.net", "Ben");
  await vi.waitFor(async () => {
    expect(await find("3210")).toHaveLength(2);
    expect(await find("ben")).toHaveLength(1);
  }, 25_000);
});
