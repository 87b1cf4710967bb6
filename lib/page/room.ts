import { call, closest, get, isText, parentOf } from "./dom";
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
  /** Makes room beside links without a free spot, each of which is tried once; room that was no help is taken back. Returns whether any has it now, or is still to be tried. */
  make: (wishes: Wish[]) => boolean;
  /** Takes back all room when the page has another width than before, and that of links which are gone. */
  tidy: (width: number) => void;
}

/** Px of room: what is drawn of a mark, and a little air. */
const ROOM = 23;
/** Links that have room at a time. */
const MOST_ROOMS = 100;
/** Elements of a block that are compared. */
const MOST_ELEMENTS = 200;
/** In ms: how long links are tried at a time. */
const SLICE = 8;

/** Starts without room; all of it goes with the signal. */
export function createRooms(signal: AbortSignal): Rooms {
  const sheet = new CSSStyleSheet({ media: "screen" });
  const rooms = new Map<Place["after"], { side: Side; rule: string }>();
  let tried = new WeakSet<Node>();
  /** Links whose block would get wider: a cell may, where its table stays as high as it is. */
  let narrow = new WeakSet<Node>();
  let lastWidth = 0;
  const write = () =>
    writeRules(
      sheet,
      [...rooms.values()].map(({ rule }) => rule),
    );
  const drop = (nodes: Place["after"][]) => {
    const count = rooms.size;
    for (const node of nodes) rooms.delete(node);
    if (rooms.size < count) write();
  };
  signal.addEventListener("abort", () => drop([...rooms.keys()]));

  const judgedOf = ({ after, block }: Place) => (narrow.has(after) && closest(block, "table")) || block;
  /** Tries one link in each block, so that each is judged for itself, and returns those that are to be tried, or again. */
  const tryAll = (wishes: Wish[]) => {
    const states = new Map<Element, string | undefined>();
    const isFirst = (judged: Element) => !states.has(judged) && states.set(judged, stateOf(judged));
    const now = wishes.filter(([place]) => isFirst(judgedOf(place)));
    for (const [place, side] of now) {
      tried.add(place.after);
      const rule = states.get(judgedOf(place)) && ruleFor(place.after, side);
      if (rule && rooms.size < MOST_ROOMS) rooms.set(place.after, { side, rule });
    }
    if (now.some(([{ after }]) => rooms.has(after))) write();
    const left = wishes.filter((wish) => !now.includes(wish));
    const failed = now.filter(([place]) => stateOf(judgedOf(place)) !== states.get(judgedOf(place)));
    drop(failed.map(([{ after }]) => after));
    const again = failed.filter(([{ after, block }]) => !narrow.has(after) && closest(block, "table"));
    for (const [{ after }] of again) {
      narrow.add(after);
      tried.delete(after);
    }
    return [...left, ...again];
  };

  return {
    sideOf: ({ after }) => rooms.get(after)?.side,
    make(wishes) {
      const started = performance.now();
      drop(wishes.map(([{ after }]) => after));
      const count = rooms.size;
      let left = wishes.filter(([{ after }]) => !tried.has(after));
      while (left.length && performance.now() - started < SLICE) left = tryAll(left);
      return rooms.size > count || left.length > 0;
    },
    tidy(width) {
      const isOther = width !== lastWidth;
      lastWidth = width;
      if (isOther) [tried, narrow] = [new WeakSet(), new WeakSet()];
      drop([...rooms.keys()].filter((node) => isOther || !get(node, "isConnected")));
    },
  };
}

/** Puts rules into our sheet, which is not there before the first, and no more when the page set a list without it. */
function writeRules(sheet: CSSStyleSheet, rules: string[]): void {
  sheet.replaceSync(rules.join(""));
  const others = document.adoptedStyleSheets.filter((other) => other !== sheet);
  if (rules.length) document.adoptedStyleSheets = [...others, sheet];
  else if (others.length < document.adoptedStyleSheets.length) document.adoptedStyleSheets = others;
}

/** The rule that makes room beside a link; undefined where it would be unsafe, or mean other links, too. */
function ruleFor(link: Place["after"], side: Side): string | undefined {
  if (isText(link) || get(link, "localName") !== "a" || call(link, "getRootNode") !== document) return undefined;
  const address = call(link, "getAttribute", "href");
  const selector = `a[href=${CSS.escape(address ?? "")}]`;
  const pseudo = side === "start" ? "::before" : "::after";
  if (!address || call(document, "querySelectorAll", selector).length > 1) return undefined;
  if (!/^(?:inline|inline-block|block|list-item)$/.test(getComputedStyle(link).display)) return undefined;
  // The page draws something there itself.
  if (!/^(?:none|normal)$/.test(getComputedStyle(link, pseudo).content)) return undefined;
  // What the page draws smaller than it says needs more.
  const { offsetWidth } = link as HTMLElement;
  const width = ROOM / Math.min(1, call(link, "getBoundingClientRect").width / offsetWidth || 1);
  // An inline box sticks to the word beside it.
  return `${selector}${pseudo}{content:""!important;display:inline!important;padding-inline-start:${width}px!important}`;
}

/**
 * How wide a block is, a table apart, and how high everything in it, which tells of each line; undefined where there is too
 * much in it. Where it is depends on what room does to the blocks before it.
 */
function stateOf(block: Element): string | undefined {
  const inner = [...call(block, "querySelectorAll", "*")];
  if (inner.length > MOST_ELEMENTS) return undefined;
  const width = get(block, "localName") === "table" || call(block, "getBoundingClientRect").width;
  // The box of a cell does not tell how many lines are in it.
  const range = new Range();
  const heights = [block, ...inner].map((element) => {
    range.selectNodeContents(element);
    return Math.round(call(element, "getBoundingClientRect").height + range.getBoundingClientRect().height);
  });
  const around = [document.documentElement, parentOf(block) ?? block].map((element) => get(element, "scrollWidth"));
  return `${[width, get(block, "scrollHeight"), ...around, ...heights]}`;
}
