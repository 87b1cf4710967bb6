import type { Browser, Menus, Tabs } from "webextension-polyfill";
import { t } from "../../shared/i18n";
import { inviteOfUrl } from "../../shared/invite";
import { readPasted } from "../../shared/pasted";
import { draftKey, SELECTION, type DraftKey } from "../../shared/draft";
import type { Invites } from "./invites";
import { openSurface, openTab, ROUTES, type Extras, type SurfaceBrowser } from "./windows";

const ITEMS: { id: string; title: Parameters<typeof t>[0]; contexts: Menus.ContextType[]; links?: string[] }[] = [
  {
    id: "manage-invite",
    title: "menu_manage_invite",
    contexts: ["link"],
    // The last matches redirects to an invite, and some links that are none.
    links: ["*://chat.whatsapp.com/*", "*://web.whatsapp.com/*", "*://*/*chat.whatsapp.com*"],
  },
  { id: "add-selection", title: "menu_add_selection", contexts: ["selection"] },
  { id: "find-selection", title: "menu_find_selection", contexts: ["selection"] },
  { id: "find-invites", title: "command_find_invites", contexts: ["page"] },
];

/** What menus and shortcuts need. */
export interface MenuPorts {
  browser: SurfaceBrowser & Pick<Browser, "contextMenus">;
  invites: Invites;
  saveDraft: (key: DraftKey, value: string) => Promise<void>;
  /** Locks what a passphrase opens again. */
  lock: () => Promise<void>;
}

/** `null` if opaque, as in a `data:` frame. */
function originOf(address = ""): string | null {
  const url = URL.parse(address);
  return url && /^https?:$/.test(url.protocol) ? url.origin : null;
}

/** Recreates the menus, which outlive the worker. */
export async function createMenus(browser: Pick<Browser, "contextMenus">): Promise<void> {
  await browser.contextMenus.removeAll();
  for (const { id, title, contexts, links } of ITEMS) {
    browser.contextMenus.create({ id, title: t(title), contexts, ...(links ? { targetUrlPatterns: links } : {}) });
  }
}

/** Handles a menu press. */
export async function onMenu(ports: MenuPorts, info: Menus.OnClickData, tab: Tabs.Tab | undefined): Promise<void> {
  const { browser, invites } = ports;
  if (info.menuItemId === "manage-invite") {
    // Links may have any length; invites are at the start.
    const link = (info.linkUrl ?? "").slice(0, 4096);
    const code = inviteOfUrl(link) ?? readPasted(link).invites[0]?.code;
    const origin = originOf(info.frameUrl ?? info.pageUrl);
    if (code && tab?.windowId !== undefined) await invites.show(code, origin, tab.id, tab.windowId);
    else await openTab(browser, code ? ROUTES.join(code) : ROUTES.noInvite);
  } else if (info.menuItemId === "find-invites") {
    await showPage(ports, tab);
  } else {
    await ports.saveDraft(draftKey(SELECTION, "people"), (info.selectionText ?? "").slice(0, 100_000));
    if (info.menuItemId === "add-selection") await openTab(browser, ROUTES.addSelection);
    else await openTab(browser, ROUTES.selection);
  }
}

/** Handles a keyboard command, except `open-panel`. */
export async function onCommand(ports: MenuPorts, command: string, tab: Tabs.Tab | undefined): Promise<void> {
  if (command === "lock") await ports.lock();
  if (command === "find-invites") await showPage(ports, tab);
}

/** Opens the panel or toggles the sidebar. Call before any await, which ends the gesture. */
export function openPanel(browser: Pick<Browser, "runtime">, tab: Tabs.Tab | undefined): void {
  const { sidePanel, sidebarAction } = browser as unknown as Extras;
  const opening = sidePanel ? sidePanel.open({ windowId: tab?.windowId ?? -2 }) : sidebarAction?.toggle();
  // Popup windows cannot have a panel.
  opening?.catch(() => undefined);
}

/** Searches while the gesture's permission lasts. */
async function showPage(ports: MenuPorts, tab: Tabs.Tab | undefined): Promise<void> {
  await ports.invites.find();
  await ports.saveDraft(draftKey({ form: "route" }, "popup"), ROUTES.page);
  if (tab?.windowId !== undefined) await openSurface(ports.browser, tab.windowId);
}
