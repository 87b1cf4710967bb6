import type { SentFrom } from "../../shared/commands";

/**
 * Who sent a message. The only file that reads a sender's fields (rule R6); security rule R3, with the shapes recorded
 * in Chromium 156 and Firefox 153: a content script's origin is the page's, an extension page in a tab has a tab, a
 * framed copy of an extension page differs by its frame alone.
 */

/** The fields of a message's sender that we read. Every field may be missing or wrong. */
export interface Sender {
  id?: string;
  origin?: string;
  url?: string;
  frameId?: number;
  tab?: { id?: number; windowId?: number; active?: boolean };
}

/** Ourselves: the extension's id and its origin (`chrome-extension://…`, `moz-extension://…`). */
export interface Self {
  id: string;
  origin: string;
}

/** The sender of an allowed message. `origin` of a page is what the browser attests; null when it is opaque. */
export type Caller =
  | { from: "extension" }
  | { from: "web"; origin: string | null; tab: number; window: number; isActive: boolean };

const OUR_PAGES = new Set(["/popup.html", "/sidepanel.html", "/app.html", "/options.html", "/welcome.html"]);

/** Returns `extension` for one of our pages, `web` for the page script, both in a top frame only; else undefined. */
export function sentFrom(sender: Sender, self: Self): SentFrom | undefined {
  if (sender.id !== self.id) return undefined;
  if (sender.frameId !== undefined && sender.frameId !== 0) return undefined;
  if (sender.origin === self.origin) return isOurPage(sender.url, self.origin) ? "extension" : undefined;
  return sender.origin !== undefined && sender.tab !== undefined && sender.frameId === 0 ? "web" : undefined;
}

/** Returns the sender as the handlers may know it; undefined: refuse. */
export function callerOf(sender: Sender, self: Self): Caller | undefined {
  const from = sentFrom(sender, self);
  if (from !== "web") return from && { from };
  const { id, windowId, active } = sender.tab ?? {};
  if (id === undefined || windowId === undefined) return undefined;
  return { from, origin: pageOrigin(sender.origin), tab: id, window: windowId, isActive: active === true };
}

function isOurPage(url: string | undefined, origin: string): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { pathname, protocol, host } = new URL(url);
  return `${protocol}//${host}` === origin && OUR_PAGES.has(pathname);
}

function pageOrigin(origin: string | undefined): string | null {
  return origin !== undefined && /^https?:\/\//.test(origin) ? origin : null;
}
