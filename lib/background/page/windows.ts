import type { Browser } from "webextension-polyfill";

/** Our own windows: which of them are open, and how to open one where there is none. */

/** What the polyfill's types lack; each is absent in one browser or in older versions of it. */
export interface Extras {
  runtime: {
    getContexts?: (filter: {
      contextTypes?: string[];
    }) => Promise<{ contextType: string; documentUrl?: string; windowId: number }[]>;
  };
  action: { openPopup?: (options?: { windowId?: number }) => Promise<void> };
  sidePanel?: { open: (options: { windowId: number }) => Promise<void> };
  sidebarAction?: { toggle: () => Promise<void> };
}

/** The parts of the browser that are used here. */
export type SurfaceBrowser = Pick<Browser, "runtime" | "action" | "windows" | "tabs" | "storage">;

/** Routes of the app that are opened from outside of it. */
export const ROUTES = {
  page: "#/page",
  join: (code: string): string => `#/join/${encodeURIComponent(code)}`,
  group: (id: string): string => `#/group/${encodeURIComponent(id)}`,
  groups: "#/groups",
  selection: "#/people?from=selection",
  addSelection: "#/people?from=selection&to=add",
  welcome: "#/welcome",
} as const;

/** Documents that may show the invite that waits for a confirmation. */
const VIEWS = /\/(popup|sidepanel|app)\.html$/;

async function openViews(browser: SurfaceBrowser): Promise<{ contextType: string; windowId: number }[] | undefined> {
  const { getContexts } = (browser as unknown as Extras).runtime;
  if (!getContexts) return undefined;
  const contexts = await getContexts.call(browser.runtime, {});
  return contexts.filter(({ documentUrl }) => VIEWS.test((documentUrl ?? "").replace(/[?#].*$/, "")));
}

/**
 * Whether the agent, who looks at a page in this window, can see a view of ours beside it: the popup, or the panel of the
 * window. A tab or window of ours behind the page is not seen. False where the browser does not know.
 */
export async function isViewSeen(browser: SurfaceBrowser, window: number): Promise<boolean> {
  const views = (await openViews(browser)) ?? [];
  return views.some(
    ({ contextType, windowId }) => contextType === "POPUP" || (contextType === "SIDE_PANEL" && windowId === window),
  );
}

/**
 * Brings the app up beside the page in this window: the panel if it is open, else the popup, else a window of its own.
 * False when the browser allows none of them; the badge then says that something waits.
 */
export async function openSurface(browser: SurfaceBrowser, window: number): Promise<boolean> {
  const views = await openViews(browser);
  if (views?.some(({ contextType, windowId }) => contextType === "SIDE_PANEL" && windowId === window)) return true;
  if (views?.some(({ contextType }) => contextType === "POPUP")) return true;
  const { openPopup } = (browser as unknown as Extras).action;
  try {
    if (!openPopup) throw new Error("this browser opens no popup by itself");
    await openPopup.call(browser.action, { windowId: window });
    return true;
  } catch {
    // Refused for a window in the background, and without a gesture in older browsers: a window of its own then.
    return openWindow(browser, window);
  }
}

/** Where it is kept in which window the page lies for which a window of ours was opened last. */
const BEHIND = "behind";

async function openWindow(browser: SurfaceBrowser, behind: number): Promise<boolean> {
  try {
    const url = browser.runtime.getURL("popup.html");
    const { id } = await browser.windows.create({ type: "popup", url, width: 420, height: 640 });
    await browser.storage.session.set({ [BEHIND]: { id, behind } });
    return true;
  } catch {
    return false;
  }
}

/** The tab of the page that the agent looks at: where our own window has the focus, the one that it was opened for. */
export async function tabInFront(browser: SurfaceBrowser): Promise<{ id: number; url?: string } | undefined> {
  const { id, type } = await browser.windows.getLastFocused();
  const own = (await browser.storage.session.get(BEHIND))[BEHIND] as { id?: number; behind: number } | undefined;
  const windowId = own !== undefined && own.id === id ? own.behind : type === "normal" ? id : undefined;
  // Another window without tabs has the focus: the page is in a browser window behind it.
  const place = windowId === undefined ? ({ windowType: "normal" } as const) : { windowId };
  const [tab] = await browser.tabs.query({ active: true, ...place });
  return tab?.id === undefined ? undefined : { id: tab.id, url: tab.url };
}

/** Opens the app in a tab of its own, on a route. */
export async function openTab(browser: SurfaceBrowser, route: string, isHere = false): Promise<void> {
  const url = browser.runtime.getURL(`app.html${route}`);
  await (isHere ? browser.tabs.update({ url }) : browser.tabs.create({ url }));
}
