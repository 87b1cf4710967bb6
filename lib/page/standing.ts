import type { Corner, Layer } from "./buttons";
import { call, closest, get, parentOf } from "./dom";
import type { Place } from "./find";
import { createFollowing, toLayer, toWindow, type Chip, type FollowingInput } from "./follow";
import { elementAt, groundOf, type Surroundings } from "./free";
import { boxesOf, boxReader, clipOf, cut, grown, isEmpty, isOutOfReach, isOverflowing, NOWHERE } from "./geometry";
import type { Box } from "./geometry";
import { createRooms } from "./room";
import { MARK, nudged, spotsFor, tight, type Side, type Spot } from "./spots";

/**
 * Finds each chip a free spot once the page is at rest. While it moves, chips only follow their links (follow.ts):
 * probing is slow and soon outdated. Reads everything before writing.
 */

interface Drawn {
  clip: Box;
  last: Box | undefined;
  own: Box[];
  isCut: boolean;
}

/** Kept while nothing moves. */
interface Snapshot extends Surroundings {
  corner: Corner;
  drawn: Map<Chip, Drawn>;
  boxOf: (element: Element) => Box;
  areMany: boolean;
}

export interface StandingInput {
  chips: Map<Place, Chip>;
  layer: Layer;
  areMany: () => boolean;
  put: FollowingInput["put"];
  /** Called with a place that no longer shows its code. */
  forget: (place: Place) => void;
  onRest: () => void;
  signal: AbortSignal;
}

export interface Standing {
  /** Call when something may have moved. */
  wake: () => void;
  poll: () => void;
  find: (chip: Chip) => void;
  drop: (chip: Chip) => void;
}

/** In ms. */
const SLICE = 4;
/** Per slice, even when a busy computer exceeds the time. */
const LEAST_CHIPS = 4;
/** Chips rechecked at a time while nothing changes. */
const FEW = 8;

/** Places chips until the signal aborts. */
export function createStanding({ chips, layer, areMany, put, forget, onRest, signal }: StandingInput): Standing {
  const waiting = new Set<Chip>();
  /** Invites without a good spot, and the side that may have room. */
  const cramped = new Map<Place, Side>();
  const rooms = createRooms(signal);
  let snapshot: Snapshot | undefined;
  let isScheduled = false;
  /** Chips that had their turn. */
  let turn = 0;

  const following = createFollowing({
    chips,
    layer,
    put(...move) {
      snapshot = undefined;
      put(...move);
    },
    onCalm(isDisturbed) {
      for (const chip of isDisturbed ? chips.values() : nextInTurn()) waiting.add(chip);
      schedule();
    },
    signal,
  });
  const wake = () => {
    snapshot = undefined;
    following.wake();
  };
  const nextInTurn = () => {
    turn = turn < chips.size ? turn + FEW : FEW;
    return [...chips.values()].slice(turn - FEW, turn);
  };
  const schedule = () => {
    if (isScheduled || !waiting.size || signal.aborted) return;
    isScheduled = true;
    requestIdleCallback(findSpots, { timeout: 200 });
  };
  const findSpots = () => {
    isScheduled = false;
    if (signal.aborted || document.hidden) return;
    const started = performance.now();
    const current = (snapshot ??= read());
    const { corner } = current;
    const found: [Chip, Box, Spot | undefined][] = [];
    const standing = new Map(
      [...chips.values()].filter(({ spot }) => spot).map((chip) => [chip, toWindow(chip.spot!, chip, corner)]),
    );
    layer.letThrough(true);
    for (const chip of waiting) {
      if (found.length >= LEAST_CHIPS && performance.now() - started > SLICE) break;
      waiting.delete(chip);
      const old = standing.get(chip);
      standing.delete(chip);
      if (!chip.place.isCurrent()) {
        forget(chip.place);
        continue;
      }
      current.placed = [...standing.values()];
      const own = drawnOf(chip, current);
      // Room made beside a link is its own box and may be covered.
      const isSeen = canBePressed(chip.place, rooms.sideOf(chip.place) ? own.own : own.own.slice(-1));
      const spot = isSeen ? spotOf(chip, old, own, current) : undefined;
      if (spot) standing.set(chip, spot);
      if (isSeen && (!spot || spot.kind === "aside"))
        cramped.set(chip.place, own.isCut || isOverflowing(chip.place.box) ? "start" : "end");
      found.push([chip, toLayer(own.last ?? NOWHERE, chip, corner), spot && toLayer(spot, chip, corner)]);
    }
    layer.letThrough(false);
    for (const move of found) put(...move);
    if (waiting.size) {
      if (!following.isMoving()) schedule();
      return;
    }
    snapshot = undefined;
    onRest();
    makeRoom();
  };
  const read = () => {
    rooms.tidy(get(document.documentElement, "clientWidth"));
    const texts = new Map<Element, Box[]>();
    const [corner, boxOf] = [layer.corner(), boxReader()];
    const page: Snapshot = { corner, drawn: new Map(), neighbours: [], placed: [], texts, boxOf, areMany: areMany() };
    for (const chip of chips.values()) drawnOf(chip, page);
    return page;
  };
  const makeRoom = () => {
    if (rooms.make([...cramped].filter(([place]) => chips.has(place)))) wake();
    cramped.clear();
  };
  /** A chip keeps its spot while it is free. */
  const spotOf = ({ place, around }: Chip, old: Spot | undefined, { clip, own }: Drawn, current: Snapshot) => {
    const last = own.at(-1)!;
    const frame = around.frame && current.boxOf(around.frame);
    // Vertical lines often reach the page's end, which a button's margin would move.
    const bounds = around.isVertical ? cut(clip, grown(current.boxOf(place.block), -3)) : clip;
    const room = frame ? cut(bounds, grown(frame, 1)) : bounds;
    const isAlone = !current.neighbours.some(
      (other) =>
        other.place !== place && other.boxes.some(({ top, bottom }) => top < last.bottom - 2 && bottom > last.top + 2),
    );
    const width = isAlone && !current.areMany ? layer.wide : 0;
    const side = rooms.sideOf(place);
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
  };

  return {
    wake,
    poll: following.poll,
    find(chip) {
      waiting.add(chip);
      if (!following.isMoving()) schedule();
    },
    drop: (chip) => void waiting.delete(chip),
  };
}

function drawnOf(chip: Chip, { drawn, neighbours, boxOf }: Snapshot): Drawn {
  const known = drawn.get(chip);
  if (known) return known;
  const clip = clipOf(chip.around, boxOf);
  const boxes = boxesOf(chip.place);
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
