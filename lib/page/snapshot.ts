import type { Corner, Layer } from "./buttons";
import { call, closest, get, parentOf } from "./dom";
import type { Place } from "./find";
import { toLayer, toWindow, type Chip } from "./follow";
import { elementAt, groundOf, type Surroundings } from "./free";
import { aroundOf, boxesOf, boxReader, clipOf, cut, grown, isEmpty, isOutOfReach, isOverflowing } from "./geometry";
import { isVisible, NOWHERE, type Box } from "./geometry";
import type { Rooms } from "./room";
import { MARK, nudged, spotsFor, tight, type Side, type Spot } from "./spots";

/** What is read of a page at rest, and the best spot for a chip in it. */

interface Drawn {
  clip: Box;
  last: Box | undefined;
  own: Box[];
  isCut: boolean;
}

/** Boxes in window px, true while nothing moves. */
export interface Snapshot extends Surroundings {
  corner: Corner;
  drawn: Map<Chip, Drawn>;
  boxOf: (element: Element) => Box;
  placed: Map<Chip, Spot>;
  rooms: Rooms;
  /** Invites without a good spot, and the side that may have room. */
  cramped: Map<Place, Side>;
  /** Width of a chip with words; 0 where all are marks. */
  wide: number;
}

/** A chip, and its invite's box and its own spot in the layer. */
export type Move = [Chip, Box, Spot | undefined];

/** Reads where all invites and their chips are. */
export function readSnapshot(chips: Map<Place, Chip>, layer: Layer, rooms: Rooms, areMany: boolean): Snapshot {
  rooms.tidy(get(document.documentElement, "clientWidth"));
  const [corner, boxOf] = [layer.corner(), boxReader()];
  const snapshot: Snapshot = {
    corner,
    boxOf,
    rooms,
    drawn: new Map(),
    neighbours: [],
    placed: new Map(),
    cramped: new Map(),
    texts: new Map(),
    wide: areMany ? 0 : layer.wide,
  };
  for (const chip of chips.values()) {
    drawnOf(chip, snapshot);
    if (chip.spot) snapshot.placed.set(chip, toWindow(chip.spot, chip, corner));
  }
  return snapshot;
}

/** Finds a chip's spot, or notes that its link needs room. */
export function findSpot(chip: Chip, snapshot: Snapshot): Move {
  const { placed, corner, rooms, cramped } = snapshot;
  const { place } = chip;
  chip.around = aroundOf(place);
  const side = rooms.sideOf(place);
  const old = placed.get(chip);
  placed.delete(chip);
  const drawn = drawnOf(chip, snapshot);
  // One per code in a block.
  const isSaid = [...placed.keys()].some(
    (other) => other.place.block === place.block && other.place.code === place.code,
  );
  // Room made beside a link is its own box and may be covered.
  const isSeen = !isSaid && canBePressed(place, side ? drawn.own : drawn.own.slice(-1));
  const spot = isSeen ? spotOf(chip, old, drawn, side, snapshot) : undefined;
  if (spot) placed.set(chip, spot);
  if (isSeen && (!spot || spot.kind === "aside"))
    cramped.set(place, drawn.isCut || isOverflowing(place.box) ? "start" : "end");
  return [chip, toLayer(drawn.last ?? NOWHERE, chip, corner), spot && toLayer(spot, chip, corner)];
}

/** A chip keeps its spot while it is free. */
function spotOf(
  { place, around }: Chip,
  old: Spot | undefined,
  { clip, own }: Drawn,
  side: Side | undefined,
  current: Snapshot,
): Spot | undefined {
  const last = own.at(-1)!;
  const frame = around.frame && current.boxOf(around.frame);
  // Vertical lines often reach the page's end, which a button's margin would move.
  const bounds = around.isVertical ? cut(clip, grown(current.boxOf(place.block), -3)) : clip;
  const room = frame ? cut(bounds, grown(frame, 1)) : bounds;
  const isAlone = !current.neighbours.some(
    (other) =>
      other.place !== place && other.boxes.some(({ top, bottom }) => top < last.bottom - 2 && bottom > last.top + 2),
  );
  const width = isAlone ? current.wide : 0;
  if (old && !side && (width || !old.isWide) && groundOf(old, place, room, current)) return old;
  let second: Spot | undefined;
  for (const wish of spotsFor(place, own, around, width, side)) {
    const nudge = nudged(wish, room);
    // Presses beside a mark in a low row belong to the next row.
    const spot = frame && !wish.isWide && frame.bottom - frame.top < MARK ? tight(nudge) : nudge;
    const ground = groundOf(spot, place, spot.isWide ? cut(room, current.boxOf(place.block)) : room, current);
    if (ground === "own" || (ground && spot.kind === "made")) return spot;
    if (ground) second ??= spot;
  }
  return second;
}

function drawnOf(chip: Chip, { drawn, neighbours, boxOf }: Snapshot): Drawn {
  const known = drawn.get(chip);
  if (known) return known;
  const clip = clipOf(chip.around, boxOf);
  const boxes = isVisible(chip.place.box) ? boxesOf(chip.place) : [];
  const own = boxes.map((box) => cut(box, clip)).filter((box) => !isEmpty(box));
  const isCut = boxes.some(({ left, right }) => left < clip.left - 0.5 || right > clip.right + 0.5);
  const one = { clip, last: boxes.at(-1), own, isCut };
  drawn.set(chip, one);
  if (own.length) neighbours.push({ place: chip.place, boxes: own });
  return one;
}

function canBePressed(place: Place, boxes: Box[]): boolean {
  return boxes.length > 0 && !isOutOfReach(place) && boxes.some((box) => isOnTopAt(place, box));
}

function isOnTopAt({ after, box }: Place, { left, top, right, bottom }: Box): boolean {
  for (const x of [right - 3, (left + right) / 2, left + 3]) {
    const element = elementAt(x, (top + bottom) / 2);
    if (!element) continue;
    if (call(element, "contains", box) || call(after, "contains", element)) return true;
    const parent = parentOf(after);
    // A control stretched over its own card leaves the link visible.
    if (parent && closest(element, "a,button,label") && call(parent, "contains", element)) return true;
  }
  return false;
}
