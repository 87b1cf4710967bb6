import type { Source } from "../shared/invite";
import { call, get, isBefore, isText, plain } from "./dom";
import { findCandidates, INVITES, type Candidate, type Place } from "./find";

/** `context`: surrounding words; empty where the worker finds better ones in the source. */
interface Found {
  source: Source;
  context: string;
}

/** What one frame holds, in document order. */
export interface FrameFinds {
  /** Empty without an address. */
  host: string;
  found: Found[];
  /** Hosts of visible frames, some empty. */
  frames: string[];
}

/** A link that shows its address counts twice. */
const MOST_FOUND = 3_000;
const MOST_FRAMES = 50;
const MOST_CHILDREN = 50;
const LONGEST = 160;
/** Characters that say little by themselves. */
const FEW = 30;
const ADDRESS = /chat\.whatsapp\.com/i;
/** Nobody reads a smaller frame; CSS px. */
const LEAST_WIDTH = 40;
const LEAST_HEIGHT = 20;

/** Searches the current document, open shadow roots included. */
export function searchPage(): FrameFinds {
  const found: { candidate: Candidate; place: Place; path: Node[] }[] = [];
  for (const candidate of findCandidates(document, new Range())) {
    if (!candidate) continue;
    const place = candidate.placeOf("");
    found.push({ candidate, place, path: pathOf(place.after) });
    if (found.length === MOST_FOUND) break;
  }
  found.sort((a, b) => compare(a.path, b.path));
  return {
    host: location.host,
    found: found.map(({ candidate, place }) => ({ source: candidate.source, context: wordsAround(place) })),
    frames: framesIn(),
  };
}

/** Returns a node after its shadow hosts, outermost first. */
function pathOf(node: Node): Node[] {
  const root = call(node, "getRootNode");
  const host = root === document ? undefined : (root as Partial<ShadowRoot>).host;
  return host ? [...pathOf(host), node] : [node];
}

function compare(a: Node[], b: Node[]): number {
  const i = a.findIndex((node, at) => node !== b[at]);
  const [x, y] = [a[i], b[i]];
  if (!x || !y) return a.length - b.length;
  return isBefore(x, y) ? -1 : 1;
}

/**
 * Returns the text of the largest short box with no other invite (row, card), plus the heading before it if needed; in
 * a long block, the words around the link.
 */
function wordsAround({ after, block }: Place): string {
  let words = "";
  let before: Element | null = null;
  for (let box: Element | null = block; box; box = get(box, "parentElement")) {
    const text = shortText(box);
    if (text === undefined || invitesIn(box, text) > 1) break;
    words = text;
    before = get(box, "previousElementSibling");
  }
  const heading = words.length < FEW && before && shortText(before);
  if (before && heading && !invitesIn(before, heading)) return `${heading} ${words}`;
  if (words || isText(after)) return words;
  const own = plain(get(after, "textContent")).slice(0, 40);
  const whole = plain(get(block, "textContent"));
  const from = Math.max(0, whole.indexOf(own) - 60);
  return whole.slice(from, from + LONGEST).replace(from ? /^\S*\s/ : "", "");
}

function shortText(box: Element): string | undefined {
  // Drawing a large box's text is slow; its size is known quickly.
  if (get(box, "childElementCount") > MOST_CHILDREN || plain(get(box, "textContent")).length > 1_000) return undefined;
  const text = plain(get(box as HTMLElement, "innerText"));
  return text.length > LONGEST ? undefined : text;
}

/** Counts addresses in the text, and links not showing theirs. */
function invitesIn(box: Element, text: string): number {
  const links = [...call(box, "querySelectorAll", INVITES)];
  return links.filter((link) => !ADDRESS.test(get(link, "textContent"))).length + text.split(ADDRESS).length - 1;
}

function framesIn(): string[] {
  const seen = [...call(document, "querySelectorAll", "iframe,frame")].filter((frame) => {
    const { width, height } = call(frame, "getBoundingClientRect");
    return width >= LEAST_WIDTH && height >= LEAST_HEIGHT;
  });
  return seen.slice(0, MOST_FRAMES).map((frame) => {
    // A `srcdoc` frame has no address, whatever its `src` says.
    const address = call(frame, "hasAttribute", "srcdoc") ? "" : get(frame as HTMLIFrameElement, "src");
    return URL.parse(address)?.host ?? "";
  });
}
