import { call, closest, get, isText, parentOf, walkFrom } from "./dom";
import type { Place } from "./find";

/** Where the invites of a page are drawn, and where a button could stand beside one. Reads the page, changes nothing. */

/** A box of the window, in CSS px. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where a button could stand. */
export interface Spot extends Box {
  /** Shows its words and not the mark alone. */
  isWide: boolean;
}

/** What is around an invite. Stays as it is while the page scrolls. */
export interface Around {
  /** Elements that cut off what is in them, from the inside out. */
  clippers: Element[];
  /** The nearest box that a reader sees: a card, a cell, a bubble. */
  frame?: Element;
  /** The level of the page's stacking at which the link is drawn. */
  level: number;
  /** Whether it does not scroll with the page. */
  isFixed: boolean;
  isRightToLeft: boolean;
  isVertical: boolean;
}

/** Side of a mark's box in px: what takes a press. */
export const MARK = 24;
/** Side in px of what is drawn in the middle of a mark's box. */
export const INK = 18;
const MARGIN = (MARK - INK) / 2;
/** How far from its link a button may stand in the same line, in px. */
const REACH = 700;
/** How far a mark on a corner may hang out of the link's box, in px. */
const OUT = 10;

/** Whether two boxes are the same, but for a half px. */
export const isSame = (a: Box, b: Box): boolean =>
  Math.abs(a.left - b.left) < 0.5 && Math.abs(a.top - b.top) < 0.5 && Math.abs(a.right - b.right) < 0.5;
/** Whether two boxes have the same size, but for a half px. */
export const isSameSize = (a: Box, b: Box): boolean =>
  Math.abs(a.right - a.left - b.right + b.left) < 0.5 && Math.abs(a.bottom - a.top - b.bottom + b.top) < 0.5;
/** The part of a box that is in another one; an empty box where there is none. */
export const cut = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});
/** Whether a box has no area that is seen. */
export const isEmpty = ({ left, top, right, bottom }: Box): boolean => right - left < 1 || bottom - top < 1;
/** A box with so many px more on each side. */
export const grown = ({ left, top, right, bottom }: Box, by: number): Box => ({
  left: left - by,
  top: top - by,
  right: right + by,
  bottom: bottom + by,
});

/** The boxes of an invite, one for each line; none while it is not drawn. */
export function boxesOf({ after, end = 0 }: Place): Box[] {
  if (isText(after)) {
    const to = Math.min(end, after.length);
    return boxesOfText(after, after.data.slice(Math.max(0, to - 200), to).search(/\S*$/) + Math.max(0, to - 200), to);
  }
  const own = [...call(after, "getClientRects")].filter((box) => !isEmpty(box));
  if (own.length) return own;
  const inner = new Range();
  inner.selectNodeContents(after);
  return [...inner.getClientRects()].filter((box) => !isEmpty(box));
}

/** The boxes of some characters of a text. */
export function boxesOfText(text: Text, from = 0, to = text.length): Box[] {
  const range = new Range();
  range.setStart(text, from);
  range.setEnd(text, to);
  return [...range.getClientRects()].filter((box) => !isEmpty(box));
}

/** The element around another one, out of shadow roots too. */
function outer(element: Element): Element | null {
  return parentOf(element) ?? (call(element, "getRootNode") as Partial<ShadowRoot>).host ?? null;
}

/** Whether an invite takes no presses now: it is inert, or in the top layer, above which nothing of ours can be drawn. */
export function isOutOfReach({ after }: Place): boolean {
  for (let node: Node | undefined = after; node; node = (call(node, "getRootNode") as Partial<ShadowRoot>).host)
    if (closest(node, ":modal,:popover-open,:fullscreen,[inert]")) return true;
  return false;
}

/** Reads what is around an invite. */
export function aroundOf({ after, block }: Place): Around {
  const { direction, writingMode } = getComputedStyle(block);
  const around: Around = {
    clippers: [],
    level: 0,
    isFixed: false,
    isRightToLeft: direction === "rtl",
    isVertical: /^(?:vertical|sideways)/.test(writingMode),
  };
  for (let element = isText(after) ? parentOf(after) : after; element; element = outer(element)) {
    const style = getComputedStyle(element);
    if (style.zIndex !== "auto") around.level = Number(style.zIndex);
    else if (style.transform !== "none" || style.opacity !== "1") around.level = 0;
    if (style.position === "fixed") around.isFixed = true;
    const isBox = !/^(?:inline$|contents)/.test(style.display);
    if (element === after || !isBox || /^(?:body|html)$/.test(get(element, "localName"))) continue;
    if (style.overflow !== "visible") around.clippers.push(element);
    if (!around.frame && isSeen(style)) around.frame = element;
  }
  return around;
}

/** Whether a box is seen as one: a cell, or what has a side or a colour of its own. */
function isSeen({ display, borderLeftWidth, borderRightWidth, backgroundColor }: CSSStyleDeclaration): boolean {
  const hasSide = parseFloat(borderLeftWidth) + parseFloat(borderRightWidth) > 0;
  return display === "table-cell" || hasSide || !/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor);
}

/** What the window and the boxes around an invite let be seen. */
export function clipOf({ clippers }: Around, boxOf: (element: Element) => Box): Box {
  const { clientWidth, clientHeight } = document.documentElement;
  const whole: Box = { left: 0, top: 0, right: clientWidth, bottom: Math.max(clientHeight, innerHeight) };
  return clippers.reduce((box, clipper) => cut(box, boxOf(clipper)), whole);
}

/**
 * Where a button could stand beside an invite, the best place first: its words at the free end of the line, a mark right
 * behind the link, at the line's end, in the link's own box, on the edge of that box, and before the link. A link that is
 * a box, such as a card, has room in itself first.
 * `own` are the boxes of the invite that can be seen; `width` is what the words take, or 0 where they are too many.
 */
export function* spotsFor(place: Place, own: Box[], around: Around, width: number): Generator<Spot> {
  const last = own.at(-1)!;
  const first = own[0]!;
  const { isRightToLeft, isVertical } = around;
  if (isVertical) yield mark((last.left + last.right - MARK) / 2, last.bottom);
  if (!isText(place.after) && isLarge(last)) yield* insideOf(place.after, last, isRightToLeft);
  const middle = (last.top + last.bottom - MARK) / 2;
  const edge = isRightToLeft ? last.left : last.right;
  const end = lineEnd(place, last, isRightToLeft);
  const far = Math.abs(end - edge);
  if (width && far < REACH / 2) yield spot(isRightToLeft ? end - width - 1 : end + 1, middle, width, true);
  yield mark(isRightToLeft ? edge - MARK : edge, middle);
  if (far < REACH) yield mark(isRightToLeft ? end - MARK : end, middle);
  if (!isText(place.after)) yield* insideOf(place.after, last, isRightToLeft);
  for (const box of own.length > 1 ? [last, first] : [last]) yield* edgesOf(box, isRightToLeft);
  yield mark(isRightToLeft ? first.right : first.left - MARK, (first.top + first.bottom - MARK) / 2);
}

/** On the last words of a link that is cut off: at the end of what can be seen of it. */
export function endOf({ left, top, right, bottom }: Box, { isRightToLeft }: Around): Spot {
  return mark(isRightToLeft ? left - MARGIN : right + MARGIN - MARK, (top + bottom - MARK) / 2);
}

/** Whether a link is a box in which there may be room beside its words. */
const isLarge = ({ left, top, right, bottom }: Box): boolean => right - left > 300 || bottom - top > 44;

/** In the box of a link: behind its first words, and at its end. */
function* insideOf(link: Element, box: Box, isRightToLeft: boolean): Generator<Spot> {
  const words = new Range();
  words.selectNodeContents(link);
  const line = [...words.getClientRects()].find((part) => !isEmpty(part) && part.bottom - part.top < 60);
  if (line) yield mark(isRightToLeft ? line.left - MARK : line.right, (line.top + line.bottom - MARK) / 2);
  const xs = [box.right - MARK - 2, box.left + 2];
  for (const x of isRightToLeft ? xs.toReversed() : xs) {
    for (const y of [(box.top + box.bottom - MARK) / 2, box.top + 2, box.bottom - MARK - 2]) yield mark(x, y);
  }
}

/** On the corners and edges of a box, from nearly in it to so far out that 10 px of what is drawn hang over. */
function* edgesOf(box: Box, isRightToLeft: boolean): Generator<Spot> {
  for (const out of [OUT / 2, OUT, INK + 1]) {
    const tops = [box.top - MARGIN - out, box.bottom + MARGIN + out - MARK];
    const xs = [box.right + MARGIN + out - MARK, box.right - MARK, box.left - MARGIN - out, box.left];
    for (const x of isRightToLeft ? xs.toReversed() : xs) for (const y of tops) yield mark(x, y);
    for (const x of xs) if (out <= OUT) yield mark(x, (box.top + box.bottom - MARK) / 2);
  }
}

/** A spot moved up or down by up to 4 px, so that what is drawn stays within a row that is hardly higher. */
export function nudged(spot: Spot, room: Box): Spot {
  const over = Math.max(0, room.top - spot.top - MARGIN) || Math.min(0, room.bottom - spot.bottom + MARGIN);
  return Math.abs(over) > 4 ? spot : { ...spot, top: spot.top + over, bottom: spot.bottom + over };
}

const mark = (left: number, top: number): Spot => spot(left, top, MARK, false);
const spot = (left: number, top: number, width: number, isWide: boolean): Spot => ({
  left,
  top,
  right: left + width,
  bottom: top + MARK,
  isWide,
});

/** Where the last thing ends that is drawn behind an invite in its line. */
function lineEnd({ after, end, block }: Place, line: Box, isRightToLeft: boolean): number {
  const boxes: Box[] = [line];
  const isInLine = ({ top, bottom }: Box) => top < line.bottom - 2 && bottom > line.top + 2;
  if (isText(after)) boxes.push(...boxesOfText(after, end, Math.min(after.length, (end ?? 0) + 300)).filter(isInLine));
  const walker = walkFrom(after);
  while (walker.lastChild());
  for (let steps = 0; steps < 40 && walker.nextNode(); steps += 1) {
    const node = walker.currentNode;
    if (!call(block, "contains", node)) break;
    const isLeaf = !isText(node) && !get(node, "firstChild");
    const found = isText(node)
      ? boxesOfText(node, 0, Math.min(300, node.length))
      : isLeaf
        ? [...call(node as Element, "getClientRects")]
        : [];
    boxes.push(...found.filter((box) => isInLine(box) && !isEmpty(box)));
  }
  return isRightToLeft ? Math.min(...boxes.map(({ left }) => left)) : Math.max(...boxes.map(({ right }) => right));
}

/** Gives the box of an element and measures each one once. */
export function boxReader(): (element: Element) => Box {
  const known = new Map<Element, Box>();
  return (element) => {
    const box = known.get(element) ?? call(element, "getBoundingClientRect");
    known.set(element, box);
    return box;
  };
}

/** From the window to the layer. */
export const inLayer = <T extends Box>(box: T, x: number, y: number, scale: number): T => ({
  ...box,
  left: (box.left - x) / scale,
  top: (box.top - y) / scale,
  right: (box.right - x) / scale,
  bottom: (box.bottom - y) / scale,
});
/** From the layer to the window. */
export const inWindow = <T extends Box>(box: T, x: number, y: number, scale: number): T => ({
  ...box,
  left: box.left * scale + x,
  top: box.top * scale + y,
  right: box.right * scale + x,
  bottom: box.bottom * scale + y,
});
/** A spot that goes with its invite. */
export const shifted = (spot: Spot, from: Box, to: Box): Spot => ({
  ...spot,
  left: spot.left + to.left - from.left,
  right: spot.right + to.left - from.left,
  top: spot.top + to.top - from.top,
  bottom: spot.bottom + to.top - from.top,
});
/** Whether a spot is not wholly in what can be seen of its surroundings. */
export const isCutOff = (spot: Box, clip: Box): boolean => {
  const { clientWidth } = document.documentElement;
  const middle = (spot.top + spot.bottom) / 2;
  return (
    spot.left < clip.left - 4 ||
    spot.right > Math.min(clip.right, clientWidth) + 4 ||
    (clip.top > 0 && middle < clip.top + 8) ||
    (clip.bottom < innerHeight && middle > clip.bottom - 8)
  );
};
