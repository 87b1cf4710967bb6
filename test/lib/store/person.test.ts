import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeStore } from "../../../lib/store/migrate";
import { readPersonHistory } from "../../../lib/store/person";
import type { Store } from "../../../lib/store/schema";
import { write } from "../../../lib/store/write";

/** What was done with somebody, as the store tells it. */

let store: Store;
let test = 0;
beforeEach(async () => {
  store = await makeStore(`person-${++test}`);
});
afterEach(() => store.db.close());

const ASHA = "919876543210";
async function invite(connection: string, group: string, ...people: string[]) {
  await write(store, ["invited"], async (tx) => {
    for (const person of people) await tx.objectStore("invited").put({ connection, group, person });
  });
}

it("finds the invitations of one person among those of many, group by group, of one connection", async () => {
  await invite("c1", "g1", "12025550101", "919876543209", ASHA, "919876543211");
  await invite("c1", "g2", "12025550101", "99999999999");
  await invite("c1", "g3", ASHA);
  await invite("c1", "g4", `${ASHA}0`);
  await invite("c10", "g5", ASHA);
  await invite("c0", "g6", ASHA);
  const groups = async (id: string) => (await readPersonHistory(store, "c1", id)).map(({ group }) => group);
  expect(await groups(`${ASHA}@s.whatsapp.net`)).toEqual(["g1", "g3"]);
  expect(await groups(`${ASHA}:4@c.us`)).toEqual(["g1", "g3"]);
  expect(await groups("15550000000@s.whatsapp.net")).toEqual([]);
});
