import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { makeStore } from "../../../lib/store/migrate";
import { readHistory } from "../../../lib/store/history";
import { readPersonHistory, readPersonJobs } from "../../../lib/store/person";
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

it("finds what was done with one person by every form of the id, and reads no step of a longer number", async () => {
  const forms = [`${ASHA}@s.whatsapp.net`, `${ASHA}:4@c.us`, `${ASHA}.1@s.whatsapp.net`, `${ASHA}_2:3@s.whatsapp.net`];
  const others = Array.from({ length: 10 }, (_, digit) => `${ASHA}${digit}@s.whatsapp.net`);
  await write(store, ["steps"], async (tx) => {
    for (const [n, person] of [...forms, ...others, "919876543209@s.whatsapp.net"].entries()) {
      const about = { connection: "c1", target: "g1", person, attempts: 1 };
      await tx.objectStore("steps").put({ job: `j${n}`, index: 0, state: "done", ...about });
    }
  });
  const [whole, read] = [vi.spyOn(IDBIndex.prototype, "getAll"), vi.spyOn(IDBIndex.prototype, "getAllKeys")];
  expect((await readPersonJobs(store, "c1", forms[0]!)).toSorted()).toEqual(["j0", "j1", "j2", "j3"]);
  const rows = read.mock.results.flatMap(({ value }) => (value as IDBRequest<unknown[]>).result);
  expect(rows).toHaveLength(forms.length);
  expect(whole).not.toHaveBeenCalled();
});

it("finds in a search what was done with a person since its last letter", async () => {
  const put = (id: string) =>
    write(store, ["steps", "summaries"], async (tx) => {
      const about = { connection: "c2", target: "g1", person: `${ASHA}@s.whatsapp.net`, attempts: 1 };
      await tx.objectStore("steps").put({ job: id, index: 0, state: "done", ...about });
      await tx.objectStore("summaries").put({
        job: id,
        connection: "c2",
        createdAt: Number(id.slice(1)),
        kind: "add",
        count: 1,
        groups: ["g1"],
        state: "done",
        steps: 1,
        open: 0,
        troubled: 0,
        verdicts: {},
      });
    });
  await write(store, ["contacts"], (tx) =>
    tx
      .objectStore("contacts")
      .put({ connection: "c2", person: ASHA, id: `${ASHA}@s.whatsapp.net`, name: "Asha", at: 1 }),
  );
  const found = async () => {
    const { jobs } = await readHistory(store, "c2", { text: "ash" }, 10, () => "");
    return jobs.map(({ job }) => job);
  };
  await put("n1");
  expect(await found()).toEqual(["n1"]);
  await put("n2");
  await expect.poll(found).toEqual(["n2", "n1"]);
});
