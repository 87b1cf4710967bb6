import { pictureOf } from "./area";
import { call, closest, get, isText } from "./dom";
import type { Place } from "./find";
import { boxesIn, cut, grown, isEmpty, isVerticalIn, type Box } from "./geometry";
import { inkOf, type Spot } from "./spots";

/** Whether a spot of the page is free for a button: no word, no control and no picture is there, and no other invite nearer. */

/** An invite of the page and where it is drawn. */
interface Neighbour {
  place: Place;
  boxes: Box[];
}

/** What is read of a page at one time, for the questions of some chips. */
export interface Surroundings {
  /** The invites in sight. */
  neighbours: Neighbour[];
  /** Where the buttons are that stand already. */
  placed: Spot[];
  /** The boxes of the texts right in an element. */
  texts: Map<Element, Box[]>;
}

/** What takes a press, or is a picture. */
const CONTROLS =
  "a[href],area[href],button,input,select,textarea,summary,label,[role=button],[role=link],[role=checkbox],[role=menuitem],[role=tab]," +
  "[onclick],[tabindex],img,svg,video,audio,canvas,iframe,object,embed";
/** How far apart, in px, a spot is asked what is there. */
const STEP = 6;
/** The share of a line's height that is free above its letters, and below them. */
const AIR = 0.18;
/** Texts of one element that are measured. */
const MOST_TEXTS = 2_000;

/** What a free spot stands on: what is around the invite, which is better, or something else. */
type Ground = "own" | "foreign";

/** What a button stands on at a spot; undefined where it may not stand. `room` is what it must not leave. */
export function groundOf(spot: Spot, place: Place, room: Box, surroundings: Surroundings): Ground | undefined {
  const ink = inkOf(spot);
  const inside = cut(ink, room);
  if (Math.abs(inside.left - ink.left) + Math.abs(inside.right - ink.right) > 1) return undefined;
  if (Math.abs(inside.top - ink.top) + Math.abs(inside.bottom - ink.bottom) > 1) return undefined;
  // The clear margins of two buttons may meet.
  if (surroundings.placed.some((other) => !isEmpty(cut(grown(inkOf(other), 2), ink)))) return undefined;
  return isNearest(spot, place, surroundings.neighbours) ? seenOn(spot, ink, place, surroundings.texts) : undefined;
}

/** What is seen on a spot; undefined where it is more than the page's ground. */
function seenOn(spot: Spot, ink: Box, place: Place, texts: Map<Element, Box[]>): Ground | undefined {
  let ground: Ground = "own";
  const seen = new Set<Element>();
  for (let x = spot.left + 1; ; x = Math.min(x + STEP, spot.right - 1)) {
    for (let y = spot.top + 1; ; y = Math.min(y + STEP, spot.bottom - 1)) {
      const element = elementAt(x, y);
      // Beyond the window nobody can tell.
      if (!element) return undefined;
      if (!seen.has(element)) {
        seen.add(element);
        if (isForeignControl(element, place)) return undefined;
        // Edges are drawn over the px that they share.
        if (textsIn(element, texts).some((text) => !isEmpty(cut(text, grown(ink, 0.5))))) return undefined;
        if (!call(place.after, "contains", element) && !call(element, "contains", place.box)) ground = "foreign";
      }
      if (y >= spot.bottom - 1) break;
    }
    if (x >= spot.right - 1) break;
  }
  return ground;
}

/** The innermost element at a point of the window, in open shadow roots too. */
export function elementAt(x: number, y: number, root: Document | ShadowRoot = document): Element | null {
  const element: Element | null = call(root as Document, "elementFromPoint", x, y);
  const inner = element && get(element, "shadowRoot");
  // A root in which nothing is at this point answers with its own host.
  return (inner && inner !== root && elementAt(x, y, inner)) || element;
}

/** Whether an element is, or is in, a control that is not the invite's own and does not hold it. */
function isForeignControl(element: Element, { after, box }: Place): boolean {
  const control = closest(element, CONTROLS);
  // An area is a part of its picture.
  if (!control || (control === box && pictureOf(after as Element) === box)) return false;
  const isOwn = control === after || call(control, "contains", after);
  // A picture in the invite's own link is what the link shows.
  return !isOwn || /^(?:img|svg|video|canvas|iframe)$/.test(get(control, "localName"));
}

/** The middle of the boxes of the texts right in an element: what is above and below the letters of a line is free. */
function textsIn(element: Element, texts: Map<Element, Box[]>): Box[] {
  const known = texts.get(element);
  if (known) return known;
  const boxes: Box[] = [];
  const isVertical = isVerticalIn(element);
  let count = 0;
  for (let node = get(element, "firstChild"); node && count < MOST_TEXTS; node = get(node, "nextSibling")) {
    if (!isText(node) || !node.data.trim()) continue;
    count += 1;
    for (const { left, top, right, bottom } of boxesIn(node)) {
      const x = isVertical ? (right - left) * AIR : 0;
      const y = isVertical ? 0 : (bottom - top) * AIR;
      boxes.push({ left: left + x, right: right - x, top: top + y, bottom: bottom - y });
    }
  }
  texts.set(element, boxes);
  return boxes;
}

/** Whether no other invite is nearer to a spot, as an eye takes it: what stands in the same line comes first. */
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
