import "fake-indexeddb/auto";
import { createRequire } from "node:module";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { WORLD_CODES, WORLD_GROUPS } from "../../../lib/sandbox/world";
import { ok } from "../../../lib/shared/failure";
import { OLDEST } from "../../../wxt.config";
import { fakeBrowser, ID, ORIGIN, setGlobals, US, type FakeBrowser } from "./fake-browser";

/**
 * The real background script in the oldest browsers that the manifest names: what came later than they did is absent there,
 * or is there and refuses. And the same without any one thing that some browser lacks.
 */

type Api = Record<string, any>;
interface Later {
  api: string;
  /** The first version that has it and lets us call it; Infinity where no version does. */
  chrome: number;
  firefox: number;
  /** What an older browser does instead. */
  before: "absent" | "refuses";
}

/** Everything of the browser that the worker can do without. */
const LATER: Later[] = [
  { api: "storage.local.setAccessLevel", chrome: 140, firefox: Infinity, before: "refuses" },
  { api: "storage.local.setAccessLevel", chrome: 102, firefox: Infinity, before: "absent" },
  { api: "storage.session.setAccessLevel", chrome: 102, firefox: Infinity, before: "absent" },
  { api: "storage.session.setAccessLevel", chrome: 102, firefox: Infinity, before: "refuses" },
  { api: "storage.managed.get", chrome: 33, firefox: Infinity, before: "refuses" },
  { api: "storage.managed.onChanged", chrome: 73, firefox: Infinity, before: "absent" },
  { api: "storage.managed", chrome: 33, firefox: 57, before: "absent" },
  { api: "runtime.getContexts", chrome: 116, firefox: 127, before: "absent" },
  { api: "action.openPopup", chrome: 127, firefox: 57, before: "absent" },
  { api: "action.openPopup", chrome: 127, firefox: Infinity, before: "refuses" },
  { api: "sidePanel", chrome: 116, firefox: Infinity, before: "absent" },
  { api: "sidebarAction", chrome: Infinity, firefox: 54, before: "absent" },
  { api: "permissions.onAdded", chrome: 18, firefox: 77, before: "absent" },
  { api: "permissions.onRemoved", chrome: 18, firefox: 77, before: "absent" },
];

function takeAway(browser: Api, { api, before }: Later): void {
  const path = api.split(".");
  const name = path.pop()!;
  const owner = path.reduce<Api | undefined>((at, part) => at?.[part], browser);
  if (!owner) return;
  if (before === "absent") delete owner[name];
  else owner[name] = () => Promise.reject(new Error(`${api} is not available`));
}

/** A browser whose calls take callbacks, as Chrome's did that had no `browser` yet: the polyfill wraps it. */
function withCallbacks(target: Api, runtime: Api): Api {
  return new Proxy(target, {
    get(object, name: string) {
      const value = object[name];
      if (typeof value === "object" && value !== null) return withCallbacks(value, runtime);
      if (typeof value !== "function" || /Listener$|getURL|getMessage|getUILanguage/.test(name)) return value;
      return (...args: unknown[]) => {
        const callback = typeof args.at(-1) === "function" ? (args.pop() as (value?: unknown) => void) : undefined;
        if (!callback) return value.apply(object, args);
        return void answer(callback, () => value.apply(object, args), runtime);
      };
    },
  });
}

/** Calls back with a value or, after a refusal, with none and the reason in `runtime.lastError`. */
async function answer(callback: (value?: unknown) => void, call: () => unknown, runtime: Api): Promise<void> {
  let value: unknown;
  try {
    value = await call();
  } catch (error) {
    runtime["lastError"] = error;
  }
  callback(value);
  delete runtime["lastError"];
}

/** The real polyfill, evaluated anew: what it gives depends on the browser that it finds. */
function polyfill(): unknown {
  const require = createRequire(import.meta.url);
  const path = require.resolve("webextension-polyfill");
  delete require.cache[path];
  return require(path);
}

let fake: FakeBrowser;
beforeAll(() => {
  setGlobals();
  Object.assign(globalThis, { i18n: (globalThis as unknown as { browser: Api })["browser"]["i18n"] });
});
beforeEach(() => {
  fake = fakeBrowser();
  vi.resetModules();
});
afterEach(() => vi.unstubAllGlobals());

/** Starts the background script in a browser without some things, under `browser` or, as in old Chrome, under `chrome`. */
async function start(missing: Later[], isChromeOnly = false): Promise<void> {
  const api = fake.browser as unknown as Api;
  Object.assign(api, { i18n: (globalThis as unknown as { i18n: unknown }).i18n });
  Object.assign(api, {
    sidePanel: { open: () => Promise.resolve() },
    sidebarAction: { toggle: () => Promise.resolve() },
  });
  // Each test has a store of its own under the one name that the script uses.
  const { IDBFactory } = await import("fake-indexeddb");
  vi.stubGlobal("indexedDB", new IDBFactory());
  for (const one of missing) takeAway(api, one);
  vi.stubGlobal("browser", isChromeOnly ? undefined : api);
  vi.stubGlobal("chrome", isChromeOnly ? withCallbacks(api, api["runtime"]) : api);
  vi.doMock("webextension-polyfill", () => ({ default: polyfill() }));
  const { default: background } = await import("../../../entrypoints/background");
  background.main();
}

/** Sends a message through the script's own listener. */
function send(command: string, input?: unknown, sender: unknown = US): Promise<unknown> {
  const [listener] = fake.listeners.get("runtime.onMessage") ?? [];
  return new Promise((respond) => {
    listener!({ command, input } as never, sender as never, respond as never);
  });
}

const page = () => ({
  id: ID,
  origin: "https://forum.example",
  url: "https://forum.example/",
  tab: fake.tabs[0],
  frameId: 0,
});

/** What has to work in every browser: sample groups, a list, a job, a page with an invite, a chip that opens our window. */
async function expectWork(): Promise<void> {
  expect(await send("addSandbox")).toMatchObject({ ok: true });
  expect(await send("refreshGroups")).toEqual(ok({ count: 60 }));
  const job = { kind: "update", group: WORLD_GROUPS.lobby, name: "Renamed" };
  expect(await send("startJob", { job, nonce: "n" })).toMatchObject({ ok: true });
  const sources = [[["href", `https://chat.whatsapp.com/${WORLD_CODES.sample}`]]];
  expect(await send("reportInvites", { sources }, page())).toMatchObject(ok({ invites: [[WORLD_CODES.sample]] }));
  expect(await send("pageView")).toMatchObject(ok({ invites: { length: 1 } }));
  expect(await send("askToJoin", { code: WORLD_CODES.sample }, page())).toEqual(ok(true));
  expect(fake.popups + fake.windows.length).toBeGreaterThan(0);
  expect(await send("lock")).toMatchObject({ ok: true });
  const press = fake.listeners.get("commands.onCommand")![0]!;
  expect(() => press("open-panel" as never, fake.tabs[0] as never)).not.toThrow();
}

/** What a browser of this version lacks. */
const missingIn = (browser: "chrome" | "firefox") => LATER.filter((one) => one[browser] > OLDEST[browser]);

describe("the oldest browsers of the manifest", () => {
  test(`Chrome ${OLDEST.chrome}, with callbacks`, async () => {
    await start(missingIn("chrome"), true);
    await expectWork();
    expect(fake.popups).toBe(1);
  });

  test(`Firefox ${OLDEST.firefox}`, async () => {
    await start(missingIn("firefox"));
    await expectWork();
  });
});

test.each(LATER)("without $api, which $before", async (one) => {
  await start([one]);
  await expectWork();
});

test("without all of it", async () => {
  await start(LATER);
  await expectWork();
  expect(fake.windows).toEqual([`${ORIGIN}/popup.html`]);
});

test("every listener is there on the first tick, and none of an event that comes with browsing", async () => {
  await start([]);
  expect([...fake.listeners.keys()].toSorted()).toEqual([
    "alarms.onAlarm",
    "commands.onCommand",
    "contextMenus.onClicked",
    "idle.onStateChanged",
    "omnibox.onInputChanged",
    "omnibox.onInputEntered",
    "permissions.onAdded",
    "permissions.onRemoved",
    "runtime.onInstalled",
    "runtime.onMessage",
    "runtime.onStartup",
    "storage.managed.onChanged",
  ]);
});
