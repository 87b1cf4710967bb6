import css from "./chip.css?inline";
import { get, parentOf, type Place } from "./scanner";

/**
 * The chips behind the invites of a page. A page may see that there is a chip and nothing else: it is the same for
 * every agent and every invite, says nothing, and only opens our own surface. Security rules R2, R9, R11 and R12.
 */

export interface ChipsInput {
  /** The words on every chip. */
  label: string;
  /** Whether the extension that put the chips there still runs; nobody tells the scripts that are left in the tabs. */
  isAlive: () => boolean;
  /** The codes that are on the page, each once and at most 200; again when they have changed. */
  onCodes: (codes: string[]) => void;
  /** The agent pressed the chip of this code. */
  onPress: (code: string) => void;
  /** Called when the chips shall go: the page keeps removing them, or the extension is gone. */
  onEnd: () => void;
  signal: AbortSignal;
}

export interface Chips {
  /** Shows a chip at a place as soon as the place comes into view. A known place is left as it is. */
  add: (place: Place) => void;
  /** Looks after all places and chips once the page was changed. */
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
  mode: Mode;
}

/**
 * How a chip stands in the page: in the `line` behind its link; or, where that would move anything outside of this line,
 * taking no room and moved to the link, as part of the line (`hang`) or out of the flow (`free`, and `fixed` for links
 * that do not scroll).
 */
type Mode = "line" | "hang" | "free" | "fixed";

const MOST_CHIPS = 200;
const MOST_PLACES = 5_000;
const MOST_REMOVALS = 50;
const HTML = "http://www.w3.org/1999/xhtml";

/** Starts with no chip; everything goes with the signal. */
export function createChips({ label, isAlive, onCodes, onPress, onEnd, signal }: ChipsInput): Chips {
  const places = new Map<Element, Set<Place>>();
  const visible = new Set<Place>();
  const chips = new Map<Place, Chip>();
  const hosts = new WeakSet<Node>();
  const taken = new WeakMap<Element, Set<string>>();
  const sheets = createSheets();
  let total = 0;
  let removals = 0;
  let told = "";
  const heartbeat = setInterval(() => {
    if (!isAlive()) return onEnd();
    const codes = [...new Set([...places.values()].flatMap((at) => Array.from(at, ({ code }) => code)))].slice(
      0,
      MOST_CHIPS,
    );
    if (codes.join() === told) return;
    told = codes.join();
    onCodes(codes);
  }, 500);

  const inView = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        for (const place of places.get(target) ?? []) visible[isIntersecting ? "add" : "delete"](place);
      }
      show();
    },
    { rootMargin: "100px" },
  );
  // A framework that owns a text which was cut in two writes or removes the first part alone.
  const cutTexts = new MutationObserver(() => {
    for (const chip of chips.values()) if (chip.tail && isRewritten(chip)) hide(chip);
  });
  const sizes = new ResizeObserver(() => {
    for (const chip of chips.values()) moveToPlace(chip);
  });
  sizes.observe(document.documentElement);
  signal.addEventListener(
    "abort",
    () => {
      clearInterval(heartbeat);
      for (const observer of [inView, cutTexts, sizes]) observer.disconnect();
      for (const chip of chips.values()) hide(chip);
      places.clear();
    },
    { once: true },
  );

  const show = () => {
    const fresh: Chip[] = [];
    for (const place of visible) {
      const { after, block, code, end = 0 } = place;
      if (chips.has(place) || taken.get(block)?.has(code)) continue;
      if (isText(after) && end > after.length) {
        forget(place);
        continue;
      }
      // Of several links in one text the first is served first: it is cut there, and the scan meets the rest as a new text.
      if (fresh.some((chip) => chip.place.after === after && isText(after))) continue;
      if (chips.size >= MOST_CHIPS && !hideOne()) break;
      const chip = { place, ...createChip(label, signal, () => press(chip)), mode: "line" as Mode };
      chips.set(place, chip);
      taken.set(block, (taken.get(block) ?? new Set()).add(code));
      fresh.push(chip);
    }
    stand(fresh, sheets);
    for (const { tail, place } of fresh) {
      hosts.add(chips.get(place)!.host);
      if (!tail) continue;
      cutTexts.observe(place.after, { characterData: true });
      cutTexts.observe(place.after.parentNode!, { childList: true });
    }
  };
  const hide = (chip: Chip) => {
    chips.delete(chip.place);
    for (const other of chips.values()) if (other.place.after === chip.tail) hide(other);
    taken.get(chip.place.block)?.delete(chip.place.code);
    chip.host.remove();
    joinText(chip);
  };
  const hideOne = () => {
    for (const chip of chips.values()) {
      if (visible.has(chip.place)) continue;
      hide(chip);
      return true;
    }
    return false;
  };
  const forget = (place: Place) => {
    const chip = chips.get(place);
    if (chip) hide(chip);
    visible.delete(place);
    if (!places.get(place.box)?.delete(place)) return;
    total -= 1;
    if (places.get(place.box)?.size) return;
    places.delete(place.box);
    inView.unobserve(place.box);
  };
  const isBehind = (host: Node, after: Node) => {
    let before = host.previousSibling;
    while (before && hosts.has(before)) before = before.previousSibling;
    return before === after;
  };
  const press = (chip: Chip) => {
    const code = chip.place.read();
    if (!isAlive()) onEnd();
    else if (code) onPress(code);
    else forget(chip.place);
  };

  return {
    add(place) {
      const { after, box, code } = place;
      const there = places.get(box) ?? new Set();
      const isKnown = [...there].some((other) => other.after === after && other.code === code);
      if (signal.aborted || total >= MOST_PLACES || isKnown) return;
      places.set(box, there.add(place));
      total += 1;
      // Observing again is how a place that joins a box in view gets its first report.
      inView.unobserve(box);
      inView.observe(box);
    },
    check() {
      for (const at of places.values()) {
        for (const place of at) {
          const chip = chips.get(place);
          if (!get(Node, "isConnected", place.after) || (chip && place.read() !== place.code)) forget(place);
          else if (chip && !isBehind(chip.host, place.after)) {
            hide(chip);
            removals += 1;
          }
        }
      }
      if (removals > MOST_REMOVALS) onEnd();
      else show();
    },
  };
}

function createChip(label: string, signal: AbortSignal, press: () => void): Pick<Chip, "host" | "button" | "root"> {
  // A span: a label around it forwards no click to it, and a page cannot define it as an element of its own.
  const host = document.createElementNS(HTML, "span") as HTMLElement;
  const root = host.attachShadow({ mode: "closed" });
  const button = document.createElementNS(HTML, "button") as HTMLButtonElement;
  button.type = "button";
  button.textContent = label;
  root.append(button);
  // What the agent does with the chip is no business of a card, a label or a shortcut of the page around it.
  for (const type of "click dblclick auxclick pointerdown pointerup mousedown mouseup keydown keyup".split(" ")) {
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

/** Puts new chips into the page, all at once, in the first mode in which each moves nothing. */
function stand(chips: Chip[], sheets: Record<Mode, CSSStyleSheet[]>): void {
  for (const chip of chips) {
    chip.mode = firstMode(chip.place);
    if (chip.mode === "line") cutText(chip);
  }
  const before = chips.map(measure);
  const setMode = (chip: Chip, mode: Mode) => {
    chip.mode = mode;
    chip.root.adoptedStyleSheets = sheets[mode];
  };
  for (const chip of chips) {
    setMode(chip, chip.mode);
    insertBehind(chip.place.after, chip.host);
  }
  for (const mode of ["hang", "free"] as const) {
    for (const chip of chips.filter((chip, i) => hasMoved(before[i]!, chip))) setMode(chip, mode);
  }
  for (const chip of chips) moveToPlace(chip);
}

function insertBehind(node: Node, host: Element): void {
  const type = isText(node) ? CharacterData : Element;
  type.prototype.after.call(node, host);
}

function isText(node: Node): node is Text {
  return get(Node, "nodeType", node) === Node.TEXT_NODE;
}

function firstMode({ after, box }: Place): Mode {
  for (let element: Element | null = box; element; element = parentOf(element)) {
    if (getComputedStyle(element).position === "fixed") return "fixed";
  }
  const parent = parentOf(after);
  if (parent && /flex|grid/.test(getComputedStyle(parent).display)) return "free";
  if (isText(after)) return "line";
  const { display, float, position } = getComputedStyle(box);
  return /^inline|contents/.test(display) && float === "none" && position !== "absolute" ? "line" : "free";
}

interface Measure {
  /** The last line of the link, up to the end of the code. */
  end: DOMRect | undefined;
  block: DOMRect;
  /** The last thing that is drawn in the block behind the link. */
  tail: DOMRect | undefined;
}

function measure({ place, host }: Chip): Measure {
  const { after, block } = place;
  let tail: DOMRect | undefined;
  const walker = document.createTreeWalker(block);
  while (walker.lastChild());
  let node: Node | null = walker.currentNode;
  for (let steps = 0; steps < 12 && node && !tail; steps += 1) {
    const position = Node.prototype.compareDocumentPosition.call(after, node);
    if (position !== Node.DOCUMENT_POSITION_FOLLOWING) break;
    if (node !== host) tail = lastRect(node);
    node = walker.previousNode();
  }
  return { end: lastRect(after, place.end), block: Element.prototype.getBoundingClientRect.call(block), tail };
}

/** The last box of an element that has a size, or the box of one sign of a text: its last, or that before `end`. */
function lastRect(node: Node, end?: number): DOMRect | undefined {
  let rects: Iterable<DOMRect> = [];
  if (isText(node)) {
    const range = document.createRange();
    range.setStart(node, Math.max(0, (end ?? node.length) - 1));
    range.setEnd(node, Math.min(node.length, end ?? node.length));
    rects = range.getClientRects();
  } else if (get(Node, "nodeType", node) === Node.ELEMENT_NODE) {
    rects = Element.prototype.getClientRects.call(node);
  }
  return [...rects].findLast(({ width, height }) => width > 0 || height > 0);
}

/** Whether a chip in the flow has moved something outside the line of its link. */
function hasMoved(before: Measure, chip: Chip): boolean {
  if (chip.mode === "free" || chip.mode === "fixed") return false;
  const now = measure(chip);
  const differs = (a = 0, b = 0) => Math.abs(a - b) > 0.5;
  if (differs(before.block.height, now.block.height) || differs(before.block.width, now.block.width)) return true;
  if (differs(before.end?.top, now.end?.top) || differs(before.end?.left, now.end?.left)) return true;
  if (!before.tail || !now.tail || !before.end) return false;
  const isSameLine = before.tail.top < before.end.bottom && before.tail.bottom > before.end.top;
  return differs(before.tail.top, now.tail.top) || (!isSameLine && differs(before.tail.right, now.tail.right));
}

/** Moves a chip that takes no room: behind its link if that is the last thing there, else below it, else above it. */
function moveToPlace(chip: Chip): void {
  const { host, button, mode } = chip;
  if (mode === "line") return;
  button.style.translate = "";
  const end = lastRect(chip.place.after, chip.place.end);
  if (!end) return;
  const { left, top, width, height } = button.getBoundingClientRect();
  const isRtl = getComputedStyle(host).direction === "rtl";
  const beside = isRtl ? end.left - width - 6 : end.right + 6;
  const isBeside =
    isFreeBehind(chip.place.after, end) && beside > 0 && beside + width < document.documentElement.clientWidth;
  const below = Math.max(4, Math.min(end.left, document.documentElement.clientWidth - width - 4));
  const isBelow = mode !== "fixed" || end.bottom + height + 4 < innerHeight;
  const x = isBeside ? beside : below;
  const y = isBeside ? (end.top + end.bottom - height) / 2 : isBelow ? end.bottom + 2 : end.top - height - 2;
  button.style.translate = `${x - left}px ${y - top}px`;
}

/** Whether nothing stands behind a link in its line. */
function isFreeBehind(after: Node, end: DOMRect): boolean {
  const walker = document.createTreeWalker(document);
  walker.currentNode = after;
  while (walker.lastChild());
  for (let steps = 0; steps < 12; steps += 1) {
    const node = walker.nextNode();
    if (!node) break;
    const rect = lastRect(node, 1 + (get(Node, "nodeValue", node) ?? "").search(/\S/));
    if (rect) return rect.top >= end.bottom - 2 || rect.bottom <= end.top;
  }
  return true;
}

/**
 * Cuts a text behind the code, so that the chip can stand in its middle. Nothing is copied or wrapped: selecting, copying
 * and `textContent` give what they gave before. A framework keeps hold of the first part; see `cutTexts`.
 */
function cutText(chip: Chip): void {
  const { after, end = 0 } = chip.place;
  if (!isText(after) || !after.data.slice(end).trim()) return;
  chip.tail = after.splitText(end);
  chip.head = after.data;
}

/** Undoes `cutText`, whatever the page did in between. */
function joinText({ place, tail, head = "" }: Chip): void {
  if (!tail?.isConnected) return;
  const text = place.after as Text;
  // The page wrote the whole anew: the rest is in it already. Else it added to the first part, or did nothing.
  const isWholeAnew = !text.isConnected || !text.data.startsWith(head) || text.data.startsWith(head + tail.data);
  if (text.data === head || !isWholeAnew) text.insertData(head.length, tail.data);
  tail.remove();
}

function isRewritten({ place, tail, head }: Chip): boolean {
  return !place.after.isConnected || (place.after as Text).data !== head || !tail?.isConnected;
}

/** A sheet for each mode. Only the last differs in where it is placed, and none in how it looks. */
function createSheets(): Record<Mode, CSSStyleSheet[]> {
  const sheet = (text: string) => {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    return made;
  };
  const base = sheet(css);
  const noRoom = (position: string) => [
    base,
    sheet(`:host{position:${position}!important;width:0!important;height:0!important;margin:0!important}
button{position:absolute;inset:0 auto auto 0}`),
  ];
  return { line: [base], hang: noRoom("relative"), free: noRoom("absolute"), fixed: noRoom("fixed") };
}
