import type { Browser, Runtime } from "webextension-polyfill";
import type { Reply } from "../shared/failure";
import type { Settings } from "../shared/model";
import { watch } from "../store/live";
import { makeStore } from "../store/migrate";
import { readOpenJobs, readSettings } from "../store/read";
import type { Store } from "../store/schema";
import { write } from "../store/write";
import { openConnections, type Connections } from "./account/connections";
import { openGateways } from "./account/gateways";
import { LOCK_ALARM, lockAtRest, watchIdle } from "./account/idle-lock";
import { applyPolicy, isPolicyInTime } from "./account/policy";
import { hideStorage } from "./account/storage-access";
import { openVault, type Vault } from "./account/vault";
import { pruneChanges } from "./groups/erase-changes";
import { wakeReaders, openGroups, type Groups } from "./groups/groups";
import { LIST_ALARM } from "./groups/list-reading";
import { INVITES, MEMBERS } from "./groups/reader-tasks";
import { createHandlers } from "./handlers";
import { openJobs, type Jobs } from "./jobs/jobs";
import { JOBS, jobsAlarm } from "./jobs/runner";
import { openBadge, type Badge } from "./page/badge";
import { openInvites, PENDING_ALARM, type Invites } from "./page/invites";
import { createMenus, type MenuPorts } from "./page/menus";
import { callerOf, type Sender } from "./page/sender";
import { openTab, ROUTES } from "./page/windows";
import { createRouter, type Handlers } from "./router";

/** The worker, as called by `entrypoints/background.ts`. */
export interface Worker {
  store: Store;
  invites: Invites;
  menus: MenuPorts;
  receive(message: unknown, sender: Runtime.MessageSender): Promise<Reply<unknown>>;
  onInstalled(details: Runtime.OnInstalledDetailsType): Promise<void>;
  onAlarm(name: string): Promise<void>;
  /** `locked`: the screen. `idle`: no input for the configured time. */
  onIdle(state: "active" | "idle" | "locked"): Promise<void>;
  onPermissionsChanged(): Promise<void>;
  onPolicyChanged(): Promise<void>;
}

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

/** Ms between browser calls that restart the event page's idle timer while a message is answered. */
const TOUCH = 500;

/** Opens the worker and resumes unfinished work. */
export async function openWorker(browser: Browser, storeName?: string): Promise<Worker> {
  // First: browsers may lose this alarm, which retries what fails below. Without open jobs, the engine clears it.
  const period = import.meta.env.ALARM_PERIOD as number | undefined;
  await browser.alarms.create(JOBS, jobsAlarm(now(), period));
  await hideStorage(browser);
  const store = await makeStore(storeName);
  const policy = applyPolicy(store, browser.storage.managed);
  const isInTime = await isPolicyInTime(store, policy, sleep);
  const rooms = openRooms(browser, store, period);
  const { badge, connections, jobs, groups } = rooms;

  watchIdle(browser, await readSettings(store));
  watch(store, ["jobs", "steps"], () => badge.refresh(), new AbortController().signal);
  badge.refresh();
  await connections.checkTrouble();
  void jobs.wake();
  void jobs.takeBack().catch(() => undefined);
  void jobs.prune();
  void pruneChanges(store, now()).catch(() => undefined);
  // Its alarm may be lost. After a failure, the alarm or the agent retries.
  void groups.goOn().catch(() => undefined);
  void wakeReaders(groups).catch(() => undefined);
  // After a failure, the next start reads it again.
  if (!isInTime) void policy.then(() => followRules(browser, rooms)).catch(() => undefined);
  return workerOf(browser, rooms);
}

function openRooms(browser: Browser, store: Store, period: number | undefined): Rooms {
  const { session } = browser.storage;
  const vault = openVault({ store, session, crypto, now, locked: () => void connections.checkTrouble() });
  const connections = openConnections({
    store,
    vault,
    now,
    id,
    permissions: browser.permissions,
    gateways: openGateways({ store, permissions: browser.permissions, now }),
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
    join: (code, nonce, connection) => startJoin(connections, jobs, code, nonce, connection),
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

function workerOf(browser: Browser, rooms: Rooms): Worker {
  const { store, vault, connections, jobs, groups, invites, handlers } = rooms;
  const route = createRouter(handlers);
  // `URL` knows no origin for other browsers' extension schemes.
  const self = { id: browser.runtime.id, origin: browser.runtime.getURL("/").replace(/\/$/, "") };
  const lock = async (): Promise<void> => void (await handlers.lock(undefined, { from: "extension" }));
  const idleLock = { store, vault, browser, lock };

  return {
    store,
    invites,
    menus: {
      browser,
      invites,
      lock: async () => ((await vault.mode()) === "passphrase" ? lock() : undefined),
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

    onInstalled: (details) => onInstalled(browser, store, details),

    async onAlarm(name) {
      if (name === JOBS) await jobs.wake();
      if (name === LIST_ALARM) await groups.goOn();
      if (name === MEMBERS.alarm || name === INVITES.alarm) await wakeReaders(groups);
      if (name === PENDING_ALARM) await invites.expire();
      if (name === LOCK_ALARM) await lockAtRest(idleLock);
    },

    async onIdle(state) {
      if (state === "active") return groups.readers.members.rest();
      await lockAtRest(idleLock, state);
      await freshen(store, connections, groups);
    },

    onPermissionsChanged: () => followAccess(rooms),

    async onPolicyChanged() {
      await applyPolicy(store, browser.storage.managed);
      await followRules(browser, rooms);
    },
  };
}

async function followAccess({ connections, groups, jobs }: Rooms): Promise<void> {
  await connections.checkTrouble();
  await wakeReaders(groups);
  await jobs.wake();
}

async function followRules(browser: Browser, rooms: Rooms): Promise<void> {
  watchIdle(browser, await readSettings(rooms.store));
  await rooms.invites.askAgain();
  await followAccess(rooms);
}

async function freshen(store: Store, connections: Connections, { readers }: Groups): Promise<void> {
  const { isFreshening } = await readSettings(store);
  const current = isFreshening ? await connections.current() : undefined;
  if (current?.ok && current.value.trouble === undefined) await readers.members.freshen(current.value);
}

async function startJoin(
  connections: Connections,
  jobs: Jobs,
  code: string,
  nonce: string,
  connection: string | undefined,
): Promise<Reply<{ id: string }>> {
  const current = await connections.current(connection);
  return current.ok ? jobs.start(current.value.id, { kind: "join", codes: [code], pace: "careful" }, nonce) : current;
}

/**
 * Creates the menus. An installation opens welcome page and first steps; an update to another minor version shows news.
 */
async function onInstalled(
  browser: Browser,
  store: Store,
  { reason, previousVersion }: Runtime.OnInstalledDetailsType,
): Promise<void> {
  await createMenus(browser);
  const put = (change: Partial<Settings>) =>
    write(store, ["settings"], async (tx) => {
      const settings = await tx.objectStore("settings").get("settings");
      await tx.objectStore("settings").put({ ...settings, ...change }, "settings");
    });
  const minor = (version: string) => version.split(".", 2).join(".");
  const version = minor(browser.runtime.getManifest().version);
  if (reason === "update" && previousVersion !== undefined && minor(previousVersion) !== version) {
    await put({ news: version });
  }
  if (reason === "install") {
    await put({ guide: "new" });
    await browser.tabs.create({ url: browser.runtime.getURL(`welcome.html${ROUTES.welcome}`) });
  }
}

/** Firefox 153 stops an event page even while it answers a message. */
function keepAwake({ runtime }: Pick<Browser, "runtime">, signal: AbortSignal): void {
  // If refused, the page is ending anyway.
  const touch = setInterval(() => void runtime.getPlatformInfo().catch(() => undefined), TOUCH);
  signal.addEventListener("abort", () => clearInterval(touch), { once: true });
}

/** Cancels twice: the second also ends steps sent but not proved. */
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

/** Opens the app at the suggestion's route. */
export function openFromOmnibox(worker: Worker, route: string, disposition: string): Promise<void> {
  return openTab(worker.menus.browser, route, disposition === "currentTab");
}
