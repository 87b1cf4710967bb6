import { call, closest, get, isText, parentOf, walkFrom } from "./dom";

/** The texts of a page that stand in one line, and may be one address that is split over several elements. */

/** Stands between two texts of one line, as `Source` says. */
export const SEAM = "\u200b";
/** Stands between two lines. */
const BREAK = "\n";
/** Texts and elements before and behind a text that are looked at for the rest of a link. */
const STEPS = { before: 12, behind: 40 };

/** What a chip stands behind, and never in: it would not be drawn, or not be its own target. */
export const LINKS = "a,button,svg";

/** A text of a line as it is when it is read: its characters begin at `from` in the line, behind the gap. */
export interface Part {
  node: Text;
  data: string;
  gap: string;
  from: number;
}

/**
 * The texts that may be one link with a text: those of its line, with nothing but inline elements and line breaks between,
 * and all in the same link, which may hide parts of its address in boxes of their own.
 */
export function lineOf(text: Text): Part[] {
  const block = blockOf(text);
  const link = closest(text, LINKS);
  const beside = (direction: "previousNode" | "nextNode", most: number) => {
    const parts: { node: Text; gap: string }[] = [];
    const walker = walkFrom(text);
    let gap = SEAM;
    for (let steps = 0; steps < most; steps += 1) {
      const node = walker[direction]();
      const isInLine = node && blockOf(node) === block;
      if (!node || (!isInLine && !(link && call(link, "contains", node)))) break;
      if (!isInLine || get(node as Element, "localName") === "br") gap = BREAK;
      if (!isText(node)) continue;
      parts.push({ node, gap });
      gap = SEAM;
    }
    return parts;
  };
  const before = beside("previousNode", STEPS.before).toReversed();
  const own = { node: text, gap: before.at(-1)?.gap ?? "" };
  // A gap of what stands before belongs behind it.
  const shifted = before.map((part, i) => ({ node: part.node, gap: before[i - 1]?.gap ?? "" }));
  let from = 0;
  return [...shifted, own, ...beside("nextNode", STEPS.behind)].map(({ node, gap }) => {
    from += gap.length;
    const part = { node, gap, data: node.data, from };
    from += node.data.length;
    return part;
  });
}

/** The texts right before a node, joined. Costs little: nothing is asked about how they are drawn. */
export function wordsBefore(node: Node): string {
  const walker = walkFrom(node);
  let words = "";
  for (let steps = 0; steps < STEPS.before && walker.previousNode(); steps += 1) {
    if (isText(walker.currentNode)) words = walker.currentNode.data.slice(-100) + words;
  }
  return words;
}

/** The box around a node that ends a line of text. */
export function blockOf(node: Node): Element {
  const parent = parentOf(node);
  // WhatsApp's page of one invite is a single block: it repeats the invite for each way to join.
  if (!parent || location.hostname === "chat.whatsapp.com") return document.documentElement;
  return /^(?:inline$|contents)/.test(getComputedStyle(parent).display) ? blockOf(parent) : parent;
}
