import type { SentFrom } from "../../shared/commands";

/**
 * The only reader of a sender's fields. In Chromium 156 and Firefox 153, content scripts have their page's origin, and
 * only the frame tells framed extension pages from top ones.
 */

/** Any field may be missing or wrong. */
export interface Sender {
  id?: string;
  origin?: string;
  url?: string;
  frameId?: number;
  tab?: { id?: number; windowId?: number; active?: boolean };
}

/** Our extension. */
export interface Self {
  id: string;
  origin: string;
}

/** An allowed sender. `origin`: attested by the browser; null if opaque. */
export type Caller =
  | { from: "extension" }
  | { from: "web"; origin: string | null; tab: number; window: number; isActive: boolean };

const OUR_PAGES = new Set(["/popup.html", "/sidepanel.html", "/app.html", "/options.html", "/welcome.html"]);

/** Returns `extension` for our pages, `web` for the page script, in top frames only; else undefined. */
export function sentFrom(sender: Sender, self: Self): SentFrom | undefined {
  if (sender.id !== self.id) return undefined;
  if (sender.frameId !== undefined && sender.frameId !== 0) return undefined;
  if (sender.origin === self.origin) return isOurPage(sender.url, self.origin) ? "extension" : undefined;
  return sender.origin !== undefined && sender.tab !== undefined && sender.frameId === 0 ? "web" : undefined;
}

/** Returns the sender for handlers; undefined is refused. */
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
