import { pictureOf } from "./area";
import { call, closest, get, isText } from "./dom";
import type { Place } from "./find";
import { boxesIn, cut, grown, isEmpty, isTransparent, isVerticalIn, isVisible, type Box } from "./geometry";
import { inkOf, isLarge, type Spot } from "./spots";

interface Neighbour {
  place: Place;
  boxes: Box[];
}

/** Read once for several chips. */
export interface Surroundings {
  neighbours: Neighbour[];
  /** Spots of other chips. */
  placed: Map<unknown, Spot>;
  /** Boxes of an element's own texts. */
  texts: Map<Element, Box[]>;
}

const CONTROLS =
  "a[href],area[href],button,input,select,textarea,summary,label,[role=button]," +
  "[onclick],[tabindex],img,svg,video,audio,canvas,iframe,object,embed";
/** Px between probed points. */
const STEP = 6;
/** Share of a line's height free above and below its letters. */
const AIR = 0.18;
const MOST_TEXTS = 2_000;

/** `own`: the invite's own surroundings, the better choice. */
type Ground = "own" | "foreign";

/**
 * Returns the ground at a spot; undefined where a button would leave `room`, cover anything, or be nearer another
 * invite.
 */
export function groundOf(spot: Spot, place: Place, room: Box, surroundings: Surroundings): Ground | undefined {
  const ink = inkOf(spot);
  if (ink.left < room.left - 1 || ink.right > room.right + 1) return undefined;
  if (ink.top < room.top - 1 || ink.bottom > room.bottom + 1) return undefined;
  // The clear margins of two buttons may meet.
  for (const other of surroundings.placed.values()) if (!isEmpty(cut(grown(inkOf(other), 2), ink))) return undefined;
  return isNearest(spot, place, surroundings.neighbours) ? seenOn(spot, ink, place, surroundings.texts) : undefined;
}

/** Returns undefined if anything but background is seen. */
function seenOn(spot: Spot, ink: Box, place: Place, texts: Map<Element, Box[]>): Ground | undefined {
  let ground: Ground = "own";
  const own = isText(place.after) ? undefined : place.after;
  const isClear = own && isTransparent(getComputedStyle(own));
  const seen = new Set<Element>();
  for (let x = spot.left + 1; ; x = Math.min(x + STEP, spot.right - 1)) {
    for (let y = spot.top + 1; ; y = Math.min(y + STEP, spot.bottom - 1)) {
      const element = elementAt(x, y);
      // Outside the window nothing can be probed.
      if (!element) return undefined;
      // A link laid over its card shows what is under it.
      const under =
        isClear &&
        call(own, "contains", element) &&
        call(call(own, "getRootNode") as Document, "elementsFromPoint", x, y).find(
          (one) => !call(own, "contains", one),
        );
      for (const one of under ? [element, under] : [element]) {
        if (seen.has(one)) continue;
        seen.add(one);
        const isOnPicture = isForeignControl(one, place);
        if (isOnPicture && !isLargeWithin(one, place)) return undefined;
        // Edges are drawn over shared px.
        if (textsIn(one, texts).some((text) => !isEmpty(cut(text, grown(ink, 0.5))))) return undefined;
        if (isOnPicture || (!call(place.after, "contains", one) && !call(one, "contains", place.box)))
          ground = "foreign";
      }
      if (y >= spot.bottom - 1) break;
    }
    if (x >= spot.right - 1) break;
  }
  return ground;
}

/** Returns the innermost element at a window point, also in open shadow roots. */
export function elementAt(x: number, y: number, root: Document | ShadowRoot = document): Element | null {
  const element: Element | null = call(root as Document, "elementFromPoint", x, y);
  const inner = element && get(element, "shadowRoot");
  // An empty root returns its host.
  return (inner && inner !== root && elementAt(x, y, inner)) || element;
}

/** Whether an element is a picture in the invite's link that a mark may lie on where nothing else is free. */
function isLargeWithin(element: Element, { after }: Place): boolean {
  const isPicture = get(element, "localName") === "img" && call(after, "contains", element);
  return isPicture && isLarge(call(element, "getBoundingClientRect"));
}

/** Whether an element is in a control that is neither the invite's own nor around it. */
function isForeignControl(element: Element, { after, box }: Place): boolean {
  const control = closest(element, CONTROLS);
  // An area is part of its picture.
  if (!control || (control === box && pictureOf(after as Element) === box)) return false;
  const isOwn = control === after || call(control, "contains", after);
  // Pictures in the link are its content.
  return !isOwn || /^(?:img|svg|video|canvas|iframe)$/.test(get(control, "localName"));
}

/** Whether a node is an element that is seen but that no point finds. */
function isPressedThrough(node: Node): boolean {
  if (get(node, "nodeType") !== 1) return false;
  return getComputedStyle(node as Element).pointerEvents === "none" && isVisible(node as Element);
}

function textsIn(element: Element, texts: Map<Element, Box[]>): Box[] {
  const known = texts.get(element);
  if (known) return known;
  const boxes: Box[] = [];
  const isVertical = isVerticalIn(element);
  let count = 0;
  for (let node = get(element, "firstChild"); node && count < MOST_TEXTS; node = get(node, "nextSibling")) {
    count += 1;
    if (!isText(node) && !isPressedThrough(node)) continue;
    if (!get(node, "textContent")?.trim()) continue;
    if (!isText(node) && call(node as Element, "matches", CONTROLS))
      boxes.push(...call(node as Element, "getClientRects"));
    for (const { left, top, right, bottom } of boxesIn(node)) {
      const x = isVertical ? (right - left) * AIR : 0;
      const y = isVertical ? 0 : (bottom - top) * AIR;
      boxes.push({ left: left + x, right: right - x, top: top + y, bottom: bottom - y });
    }
  }
  texts.set(element, boxes);
  return boxes;
}

/** Things in the same line count as nearer. */
function isNearest(spot: Spot, place: Place, neighbours: Neighbour[]): boolean {
  const far = (boxes: Box[]) => Math.min(...boxes.map((box) => distance(spot, box)));
  const own = neighbours.find((other) => other.place === place);
  const most = own ? far(own.boxes) : Infinity;
  return neighbours.every((other) => other === own || other.place.code === place.code || far(other.boxes) >= most);
}

function distance(spot: Box, box: Box): number {
  const middle = (spot.top + spot.bottom) / 2;
  const x = Math.max(0, spot.left - box.right, box.left - spot.right);
  const y = Math.max(0, spot.top - box.bottom, box.top - spot.bottom);
  const isInLine = middle > box.top - 2 && middle < box.bottom + 2 && x <= 40;
  return isInLine ? x / 10 : 4 + Math.hypot(x, y);
}
