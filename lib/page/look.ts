import type { Source } from "../shared/invite";
import { call, get, isBefore, isText, plain } from "./dom";
import { findCandidates, INVITES, type Candidate, type Place } from "./find";

/**
 * "Find invites on this page": what one frame holds at this moment, in the order of its document, with the words around
 * each. The worker reads it like anything else that a page writes.
 */

/** What may hold an invite, with the words around it; none when the worker finds better ones in the source itself. */
interface Found {
  source: Source;
  context: string;
}

/** What one frame holds. */
export interface Look {
  /** Host of the frame's address; empty where it has none. */
  host: string;
  found: Found[];
  /** Hosts of the visible frames in it; empty where a frame has no address of its own. */
  frames: string[];
}

/** Candidates of one look; a link that shows its address is two. */
const MOST_FOUND = 3_000;
const MOST_FRAMES = 50;
/** Children of a short box. */
const MOST_CHILDREN = 50;
/** Characters of the words around a link. */
const LONGEST = 160;
/** Characters of words that say little by themselves. */
const FEW = 30;
const ADDRESS = /chat\.whatsapp\.com/i;
/** CSS px below which nobody reads what stands in a frame. */
const LEAST_WIDTH = 40;
const LEAST_HEIGHT = 20;

/** Looks through the document as it is now, its open shadow roots included, and leaves nothing behind. */
export function lookThrough(): Look {
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

/** The hosts of the shadow roots around a node, the outermost first, and the node itself. */
function pathOf(node: Node): Node[] {
  const root = call(node, "getRootNode");
  const host = root === document ? undefined : (root as Partial<ShadowRoot>).host;
  return host ? [...pathOf(host), node] : [node];
}

/** By the order of the document: what stands in a shadow root stands where its host does. */
function compare(a: Node[], b: Node[]): number {
  const i = a.findIndex((node, at) => node !== b[at]);
  const [x, y] = [a[i], b[i]];
  if (!x || !y) return a.length - b.length;
  return isBefore(x, y) ? -1 : 1;
}

/**
 * The text of the largest box around a link that holds no other invite and is short, such as a row or a card, with a short
 * text before it, such as a heading, where it says little by itself. Where even the link's own block is long: what stands
 * before and behind the link in it.
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

/** The text of an element as it is drawn; undefined when it is longer than the words around a link. */
function shortText(box: Element): string | undefined {
  // To draw the text of a large box is slow; that there is much of it is told quickly.
  if (get(box, "childElementCount") > MOST_CHILDREN || plain(get(box, "textContent")).length > 1_000) return undefined;
  const text = plain(get(box as HTMLElement, "innerText"));
  return text.length > LONGEST ? undefined : text;
}

/** How many invites stand in an element, roughly: addresses in its text, and links that do not show theirs. */
function invitesIn(box: Element, text: string): number {
  const links = [...call(box, "querySelectorAll", INVITES)];
  return links.filter((link) => !ADDRESS.test(get(link, "textContent"))).length + text.split(ADDRESS).length - 1;
}

/** The hosts of the frames that can be seen. */
function framesIn(): string[] {
  const seen = [...call(document, "querySelectorAll", "iframe,frame")].filter((frame) => {
    const { width, height } = call(frame, "getBoundingClientRect");
    return width >= LEAST_WIDTH && height >= LEAST_HEIGHT;
  });
  return seen.slice(0, MOST_FRAMES).map((frame) => {
    // A frame that holds its document itself has no address, whatever its `src` says.
    const address = call(frame, "hasAttribute", "srcdoc") ? "" : get(frame as HTMLIFrameElement, "src");
    return URL.parse(address)?.host ?? "";
  });
}
