import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { findCandidates } from "../lib/page/scanner";
import type { Source } from "../lib/shared/invite";

interface Found {
  source: Source;
  context: string;
}

const MOST = 1_000;

/**
 * "Find invites on this page": looks once, on the agent's order, and leaves nothing behind. Run by
 * `scripting.executeScript({ files: ["find.js"] })`; the worker reads what it gives.
 */
export default defineUnlistedScript((): Found[] => {
  const found: Found[] = [];
  for (const candidate of findCandidates(document, new Range())) {
    if (!candidate) continue;
    const { after, block } = candidate.placeOf("");
    found.push({ source: candidate.source, context: around(after, block) });
    if (found.length === MOST) break;
  }
  return found;
});

/** Up to 120 characters of the text around a link; its own text alone when that is long enough to tell. */
function around(link: Node, block: Element): string {
  const text = (node: Node) => (node.textContent ?? "").slice(0, 5000).replace(/\s+/g, " ").trim();
  const whole = text(block);
  const at = Math.max(0, whole.indexOf(text(link).slice(0, 40)));
  return whole.length <= 120 ? whole : whole.slice(Math.max(0, at - 60), Math.max(0, at - 60) + 120).trim();
}
