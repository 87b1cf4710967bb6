const LOOPBACK = new Set(["localhost", "127.0.0.1"]);

/**
 * Returns a typed gateway address's origin: ASCII, without trailing slash. A bare name means `https`; `http` is for
 * this computer only. Undefined for anything else (`bad-address`).
 */
export function readAddress(text: string): string | undefined {
  const given = text.trim();
  // The URL parser would drop tabs and line breaks and turn \ into /, unlike what is shown.
  if (given.length > 300 || /[\s\\\p{C}]/u.test(given)) return undefined;
  const isBare = /^[\w-]+(\.[\w-]+)+\.?(:\d+)?\/?$/.test(given);
  const url = URL.parse(isBare ? `https://${given}` : given);
  if (!url || !/^https?:\/\//i.test(isBare ? "https://" : given)) return undefined;
  if (given.includes("@") || /[?#]/.test(given) || url.pathname !== "/") return undefined;
  const host = url.hostname.replace(/\.$/, "");
  // The URL parser also takes empty labels, lists (`a,b`) and match patterns. Browsers cannot grant access to IPv6.
  if (!/^[\w-]+(\.[\w-]+)*$/.test(host)) return undefined;
  if (url.protocol !== "https:" && !LOOPBACK.has(host)) return undefined;
  // Disguised IPv4 addresses (0x7f.1, 2130706433) would differ from what was typed.
  if (/^[\d.]+$/.test(host) && !given.includes(host)) return undefined;
  return `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}`;
}

/** The manifest's match pattern for the page script. */
export const PAGES = "*://*/*";

/** Returns the match pattern for access to an origin; patterns have no ports. */
export function hostPattern(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}
