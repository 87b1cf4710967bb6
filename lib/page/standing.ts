import type { Layer } from "./buttons";
import { call, closest, get, isText, parentOf } from "./dom";
import type { Place } from "./find";
import { elementAt, FREE, freedomOf, type Reading } from "./free";
import {
  boxesOf,
  boxReader,
  clipOf,
  cut,
  grown,
  isCutOff,
  isEmpty,
  isOutOfReach,
  isSame,
  isSameSize,
  moved,
} from "./geometry";
import type { Around, Box } from "./geometry";
import { createRooms } from "./room";
import { MARK, nudged, spotsFor, tight, type Side, type Spot } from "./spots";

/**
 * Keeps chips beside their invites: finds a free spot for each, and lets it go with its link when that moves. Reads
 * everything that it needs before it writes anything. While nothing moves it looks again only when it is woken.
 */

/** An invite in sight. */
export interface Chip {
  place: Place;
  around: Around;
  /** Made when a spot was found for the first time. */
  button?: HTMLElement;
  /** Where it stands in the layer; undefined while it is hidden. */
  spot?: Spot;
  /** Where the invite was in the layer when the spot was found. */
  anchor?: Box;
  /** When it was last moved. */
  movedAt: number;
}

/** Where an invite is drawn: what of its surroundings can be seen, its last box, and the parts of its boxes in sight. */
interface Drawn {
  clip: Box;
  last: Box | undefined;
  own: Box[];
  /** Whether some of it cannot be seen. */
  isCut: boolean;
}

/** What is read once for all chips that are looked after together. */
interface Moment extends Reading {
  boxOf: (element: Element) => Box;
  areMany: boolean;
}

export interface StandingInput {
  chips: Map<Place, Chip>;
  layer: Layer;
  /** Whether the page has so many invites that chips are marks without words. */
  areMany: () => boolean;
  /** Puts a chip to a spot in the layer, or hides it. `anchor` is where its invite is now, `edge` the page's right edge. */
  put: (chip: Chip, anchor: Box, spot: Spot | undefined, edge: number) => void;
  /** Called when every chip has its spot. */
  onRest: () => void;
  signal: AbortSignal;
}

export interface Standing {
  /** Something may have moved. */
  wake: () => void;
  /** Finds a spot for a new chip. */
  find: (chip: Chip) => void;
  /** A chip is gone. */
  drop: (chip: Chip) => void;
}

/** Frames without a movement after which the page is taken to be at rest. */
const CALM = 6;
/** Milliseconds of one slice. */
const SLICE = 4;

/** Starts to look after chips; ends with the signal. */
export function createStanding({ chips, layer, areMany, put, onRest, signal }: StandingInput): Standing {
  const waiting = new Set<Chip>();
  /** Invites in sight beside which no spot is free, and the side on which there could be room. */
  const cramped = new Map<Place, Side>();
  const rooms = createRooms(signal);
  let calm = 0;
  let isFollowing = false;
  let isSettling = false;

  /** Follows from frame to frame until nothing moves any more, then looks after every spot. */
  const wake = () => {
    calm = 0;
    if (isFollowing || !chips.size || signal.aborted) return;
    isFollowing = true;
    requestAnimationFrame(follow);
  };
  const follow = () => {
    if (signal.aborted) return;
    const corner = layer.corner();
    const boxOf = boxReader();
    const moves: [Chip, Box, Spot | undefined][] = [];
    for (const chip of chips.values()) {
      if (!chip.spot || !chip.anchor) continue;
      const box = boxesOf(chip.place).at(-1);
      const anchor = box && toLayer(box, corner);
      const [dx, dy] = anchor ? [anchor.left - chip.anchor.left, anchor.top - chip.anchor.top] : [0, 0];
      const spot = anchor && isSameSize(anchor, chip.anchor) ? moved(chip.spot, dx, dy) : undefined;
      const isCut = spot && isCutOff(toWindow(spot, corner), clipOf(chip.around, boxOf));
      if (anchor && isSame(anchor, chip.anchor) && !isCut) continue;
      moves.push([chip, anchor ?? chip.anchor, isCut ? undefined : spot]);
    }
    for (const [chip, anchor, spot] of moves) put(chip, anchor, spot, corner.edge);
    calm = moves.length ? 0 : calm + 1;
    isFollowing = calm < CALM;
    if (isFollowing) {
      requestAnimationFrame(follow);
      return;
    }
    for (const chip of chips.values()) waiting.add(chip);
    settle();
  };
  const settle = () => {
    if (isSettling || !waiting.size || signal.aborted) return;
    isSettling = true;
    requestIdleCallback(slice, { timeout: 200 });
  };
  /** Finds the spots of some chips. */
  const slice = () => {
    isSettling = false;
    if (signal.aborted || document.hidden) return;
    const started = performance.now();
    rooms.tidy(get(document.documentElement, "clientWidth"));
    const corner = layer.corner();
    const boxOf = boxReader();
    const reading: Moment = { neighbours: [], taken: [], texts: new Map(), boxOf, areMany: areMany() };
    const drawn = new Map<Chip, Drawn>();
    for (const chip of chips.values()) {
      const clip = clipOf(chip.around, boxOf);
      const boxes = boxesOf(chip.place);
      const parts = boxes.map((box) => cut(box, clip));
      const own = parts.filter((box) => !isEmpty(box));
      const isCut = parts.some((part, i) => !isSameSize(part, boxes[i]!));
      drawn.set(chip, { clip, last: boxes.at(-1), own, isCut });
      if (own.length) reading.neighbours.push({ place: chip.place, boxes: own });
    }
    const found: [Chip, Box, Spot | undefined][] = [];
    const standing = new Map(
      [...chips.values()].filter(({ spot }) => spot).map((chip) => [chip, toWindow(chip.spot!, corner)]),
    );
    layer.letThrough(true);
    for (const chip of waiting) {
      if (performance.now() - started > SLICE) break;
      waiting.delete(chip);
      const old = standing.get(chip);
      standing.delete(chip);
      reading.taken = [...standing.values()];
      const own = drawn.get(chip)!;
      const isSeen = canBePressed(chip.place, own);
      const spot = isSeen ? spotOf(chip, old, own, reading) : undefined;
      if (spot) standing.set(chip, spot);
      else if (isSeen) cramped.set(chip.place, own.isCut || isOverflowing(chip.place.after) ? "start" : "end");
      const anchor = own.last ?? { left: 0, top: 0, right: 0, bottom: 0 };
      found.push([chip, toLayer(anchor, corner), spot && toLayer(spot, corner)]);
    }
    layer.letThrough(false);
    for (const [chip, anchor, spot] of found) put(chip, anchor, spot, corner.edge);
    if (waiting.size) return settle();
    onRest();
    makeRoom();
  };
  /** Makes room beside links without a free spot; room in which there is none nevertheless is taken back. */
  const makeRoom = () => {
    const places = [...cramped.keys()].filter((place) => chips.has(place));
    rooms.drop(places.filter((place) => rooms.sideOf(place)));
    if (rooms.make(places.map((place) => [place, cramped.get(place)!]))) wake();
    cramped.clear();
  };
  /** The best free spot in the window; the one where it stands is as good as any. */
  const spotOf = ({ place, around }: Chip, old: Spot | undefined, { clip, own }: Drawn, reading: Moment) => {
    const last = own.at(-1)!;
    const frame = around.frame && reading.boxOf(around.frame);
    // Lines that run down often reach to the page's end, which a button's clear margin would move.
    const bounds = around.isVertical ? cut(clip, grown(reading.boxOf(place.block), -3)) : clip;
    const room = frame ? cut(bounds, grown(frame, 1)) : bounds;
    const isAlone = !reading.neighbours.some(
      (other) =>
        other.place !== place && other.boxes.some(({ top, bottom }) => top < last.bottom - 2 && bottom > last.top + 2),
    );
    const width = isAlone && !reading.areMany ? layer.wide : 0;
    if (old && (width || !old.isWide) && freedomOf(old, place, room, reading)) return old;
    let second: Spot | undefined;
    for (const wish of spotsFor(place, own, around, width, rooms.sideOf(place))) {
      const nudge = nudged(wish, room);
      // In a low row a press beside what is drawn would be the next row's.
      const spot = frame && !wish.isWide && frame.bottom - frame.top < MARK ? tight(nudge) : nudge;
      const free = freedomOf(spot, place, spot.isWide ? cut(room, reading.boxOf(place.block)) : room, reading);
      if (free === FREE.own) return spot;
      if (free) second ??= spot;
    }
    return second;
  };

  return {
    wake,
    find(chip) {
      waiting.add(chip);
      settle();
    },
    drop: (chip) => void waiting.delete(chip),
  };
}

type Corner = ReturnType<Layer["corner"]>;
const toLayer = <T extends Box>(box: T, { x, y, scale }: Corner): T => moved(box, -x / scale, -y / scale, 1 / scale);
const toWindow = <T extends Box>(box: T, { x, y, scale }: Corner): T => moved(box, x, y, scale);

/** Whether an invite is in sight and takes presses, so that a button may stand beside it. */
function canBePressed(place: Place, { own }: Drawn): boolean {
  return own.length > 0 && !isOutOfReach(place) && isOnTopAt(place, own.at(-1)!);
}

/** Whether a link cuts off its own words. */
function isOverflowing(link: Element | Text): boolean {
  return !isText(link) && get(link, "clientWidth") > 0 && get(link, "scrollWidth") > get(link, "clientWidth");
}

/** Whether the end of an invite is what is seen at its place, and nothing lies over it. */
function isOnTopAt({ after }: Place, { left, top, right, bottom }: Box): boolean {
  for (const x of [right - 3, (left + right) / 2, left + 3]) {
    const element = elementAt(x, (top + bottom) / 2);
    if (!element) continue;
    if (call(element, "contains", after) || call(after, "contains", element)) return true;
    const parent = parentOf(after);
    // What is drawn over a link by its own card leaves it there for the eye: a link that is stretched over the card.
    if (parent && closest(element, "a,button,label") && call(parent, "contains", element)) return true;
  }
  return false;
}
