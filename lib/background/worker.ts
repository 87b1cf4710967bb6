import type { Browser, Runtime } from "webextension-polyfill";
import type { Reply } from "../shared/failure";
import { watch } from "../store/live";
import { makeStore } from "../store/migrate";
import { readOpenJobs, readSettings } from "../store/read";
import type { Store } from "../store/schema";
import { openConnections, type Connections } from "./account/connections";
import { openGateways } from "./account/gateways";
import { LOCK_ALARM, lockAtRest, watchIdle } from "./account/idle-lock";
import { applyPolicy } from "./account/policy";
import { hideStorage } from "./account/storage-access";
import { openVault, type Vault } from "./account/vault";
import { pruneChanges } from "./groups/erase-changes";
import { openGroups, type Groups } from "./groups/groups";
import { LIST_ALARM } from "./groups/list-reading";
import { MEMBERS_ALARM } from "./groups/roster-reading";
import { createHandlers } from "./handlers";
import { openJobs, type Jobs } from "./jobs/jobs";
import { JOBS, jobsAlarm } from "./jobs/runner";
import { openBadge, type Badge } from "./page/badge";
import { openInvites, PENDING_ALARM, type Invites } from "./page/invites";
import { createMenus, type MenuPorts } from "./page/menus";
import { callerOf, type Sender } from "./page/sender";
import { openTab, ROUTES } from "./page/windows";
import { createRouter, type Handlers } from "./router";

/** All of the worker, put together: what the listeners of `entrypoints/background.ts` call. */
export interface Worker {
  store: Store;
  invites: Invites;
  menus: MenuPorts;
  /** Answers a message, whoever sent it. */
  receive(message: unknown, sender: Runtime.MessageSender): Promise<Reply<unknown>>;
  onInstalled(reason: Runtime.OnInstalledReason): Promise<void>;
  onAlarm(name: string): Promise<void>;
  /** `locked`: the computer's screen is locked. `idle`: nobody touched it for as long as the settings say. */
  onIdle(state: "active" | "idle" | "locked"): Promise<void>;
  /** The browser granted or took away access to an address. */
  onPermissionsChanged(): Promise<void>;
  /** The company changed what it sets for its agents. */
  onPolicyChanged(): Promise<void>;
}

/** The rooms of the worker, opened over one store. */
interface Rooms {
  store: Store;
  vault: Vault;
  connections: Connections;
  jobs: Jobs;
  groups: Groups;
  badge: Badge;
  invites: Invites;
  handlers: Handlers;
}

/** While a message is answered, a call of the browser's comes so often (ms): each starts the page's idle time anew. */
const TOUCH = 500;

/** Opens the store and everything over it, and goes on with what an earlier life of the worker left. */
export async function openWorker(browser: Browser, storeName?: string): Promise<Worker> {
  // First of all: alarms may be lost with the browser, and whatever fails below is tried again with this one.
  // The engine clears it when no job is open.
  const period = import.meta.env.ALARM_PERIOD as number | undefined;
  await browser.alarms.create(JOBS, jobsAlarm(now(), period));
  await hideStorage(browser);
  const store = await makeStore(storeName);
  await applyPolicy(store, browser.storage.managed);
  const rooms = openRooms(browser, store, period);
  const { badge, connections, jobs, groups } = rooms;

  watchIdle(browser, await readSettings(store));
  // The store reports every step of a job; the badge draws at most once a second.
  watch(store, ["jobs", "steps"], () => badge.refresh(), new AbortController().signal);
  badge.refresh();
  await connections.checkTrouble();
  void jobs.wake();
  void jobs.prune();
  void pruneChanges(store, now()).catch(() => undefined);
  // The browser may have lost the alarm. What cannot be read now waits for it, or for the agent.
  void groups.goOn().catch(() => undefined);
  void groups.rosters.goOn().catch(() => undefined);
  return workerOf(browser, rooms);
}

/** Opens the rooms, each over what it needs of the others. */
function openRooms(browser: Browser, store: Store, period: number | undefined): Rooms {
  const { session } = browser.storage;
  const vault = openVault({ store, session, crypto, now, locked: () => void connections.checkTrouble() });
  const connections = openConnections({
    store,
    vault,
    now,
    id,
    permissions: browser.permissions,
    open: openGateways({ store, permissions: browser.permissions, now }),
    clearSession: () => session.clear(),
    cancelJobs: (connection) => cancelJobs(store, jobs, connection),
  });
  const jobs = openJobs({
    store,
    gateway: (connection) => connections.reach(connection),
    clock: { now, sleep },
    alarms: browser.alarms,
    lock: (name, work) => navigator.locks.request(name, work),
    random: () => Math.random(),
    settleTime: import.meta.env.SETTLE as number | undefined,
    period,
  });
  const badge = openBadge({ store, browser, sleep });
  const invites = openInvites({
    store,
    browser,
    now,
    id,
    sleep,
    changed: () => badge.refresh(),
    join: (code, nonce) => startJoin(connections, jobs, code, nonce),
  });
  const groups = openGroups({
    store,
    now,
    sleep,
    alarms: browser.alarms,
    gatewayOf: (connection) => connections.gatewayOf(connection),
  });
  const handlers = createHandlers({
    store,
    vault,
    connections,
    groups,
    invites,
    jobs,
    now,
    id,
    settingsChanged: async ({ lockAfter, keepHistory, isPageOn }) => {
      if (lockAfter !== undefined) watchIdle(browser, { lockAfter });
      if (keepHistory !== undefined) await Promise.all([jobs.prune(), pruneChanges(store, now())]);
      if (isPageOn !== undefined) await invites.askAgain();
    },
  });
  return { store, vault, connections, jobs, groups, badge, invites, handlers };
}

/** What the browser's events do. */
function workerOf(browser: Browser, { store, vault, connections, jobs, groups, invites, handlers }: Rooms): Worker {
  const route = createRouter(handlers);
  // Not by the URL parser, which knows no origins of such schemes outside of their own browser.
  const self = { id: browser.runtime.id, origin: browser.runtime.getURL("/").replace(/\/$/, "") };
  const lock = async (): Promise<void> => void (await handlers.lock(undefined, { from: "extension" }));
  const idleLock = { store, vault, browser, lock };

  async function onPermissionsChanged(): Promise<void> {
    await connections.checkTrouble();
    await groups.rosters.goOn();
    await jobs.wake();
  }

  return {
    store,
    invites,
    menus: {
      browser,
      invites,
      lock,
      saveDraft: async (key, value) => void (await handlers.saveDraft({ key, value }, { from: "extension" })),
    },

    async receive(message, sender) {
      const answered = new AbortController();
      keepAwake(browser, answered.signal);
      try {
        await vault.watchClock();
        return await route(message, callerOf(sender as Sender, self));
      } finally {
        answered.abort();
      }
    },

    onInstalled: (reason) => welcome(browser, reason),

    async onAlarm(name) {
      if (name === JOBS) await jobs.wake();
      if (name === LIST_ALARM) await groups.goOn();
      if (name === MEMBERS_ALARM) await groups.rosters.goOn();
      if (name === PENDING_ALARM) await invites.expire();
      if (name === LOCK_ALARM) await lockAtRest(idleLock);
    },

    async onIdle(state) {
      if (state === "active") return groups.rosters.rest();
      await lockAtRest(idleLock, state);
      await freshen(store, connections, groups);
    },

    onPermissionsChanged,

    async onPolicyChanged() {
      await applyPolicy(store, browser.storage.managed);
      watchIdle(browser, await readSettings(store));
      await invites.askAgain();
      await onPermissionsChanged();
    },
  };
}

/** Reads members again while nobody uses the computer, if the agent chose that. */
async function freshen(store: Store, connections: Connections, { rosters }: Groups): Promise<void> {
  const { isFreshening } = await readSettings(store);
  const current = isFreshening ? await connections.current() : undefined;
  if (current?.ok && current.value.trouble === undefined) await rosters.freshen(current.value);
}

/** Starts the job that joins by an invite, on the connection in use. */
async function startJoin(
  connections: Connections,
  jobs: Jobs,
  code: string,
  nonce: string,
): Promise<Reply<{ id: string }>> {
  const current = await connections.current();
  return current.ok ? jobs.start(current.value.id, { kind: "join", codes: [code], pace: "careful" }, nonce) : current;
}

/** Makes the menus; opens the welcome page after an installation. */
async function welcome(browser: Browser, reason: Runtime.OnInstalledReason): Promise<void> {
  await createMenus(browser);
  if (reason === "install") {
    await browser.tabs.create({ url: browser.runtime.getURL(`welcome.html${ROUTES.welcome}`) });
  }
}

/** Firefox stops an event page also under a message that it has not answered yet (measured in 153). */
function keepAwake({ runtime }: Pick<Browser, "runtime">, signal: AbortSignal): void {
  // When the call is refused, the page is going all the same.
  const touch = setInterval(() => void runtime.getPlatformInfo().catch(() => undefined), TOUCH);
  signal.addEventListener("abort", () => clearInterval(touch), { once: true });
}

/** Cancels what is open of a connection. Twice: the second time also ends what was sent and is not proved. */
async function cancelJobs(store: Store, jobs: Jobs, connection: string): Promise<void> {
  for (const job of await readOpenJobs(store)) {
    if (job.connection === connection) for (let i = 0; i < 2; i += 1) await jobs.cancel(job.id);
  }
}

function now(): number {
  return Date.now();
}

function id(): string {
  return crypto.randomUUID();
}

function sleep(duration: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, duration);
  });
}

/** Opens the app where the address bar's suggestion leads. */
export function openFromOmnibox(worker: Worker, route: string, disposition: string): Promise<void> {
  return openTab(worker.menus.browser, route, disposition === "currentTab");
}
