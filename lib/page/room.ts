import { call, closest, get, isText, parentOf } from "./dom";
import type { Place } from "./find";
import { isOverflowing } from "./geometry";
import type { Side } from "./spots";

/**
 * Makes room beside links by style rules on their addresses, leaving the page's nodes unchanged; kept only if nothing
 * but words within lines moves.
 */

type Wish = [Place, Side];

export interface Rooms {
  /** Side of a link that has room. */
  sideOf: (place: Place) => Side | undefined;
  /**
   * Makes room beside links without a good spot, at most `MOST_TRIES` times each, and takes back what did not help.
   * Returns whether anything changed or is left to try.
   */
  make: (wishes: Wish[]) => boolean;
  /** Takes back room of removed links; all if the width changed. */
  tidy: (width: number) => void;
}

/** In px: a drawn mark and a little air. */
const ROOM = 23;
const MOST_ROOMS = 100;
const MOST_ELEMENTS = 200;
const MOST_TRIES = 2;
/** In ms. */
const SLICE = 8;

/** Makes and takes back room until the signal aborts. */
export function createRooms(signal: AbortSignal): Rooms {
  const sheet = new CSSStyleSheet({ media: "screen" });
  const rooms = new Map<Place["after"], { side: Side; rule: string }>();
  /** Tries per link. If its block would widen, the second try judges what is around it. */
  let tries = new WeakMap<Node, number>();
  let lastWidth = 0;
  const write = () => writeRules(sheet, Array.from(rooms.values(), ({ rule }) => rule).join(""));
  const drop = (nodes: Place["after"][]) => {
    const count = rooms.size;
    for (const node of nodes) rooms.delete(node);
    if (rooms.size < count) write();
  };
  signal.addEventListener("abort", () => drop([...rooms.keys()]));

  const triesOf = ({ after }: Place) => tries.get(after) ?? 0;
  const judgedOf = (place: Place) =>
    (triesOf(place) && (closest(place.block, "table") ?? parentOf(place.block))) || place.block;
  /** Tries one link per block, to judge each alone; returns those left to try. */
  const tryAll = (wishes: Wish[]) => {
    const states = new Map<Element, State | undefined>();
    const isFirst = (judged: Element) => !states.has(judged) && states.set(judged, stateOf(judged));
    const now = wishes.filter(([place]) => isFirst(judgedOf(place)));
    for (const [place, side] of now) {
      const rule = states.get(judgedOf(place)) && ruleFor(place.after, side);
      if (rule && rooms.size < MOST_ROOMS) rooms.set(place.after, { side, rule });
    }
    if (now.some(([{ after }]) => rooms.has(after))) write();
    const failed = now.filter(([place]) => {
      const [before, after] = [states.get(judgedOf(place)), stateOf(judgedOf(place))];
      const isAsHigh = before?.lines === after?.lines;
      const isKept = isAsHigh && before?.width === after?.width;
      tries.set(place.after, isAsHigh && !isKept ? triesOf(place) + 1 : MOST_TRIES);
      return !isKept;
    });
    drop(failed.map(([{ after }]) => after));
    return wishes.filter(([place]) => triesOf(place) < MOST_TRIES);
  };

  return {
    sideOf: ({ after }) => rooms.get(after)?.side,
    make(wishes) {
      const started = performance.now();
      const before = rooms.size;
      drop(wishes.map(([{ after }]) => after));
      const count = rooms.size;
      let left = wishes.filter(([place]) => triesOf(place) < MOST_TRIES);
      while (left.length && performance.now() - started < SLICE) left = tryAll(left);
      return before > count || rooms.size > count || left.length > 0;
    },
    tidy(width) {
      const isOther = width !== lastWidth;
      lastWidth = width;
      if (isOther) tries = new WeakMap();
      drop([...rooms.keys()].filter((node) => isOther || !get(node, "isConnected")));
    },
  };
}

/** Adds our sheet while it has rules, also after the page replaced the list. */
function writeRules(sheet: CSSStyleSheet, rules: string): void {
  sheet.replaceSync(rules);
  const others = document.adoptedStyleSheets.filter((other) => other !== sheet);
  if (rules) document.adoptedStyleSheets = [...others, sheet];
  else if (others.length < document.adoptedStyleSheets.length) document.adoptedStyleSheets = others;
}

/** Returns undefined where a rule would be unsafe or match other links. */
function ruleFor(link: Place["after"], side: Side): string | undefined {
  if (isText(link) || get(link, "localName") !== "a" || call(link, "getRootNode") !== document) return undefined;
  const address = call(link, "getAttribute", "href");
  const selector = `a[href=${CSS.escape(address ?? "")}]`;
  const pseudo = side === "start" ? "::before" : "::after";
  if (!address || call(document, "querySelectorAll", selector).length > 1) return undefined;
  if (!/^(?:inline|inline-block|block|list-item)$/.test(getComputedStyle(link).display)) return undefined;
  // The page already draws something there.
  if (!/^(?:none|normal)$/.test(getComputedStyle(link, pseudo).content)) return undefined;
  // A scaled-down link needs more.
  const { offsetWidth } = link as HTMLElement;
  const width = ROOM / Math.min(1, call(link, "getBoundingClientRect").width / offsetWidth || 1);
  // An inline box sticks to the next word.
  return `${selector}${pseudo}{content:""!important;display:inline!important;padding-inline-start:${width}px!important}`;
}

interface State {
  width: string;
  lines: string;
}

/**
 * Returns a block's width (tables excepted), whether its parent overflows, the page's scroll width, and its content's
 * heights, which reveal each line; undefined with too many elements. Positions depend on room in earlier blocks.
 */
function stateOf(block: Element): State | undefined {
  const inner = [...call(block, "querySelectorAll", "*")];
  if (inner.length > MOST_ELEMENTS) return undefined;
  const own = get(block, "localName") === "table" || call(block, "getBoundingClientRect").width;
  // What scrolls sideways anyway may do so a little farther.
  const around = parentOf(block) ?? block;
  // A cell's box hides its number of lines.
  const range = new Range();
  const heights = [block, ...inner].map((element) => {
    range.selectNodeContents(element);
    return Math.round(call(element, "getBoundingClientRect").height + range.getBoundingClientRect().height);
  });
  return {
    width: `${[own, isOverflowing(around), get(document.documentElement, "scrollWidth")]}`,
    lines: `${[get(block, "scrollHeight"), ...heights]}`,
  };
}
