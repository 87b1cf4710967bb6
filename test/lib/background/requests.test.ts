import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { Secret } from "../../../lib/background/gateway/secret";
import { openBudget } from "../../../lib/background/gateway/budget";
import { openGateway } from "../../../lib/background/gateway/client";
import { openGroups } from "../../../lib/background/groups/groups";
import { storedNotes } from "../../../lib/background/gateway/notes";
import { sandboxGateway } from "../../../lib/sandbox/gateway";
import { OWN_NUMBER, WORLD_CODES, WORLD_GROUPS, WORLD_INSTANCES, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import { createWorld, type WorldOptions } from "../../../lib/sandbox/seed";
import { fictional } from "../../../lib/sandbox/numbers";
import { ok } from "../../../lib/shared/failure";
import type { Connection, JobInput, Step } from "../../../lib/shared/model";
import { write } from "../../../lib/store/write";
import { CONNECTION, harnessOn, newStore, newWorld, noAlarms } from "./simulation";

/**
 * How many requests each flow costs, by the gateway's own count, against the least that would do: the real client, engine
 * and readings against the sandbox gateway. `node test/requests.mjs` prints the table.
 */

vi.setConfig({ testTimeout: 60_000 });

const { alpha, support } = WORLD_GROUPS;
const AGENT = { priority: "agent" } as const;
const connection: Connection = { ...CONNECTION, instance: WORLD_INSTANCES.main, ownNumber: OWN_NUMBER };
const asPeople = (ids: string[]) => ids.map((id) => ({ id, given: id }));
const FIFTY = asPeople(Array.from({ length: 50 }, (_, n) => fictional("us", 300 + n)));
const ALL_AT_ONCE: WorldOptions = { groups: 132, paging: "all" };
const BY_TEN: WorldOptions = { groups: 132, paging: "pages", pageSize: { usual: 10, most: 100 } };
const BY_FIFTY: WorldOptions = { groups: 132, paging: "offset" };
const LONG: WorldOptions = { groups: 1200, paging: "pages", pageSize: { usual: 10, most: 10 } };

async function setUp(options: WorldOptions) {
  const time = newWorld();
  const now = () => time.time;
  const world = createWorld(options);
  const sandbox = sandboxGateway({ world, now });
  const store = await newStore(time);
  await write(store, ["connections", "groups", "gateways"], async (tx) => {
    await tx.objectStore("connections").put(connection);
    await tx.objectStore("groups").clear();
    await tx.objectStore("gateways").clear();
  });
  const log: string[] = [];
  let onWrite: (() => void) | undefined;
  const gateway = openGateway({
    connection,
    key: async () => ok(new Secret("sandbox")),
    budget: openBudget("c1", { load: async () => undefined, save: async () => undefined }, now),
    notes: storedNotes(store, connection),
    fetch: async (request) => {
      log.push(`${request.method} ${new URL(request.url).pathname}`);
      if (request.method !== "GET") {
        onWrite?.();
        onWrite = undefined;
      }
      time.time += 150;
      return sandbox.fetch(request);
    },
  });
  const groups = openGroups({ store, now, sleep: async () => undefined, alarms: noAlarms, gatewayOf: () => gateway });
  const h = harnessOn(store, time, { gateway: async () => ok(gateway) });
  return {
    world,
    time,
    gateway,
    groups,
    log,
    /** Happens at the gateway just before the next write. */
    meanwhile: (what: () => void) => (onWrite = what),
    /** Runs a job to its end; its steps. */
    run: async (input: JobInput): Promise<Step[]> => {
      const id = await h.begin(input);
      await h.settle();
      return h.steps(id);
    },
  };
}
type On = Awaited<ReturnType<typeof setUp>>;
const all = (steps: Step[], verdict: Step["verdict"]) =>
  expect(new Set(steps.map((step) => step.verdict))).toEqual(new Set([verdict]));

/** The flow, the least number of requests, and what is done; each proves that it came to its end. */
const FLOWS: [name: string, least: number, world: WorldOptions, run: (on: On) => Promise<unknown>][] = [
  ["connect", 1, ALL_AT_ONCE, async (on) => expect((await on.gateway.listInstances(AGENT)).ok).toBe(true)],
  ["list of 132, all at once", 1, ALL_AT_ONCE, readList],
  ["list of 132, by 10 (up to 100)", 2, BY_TEN, readList],
  ["list of 132, by 50 (up to 100)", 2, BY_FIFTY, readList],
  ["list of 132 once more, by 10", 2, BY_TEN, (on) => again(on, async () => readList(on))],
  [
    "open a group",
    1,
    BY_TEN,
    async (on) => expect(await on.groups.refreshOne(connection, alpha)).toMatchObject({ ok: true }),
  ],
  ["add 1", 2, BY_TEN, async (on) => all(await on.run(addOf([WORLD_PEOPLE.free])), "added")],
  ["add 50", 2, BY_TEN, async (on) => all(await on.run({ ...addOf([]), people: FIFTY }), "added")],
  [
    "add 50 with 3 in meanwhile",
    4,
    { ...BY_TEN, mixed: "refuse" },
    async (on) => {
      on.meanwhile(() => {
        const group = on.world.groups[alpha]!;
        const three = FIFTY.slice(20, 23).map(({ id }) => ({ id, role: "member" as const }));
        on.world.groups[alpha] = { ...group, members: [...group.members, ...three] };
      });
      const steps = await on.run({ ...addOf([]), people: FIFTY });
      expect(steps.filter(({ verdict }) => verdict === "added")).toHaveLength(47);
      expect(steps.filter(({ verdict }) => verdict === "already-in")).toHaveLength(3);
    },
  ],
  [
    "remove 1",
    2,
    BY_TEN,
    async (on) => {
      const people = asPeople([WORLD_PEOPLE.seed]);
      all(await on.run({ kind: "remove", groups: [support], people, pace: "fast" }), "removed");
    },
  ],
  [
    "join",
    2,
    BY_TEN,
    async (on) => all(await on.run({ kind: "join", codes: [WORLD_CODES.market], pace: "careful" }), "joined"),
  ],
  ["leave, 1,200 groups by 10", 2, LONG, async (on) => all(await on.run({ kind: "leave", groups: [support] }), "left")],
  [
    "8 openings of the popup, by 10",
    2,
    BY_TEN,
    async (on) => {
      for (let n = 0; n < 8; n += 1) {
        expect(await on.groups.refresh(connection, { ifStale: true })).toEqual(ok({ count: 132 }));
        on.time.time += 10_000;
      }
    },
  ],
];

function addOf(people: string[]): Extract<JobInput, { kind: "add" | "remove" }> {
  return { kind: "add", groups: [alpha], people: asPeople(people), pace: "fast" };
}

async function readList(on: On): Promise<void> {
  expect(await on.groups.refresh(connection)).toEqual(ok({ count: 132 }));
}

/** What it costs when it was done before. */
async function again(on: On, flow: () => Promise<void>): Promise<void> {
  await flow();
  on.log.length = 0;
  await flow();
}

test("no flow costs more than twice the least number of requests and one", async () => {
  const table = [];
  for (const [flow, least, options, run] of FLOWS) {
    const on = await setUp(options);
    await run(on);
    const most = 2 * least + 1;
    table.push({ flow, requests: on.log.length, least, allowed: most });
    expect(on.log.length, `${flow}:\n${on.log.join("\n")}`).toBeLessThanOrEqual(most);
  }
  if (process.env["REQUESTS"]) console.table(table);
});
