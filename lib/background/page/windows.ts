import type { Browser } from "webextension-polyfill";

/** APIs missing in the polyfill's types and some browsers. */
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

/** The browser APIs used here. */
export type SurfaceBrowser = Pick<Browser, "runtime" | "action" | "windows" | "tabs" | "storage">;

/** Routes opened from outside the app. */
export const ROUTES = {
  page: "#/page",
  join: (code: string): string => `#/join/${encodeURIComponent(code)}`,
  noInvite: "#/join?none=1",
  group: (id: string): string => `#/group/${encodeURIComponent(id)}`,
  groups: "#/groups",
  selection: "#/people?from=selection",
  addSelection: "#/people?from=selection&to=add",
  welcome: "#/welcome",
} as const;

/** Documents that may show the pending invite. */
const VIEWS = /\/(popup|sidepanel|app)\.html$/;

async function openViews(browser: SurfaceBrowser): Promise<{ contextType: string; windowId: number }[] | undefined> {
  const { getContexts } = (browser as unknown as Extras).runtime;
  if (!getContexts) return undefined;
  const contexts = await getContexts.call(browser.runtime, {});
  return contexts.filter(({ documentUrl }) => VIEWS.test((documentUrl ?? "").replace(/[?#].*$/, "")));
}

/** Whether the agent sees our popup or this window's panel; false if unknown. */
export async function isViewSeen(browser: SurfaceBrowser, window: number): Promise<boolean> {
  const views = (await openViews(browser)) ?? [];
  return views.some(
    ({ contextType, windowId }) => contextType === "POPUP" || (contextType === "SIDE_PANEL" && windowId === window),
  );
}

/** Shows the app: the open panel, else the popup, else a window. False if all fail. */
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
    // Refused for a background window, and by older browsers without a gesture.
    return openWindow(browser, window);
  }
}

/** Our last window and the one behind it. */
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

/** Returns the tab the agent looks at, if need be behind our own window. */
export async function tabInFront(browser: SurfaceBrowser): Promise<{ id: number; url?: string } | undefined> {
  const { id, type } = await browser.windows.getLastFocused();
  const own = (await browser.storage.session.get(BEHIND))[BEHIND] as { id?: number; behind: number } | undefined;
  const windowId = own !== undefined && own.id === id ? own.behind : type === "normal" ? id : undefined;
  // A window without tabs is in front: look behind it.
  const place = windowId === undefined ? ({ windowType: "normal" } as const) : { windowId };
  const [tab] = await browser.tabs.query({ active: true, ...place });
  return tab?.id === undefined ? undefined : { id: tab.id, url: tab.url };
}

/** Opens the app in a new tab, or with `isHere` in the current one. */
export async function openTab(browser: SurfaceBrowser, route: string, isHere = false): Promise<void> {
  const url = browser.runtime.getURL(`app.html${route}`);
  await (isHere ? browser.tabs.update({ url }) : browser.tabs.create({ url }));
}
