import "fake-indexeddb/auto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { JOBS } from "../../../lib/background/jobs/runner";
import { INVITES, MEMBERS } from "../../../lib/background/groups/reader-tasks";
import { openWorker, type Worker } from "../../../lib/background/worker";
import { createWorld } from "../../../lib/sandbox/seed";
import { WORLD_GROUPS, WORLD_INSTANCES, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import { fail, ok, type Reply } from "../../../lib/shared/failure";
import type { Job, Protection } from "../../../lib/shared/model";
import { readCurrent } from "../../../lib/store/read-account";
import type { Table } from "../../../lib/store/schema";
import { startServer, type TestServer } from "../../server";
import type { Where } from "../../server/faults";
import { fakeBrowser, senderTo, setGlobals, type FakeBrowser } from "./fake-browser";

/** The gateway answers after the agent forgot the connection, or gave it another account. */

vi.setConfig({ testTimeout: 60_000 });

const KEY = "wpf_live_CANARY0123456789";
const GROUP = WORLD_GROUPS.alpha;
/** Whatever an answer is about is written here. */
const READ = ["groups", "rosters", "directory", "changes", "invites", "contacts", "gateways", "sandbox"] as const;

let server: TestServer;
let fake: FakeBrowser;
let worker: Worker;
let count = 0;

beforeAll(async () => {
  setGlobals();
  server = await startServer({
    key: KEY,
    world: createWorld({ groups: 30, hasNames: true }),
    rateLimit: false,
    dialect: "guide",
  });
});
afterAll(() => server.close());

beforeEach(async () => {
  count += 1;
  server.reset();
  fake = fakeBrowser();
  worker = await openWorker(fake.browser, `late-${count}`);
});

const send = senderTo(() => worker);

async function connect(key = KEY, protection: Protection = "none"): Promise<string> {
  const place = { origin: server.origin, instance: WORLD_INSTANCES.main, dialect: "guide", auth: "api-key" } as const;
  const added = await send("addConnection", { ...place, key, name: "Desk", protection });
  if (!added.ok) throw new Error(added.failure.code);
  return added.value.id;
}

const rowsIn = async (tables: readonly Table[]): Promise<unknown[]> =>
  (await Promise.all(tables.map((table) => worker.store.db.getAll(table)))).flat();

const people = [{ id: WORLD_PEOPLE.seed, given: "seed" }];
/** What is asked, which request is answered late, and what waits until the answer was dealt with. */
const READINGS: [name: string, late: Where, ask: () => Promise<unknown>][] = [
  ["the list", { path: "/groups" }, () => send("refreshGroups")],
  ["a group", { path: GROUP }, () => send("refreshGroup", { group: GROUP })],
  ["an invite code", { path: "invite" }, () => send("readInvite", { group: GROUP })],
  ["a job's reading", { path: "participants" }, () => run({ kind: "add", groups: [GROUP], people, pace: "fast" })],
  ["a job's request", { path: GROUP, method: "PATCH" }, () => run({ kind: "update", group: GROUP, name: "Late" })],
  ["members of chosen groups", { path: "participants" }, () => readAll("readMembers", MEMBERS.alarm)],
  ["invites of chosen groups", { path: "invite" }, () => readAll("readInvites", INVITES.alarm)],
  ["names", { path: "contacts" }, () => send("readContacts")],
];
async function readAll(command: "readMembers" | "readInvites", alarm: string): Promise<void> {
  await send(command, { groups: [GROUP] });
  await vi.waitUntil(() => !fake.alarms.has(alarm), { timeout: 20_000 });
}
async function run(job: Job["input"]): Promise<void> {
  await send("startJob", { job, nonce: "n" });
  await worker.onAlarm(JOBS);
}

const HAPPENS: [name: string, happen: (id: string) => Promise<Reply<unknown>>][] = [
  ["is forgotten", (id) => send("forgetConnection", { id })],
  ["goes with everything", () => send("forgetEverything")],
  ["becomes another account", (id) => send("replaceKey", { id, key: KEY, instance: WORLD_INSTANCES.second })],
];

test.each(
  HAPPENS.flatMap(([what, happen]) => READINGS.map((reading) => ({ what, happen, reading, name: reading[0] }))),
)("nothing of a late answer is kept when the connection $what: $name", async ({ happen, reading: [, late, ask] }) => {
  const id = await connect();
  await send("refreshGroups");
  server.reset();
  const hold = server.hold(late, "received");
  const asked = ask();
  await hold.reached;
  expect(await happen(id)).toEqual(ok(undefined));
  hold.release();
  await asked;
  expect(await rowsIn(READ)).toEqual([]);
  expect((await rowsIn(["steps"])).filter((step) => (step as { state: string }).state === "done")).toEqual([]);
});

test("the late refusal of an old key is not the new one's trouble", async () => {
  const id = await connect("wpf_live_OLD0123456789000");
  const hold = server.hold({ path: "/groups" }, "received");
  const asked = send("refreshGroups");
  await hold.reached;
  expect(await send("replaceKey", { id, key: KEY })).toEqual(ok(undefined));
  hold.release();
  expect(await asked).toMatchObject(fail("key-refused"));
  expect((await readCurrent(worker.store))?.trouble).toBeUndefined();
});

test("keys that lie in the session are not written back by calls that were using them", async () => {
  await connect(KEY, "session");
  const { session } = fake.browser.storage;
  const real = { ...session };
  session.set = async (items) => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    return real.set(items);
  };
  // The vault notes, from time to time, when it was last open.
  let time = Date.now();
  const clock = vi.spyOn(Date, "now").mockImplementation(() => (time += 10_000));
  const calls = [
    send("forgetEverything"),
    send("refreshGroup", { group: GROUP }),
    send("readInvite", { group: GROUP }),
  ];
  expect(await calls[0]).toEqual(ok(undefined));
  await Promise.all(calls);
  expect(fake.session).toEqual({});
  clock.mockRestore();
});
