import { call, closest, get, isText, parentOf, walkFrom } from "./dom";

/** The texts of a page that stand in one line, and may be one address that is split over several elements. */

/** Stands between two texts of one line, as `Source` says. */
export const SEAM = "\u200b";
/** Stands between two lines. */
const BREAK = "\n";
/** Texts and elements before a text that are looked at for the rest of a link, and those behind it. */
const STEPS_BEFORE = 12;
const STEPS_BEHIND = 40;

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
  const isInLine = (node: Node) => blockOf(node) === block;
  const belongs = (node: Node | null): node is Node =>
    node !== null && (isInLine(node) || (link !== null && call(link, "contains", node)));
  const walker = walkFrom(text);
  let first = text;
  for (let steps = 0; steps < STEPS_BEFORE && belongs(walker.previousNode()); steps += 1) {
    if (isText(walker.currentNode)) first = walker.currentNode;
  }
  walker.currentNode = first;
  const parts: Part[] = [];
  let gap = "";
  let from = 0;
  let isBehind = false;
  for (let node: Node | null = first, steps = 0; belongs(node) && steps <= STEPS_BEHIND; node = walker.nextNode()) {
    isBehind ||= node === text;
    if (isBehind) steps += 1;
    if (parts.length && (!isInLine(node) || get(node as Element, "localName") === "br")) gap = BREAK;
    if (!isText(node)) continue;
    from += gap.length;
    parts.push({ node, gap, data: node.data, from });
    from += node.data.length;
    gap = SEAM;
  }
  return parts;
}

/** The texts right before a node, joined. Costs little: nothing is asked about how they are drawn. */
export function wordsBefore(node: Node): string {
  const walker = walkFrom(node);
  let words = "";
  for (let steps = 0; steps < STEPS_BEFORE && walker.previousNode(); steps += 1) {
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
