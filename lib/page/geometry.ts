import { boxOfArea } from "./area";
import { call, closest, get, isText, parentOf } from "./dom";
import type { Place } from "./find";

/** Where the invites of a page are drawn, and what is around them. Reads the page, changes nothing. */

/** A box of the window, in CSS px. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What is around an invite. Stays as it is while the page scrolls. */
export interface Around {
  /** Elements that cut off what is in them, from the inside out. */
  clippers: Element[];
  /** The nearest box that a reader sees: a card, a cell, a bubble. */
  frame?: Element;
  /** The level of the page's stacking at which the link is drawn. */
  level: number;
  isRightToLeft: boolean;
  isVertical: boolean;
}

/** The box of what is not drawn. */
export const NOWHERE: Box = { left: 0, top: 0, right: 0, bottom: 0 };
const isNear = (a: number, b: number) => Math.abs(a - b) < 0.5;
/** Whether two boxes are the same, but for a half px. */
export const isSame = (a: Box, b: Box): boolean =>
  isNear(a.left, b.left) && isNear(a.top, b.top) && isNear(a.right, b.right);
/** Whether two boxes have the same size, but for a half px. */
export const isSameSize = (a: Box, b: Box): boolean =>
  isNear(a.right - a.left, b.right - b.left) && isNear(a.bottom - a.top, b.bottom - b.top);
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
export function boxesOf({ after, box, end = 0 }: Place): Box[] {
  if (isText(after)) {
    const from = Math.max(0, end - 200);
    return boxesIn(after, from + after.data.slice(from, end).search(/\S*$/), end);
  }
  if (after !== box) return withArea([boxOfArea(after, box)]);
  const own = withArea(call(after, "getClientRects"));
  return own.length ? own : boxesIn(after);
}

const withArea = (boxes: Iterable<Box>) => [...boxes].filter((box) => !isEmpty(box));

/** The boxes of what is in an element, or of some characters of a text. */
export function boxesIn(node: Node, from = 0, to?: number): Box[] {
  const range = new Range();
  range.selectNodeContents(node);
  if (isText(node)) {
    range.setStart(node, Math.min(from, node.length));
    range.setEnd(node, Math.min(to ?? node.length, node.length));
  }
  return withArea(range.getClientRects());
}

/** Whether an invite takes no presses now: it is inert, or in the top layer, above which nothing of ours can be drawn. */
export function isOutOfReach({ after }: Place): boolean {
  for (let node: Node | undefined = after; node; node = (call(node, "getRootNode") as Partial<ShadowRoot>).host)
    if (closest(node, ":modal,:popover-open,:fullscreen,[inert]")) return true;
  return false;
}

/** Whether the lines in an element run down. */
export function isVerticalIn(element: Element): boolean {
  return /^(?:vertical|sideways)/.test(getComputedStyle(element).writingMode);
}

/** Reads what is around an invite. */
export function aroundOf({ after, box, block }: Place): Around {
  const around: Around = {
    clippers: [],
    level: 0,
    isRightToLeft: getComputedStyle(block).direction === "rtl",
    isVertical: isVerticalIn(block),
  };
  for (let element: Element | null = box; element; element = parentOf(element)) {
    const style = getComputedStyle(element);
    if (style.zIndex !== "auto") around.level = Number(style.zIndex);
    else if (style.transform !== "none" || style.opacity !== "1") around.level = 0;
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

/** Gives the box of an element and measures each one once. */
export function boxReader(): (element: Element) => Box {
  const known = new Map<Element, Box>();
  return (element) => {
    const box = known.get(element) ?? call(element, "getBoundingClientRect");
    known.set(element, box);
    return box;
  };
}

/** A box drawn so many times as large from the window's corner, and moved by so many px. */
export const moved = <T extends Box>(box: T, x: number, y: number, scale = 1): T => ({
  ...box,
  left: box.left * scale + x,
  top: box.top * scale + y,
  right: box.right * scale + x,
  bottom: box.bottom * scale + y,
});
/** Whether a spot is not wholly in what can be seen of its surroundings. */
export const isCutOff = (spot: Box, clip: Box): boolean => {
  const middle = (spot.top + spot.bottom) / 2;
  return (
    spot.left < clip.left - 4 ||
    spot.right > clip.right + 4 ||
    (clip.top > 0 && middle < clip.top + 8) ||
    (clip.bottom < innerHeight && middle > clip.bottom - 8)
  );
};
