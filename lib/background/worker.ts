import type { Browser, Runtime } from "webextension-polyfill";
import type { World } from "../sandbox/world";
import { createWorld } from "../sandbox/seed";
import { sandboxGateway, type Sandbox } from "../sandbox/gateway";
import { hostPattern } from "../shared/address";
import { type Reply } from "../shared/failure";
import type { Connection, Settings } from "../shared/model";
import { watch } from "../store/live";
import { readOpenJobs, readSettings } from "../store/read";
import type { Store } from "../store/schema";
import { openStore } from "../store/open";
import { write } from "../store/write";
import { openBadge } from "./page/badge";
import { openConnections } from "./account/connections";
import { openBudget, storedBudget, type Allowance } from "./gateway/budget";
import { openGateway } from "./gateway/client";
import { openGroups } from "./groups/groups";
import { LIST_ALARM, storedNotes } from "./groups/list-reading";
import { createHandlers } from "./handlers";
import { openInvites, PENDING_ALARM, type Invites } from "./page/invites";
import { openJobs, type Jobs } from "./jobs/jobs";
import { JOBS, jobsAlarm } from "./jobs/runner";
import { createMenus, type MenuPorts } from "./page/menus";
import { createRouter } from "./router";
import { applyPolicy } from "./account/policy";
import { callerOf, type Sender } from "./page/sender";
import { openTab, ROUTES } from "./page/windows";
import { openVault } from "./account/vault";

/** All of the worker, put together: what the listeners of `entrypoints/background.ts` call. */
export interface Worker {
  store: Store;
  invites: Invites;
  menus: MenuPorts;
  /** Any message to the worker, whoever sent it. */
  receive(message: unknown, sender: Runtime.MessageSender): Promise<Reply<unknown>>;
  installed(reason: Runtime.OnInstalledReason): Promise<void>;
  alarmed(name: string): Promise<void>;
  /** `locked`: the computer's screen is locked. `idle`: nobody touched it for as long as the settings say. */
  rested(state: "active" | "idle" | "locked"): Promise<void>;
  /** The browser granted or took away access to an address. */
  permitted(): Promise<void>;
  /** The company changed what it sets for its agents. */
  ruled(): Promise<void>;
}

/** While a message is answered, a call of the browser's comes so often (ms): each starts the page's idle time anew. */
const TOUCH = 500;

/** Alarm that looks again whether to lock, while the agent rests: jobs may have been running, or the worker died. */
const LOCK_ALARM = "lock";

/** Opens the store and everything over it, and goes on with what an earlier life of the worker left. */
export async function openWorker(browser: Browser, storeName?: string): Promise<Worker> {
  const now = (): number => Date.now();
  const id = (): string => crypto.randomUUID();
  const { session } = browser.storage;
  // First of all: alarms may be lost with the browser, and whatever fails below is tried again with this one.
  // The engine clears it when no job is open.
  const period = import.meta.env.ALARM_PERIOD as number | undefined;
  await browser.alarms.create(JOBS, jobsAlarm(now(), period));
  await hideStorage(browser);
  const store = await openStore(storeName);
  await applyPolicy(store, browser.storage.managed);

  const vault = openVault({ store, session, crypto, now, locked: () => void connections.checkTrouble() });
  const budgets = new Map<string, Allowance>();
  const sandboxes = new Map<string, Promise<Sandbox>>();

  const connections = openConnections({
    store,
    vault,
    now,
    id,
    permissions: browser.permissions,
    open: (connection, key) =>
      openGateway({
        connection,
        key,
        budget: kept(budgets, connection.id, () => openBudget(connection.id, budgetPorts(store, connection.id), now)),
        notes: storedNotes(store, connection.id),
        isAllowed: async (origin) =>
          connection.isSandbox || browser.permissions.contains({ origins: [hostPattern(origin)] }),
        ...(connection.isSandbox
          ? { fetch: (request) => sandboxOf(connection).then((one) => one.fetch(request)) }
          : {}),
      }),
    clearSession: () => session.clear(),
    // Twice: the second time ends also what was sent and is not proved.
    cancelJobs: async (connection) => {
      for (const job of await readOpenJobs(store)) {
        if (job.connection === connection) for (let i = 0; i < 2; i += 1) await jobs.cancel(job.id);
      }
    },
  });

  function sandboxOf(connection: Connection): Promise<Sandbox> {
    return kept(sandboxes, connection.id, () => openSandbox(store, connection.id, now));
  }

  const jobs: Jobs = openJobs({
    store,
    gateway: (connection) => connections.reach(connection),
    clock: { now, sleep },
    alarms: browser.alarms,
    lock: (name, work) => navigator.locks.request(name, work),
    random: () => Math.random(),
    settle: import.meta.env.SETTLE as number | undefined,
    period,
  });

  const badge = openBadge({ store, browser, sleep });
  const invites = openInvites({
    store,
    browser,
    now,
    id,
    rest: () => sleep(0),
    changed: () => badge.refresh(),
    join: async (code, nonce) => {
      const current = await connections.current();
      return current.ok
        ? jobs.start(current.value.id, { kind: "join", codes: [code], pace: "careful" }, nonce)
        : current;
    },
  });
  const groups = openGroups({
    store,
    now,
    alarms: browser.alarms,
    gatewayOf: (connection) => connections.gatewayOf(connection),
  });

  const setIdle = ({ lockAfter }: Pick<Settings, "lockAfter">): void =>
    browser.idle.setDetectionInterval(lockAfter > 0 ? lockAfter * 60 : 60);
  const handlers = createHandlers({
    store,
    vault,
    connections,
    groups,
    invites,
    jobs,
    now,
    id,
    settingsChanged: async (changed) => {
      if (changed.lockAfter !== undefined) setIdle({ lockAfter: changed.lockAfter });
      if (changed.keepHistory !== undefined) await jobs.prune();
      if (changed.isPageOn !== undefined) await invites.askAgain();
    },
  });
  const route = createRouter(handlers);
  // Not by the URL parser, which knows no origins of such schemes outside of their own browser.
  const self = { id: browser.runtime.id, origin: browser.runtime.getURL("/").replace(/\/$/, "") };
  const lock = async (): Promise<void> => void (await handlers.lock(undefined, { surface: "extension" }));

  /**
   * Locks when the agent's rest asks for it: at once with the computer's screen, after the idle time of the settings
   * when no job runs, which needs the key. The alarm is set first and cleared last, so that a worker that dies on the
   * way leaves nothing unlocked.
   */
  async function lockAtRest(event?: "idle" | "locked"): Promise<void> {
    await browser.alarms.create(LOCK_ALARM, { delayInMinutes: 1, periodInMinutes: 1 });
    const { lockAfter } = await readSettings(store);
    const state = event === "locked" ? event : await browser.idle.queryState(lockAfter > 0 ? lockAfter * 60 : 60);
    if (state === "locked" && (await vault.mode()) === "passphrase") await lock();
    else if (event !== "locked" && lockAfter > 0 && state !== "active") {
      const open = await readOpenJobs(store);
      if (open.some((job) => job.state !== "paused")) return;
      await lock();
    }
    await browser.alarms.clear(LOCK_ALARM);
  }

  setIdle(await readSettings(store));
  // The store tells of every step of a job; the badge draws at most once a second.
  watch(store, ["jobs", "steps"], () => badge.refresh(), new AbortController().signal);
  badge.refresh();
  await connections.checkTrouble();
  void jobs.wake();
  void jobs.prune();
  // The browser may have lost the alarm. What cannot be read now waits for it, or for the agent.
  void groups.goOn().catch(() => undefined);

  return {
    store,
    invites,
    menus: {
      browser,
      invites,
      lock,
      saveDraft: async (key, value) => void (await handlers.saveDraft({ key, value }, { surface: "extension" })),
    },

    async receive(message, sender) {
      // Firefox stops an event page also under a message that it has not answered yet (measured in 153).
      // When the call is refused, the page is going all the same.
      const touch = setInterval(() => void browser.runtime.getPlatformInfo().catch(() => undefined), TOUCH);
      try {
        await vault.watchClock();
        return await route(message, callerOf(sender as Sender, self));
      } finally {
        clearInterval(touch);
      }
    },

    async installed(reason) {
      await createMenus(browser);
      if (reason === "install") {
        await browser.tabs.create({ url: browser.runtime.getURL(`welcome.html${ROUTES.welcome}`) });
      }
    },

    async alarmed(name) {
      if (name === JOBS) await jobs.wake();
      if (name === LIST_ALARM) await groups.goOn();
      if (name === PENDING_ALARM) await invites.expire();
      if (name === LOCK_ALARM) await lockAtRest();
    },

    async rested(state) {
      if (state !== "active") await lockAtRest(state);
    },

    async permitted() {
      await connections.checkTrouble();
      await jobs.wake();
    },

    async ruled() {
      await applyPolicy(store, browser.storage.managed);
      setIdle(await readSettings(store));
      await invites.askAgain();
      await connections.checkTrouble();
      await jobs.wake();
    },
  };
}

function sleep(duration: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, duration);
  });
}

/** What was made for this key before, or a new one. */
function kept<T>(all: Map<string, T>, key: string, make: () => T): T {
  const value = all.get(key) ?? make();
  all.set(key, value);
  return value;
}

/** Where an allowance is kept: with its connection, and nowhere for one that is only tried or was forgotten. */
function budgetPorts(store: Store, connection: string): ReturnType<typeof storedBudget> {
  const stored = storedBudget(store, connection);
  return {
    ...stored,
    save: async (budget) => {
      if (await store.db.getKey("connections", connection)) await stored.save(budget);
    },
  };
}

/** The sandbox gateway of a connection on its stored world, or on a new one. */
async function openSandbox(store: Store, connection: string, now: () => number): Promise<Sandbox> {
  const world = ((await store.db.get("sandbox", connection)) as World | undefined) ?? createWorld();
  return sandboxGateway({
    world,
    now,
    save: (changed) =>
      write(store, ["sandbox", "connections"], async (tx) => {
        // Forgotten while a request was under way: then nothing of it may come back.
        if (await tx.objectStore("connections").getKey(connection)) {
          await tx.objectStore("sandbox").put(changed, connection);
        }
      }),
  });
}

/**
 * Keeps content scripts out of `storage` where the browser can: Chrome before 140 has the call for `local` and refuses it,
 * Firefox has none. A second belt, so a refusal stops nothing: nothing lies in `local`, and `session` is closed to content
 * scripts unless an extension opens it.
 */
async function hideStorage({ storage }: Pick<Browser, "storage">): Promise<void> {
  for (const area of [storage.local, storage.session]) {
    const { setAccessLevel } = area as { setAccessLevel?: (level: { accessLevel: string }) => Promise<void> };
    try {
      await setAccessLevel?.call(area, { accessLevel: "TRUSTED_CONTEXTS" });
    } catch {
      // Refused by this version of the browser.
    }
  }
}

/** Opens the app where the address bar's suggestion leads. */
export function openFromOmnibox(worker: Worker, route: string, disposition: string): Promise<void> {
  return openTab(worker.menus.browser, route, disposition === "currentTab");
}
