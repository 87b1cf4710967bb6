import { call, closest, get, isText, parentOf, walkFrom } from "./dom";

/** Between two texts of one line; see `Source`. */
export const SEAM = "\u200b";
/** Between two lines. */
const BREAK = "\n";
/** Nodes searched on either side of a text for a link's rest. */
const STEPS_BEFORE = 12;
const STEPS_BEHIND = 40;

/** Chips stand behind these: inside they would be invisible or not their own target. */
export const LINKS = "a,button,svg";

/** A text as read; begins at `from` in the line, after the gap. */
export interface Part {
  node: Text;
  data: string;
  gap: string;
  from: number;
}

/**
 * Returns the adjacent texts that may form one link with a text: in its block, or in its link, which may hide parts of
 * its address.
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

/** Returns the joined texts right before a node. Cheap, as it reads no styles. */
export function wordsBefore(node: Node): string {
  const walker = walkFrom(node);
  let words = "";
  for (let steps = 0; steps < STEPS_BEFORE && walker.previousNode(); steps += 1) {
    if (isText(walker.currentNode)) words = walker.currentNode.data.slice(-100) + words;
  }
  return words;
}

/** Returns the block around a node's line. */
export function blockOf(node: Node): Element {
  const parent = parentOf(node);
  // WhatsApp's invite page repeats its invite for each way to join.
  if (!parent || location.hostname === "chat.whatsapp.com") return document.documentElement;
  return /^(?:inline$|contents)/.test(getComputedStyle(parent).display) ? blockOf(parent) : parent;
}
