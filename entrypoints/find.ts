import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { findPlaces } from "../lib/page/scanner";
import { isUnusual } from "../lib/shared/invite";
import type { FoundInvite } from "../lib/shared/model";

const MOST = 200;

/**
 * "Find invites on this page": looks once, on the agent's order, and leaves nothing behind. Run by
 * `scripting.executeScript({ files: ["find.js"] })`, whose result is a `FoundInvite[]`, each code once.
 */
export default defineUnlistedScript((): FoundInvite[] => {
  const found = new Map<string, FoundInvite>();
  for (const place of findPlaces(document.documentElement)) {
    if (!place || found.has(place.code)) continue;
    const { code, block, after } = place;
    found.set(code, { code, context: around(after, block), isUnusual: isUnusual(code) });
    if (found.size === MOST) break;
  }
  return [...found.values()];
});

/** Up to 120 characters of the text around a link; its own text alone when that is long enough to tell. */
function around(link: Node, block: Element): string {
  const text = (node: Node) => (node.textContent ?? "").slice(0, 5000).replace(/\s+/g, " ").trim();
  const whole = text(block);
  const at = Math.max(0, whole.indexOf(text(link).slice(0, 40)));
  return whole.length <= 120 ? whole : whole.slice(Math.max(0, at - 60), Math.max(0, at - 60) + 120).trim();
}
