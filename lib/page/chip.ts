import css from "./chip.css?inline";
import { call, get, isElement, isText, walkFrom } from "./dom";
import type { Place } from "./scanner";

/**
 * The chips behind the invites of a page. A page may see that there is a chip and nothing else: it is the same for
 * every agent and every invite, says nothing, and only opens our own surface. Security rules R2, R9, R11 and R12.
 */

export interface ChipsInput {
  /** The words on every chip. */
  label: string;
  /** The agent pressed the chip of this code. */
  onPress: (code: string) => void;
  /** Called when the chips shall go, because the page keeps removing them. */
  onGiveUp: () => void;
  signal: AbortSignal;
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

/** Starts with no chip; everything goes with the signal. */
export function createChips({ label, onPress, onGiveUp, signal }: ChipsInput): Chips {
  const places = new Map<Element, Set<Place>>();
  // In the order in which they were shown: the first is the farthest from what the agent looks at.
  const chips = new Map<Place, Chip>();
  const sheets = ["", FREE, FREE.replace("absolute", "fixed")].map((more) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css + more);
    return sheet;
  });
  let removals = 0;

  const inView = new IntersectionObserver(
    (entries) => {
      const fresh: Chip[] = [];
      for (const { target, isIntersecting } of entries) {
        for (const place of (isIntersecting && places.get(target)) || []) {
          if (!isThere(place)) forget(place);
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
    const there = places.get(place.box);
    there?.delete(place);
    if (there?.size) return;
    places.delete(place.box);
    inView.unobserve(place.box);
  };
  const press = (place: Place) => (isThere(place) ? onPress(place.code) : forget(place));

  return {
    add(place) {
      const { after, box, code } = place;
      if (places.size >= MOST_BOXES) for (const [old] of places.values()) if (!isThere(old!)) forget(old!);
      const there = places.get(box) ?? new Set();
      const isKnown = [...there].some((other) => other.after === after && other.code === code && isThere(other));
      if (signal.aborted || places.size >= MOST_BOXES || there.size >= MOST_CHIPS) return;
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
      if (removals > MOST_REMOVALS) onGiveUp();
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
  for (const type of "click auxclick pointerdown pointerup mousedown mouseup keydown keyup".split(" ")) {
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

/** More rules for a chip that takes no room. */
const FREE = ":host{position:absolute!important}button{position:absolute;margin:0}";

/**
 * Puts new chips into the page, all at once: in the line behind their links; or, where that would move anything outside of
 * this line, taking no room and moved to the link.
 */
function stand(chips: Chip[], [line, free, fixed]: CSSStyleSheet[]): void {
  for (const chip of chips) {
    const { after, box, end = 0 } = chip.place;
    chip.isFree = !isPartOfLine(chip.place);
    const isFixed = getComputedStyle(box).position === "fixed";
    chip.root.adoptedStyleSheets = [!chip.isFree ? line! : isFixed ? fixed! : free!];
    // The chip stands in the middle of a text. Nothing is copied or wrapped: selecting, copying and `textContent` give
    // what they gave before. A framework keeps hold of the first part; see `check`.
    if (chip.isFree || !isText(after) || !after.data.slice(end).trim()) continue;
    chip.tail = after.splitText(end);
    chip.head = after.data;
  }
  const before = chips.map(layoutAt);
  for (const { place, host } of chips) call(place.after as ChildNode, "after", host);
  const moved = chips.filter((chip, i) => !chip.isFree && layoutAt(chip) !== before[i]);
  for (const chip of moved) {
    chip.isFree = true;
    chip.root.adoptedStyleSheets = [free!];
  }
  moveFree(chips);
}

function isPartOfLine({ after, box }: Place): boolean {
  // What floats or is an item of a row or grid has no inline `display` any more, whatever its style says.
  const { display } = getComputedStyle(box);
  return isText(after) ? !/flex|grid/.test(display) : /^(?:inline|contents)/.test(display);
}

/** Where the things are that a chip must not move; the same before and after it came. */
function layoutAt({ place: { after, end, block } }: Chip): string {
  const link = lastRect(after, end);
  const { width, height } = call(block, "getBoundingClientRect");
  const behind = rectsBehind(after).map((rect) => (isBeside(rect, link) ? "" : `${rect.y} ${rect.right}`));
  return [width, height, link?.x, link?.y, behind].join();
}

/** The boxes of what is drawn behind a link: the first and the last of each of the next texts, and of empty elements. */
function rectsBehind(after: Node): DOMRect[] {
  const rects: (DOMRect | undefined)[] = [];
  const walker = walkFrom(after);
  while (walker.lastChild());
  for (let steps = 0; steps < 24 && walker.nextNode(); steps += 1) {
    const node = walker.currentNode;
    if (isText(node)) rects.push(lastRect(node, node.data.search(/\S/) + 1), lastRect(node));
    // A chip is an empty `span` too, and takes no part.
    else if (!get(node, "firstChild") && (node as Element).localName !== "span") rects.push(lastRect(node));
  }
  return rects.filter((rect) => !!rect);
}

/** Whether a box is on the height of another one. */
function isBeside(rect: DOMRect, link: DOMRect | undefined): boolean {
  return !!link && rect.top < link.bottom - 2 && rect.bottom > link.top + 2;
}

/** The last box of an element that has a size, or the box of one sign of a text: its last, or that before `end`. */
function lastRect(node: Node, end?: number): DOMRect | undefined {
  let rects: DOMRectList | undefined;
  if (isText(node)) {
    const range = new Range();
    const at = Math.min(end ?? node.length, node.length);
    range.setStart(node, Math.max(0, at - 1));
    range.setEnd(node, at);
    rects = range.getClientRects();
  } else if (isElement(node)) rects = call(node, "getClientRects");
  return [...(rects ?? [])].findLast(({ width, height }) => width || height);
}

/** Moves chips that take no room: behind their links if these are the last in their lines, else below, else above. */
function moveFree(chips: Chip[]): void {
  const free = chips.filter(({ isFree }) => isFree);
  for (const { button } of free) button.style.translate = "";
  const moves = free.map(({ place: { after, end }, button }) => {
    const link = lastRect(after, end);
    if (!link) return "";
    const { left, top, width, height } = call(button, "getBoundingClientRect");
    const most = call(document, "querySelector", ":root")!.clientWidth - width - 4;
    const beside = link.right + 6;
    const hasRoom = beside < most && !rectsBehind(after).some((rect) => isBeside(rect, link));
    const x = hasRoom ? beside : Math.max(4, Math.min(link.left, most));
    const y = hasRoom
      ? (link.top + link.bottom - height) / 2
      : link.bottom + height > innerHeight
        ? link.top - height - 2
        : link.bottom + 2;
    return `${x - left}px ${y - top}px`;
  });
  for (const [i, { button }] of free.entries()) button.style.translate = moves[i]!;
}

/** Undoes the cut of a text, whatever the page did in between. */
function joinText({ place, tail, head = "" }: Chip): void {
  if (!tail?.isConnected) return;
  const text = place.after as Text;
  // The page wrote the whole anew: the rest is in it already. Else it added to the first part, or did nothing.
  const isWholeAnew = !text.isConnected || !text.data.startsWith(head) || text.data.startsWith(head + tail.data);
  if (text.data === head || !isWholeAnew) text.insertData(head.length, tail.data);
  tail.remove();
}
