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
  /** Whether it does not scroll with the page. */
  isFixed: boolean;
  isRightToLeft: boolean;
  isVertical: boolean;
}

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

/** Whether the lines in an element run down. */
export function isVerticalIn(element: Element): boolean {
  return /^(?:vertical|sideways)/.test(getComputedStyle(element).writingMode);
}

/** Reads what is around an invite. */
export function aroundOf({ after, block }: Place): Around {
  const around: Around = {
    clippers: [],
    level: 0,
    isFixed: false,
    isRightToLeft: getComputedStyle(block).direction === "rtl",
    isVertical: isVerticalIn(block),
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
  const { clientWidth } = document.documentElement;
  const middle = (spot.top + spot.bottom) / 2;
  return (
    spot.left < clip.left - 4 ||
    spot.right > Math.min(clip.right, clientWidth) + 4 ||
    (clip.top > 0 && middle < clip.top + 8) ||
    (clip.bottom < innerHeight && middle > clip.bottom - 8)
  );
};
