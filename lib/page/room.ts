import { call, get, isText } from "./dom";
import type { Place } from "./find";
import type { Side } from "./spots";

/**
 * Room beside links that have none: a rule of a style sheet on the link's own address, so that nothing of the page's tree
 * is changed. It is kept only where it moves nothing but words within their lines.
 */

/** A link, and the side on which there shall be room. */
type Wish = [Place, Side];

export interface Rooms {
  /** Where there is room that was made beside a link. */
  sideOf: (place: Place) => Side | undefined;
  /** Makes room beside links, each of which is tried once; returns whether any has it now, or is still to be tried. */
  make: (wishes: Wish[]) => boolean;
  /** Takes back the room of some links. */
  drop: (places: Place[]) => void;
  /** Takes back all room when the page has another width than before, and that of links which are gone. */
  tidy: (width: number) => void;
}

/** Px of room: what is drawn of a mark, and a little air. */
const ROOM = 23;
/** Links that have room at a time, and elements of a block that are compared. */
const MOST = { rooms: 100, elements: 200 };
/** In ms: how long links are tried at a time. */
const SLICE = 8;
const PSEUDO = { start: "::before", end: "::after" } as const;

/** Starts without room; all of it goes with the signal. */
export function createRooms(signal: AbortSignal): Rooms {
  const sheet = new CSSStyleSheet({ media: "screen" });
  const rooms = new Map<Place["after"], { side: Side; rule: string }>();
  let tried = new WeakSet<Node>();
  let lastWidth = 0;
  const write = () => {
    sheet.replaceSync([...rooms.values()].map(({ rule }) => rule).join(""));
    // Not there before the first room is made, and no more when the page put a list of its own in the place of this one.
    const others = document.adoptedStyleSheets.filter((other) => other !== sheet);
    if (rooms.size) document.adoptedStyleSheets = [...others, sheet];
    else if (others.length < document.adoptedStyleSheets.length) document.adoptedStyleSheets = others;
  };
  const drop = (nodes: Place["after"][]) => {
    const count = rooms.size;
    for (const node of nodes) rooms.delete(node);
    if (rooms.size < count) write();
  };
  signal.addEventListener("abort", () => drop([...rooms.keys()]));

  /** Tries one link in each block, so that each is judged for itself, and returns the rest. */
  const tryAll = (wishes: Wish[]) => {
    const states = new Map<Element, string | undefined>();
    const now = wishes.filter(([{ block }]) => !states.has(block) && states.set(block, stateOf(block)));
    for (const [{ after, block }, side] of now) {
      tried.add(after);
      const rule = ruleFor(after, side);
      if (rule && states.get(block) && rooms.size < MOST.rooms) rooms.set(after, { side, rule });
    }
    if (now.some(([{ after }]) => rooms.has(after))) write();
    drop(now.flatMap(([{ after, block }]) => (stateOf(block) === states.get(block) ? [] : after)));
    return wishes.filter((wish) => !now.includes(wish));
  };

  return {
    sideOf: ({ after }) => rooms.get(after)?.side,
    make(wishes) {
      const started = performance.now();
      const count = rooms.size;
      let left = wishes.filter(([{ after }]) => !tried.has(after));
      while (left.length && performance.now() - started < SLICE) left = tryAll(left);
      return rooms.size > count || left.length > 0;
    },
    drop: (places) => drop(places.map(({ after }) => after)),
    tidy(width) {
      const isOther = width !== lastWidth;
      lastWidth = width;
      if (isOther) tried = new WeakSet();
      drop([...rooms.keys()].filter((node) => isOther || !get(node, "isConnected")));
    },
  };
}

/** The rule that makes room beside a link; undefined where it would be unsafe, or mean other links, too. */
function ruleFor(link: Place["after"], side: Side): string | undefined {
  if (isText(link) || get(link, "localName") !== "a" || call(link, "getRootNode") !== document) return undefined;
  const address = call(link, "getAttribute", "href");
  const selector = `a[href=${CSS.escape(address ?? "")}]`;
  const pseudo = PSEUDO[side];
  if (!address || call(document, "querySelectorAll", selector).length > 1) return undefined;
  if (!/^(?:inline|inline-block|block|list-item)$/.test(getComputedStyle(link).display)) return undefined;
  // The page draws something there itself.
  if (!/^(?:none|normal)$/.test(getComputedStyle(link, pseudo).content)) return undefined;
  // An inline box sticks to the word beside it.
  return `${selector}${pseudo}{content:""!important;display:inline!important;padding-inline-start:${ROOM}px!important}`;
}

/**
 * How wide a block is, and how high everything in it, which tells of each line; undefined where there is too much in it.
 * Where it is depends on what room does to the blocks before it.
 */
function stateOf(block: Element): string | undefined {
  const inner = [...call(block, "querySelectorAll", "*")];
  if (inner.length > MOST.elements) return undefined;
  const { width } = call(block, "getBoundingClientRect");
  const heights = [block, ...inner].map((element) => Math.round(call(element, "getBoundingClientRect").height));
  return `${[width, get(block, "scrollHeight"), document.documentElement.scrollWidth, ...heights]}`;
}
