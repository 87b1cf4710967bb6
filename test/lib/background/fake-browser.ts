import type { Browser } from "webextension-polyfill";
import type { Worker } from "../../../lib/background/worker";
import type { CommandName, Input, Output } from "../../../lib/shared/commands";
import type { Reply } from "../../../lib/shared/failure";
import { openQueue } from "../../../lib/shared/queue";
import messages from "../../../public/_locales/en/messages.json";

/** As much of a browser as the worker needs, in memory. What it was asked to do can be read from it. */
export interface FakeBrowser {
  browser: Browser;
  session: Record<string, unknown>;
  /** What the company set. */
  managed: Record<string, unknown>;
  /** Match patterns that are granted. */
  granted: Set<string>;
  /** Our own documents that are open. */
  contexts: { contextType: string; documentUrl: string; windowId: number }[];
  tabs: { id: number; windowId: number; active: boolean; url?: string; title?: string }[];
  focused: boolean;
  /** The window that had the focus last: the agent's own (10), or one of ours. */
  front: { id: number; type: string };
  /** Times that the popup was opened; set `canPopup` to false for a browser that refuses. */
  popups: number;
  canPopup: boolean;
  windows: string[];
  opened: string[];
  /** Everything that was sent to tabs. */
  sent: unknown[];
  badge: Map<number | undefined, string | null>;
  alarms: Map<string, { when?: number; delayInMinutes?: number; periodInMinutes?: number }>;
  idleAfter: number;
  idleState: "active" | "idle" | "locked";
  /** What the script gives in the page and in each frame, or an error when the browser keeps us out. */
  frames: unknown[] | Error;
  /** What the page script answers that is there without a press; undefined when there is none. */
  pageScript: unknown;
  /** The tab goes to another page, which takes away what our button showed for it. No event of ours tells of it. */
  navigate(tab: number): void;
  /** Listeners, by the name of the event: `tabs.onActivated`. */
  listeners: Map<string, ((...args: never[]) => unknown)[]>;
}

export const ID = "abcdefghijklmnopabcdefghijklmnop";
export const ORIGIN = `chrome-extension://${ID}`;

/** A fresh browser with one window and one tab (1) on a page. */
export function fakeBrowser(): FakeBrowser {
  const fake: FakeBrowser = {
    browser: undefined as unknown as Browser,
    session: {},
    managed: {},
    granted: new Set(["https://api.wappfy.io/*", "http://127.0.0.1/*"]),
    contexts: [],
    tabs: [{ id: 1, windowId: 10, active: true }],
    focused: true,
    front: { id: 10, type: "normal" },
    popups: 0,
    canPopup: true,
    windows: [],
    opened: [],
    sent: [],
    badge: new Map(),
    alarms: new Map(),
    idleAfter: 0,
    idleState: "active",
    frames: [],
    pageScript: undefined,
    navigate: (id) => {
      fake.badge.delete(id);
      for (const tab of fake.tabs) if (tab.id === id) delete tab.title;
    },
    listeners: new Map(),
  };
  const event = (name: string) => ({
    addListener: (listener: (...args: never[]) => unknown) =>
      void fake.listeners.set(name, [...(fake.listeners.get(name) ?? []), listener]),
  });
  // Everything that goes through `storage` is a copy, and takes a turn.
  const copy = <T>(value: T): Promise<T> => Promise.resolve(structuredClone(value));
  const session = {
    get: (key: string | null) =>
      copy(key === null ? fake.session : Object.hasOwn(fake.session, key) ? { [key]: fake.session[key] } : {}),
    set: async (items: Record<string, unknown>) => void Object.assign(fake.session, await copy(items)),
    remove: (keys: string | string[]) => {
      for (const key of [keys].flat()) delete fake.session[key];
      return Promise.resolve();
    },
    clear: () => {
      fake.session = {};
      return Promise.resolve();
    },
  };
  const isKnownTab = (id: number | undefined) => id === undefined || fake.tabs.some((tab) => tab.id === id);
  const inTab = <T>(id: number | undefined, value: () => T): Promise<T> =>
    isKnownTab(id) ? Promise.resolve(value()) : Promise.reject(new Error(`No tab with id: ${id}`));
  const browser = {
    storage: {
      session: { ...session, setAccessLevel: () => Promise.resolve() },
      local: { setAccessLevel: () => Promise.resolve() },
      managed: { get: () => copy(fake.managed), onChanged: event("storage.managed.onChanged") },
    },
    runtime: {
      id: ID,
      getURL: (path: string) => `${ORIGIN}/${path.replace(/^\//, "")}`,
      getContexts: () => copy(fake.contexts),
      getPlatformInfo: () => copy({ os: "linux" }),
      onMessage: event("runtime.onMessage"),
      onInstalled: event("runtime.onInstalled"),
      onStartup: event("runtime.onStartup"),
    },
    permissions: {
      contains: ({ origins }: { origins: string[] }) =>
        Promise.resolve(origins.every((origin) => fake.granted.has(origin))),
      remove: ({ origins }: { origins: string[] }) =>
        Promise.resolve(origins.map((origin) => fake.granted.delete(origin)).every(Boolean)),
      onAdded: event("permissions.onAdded"),
      onRemoved: event("permissions.onRemoved"),
    },
    alarms: {
      create: async (name: string, times: object) => void fake.alarms.set(name, times),
      clear: (name: string) => Promise.resolve(fake.alarms.delete(name)),
      onAlarm: event("alarms.onAlarm"),
    },
    action: {
      openPopup: () => {
        fake.popups += 1;
        return fake.canPopup
          ? Promise.resolve()
          : Promise.reject(new Error("Could not find an active browser window."));
      },
      setBadgeText: ({ tabId, text }: { tabId?: number; text: string | null }) =>
        inTab(tabId, () => void fake.badge.set(tabId, text)),
      setBadgeBackgroundColor: () => Promise.resolve(),
      getTitle: ({ tabId }: { tabId?: number }) =>
        inTab(tabId, () => fake.tabs.find(({ id }) => id === tabId)?.title ?? "Wappfy Groups"),
      setTitle: ({ tabId, title }: { tabId?: number; title: string }) =>
        inTab(tabId, () => {
          const tab = fake.tabs.find(({ id }) => id === tabId);
          if (tab) tab.title = title;
        }),
    },
    windows: {
      get: () => Promise.resolve({ focused: fake.focused }),
      getLastFocused: () => copy(fake.front),
      create: ({ url, type }: { url: string; type: string }) => {
        fake.windows.push(url);
        fake.front = { id: 100 + fake.windows.length, type };
        return copy(fake.front);
      },
    },
    tabs: {
      query: ({ active, windowId }: { active?: boolean; windowId?: number }) =>
        copy(
          fake.tabs.filter((tab) => (!active || tab.active) && (windowId === undefined || tab.windowId === windowId)),
        ),
      sendMessage: (_tab: number, message: unknown) => {
        fake.sent.push(message);
        if (message === "search" && fake.pageScript !== undefined) return copy(fake.pageScript);
        return Promise.reject(new Error("Could not establish connection. Receiving end does not exist."));
      },
      create: ({ url }: { url: string }) => Promise.resolve(fake.opened.push(url)),
      update: ({ url }: { url: string }) => Promise.resolve(fake.opened.push(url)),
    },
    idle: {
      setDetectionInterval: (seconds: number) => void (fake.idleAfter = seconds),
      queryState: () => Promise.resolve(fake.idleState),
      onStateChanged: event("idle.onStateChanged"),
    },
    contextMenus: { onClicked: event("contextMenus.onClicked") },
    commands: { onCommand: event("commands.onCommand") },
    omnibox: {
      setDefaultSuggestion: () => undefined,
      onInputChanged: event("omnibox.onInputChanged"),
      onInputEntered: event("omnibox.onInputEntered"),
    },
    scripting: {
      executeScript: () =>
        fake.frames instanceof Error
          ? Promise.reject(fake.frames)
          : copy(fake.frames.map((result, frameId) => ({ frameId, result })).toReversed()),
    },
  };
  fake.browser = browser as unknown as Browser;
  return fake;
}

const words: Record<string, { message: string }> = messages;

/** The words of an English browser. */
export const english = {
  getMessage: (key: string, given: string[] = []): string =>
    (words[key]?.message ?? "").replace(/\$(\d)/g, (_, n: string) => given[Number(n) - 1] ?? ""),
  getUILanguage: (): string => "en",
};

/** Gives the pure modules words, and the worker the locks that Node lacks. */
export function setGlobals(): void {
  Object.assign(globalThis, { browser: { i18n: english } });
  const inTurn = openQueue();
  const request = <T>(_name: string, work: () => Promise<T>): Promise<T> => inTurn(work);
  Object.defineProperty(globalThis.navigator ?? {}, "locks", { value: { request }, configurable: true });
  if (!globalThis.navigator) Object.assign(globalThis, { navigator: { locks: { request }, onLine: true } });
}

/** The sender of a message from one of our own pages. */
export const US = { id: ID, origin: ORIGIN, url: `${ORIGIN}/popup.html` };

/** Returns what sends a command to the worker of the moment, as one of our own pages does. */
export function senderTo(worker: () => Worker) {
  return async <Name extends CommandName>(
    command: Name,
    ...[input]: undefined extends Input<Name> ? [] : [Input<Name>]
  ): Promise<Reply<Output<Name>>> => (await worker().receive({ command, input }, US)) as Reply<Output<Name>>;
}

/** Sends a message as the page script in the first tab does. */
export function sendFromPage(
  worker: Worker,
  { tabs }: FakeBrowser,
  message: { command: string; input?: unknown },
  url = "https://forum.example/t/1",
): Promise<unknown> {
  return worker.receive(message, { id: ID, origin: new URL(url).origin, url, tab: tabs[0], frameId: 0 } as never);
}
