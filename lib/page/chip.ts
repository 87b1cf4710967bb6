import { call, get, isText, walkFrom } from "./dom";
import type { Place } from "./find";

/**
 * The chips behind the invites of a page. A page may see that there is a chip and nothing else: it is the same for
 * every agent and every invite, says nothing, and only opens our own surface. Security rules R2, R9, R11 and R12.
 */

export interface ChipsInput {
  /** The words on every chip. */
  label: string;
  /** `LOOKS`. */
  looks: string[];
  /** The agent pressed the chip of this code. */
  onPress: (code: string) => void;
  /** Takes all chips away; aborted here when the page keeps removing them. */
  visit: AbortController;
}

export interface Chips {
  /** Shows a chip at a place as soon as the place comes into view. A known place is left as it is. */
  add: (place: Place) => void;
  /** Looks after all chips once the page was changed. */
  check: () => void;
}

interface Chip {
  place: Place;
  host: HTMLElement;
  button: HTMLElement;
  root: ShadowRoot;
  /** The text that was cut off behind the code; put back when the chip goes. */
  tail?: Text;
  /** What `place.after` held when its tail was cut off. */
  head?: string;
  /** Takes no room in the page. */
  isFree?: boolean;
}

const MOST_CHIPS = 200;
const MOST_BOXES = 5_000;
const MOST_REMOVALS = 50;
/** Room in px that a chip needs in a line. */
const WIDTH = 170;

/** Starts with no chip; everything goes with the visit. */
export function createChips({ label, looks, onPress, visit }: ChipsInput): Chips {
  const { signal } = visit;
  const places = new Map<Element, Set<Place>>();
  // In the order in which they were shown: the first is the farthest from what the agent looks at.
  const chips = new Map<Place, Chip>();
  const sheets = looks.map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
  let removals = 0;

  const inView = new IntersectionObserver(
    (entries) => {
      const fresh: Chip[] = [];
      for (const { target, isIntersecting } of entries) {
        for (const place of (isIntersecting && places.get(target)) || []) {
          // A picture or a file of data is a document without a body, in which nothing of ours could stand.
          if (!isThere(place) || !document.body) forget(place);
          else if (!isTaken(place)) {
            const [oldest] = chips.values();
            if (chips.size >= MOST_CHIPS) hide(oldest!);
            const chip = { place, ...createChip(label, signal, () => press(place)) };
            chips.set(place, chip);
            fresh.push(chip);
          }
        }
      }
      stand(fresh, sheets);
    },
    { rootMargin: "100px" },
  );
  const sizes = new ResizeObserver(() => moveFree([...chips.values()]));
  sizes.observe(document.documentElement);
  signal.addEventListener("abort", () => {
    inView.disconnect();
    sizes.disconnect();
    chips.forEach(hide);
  });

  // One chip for a code in a block, and one behind a link. Of several links in one text the first is served first: the text
  // is cut there, and the scan meets the rest as a new text.
  const isTaken = ({ after, block, code }: Place) =>
    [...chips.keys()].some((other) => other.after === after || (other.block === block && other.code === code));
  /** Observing again gives a new report. */
  const look = ({ box }: Place) => {
    inView.unobserve(box);
    inView.observe(box);
  };
  const hide = (chip: Chip) => {
    chips.delete(chip.place);
    // The chip of a text that was cut off from this one goes first.
    for (const other of chips.values()) if (other.place.after === chip.tail) hide(other);
    chip.host.remove();
    joinText(chip);
  };
  const forget = (place: Place) => {
    const chip = chips.get(place);
    if (chip) hide(chip);
    const { box } = place;
    const there = places.get(box);
    there?.delete(place);
    if (there?.size) return;
    places.delete(box);
    inView.unobserve(box);
  };
  const press = (place: Place) => (isThere(place) ? onPress(place.code) : forget(place));

  return {
    add(place) {
      const { after, box, code } = place;
      if (places.size >= MOST_BOXES) for (const [old] of places.values()) if (!isThere(old!)) forget(old!);
      const there = places.get(box) ?? new Set();
      const isKnown = [...there].some((other) => other.after === after && other.code === code && isThere(other));
      if (places.size >= MOST_BOXES || there.size >= MOST_CHIPS) return;
      places.set(box, isKnown ? there : there.add(place));
      look(place);
    },
    check() {
      for (const [place, chip] of chips) {
        const { after } = place;
        // A framework that owns a text which was cut in two writes or removes the first part alone.
        const isRewritten = chip.tail && ((after as Text).data !== chip.head || !chip.tail.isConnected);
        if (!isThere(place)) forget(place);
        else if (isRewritten || chip.host.previousSibling !== after) {
          hide(chip);
          look(place);
          removals += isRewritten ? 0 : 1;
        }
      }
      if (removals > MOST_REMOVALS) visit.abort();
    },
  };
}

function isThere({ after, isCurrent }: Place): boolean {
  return get(after, "isConnected") && isCurrent();
}

function createChip(label: string, signal: AbortSignal, press: () => void): Pick<Chip, "host" | "button" | "root"> {
  // A span: a label around it forwards no click to it, and a page cannot define it as an element of its own.
  const host = call(document, "createElement", "span");
  const root = host.attachShadow({ mode: "closed" });
  const button = call(document, "createElement", "button");
  button.textContent = label;
  root.append(button);
  // What the agent does with the chip is no business of a card, a label or a shortcut of the page around it.
  for (const type of "click pointerdown pointerup mousedown mouseup keydown keyup".split(" ")) {
    const take = (event: Event) => {
      event.stopPropagation();
      if (type !== "click") return;
      event.preventDefault();
      if (event.isTrusted) press();
    };
    button.addEventListener(type, take, { signal });
  }
  return { host, button, root };
}

/** Puts new chips into the page: in the line behind their links, or taking no room where the line has none. */
function stand(chips: Chip[], sheets: CSSStyleSheet[]): void {
  const taken = new Map<number, number>();
  const modes = chips.map(({ place }) => modeAt(place, taken));
  for (const [i, chip] of chips.entries()) {
    const { after, end = 0 } = chip.place;
    const mode = modes[i]!;
    chip.isFree = mode > 0;
    chip.root.adoptedStyleSheets = [sheets[mode]!];
    // The chip stands in the middle of a text. Nothing is copied or wrapped: selecting, copying and `textContent` give
    // what they gave before. A framework keeps hold of the first part; see `check`.
    if (mode < 2 && isText(after) && after.data.slice(end).trim()) {
      chip.tail = after.splitText(end);
      chip.head = after.data;
    }
    call(after as ChildNode, "after", chip.host);
    // Firefox ends the page script of an older version without a word; its chip stays, and is known by its words.
    const old = chip.host.nextSibling as (ChildNode & { openOrClosedShadowRoot?: ShadowRoot }) | null;
    if (old?.openOrClosedShadowRoot?.textContent === chip.root.textContent) old.remove();
  }
  moveFree(chips);
}

/** How a chip stands at a place, as the number of its look. `taken`: the room at each height that new chips will take. */
function modeAt(place: Place, taken: Map<number, number>): number {
  const { after, box, block } = place;
  const { display, position } = getComputedStyle(box);
  // What floats or is an item of a row or grid has no inline `display` any more, whatever its style says.
  if (isText(after) ? /flex|grid/.test(display) : !/^(?:inline|contents)/.test(display)) {
    return position === "fixed" ? 3 : 2;
  }
  const rects = lineAt(place);
  const { left, right } = call(block, "getBoundingClientRect");
  const { direction, paddingInlineEnd } = getComputedStyle(block);
  const space =
    direction === "rtl"
      ? Math.min(...rects.map((rect) => rect.left)) - left
      : right - Math.max(...rects.map((rect) => rect.right));
  const room = space - parseFloat(paddingInlineEnd);
  const y = rects[0]?.y ?? 0;
  const used = taken.get(y) ?? 0;
  if (room < used + WIDTH) return 1;
  taken.set(y, used + WIDTH);
  return 0;
}

/** The box of the end of a link, and of all that is drawn behind it in its line. */
function lineAt({ after, end }: Place): DOMRect[] {
  const link = rectsOf(after, (end ?? 0) - 1, end).at(-1);
  if (!link) return [];
  const rects = isText(after) ? rectsOf(after, end) : [];
  const walker = walkFrom(after);
  while (walker.lastChild());
  for (let steps = 0; steps < 40 && walker.nextNode(); steps += 1) {
    const node = walker.currentNode;
    if (isText(node) || !get(node, "firstChild")) rects.push(...rectsOf(node));
  }
  return [link, ...rects.filter(({ top, bottom }) => top < link.bottom - 2 && bottom > link.top + 2)];
}

/** The boxes of an element, or of some signs of a text, that can be seen. */
function rectsOf(node: Node, from = 0, to = from + 300): DOMRect[] {
  let source: Node | Range = node;
  if (isText(node)) {
    source = new Range();
    source.setStart(node, from);
    source.setEnd(node, Math.min(to, node.length));
  }
  return [...call(source as Element | Range, "getClientRects")].filter(({ width }) => width);
}

/** Moves chips that take no room: into wide links, behind those that are the last in their lines, else below or above. */
function moveFree(chips: Chip[]): void {
  const free = chips.filter(({ isFree }) => isFree);
  free.forEach(({ button }) => (button.style.translate = ""));
  const moves = free.map(({ place, button }) => {
    const [link, ...behind] = lineAt(place);
    if (!link) return "";
    const { left, top, width, height } = call(button, "getBoundingClientRect");
    const most = innerWidth - width - 20;
    const isWide = link.width > 3 * width;
    const beside = isWide ? link.right - width - 8 : link.right + 6;
    const hasRoom = isWide || (!behind.length && beside < most);
    const x = hasRoom ? beside : Math.max(4, Math.min(link.left, most));
    const above = link.bottom + height + 4 > innerHeight ? link.top - height - 2 : link.bottom + 2;
    const y = hasRoom ? (link.top + link.bottom - height) / 2 : above;
    return `${x - left}px ${y - top}px`;
  });
  free.forEach(({ button }, i) => (button.style.translate = moves[i]!));
}

/** Undoes the cut of a text, whatever the page did in between. */
function joinText({ place, tail, head = "" }: Chip): void {
  if (!tail?.isConnected) return;
  const text = place.after as Text;
  // The page wrote the whole anew: the rest is in it already. Else it added to the first part, or did nothing.
  const isWholeAnew = !text.data.startsWith(head) || text.data.startsWith(head + tail.data);
  if (!isWholeAnew) text.insertData(head.length, tail.data);
  tail.remove();
}
