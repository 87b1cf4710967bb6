import { boxOfArea } from "./area";
import { call, closest, get, isText, parentOf } from "./dom";
import type { Place } from "./find";

/** Window coordinates in CSS px. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Surroundings of an invite, unchanged by scrolling. */
export interface Around {
  /** Elements that clip it, innermost first. */
  clippers: Element[];
  /** The nearest visible box: a card, cell or bubble. */
  frame?: Element;
  level: number;
  /** Stays in the window while the page scrolls. */
  isFixed: boolean;
  isRightToLeft: boolean;
  isVertical: boolean;
}

/** The box of what is not drawn. */
export const NOWHERE: Box = { left: 0, top: 0, right: 0, bottom: 0 };
const isNear = (a: number, b: number) => Math.abs(a - b) < 0.5;
/** Whether left, top and right agree within half a px. */
export const isSame = (a: Box, b: Box): boolean =>
  isNear(a.left, b.left) && isNear(a.top, b.top) && isNear(a.right, b.right);
/** Whether two sizes agree within half a px. */
export const isSameSize = (a: Box, b: Box): boolean =>
  isNear(a.right - a.left, b.right - b.left) && isNear(a.bottom - a.top, b.bottom - b.top);
/** Whether the middles of two boxes agree within a quarter of a px. */
export const isAround = (a: Box, b: Box): boolean =>
  isNear(a.left + a.right, b.left + b.right) && isNear(a.top + a.bottom, b.top + b.bottom);
/** Returns the intersection, which may be empty. */
export const cut = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});
/** Whether a box is less than 1 px wide or high. */
export const isEmpty = ({ left, top, right, bottom }: Box): boolean => right - left < 1 || bottom - top < 1;
/** Returns a box with more px on each side. */
export const grown = ({ left, top, right, bottom }: Box, by: number): Box => ({
  left: left - by,
  top: top - by,
  right: right + by,
  bottom: bottom + by,
});

/** Returns an invite's boxes, one per line; none if not drawn. */
export function boxesOf({ after, box, end = 0 }: Place): Box[] {
  if (isText(after)) {
    const from = Math.max(0, end - 200);
    return boxesIn(after, from + after.data.slice(from, end).search(/\S*$/), end);
  }
  if (get(after, "localName") === "area") return withArea([boxOfArea(after, box)]);
  const own = withArea(call(after, "getClientRects"));
  return own.length ? own : boxesIn(after);
}

const withArea = (boxes: Iterable<Box>) => [...boxes].filter((box) => !isEmpty(box));

/** Whether an element is drawn and not wholly transparent. */
export const isVisible = (element: Element): boolean =>
  call(element, "checkVisibility", { opacityProperty: true, visibilityProperty: true });

/** Returns the boxes of a node's content, or of part of a text. */
export function boxesIn(node: Node, from = 0, to?: number): Box[] {
  const range = new Range();
  range.selectNodeContents(node);
  if (isText(node)) {
    range.setStart(node, Math.min(from, node.length));
    range.setEnd(node, Math.min(to ?? node.length, node.length));
  }
  return withArea(range.getClientRects());
}

/** Whether an invite is inert, or in the top layer, which covers our chips. */
export function isOutOfReach({ after }: Place): boolean {
  for (let node: Node | undefined = after; node; node = (call(node, "getRootNode") as Partial<ShadowRoot>).host)
    if (closest(node, ":modal,:popover-open,:fullscreen,[inert]")) return true;
  return false;
}

/** Whether an element overflows sideways. */
export const isOverflowing = (element: Element): boolean =>
  get(element, "clientWidth") > 0 && get(element, "scrollWidth") > get(element, "clientWidth");

/** Whether an element's lines are vertical. */
export function isVerticalIn(element: Element): boolean {
  return /^(?:vertical|sideways)/.test(getComputedStyle(element).writingMode);
}

/** Reads an invite's surroundings. */
export function aroundOf({ after, box, block }: Place): Around {
  const around: Around = {
    clippers: [],
    level: 0,
    isFixed: false,
    isRightToLeft: getComputedStyle(block).direction === "rtl",
    isVertical: isVerticalIn(block),
  };
  for (let element: Element | null = box; element; element = parentOf(element)) {
    const style = getComputedStyle(element);
    // What is around a fixed element neither clips nor holds it.
    const isLoose = around.isFixed;
    around.isFixed ||= style.position === "fixed";
    if (style.zIndex !== "auto") around.level = Number(style.zIndex);
    else if (style.transform !== "none" || style.opacity !== "1") around.level = 0;
    const isBox = !/^(?:inline$|contents)/.test(style.display);
    if (isLoose || element === after || !isBox || /^(?:body|html)$/.test(get(element, "localName"))) continue;
    if (style.overflow !== "visible") around.clippers.push(element);
    if (!around.frame && isSeen(style)) around.frame = element;
  }
  return around;
}

/** Whether a style has no background. */
export const isTransparent = ({ backgroundColor, backgroundImage }: CSSStyleDeclaration): boolean =>
  /^rgba.*, 0\)none$/.test(backgroundColor + backgroundImage);

function isSeen(style: CSSStyleDeclaration): boolean {
  const hasSide = parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth) > 0;
  return style.display === "table-cell" || hasSide || !isTransparent(style);
}

/** Returns the part of the window that can show an invite. */
export function clipOf({ clippers }: Around, boxOf: (element: Element) => Box): Box {
  const { clientWidth, clientHeight } = document.documentElement;
  const whole: Box = { left: 0, top: 0, right: clientWidth, bottom: Math.max(clientHeight, innerHeight) };
  return clippers.reduce((box, clipper) => cut(box, boxOf(clipper)), whole);
}

/** Returns a function that measures each element once. */
export function boxReader(): (element: Element) => Box {
  const known = new Map<Element, Box>();
  return (element) => {
    const box = known.get(element) ?? call(element, "getBoundingClientRect");
    known.set(element, box);
    return box;
  };
}

/** Returns a box scaled from the window's corner, then moved. */
export const moved = <T extends Box>(box: T, x: number, y: number, scale = 1): T => ({
  ...box,
  left: box.left * scale + x,
  top: box.top * scale + y,
  right: box.right * scale + x,
  bottom: box.bottom * scale + y,
});
/** Whether a spot is partly hidden. */
export const isCutOff = (spot: Box, clip: Box): boolean => {
  const middle = (spot.top + spot.bottom) / 2;
  return (
    spot.left < clip.left - 4 ||
    spot.right > clip.right + 4 ||
    (clip.top > 0 && middle < clip.top + 8) ||
    (clip.bottom < innerHeight && middle > clip.bottom - 8)
  );
};
