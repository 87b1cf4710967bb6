import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openBudget, storedBudget } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import { openGroups } from "../../../../lib/background/groups/groups";
import { LIST_ALARM } from "../../../../lib/background/groups/list-reading";
import { storedNotes } from "../../../../lib/background/gateway/notes";
import { sandboxGateway } from "../../../../lib/sandbox/gateway";
import { OWN_NUMBER, WORLD_INSTANCES } from "../../../../lib/sandbox/world";
import { createWorld, type WorldOptions } from "../../../../lib/sandbox/seed";
import { ok } from "../../../../lib/shared/failure";
import type { Connection } from "../../../../lib/shared/model";
import { readGroups, readNotes } from "../../../../lib/store/read";
import type { Store } from "../../../../lib/store/schema";
import { makeStore } from "../../../../lib/store/migrate";
import { write } from "../../../../lib/store/write";
import { CONNECTION } from "../simulation";

/** Reading the list of groups, with the real client against the sandbox gateway, which counts requests by its own clock. */

// The database in memory takes its time for a thousand groups.
vi.setConfig({ testTimeout: 30_000 });

const MINUTE = 60_000;
const connection: Connection = { ...CONNECTION, instance: WORLD_INSTANCES.main, ownNumber: OWN_NUMBER };

async function setUp(options: WorldOptions, limit = 100) {
  const clock = { now: Date.UTC(2026, 10, 24, 9) };
  const now = () => clock.now;
  const world = createWorld(options);
  const sandbox = sandboxGateway({ world, now, rateLimit: { limit, window: MINUTE } });
  const log: { path: string; status: number }[] = [];
  let answer = (request: Request): Promise<Response> => sandbox.fetch(request);
  const store = await makeStore(`lists-${crypto.randomUUID()}`);
  await write(store, ["connections"], (tx) => tx.objectStore("connections").put(connection));
  let alarm: number | undefined;
  /** A life of the worker: everything but the store, the alarm and the gateway is new. */
  const live = () => {
    const budget = openBudget("c1", storedBudget(store, "c1"), now);
    return openGroups({
      store,
      sleep: async () => undefined,
      now,
      alarms: {
        create: async (name: unknown, info?: { when?: number; periodInMinutes?: number }) => {
          expect([name, info?.periodInMinutes]).toEqual([LIST_ALARM, 1]);
          alarm = info?.when;
        },
        clear: async () => {
          alarm = undefined;
          return true;
        },
      },
      gatewayOf: (one) =>
        openGateway({
          connection: one,
          key: async () => ok(new Secret("sandbox-key")),
          budget,
          notes: storedNotes(store, one),
          fetch: async (request) => {
            const response = await answer(request);
            log.push({ path: request.url.split("/groups")[1] ?? "", status: response.status });
            return response;
          },
        }),
    });
  };
  return {
    clock,
    world,
    store,
    live,
    log,
    asked: () => log.splice(0).length,
    /** Makes the gateway answer otherwise from now on. */
    act: (how: (request: Request, usual: typeof answer) => Promise<Response>) => {
      answer = (request) => how(request, (one) => sandbox.fetch(one));
    },
    /** The time comes to the alarm, and a new life of the worker is woken by it. */
    ring: async () => {
      if (alarm === undefined) throw new Error("no alarm is set");
      clock.now = Math.max(clock.now, alarm);
      await live().goOn();
    },
    alarm: () => alarm,
    list: async () => (await readNotes(store, "c1")).list,
  };
}
const shown = async (store: Store) => (await readGroups(store, "c1", "name")).length;
const TENS = { usual: 10, most: 10 };

test("a list longer than the allowance is called a part, goes on by itself through deaths of the worker, and becomes whole", async () => {
  const on = await setUp({ groups: 1200, paging: "pages", pageSize: TENS });
  expect(await on.live().refresh(connection)).toEqual(ok({ count: 940 }));
  const first = await on.list();
  expect(first).toMatchObject({ count: 940, total: 1200, next: { page: 95 } });
  expect(first?.endedAt).toBeUndefined();
  expect(first?.goesOnAt).toBeLessThanOrEqual(on.clock.now + MINUTE + 2000);
  expect(await shown(on.store)).toBe(940);
  // The rest of the allowance is the agent's.
  expect(on.asked()).toBe(95);
  await on.ring();
  expect(on.asked()).toBe(26);
  expect(await on.list()).toMatchObject({ count: 1200, total: 1200, endedAt: on.clock.now });
  expect(await shown(on.store)).toBe(1200);
  expect(on.alarm()).toBeUndefined();
  expect(on.log.filter(({ status }) => status === 429)).toEqual([]);
});

test.each<[string, number, (rows: unknown[], page: number, limit: number) => unknown]>([
  ["bare lists", 1, (rows) => rows],
  ["bare lists from 0", 0, (rows) => rows],
  ["pages from 0", 0, (items, page, limit) => ({ items, total: 132, page, limit, totalPages: Math.ceil(132 / limit) })],
  ["a total and no last page", 1, (items, page, limit) => ({ items, total: 132, page, limit })],
])("all of a list by numbered pages is read, and nothing is ever gone: %s", async (_, base, says) => {
  const on = await setUp({ groups: 132, paging: "all" });
  on.act(async (request, usual) => {
    const { data } = (await (await usual(request)).json()) as { data: unknown[] };
    const { searchParams } = new URL(request.url);
    const page = Number(searchParams.get("page") ?? base);
    const limit = Math.min(Number(searchParams.get("limit") ?? 50), 100);
    const at = (page - base) * limit;
    return Response.json({ data: says(at < 0 ? [] : data.slice(at, at + limit), page, limit) });
  });
  for (let reading = 1; reading <= 4; reading += 1) {
    on.clock.now += 20 * MINUTE;
    expect(await on.live().refresh(connection)).toEqual(ok({ count: 132 }));
    expect((await on.list())?.endedAt).toBe(on.clock.now);
    expect(await shown(on.store)).toBe(132);
  }
});

test("nobody is gone because of a part of the list, and who left is gone once two whole ones did not have it", async () => {
  const on = await setUp({ groups: 1200, paging: "pages", pageSize: TENS });
  const readWhole = async () => {
    on.clock.now += 20 * MINUTE;
    await on.live().refresh(connection);
    expect(await on.list()).toMatchObject({ next: {} });
    await on.ring();
    expect((await on.list())?.endedAt).toBe(on.clock.now);
  };
  await readWhole();
  const all = Object.keys(on.world.groups);
  for (const id of [all[3]!, all[1199]!]) {
    const group = on.world.groups[id]!;
    on.world.groups[id] = { ...group, members: group.members.filter((member) => member.id !== OWN_NUMBER) };
  }
  await readWhole();
  expect(await shown(on.store)).toBe(1200);
  await readWhole();
  expect(await shown(on.store)).toBe(1198);
});

test("a group that slips in the pause to a page which was read already is not marked gone", async () => {
  const on = await setUp({ groups: 1200, paging: "pages", pageSize: TENS });
  await on.live().refresh(connection);
  await on.ring();
  on.clock.now += 20 * MINUTE;
  await on.live().refresh(connection);
  const read = (await on.list())?.count ?? 0;
  // Ten groups of the first pages are left in the pause: the rest moves up by a page, and one page is never seen.
  for (const id of Object.keys(on.world.groups).slice(0, 10)) {
    on.world.groups[id] = { ...on.world.groups[id]!, members: [] };
  }
  const unseen = Object.keys(on.world.groups).slice(read, read + 10);
  await on.ring();
  const rows = await Promise.all(unseen.map((id) => on.store.db.get("groups", ["c1", id])));
  expect(rows.map((row) => row?.listedAt === (rows[0]?.listedAt ?? 0) && row.gone)).toEqual(unseen.map(() => 0));
});

test("a worker that dies on the way loses nothing of what was read", async () => {
  const on = await setUp({ groups: 300, paging: "pages", pageSize: TENS });
  let count = 0;
  let die: () => void = () => undefined;
  const dead = new Promise<void>((resolve) => (die = resolve));
  on.act((request, usual) => {
    count += 1;
    if (count < 12) return usual(request);
    die();
    return new Promise(() => undefined);
  });
  void on.live().refresh(connection);
  await dead;
  expect(await on.list()).toMatchObject({ count: 100, total: 300, next: { page: 11 } });
  on.act((request, usual) => usual(request));
  on.log.length = 0;
  expect(await on.live().refresh(connection)).toEqual(ok({ count: 300 }));
  expect(on.log[0]?.path).toBe("?page=11&limit=10");
  expect(on.asked()).toBe(20);
});

test("a list that was read a moment ago is not read again for a screen that opens, but is by hand", async () => {
  const on = await setUp({ groups: 132, paging: "pages", pageSize: { usual: 10, most: 100 } });
  for (let i = 0; i < 8; i += 1) {
    expect(await on.live().refresh(connection, { ifStale: true })).toEqual(ok({ count: 132 }));
    on.clock.now += 5000;
  }
  expect(on.asked()).toBe(3);
  await on.live().refresh(connection);
  expect(on.asked()).toBe(2);
  on.clock.now += 3 * MINUTE;
  await on.live().refresh(connection, { ifStale: true });
  expect(on.asked()).toBe(2);
  // A clock that was set back makes nothing fresh.
  on.clock.now -= 60 * MINUTE;
  await on.live().refresh(connection, { ifStale: true });
  expect(on.asked()).toBe(2);
});

test("a missing key is said to a screen that opens, also when the list was read a moment ago", async () => {
  const on = await setUp({ groups: 132 });
  await on.live().refresh(connection);
  on.act(() => Promise.resolve(Response.json({ error: { code: "UNAUTHORIZED" } }, { status: 401 })));
  const troubled: Connection = { ...connection, trouble: "key-refused" };
  expect(await on.live().refresh(troubled, { ifStale: true })).toMatchObject({
    ok: false,
    failure: { code: "key-refused" },
  });
});

test("while it goes on by itself, opening a screen costs nothing", async () => {
  const on = await setUp({ groups: 1200, paging: "pages", pageSize: TENS });
  await on.live().refresh(connection, { ifStale: true });
  on.asked();
  expect(await on.live().refresh(connection, { ifStale: true })).toEqual(ok({ count: 940 }));
  expect(on.asked()).toBe(0);
});

test("a reading that stops for what does not pass says so, and the next one goes on with it", async () => {
  const on = await setUp({ groups: 300, paging: "pages", pageSize: TENS });
  on.act((request, usual) =>
    request.url.includes("page=5")
      ? Promise.resolve(Response.json({ error: { code: "UNAUTHORIZED" } }, { status: 401 }))
      : usual(request),
  );
  expect(await on.live().refresh(connection)).toMatchObject({ ok: false, failure: { code: "key-refused" } });
  expect(await on.list()).toMatchObject({ count: 40, total: 300 });
  expect((await on.list())?.goesOnAt).toBeUndefined();
  expect(on.alarm()).toBeUndefined();
});

test("it does not try for ever where the network does not come back", async () => {
  const on = await setUp({ groups: 300, paging: "pages", pageSize: TENS });
  on.act((request, usual) =>
    request.url.includes("page=5") ? Promise.reject(new TypeError("Failed to fetch")) : usual(request),
  );
  await on.live().refresh(connection);
  let rings = 0;
  while (on.alarm() !== undefined && rings < 50) {
    await on.ring();
    rings += 1;
  }
  expect(rings).toBeLessThan(15);
  // By hand it goes on.
  on.act((request, usual) => usual(request));
  expect(await on.live().refresh(connection)).toEqual(ok({ count: 300 }));
});

test("a reading of a connection that was forgotten meanwhile leaves nothing behind", async () => {
  const on = await setUp({ groups: 300, paging: "pages", pageSize: TENS });
  on.act(async (request, usual) => {
    if (request.url.includes("page=3")) {
      await write(on.store, ["connections", "groups", "gateways"], async (tx) => {
        for (const table of ["connections", "groups", "gateways"] as const) await tx.objectStore(table).clear();
      });
    }
    return usual(request);
  });
  expect(await on.live().refresh(connection)).toMatchObject({ ok: false, failure: { code: "no-connection" } });
  expect(await on.store.db.count("groups")).toBe(0);
  expect(await on.store.db.count("gateways")).toBe(0);
  expect(on.asked()).toBeLessThan(6);
});

test("a bare 403 for one group is told as a missing right, and does not take the group away", async () => {
  const on = await setUp({ groups: 12 });
  await on.live().refresh(connection);
  const forbidden = { statusCode: 403, message: "Forbidden" };
  on.act(async (request, usual) =>
    /groups\/./.test(request.url) ? Response.json(forbidden, { status: 403 }) : usual(request),
  );
  const [id = ""] = Object.keys(on.world.groups);
  expect(await on.live().refreshOne(connection, id)).toMatchObject({ ok: false, failure: { code: "no-right" } });
  expect(await shown(on.store)).toBe(12);
});

test("a list that lost most of its groups at once is believed when read again, a small loss at once", async () => {
  const on = await setUp({ groups: 60, paging: "pages", pageSize: TENS });
  const read = async () => {
    on.clock.now += 20 * MINUTE;
    await on.live().refresh(connection);
    return shown(on.store);
  };
  const leave = (id: string) => {
    const group = on.world.groups[id]!;
    on.world.groups[id] = { ...group, members: group.members.filter((member) => member.id !== OWN_NUMBER) };
  };
  expect(await read()).toBe(60);
  const all = Object.keys(on.world.groups);
  leave(all[59]!);
  expect(await read()).toBe(59);
  const usual = structuredClone(on.world.groups);
  for (const id of all.slice(5)) leave(id);
  expect(await read()).toBe(59);
  Object.assign(on.world.groups, structuredClone(usual));
  expect(await read()).toBe(59);
  for (const id of all.slice(5)) leave(id);
  expect(await read()).toBe(59);
  expect(await read()).toBe(5);
});
