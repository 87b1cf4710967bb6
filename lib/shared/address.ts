/** A gateway's address as the agent types it. */

const LOOPBACK = new Set(["localhost", "127.0.0.1"]);

/**
 * The origin that is stored, in ASCII and without a trailing slash: `https://api.wappfy.io`. `https` only, `http` for
 * this computer alone; without user, password, path, query or fragment. Undefined for anything else (`bad-address`).
 * A name without a scheme is taken as `https`.
 */
export function readAddress(text: string): string | undefined {
  const given = text.trim();
  // The URL parser drops tabs and line breaks and takes \ for /, so that what is shown and what is meant would differ.
  if (given.length > 300 || /[\s\\\p{C}]/u.test(given)) return undefined;
  const isBare = /^[\w-]+(\.[\w-]+)+\.?(:\d+)?\/?$/.test(given);
  const url = URL.parse(isBare ? `https://${given}` : given);
  if (!url || !/^https?:\/\//i.test(isBare ? "https://" : given)) return undefined;
  if (given.includes("@") || /[?#]/.test(given) || url.pathname !== "/") return undefined;
  const host = url.hostname.replace(/\.$/, "");
  // A match pattern is no address, and browsers grant no access to an IPv6 address.
  if (host === "" || host.endsWith(".") || /[*[]/.test(host)) return undefined;
  if (url.protocol !== "https:" && !LOOPBACK.has(host)) return undefined;
  // An IPv4 address in a disguise (0x7f.1, 2130706433) is read as another text than was typed.
  if (/^[\d.]+$/.test(host) && !given.includes(host)) return undefined;
  return `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}`;
}

/** The pattern of the pages on which the page script may run: that of the manifest, so that it can be asked for again. */
export const PAGES = "*://*/*";

/** The match pattern under which the browser grants access to an origin. Patterns know no ports. */
export function hostPattern(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}
