import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openBudget, storedBudget } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import { storedNotes } from "../../../../lib/background/gateway/notes";
import { openGroups, type Groups } from "../../../../lib/background/groups/groups";
import { INVITES, MEMBERS } from "../../../../lib/background/groups/reader-tasks";
import { sandboxGateway } from "../../../../lib/sandbox/gateway";
import { createWorld, type WorldOptions } from "../../../../lib/sandbox/seed";
import { OWN_NUMBER, WORLD_INSTANCES } from "../../../../lib/sandbox/world";
import { fail, ok } from "../../../../lib/shared/failure";
import type { Connection } from "../../../../lib/shared/model";
import { makeStore } from "../../../../lib/store/migrate";
import { readGroups, readNotes, readRosters } from "../../../../lib/store/read";
import { write } from "../../../../lib/store/write";
import { CONNECTION } from "../simulation";

/** Reading the members of many groups, with the real client against the sandbox gateway, which counts by its own clock. */

// The database in memory takes its time for two hundred groups.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
const guide: Connection = { ...CONNECTION, instance: WORLD_INSTANCES.main, ownNumber: OWN_NUMBER };

async function setUp(options: WorldOptions = { groups: 200 }, connection = guide, task = MEMBERS) {
  const clock = { now: Date.UTC(2026, 10, 24, 9) };
  const now = () => clock.now;
  const world = createWorld(options);
  const sandbox = sandboxGateway({
    world,
    now,
    dialect: connection.dialect,
    rateLimit: { limit: 100, window: MINUTE },
  });
  const store = await makeStore(`rosters-${crypto.randomUUID()}`);
  await write(store, ["connections"], (tx) => tx.objectStore("connections").put(connection));
  const log: { path: string; at: number; status: number }[] = [];
  const on = { answer: (request: Request) => sandbox.fetch(request), isLocked: false, after: () => {} };
  let alarm: number | undefined;
  let life = 0;
  /** A life of the worker. Of the lives before, no request is answered any more. */
  const live = (): Groups => {
    const mine = ++life;
    const budget = openBudget("c1", storedBudget(store, "c1"), now);
    return openGroups({
      store,
      now,
      sleep: async (duration) => {
        clock.now += duration;
      },
      alarms: {
        create: async (name: unknown, info?: { when?: number; periodInMinutes?: number }) => {
          expect(info?.periodInMinutes).toBe(1);
          if (name === task.alarm) alarm = info?.when;
        },
        clear: async (name) => {
          if (name === task.alarm) alarm = undefined;
          return true;
        },
      },
      gatewayOf: (one) =>
        openGateway({
          connection: one,
          key: async () => (on.isLocked ? fail("locked") : ok(new Secret("sandbox-key"))),
          budget,
          notes: storedNotes(store, one),
          fetch: async (request) => {
            const response = await on.answer(request);
            clock.now += 50;
            if (mine !== life) return new Promise<Response>(() => {});
            log.push({
              path: decodeURIComponent(request.url.split("/groups")[1] ?? ""),
              at: now(),
              status: response.status,
            });
            on.after();
            return mine === life ? response : new Promise<Response>(() => {});
          },
        }),
    });
  };
  const members = async () => (await readNotes(store, "c1"))[task.field];
  /** Until nothing is done any more without an alarm or the agent. */
  const settled = () =>
    vi.waitUntil(async () => {
      const reading = await members();
      const isWaiting = (reading?.goesOnAt ?? 0) > now() || reading?.failure !== undefined;
      return reading && (isWaiting || reading.isPaused || reading.endedAt !== undefined) ? reading : undefined;
    }, 30_000);
  /** Rings until the reading has ended; each time a new life of the worker is woken. */
  const ringToTheEnd = async () => {
    for (let i = 0; i < 20 && (await settled()).endedAt === undefined; i += 1) {
      await vi.waitUntil(() => alarm !== undefined, 30_000);
      clock.now = Math.max(clock.now, alarm!);
      const before = (await members())?.goesOnAt;
      const groups = live();
      await groups.readers[task.field].goOn();
      // It works, or it has worked and waits for another time already.
      await vi.waitUntil(async () => {
        const { goesOnAt = 0 } = (await members()) ?? {};
        return goesOnAt <= now() || goesOnAt !== before;
      }, 30_000);
    }
    return settled();
  };
  const first = live();
  expect((await first.refresh(connection)).ok).toBe(true);
  clock.now += 3 * MINUTE;
  log.length = 0;
  return { clock, connection, world, store, log, on, live, first, members, settled, ringToTheEnd, alarm: () => alarm };
}
const readOf = (log: { path: string }[]) => log.map(({ path }) => path.split("/")[1] ?? "");

test("200 groups at 100 requests a minute are read in little over two minutes, without a 429, and with room for the agent", async () => {
  const on = await setUp();
  const begun = on.clock.now;
  await on.first.readers.members.start(on.connection);
  const reading = await on.settled();
  expect(reading).toMatchObject({ total: 200, done: 95, wait: "rate-limited" });
  // The state is written first: an earlier alarm stands until then.
  await vi.waitUntil(() => on.alarm() === reading.goesOnAt, 25_000);
  // What is left of the allowance is the agent's own.
  const [group] = (await readRosters(on.store, "c1")).map((roster) => roster.group);
  expect(await on.first.refreshOne(on.connection, group!)).toEqual(ok(undefined));
  const end = await on.ringToTheEnd();
  expect(end).toMatchObject({ total: 200, done: 200 });
  expect(end.failed).toBeUndefined();
  expect((end.endedAt ?? Infinity) - begun).toBeLessThan(135_000);
  expect(on.log.filter(({ status }) => status === 429)).toEqual([]);
  // One request for each group, and at least nine of ten that a minute leaves to it.
  expect(readOf(on.log).filter((one) => one !== group)).toHaveLength(199);
  const inWindow = (minute: number) =>
    on.log.filter(({ at }) => at - begun >= minute * MINUTE && at - begun < (minute + 1) * MINUTE).length;
  expect(Math.min(inWindow(0), inWindow(1))).toBeGreaterThanOrEqual(90);
  expect(await readRosters(on.store, "c1")).toHaveLength(200);
  await vi.waitUntil(() => on.alarm() === undefined, 25_000);
});

test("groups that are chosen meanwhile are read first, also over a death, and the reading of all goes on after them", async () => {
  const on = await setUp();
  await on.first.readers.members.start(on.connection);
  expect(await on.settled()).toMatchObject({ done: 95, wait: "rate-limited" });
  const all = readOf(on.log);
  // One that was read a moment ago, and two that were not.
  const listed = await readGroups(on.store, "c1", "name");
  const rest = listed.flatMap(({ id }) => (all.includes(id) ? [] : id));
  const chosen = [all[0]!, ...rest.slice(-2)];
  on.log.length = 0;
  await on.first.readers.members.start(on.connection, chosen);
  const groups = on.live();
  await groups.readers.members.goOn();
  const end = await on.ringToTheEnd();
  expect(new Set(readOf(on.log).slice(0, 3))).toEqual(new Set(chosen));
  expect(end).toMatchObject({ total: 200, done: 200 });
  expect(end.groups).toBeUndefined();
  expect(await readRosters(on.store, "c1")).toHaveLength(200);
  // Nothing of either is read twice.
  expect(readOf(on.log)).toHaveLength(106);
});

test("chosen groups that are given up leave the reading of all as it was", async () => {
  const on = await setUp();
  await on.first.readers.members.start(on.connection);
  await on.settled();
  await on.first.readers.members.start(on.connection, [readOf(on.log)[0]!]);
  await on.first.readers.members.stop(on.connection, "ended");
  expect(await on.members()).toMatchObject({ done: 95, total: 200 });
  expect((await on.members())?.groups).toBeUndefined();
  expect(await on.ringToTheEnd()).toMatchObject({ total: 200, done: 200 });
});

test("it goes on where it stood after the worker's death, which an alarm always outlives", async () => {
  const on = await setUp({ groups: 60 });
  let unwatched = 0;
  let deaths = 0;
  on.on.after = () => {
    if (on.alarm() === undefined) unwatched += 1;
    // Dies with requests under way, three times.
    if (on.log.length % 15 === 0 && deaths < 3) {
      deaths += 1;
      void on.live().readers.members.goOn();
    }
  };
  await on.first.readers.members.start(on.connection);
  const end = await on.ringToTheEnd();
  expect([deaths, unwatched, end.total, end.done]).toEqual([3, 0, 60, 60]);
  expect(await readRosters(on.store, "c1")).toHaveLength(60);
  // Only what was under way when it died was asked for twice.
  expect(on.log.length).toBeLessThanOrEqual(60 + 3 * 4);
});

test("a rate limit that others used up is waited for as long as the gateway says", async () => {
  const on = await setUp({ groups: 30 });
  const { answer } = on.on;
  const refusal = () => new Response("{}", { status: 429, headers: { "retry-after": "90" } });
  on.on.after = () => {
    on.on.answer = on.log.length === 10 ? async () => refusal() : answer;
  };
  await on.first.readers.members.start(on.connection);
  const reading = await on.settled();
  expect(reading).toMatchObject({ wait: "rate-limited" });
  expect((reading.goesOnAt ?? 0) - on.clock.now).toBeGreaterThan(80_000);
  // Those that were under way have met the same refusal, and none was sent after it.
  const refused = on.log.filter(({ status }) => status === 429);
  expect(refused.length).toBeLessThanOrEqual(4);
  const silence = on.log.length;
  expect(await on.ringToTheEnd()).toMatchObject({ total: 30, done: 30 });
  expect((on.log[silence]?.at ?? 0) - refused[0]!.at).toBeGreaterThan(80_000);
});

test("a group that is gone, empty, or too much for the gateway holds up no other, and keeps what was known of it", async () => {
  const on = await setUp({ groups: 20 });
  await on.first.readers.members.start(on.connection);
  await on.settled();
  const [gone, empty, slow] = readOf(on.log);
  const before = new Map((await readRosters(on.store, "c1")).map((one) => [one.group, one.members.length]));
  on.clock.now += 10 * MINUTE;
  const { answer } = on.on;
  on.on.answer = async (request) => {
    const url = decodeURIComponent(request.url);
    if (url.includes(gone!))
      return Response.json(
        { success: false, error: { code: "GROUP_NOT_FOUND", message: "Group not found" } },
        { status: 404 },
      );
    if (url.includes(empty!)) return Response.json({ data: [] });
    if (url.includes(slow!)) return new Response("", { status: 502 });
    return answer(request);
  };
  await on.first.readers.members.start(on.connection);
  const end = await on.ringToTheEnd();
  expect(end.failed).toEqual({ [empty!]: "empty-answer", [slow!]: "timeout", [gone!]: "group-gone" });
  const after = await readRosters(on.store, "c1");
  expect(after.find(({ group }) => group === empty)?.members).toHaveLength(before.get(empty!)!);
  expect((await on.store.db.get("groups", ["c1", gone!]))?.goneAt).toBeDefined();
  // All others are as new as the reading.
  expect(after.filter(({ readAt }) => readAt >= end.startedAt)).toHaveLength(17);
});

test("pauses, goes on, ends for good; reads chosen groups alone, those first that were read longest ago", async () => {
  const on = await setUp({ groups: 20 });
  on.on.after = () => {
    if (on.log.length === 5) void on.first.readers.members.stop(on.connection, "paused");
  };
  await on.first.readers.members.start(on.connection);
  await on.settled();
  // Those under way are still kept.
  await vi.waitUntil(async () => (await readRosters(on.store, "c1")).length === on.log.length, 25_000);
  expect(on.log.length).toBeLessThan(12);
  await vi.waitUntil(() => on.alarm() === undefined, 25_000);
  await on.first.readers.members.goOn();
  expect((await on.members())?.isPaused).toBe(true);
  on.on.after = () => {};
  const read = on.log.length;
  await on.first.readers.members.start(on.connection);
  expect(await on.ringToTheEnd()).toMatchObject({ total: 20, done: 20 });
  expect(on.log).toHaveLength(20);
  expect(new Set(readOf(on.log).slice(read)).size).toBe(20 - read);

  const order = readOf(on.log);
  const [a, b] = [order[3]!, order[12]!];
  on.clock.now += 10 * MINUTE;
  on.log.length = 0;
  await on.first.readers.members.start(on.connection, [b, a]);
  expect(await on.ringToTheEnd()).toMatchObject({ total: 2, done: 2 });
  expect(readOf(on.log)).toEqual([a, b]);
  await on.first.readers.members.stop(on.connection, "ended");
  on.clock.now += 10 * MINUTE;
  on.log.length = 0;
  await on.first.readers.members.start(on.connection);
  await on.ringToTheEnd();
  expect(readOf(on.log).slice(-2).toSorted()).toEqual([a, b].toSorted());
});

test("where the list tells the members, it costs pages and not groups", async () => {
  const on = await setUp({ groups: 200 }, { ...guide, dialect: "reference" });
  await on.first.readers.members.start(on.connection);
  expect(await on.ringToTheEnd()).toMatchObject({ total: 200, done: 200 });
  expect(on.log.length).toBeLessThan(20);
});

test("a reading that waits for the list says what the list waits for", async () => {
  const on = await setUp({ groups: 200 }, { ...guide, dialect: "reference" });
  on.on.after = () => {
    on.on.answer = async () => {
      throw new TypeError("Failed to fetch");
    };
  };
  await on.first.readers.members.start(on.connection);
  expect(await on.settled()).toMatchObject({ wait: "offline" });
});

test("asked for again at once, it reads again", async () => {
  const on = await setUp({ groups: 20 });
  await on.first.readers.members.start(on.connection);
  await on.ringToTheEnd();
  on.log.length = 0;
  await on.first.readers.members.start(on.connection);
  expect(await on.ringToTheEnd()).toMatchObject({ total: 20, done: 20 });
  expect(on.log).toHaveLength(20);
});

test("stops at a locked vault without a request, and goes on once it is open", async () => {
  const on = await setUp({ groups: 10 });
  on.on.isLocked = true;
  await on.first.readers.members.start(on.connection);
  expect(await on.settled()).toMatchObject({ failure: "locked" });
  await vi.waitUntil(() => on.alarm() === undefined, 25_000);
  on.on.isLocked = false;
  await on.live().readers.members.goOn();
  expect(await on.ringToTheEnd()).toMatchObject({ total: 10, done: 10 });
  expect(on.log).toHaveLength(10);
});

test("while the agent is away, old readings are made again, and pause when the agent is back", async () => {
  const on = await setUp({ groups: 12 });
  await on.first.readers.members.start(on.connection);
  await on.settled();
  on.log.length = 0;
  on.clock.now += 5 * 60 * MINUTE;
  await on.first.readers.members.freshen(on.connection);
  await on.settled();
  expect(on.log).toHaveLength(0);
  on.clock.now += 2 * 60 * MINUTE;
  on.on.after = () => {
    if (on.log.length === 3) void on.first.readers.members.rest();
  };
  await on.first.readers.members.freshen(on.connection);
  expect(await on.settled()).toMatchObject({ isPaused: true, isIdle: true });
  expect(on.log.length).toBeLessThan(10);
  await on.first.readers.members.freshen(on.connection);
  expect(await on.ringToTheEnd()).toMatchObject({ done: 12 });
});

test("the invite codes of 200 groups are read through a rate limit and a dead worker, and refusals are named", async () => {
  const on = await setUp({ groups: 200 }, guide, INVITES);
  const groups = (await readGroups(on.store, "c1", "name")).map(({ id }) => id);
  on.on.after = () => {
    // The worker dies in the middle, once.
    if (on.log.length === 50) void on.live();
  };
  await on.first.readers.invites.start(on.connection, groups);
  await vi.waitUntil(() => on.log.length >= 50, 30_000);
  await on.live().readers.invites.goOn();
  const reading = await on.ringToTheEnd();
  expect(on.log.every(({ path }) => path.endsWith("/invite-code"))).toBe(true);
  expect(on.log.filter(({ status }) => status === 429)).toEqual([]);
  const rows = await readGroups(on.store, "c1", "name");
  const known = rows.filter(({ invite }) => invite !== undefined);
  const refused = rows.filter(({ inviteRefusedAt }) => inviteRefusedAt !== undefined);
  expect(known.length + refused.length).toBe(groups.length);
  expect(known.length).toBeGreaterThan(100);
  expect(Object.keys(reading.failed ?? {}).toSorted()).toEqual(refused.map(({ id }) => id).toSorted());
  expect(new Set(Object.values(reading.failed ?? {}))).toEqual(new Set(["not-admin"]));
  for (const { id, invite } of known) expect(invite?.code).toBe(on.world.groups[id]?.code);
  // Those that were answered to the dead worker alone are asked for again, no others.
  expect(on.log.length).toBeLessThanOrEqual(groups.length + 8);
});
