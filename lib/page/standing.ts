import type { Corner, Layer } from "./buttons";
import { call, closest, get, isText, parentOf } from "./dom";
import type { Place } from "./find";
import { createFollowing, toLayer, toWindow, type Chip, type FollowingInput } from "./follow";
import { elementAt, groundOf, type Surroundings } from "./free";
import { boxesOf, boxReader, clipOf, cut, grown, isEmpty, isOutOfReach, isSameSize, NOWHERE } from "./geometry";
import type { Box } from "./geometry";
import { createRooms } from "./room";
import { MARK, nudged, spotsFor, tight, type Side, type Spot } from "./spots";

/**
 * Keeps chips beside their invites: finds a free spot for each once the page is at rest. While something moves, chips only
 * go with their links (follow.ts): to ask the page what is where is slow, and the answer is soon wrong. Reads everything
 * that it needs before it writes anything.
 */

/** Where an invite is drawn: what of its surroundings can be seen, its last box, and the parts of its boxes in sight. */
interface Drawn {
  clip: Box;
  last: Box | undefined;
  own: Box[];
  /** Whether some of it cannot be seen. */
  isCut: boolean;
}

/** What is read once for all chips, and kept while nothing moves. */
interface Snapshot extends Surroundings {
  corner: Corner;
  drawn: Map<Chip, Drawn>;
  boxOf: (element: Element) => Box;
  areMany: boolean;
}

export interface StandingInput {
  chips: Map<Place, Chip>;
  layer: Layer;
  /** Whether the page has so many invites that chips are marks without words. */
  areMany: () => boolean;
  put: FollowingInput["put"];
  /** Called with a place at which its code is not written any more. */
  forget: (place: Place) => void;
  /** Called when every chip has its spot. */
  onRest: () => void;
  signal: AbortSignal;
}

export interface Standing {
  /** Something may have moved. */
  wake: () => void;
  /** Looks whether something moved without a sign; called now and then. */
  look: () => void;
  /** Finds a spot for a new chip. */
  find: (chip: Chip) => void;
  /** A chip is gone. */
  drop: (chip: Chip) => void;
}

/** In ms. */
const SLICE = 4;
/** Chips that have their turn in each slice: on a busy computer the time is over at once. */
const LEAST_CHIPS = 4;
/** Chips whose spots are looked at again when nothing tells that the page changed. */
const FEW = 8;

/** Starts to look after chips; ends with the signal. */
export function createStanding({ chips, layer, areMany, put, forget, onRest, signal }: StandingInput): Standing {
  const waiting = new Set<Chip>();
  /** Invites in sight beside which no spot is free, and the side on which there could be room. */
  const cramped = new Map<Place, Side>();
  const rooms = createRooms(signal);
  let snapshot: Snapshot | undefined;
  let isScheduled = false;
  /** How many chips were looked at in their turn. */
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
  /** Finds the spots of some chips. */
  const findSpots = () => {
    isScheduled = false;
    if (signal.aborted || document.hidden) return;
    const started = performance.now();
    const current = (snapshot ??= read());
    const { corner } = current;
    const found: [Chip, Box, Spot | undefined][] = [];
    const standing = new Map(
      [...chips.values()].filter(({ spot }) => spot).map((chip) => [chip, toWindow(chip.spot!, corner)]),
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
      const isSeen = canBePressed(chip.place, own);
      const spot = isSeen ? spotOf(chip, old, own, current) : undefined;
      if (spot) standing.set(chip, spot);
      else if (isSeen) cramped.set(chip.place, own.isCut || isOverflowing(chip.place.after) ? "start" : "end");
      found.push([chip, toLayer(own.last ?? NOWHERE, corner), spot && toLayer(spot, corner)]);
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
  /** Makes room beside links without a free spot; room in which there is none nevertheless is taken back. */
  const makeRoom = () => {
    if (rooms.make([...cramped].filter(([place]) => chips.has(place)))) wake();
    cramped.clear();
  };
  /** The best free spot in the window; the one where it stands is as good as any. */
  const spotOf = ({ place, around }: Chip, old: Spot | undefined, { clip, own }: Drawn, current: Snapshot) => {
    const last = own.at(-1)!;
    const frame = around.frame && current.boxOf(around.frame);
    // Lines that run down often reach to the page's end, which a button's clear margin would move.
    const bounds = around.isVertical ? cut(clip, grown(current.boxOf(place.block), -3)) : clip;
    const room = frame ? cut(bounds, grown(frame, 1)) : bounds;
    const isAlone = !current.neighbours.some(
      (other) =>
        other.place !== place && other.boxes.some(({ top, bottom }) => top < last.bottom - 2 && bottom > last.top + 2),
    );
    const width = isAlone && !current.areMany ? layer.wide : 0;
    if (old && (width || !old.isWide) && groundOf(old, place, room, current)) return old;
    let second: Spot | undefined;
    for (const wish of spotsFor(place, own, around, width, rooms.sideOf(place))) {
      const nudge = nudged(wish, room);
      // In a low row a press beside what is drawn would be the next row's.
      const spot = frame && !wish.isWide && frame.bottom - frame.top < MARK ? tight(nudge) : nudge;
      const ground = groundOf(spot, place, spot.isWide ? cut(room, current.boxOf(place.block)) : room, current);
      if (ground === "own") return spot;
      if (ground) second ??= spot;
    }
    return second;
  };

  return {
    wake,
    look: following.look,
    find(chip) {
      waiting.add(chip);
      if (!following.isMoving()) schedule();
    },
    drop: (chip) => void waiting.delete(chip),
  };
}

/** Where an invite is drawn; read once for each snapshot. */
function drawnOf(chip: Chip, { drawn, neighbours, boxOf }: Snapshot): Drawn {
  const known = drawn.get(chip);
  if (known) return known;
  const clip = clipOf(chip.around, boxOf);
  const boxes = boxesOf(chip.place);
  const parts = boxes.map((box) => cut(box, clip));
  const own = parts.filter((box) => !isEmpty(box));
  const one = { clip, last: boxes.at(-1), own, isCut: parts.some((part, i) => !isSameSize(part, boxes[i]!)) };
  drawn.set(chip, one);
  if (own.length) neighbours.push({ place: chip.place, boxes: own });
  return one;
}

/** Whether an invite is in sight and takes presses, so that a button may stand beside it. */
function canBePressed(place: Place, { own }: Drawn): boolean {
  return own.length > 0 && !isOutOfReach(place) && isOnTopAt(place, own.at(-1)!);
}

/** Whether a link cuts off its own words. */
function isOverflowing(link: Element | Text): boolean {
  return !isText(link) && get(link, "clientWidth") > 0 && get(link, "scrollWidth") > get(link, "clientWidth");
}

/** Whether the end of an invite is what is seen at its place, and nothing lies over it. */
function isOnTopAt({ after, box }: Place, { left, top, right, bottom }: Box): boolean {
  for (const x of [right - 3, (left + right) / 2, left + 3]) {
    const element = elementAt(x, (top + bottom) / 2);
    if (!element) continue;
    if (call(element, "contains", box) || call(after, "contains", element)) return true;
    const parent = parentOf(after);
    // What is drawn over a link by its own card leaves it there for the eye: a link that is stretched over the card.
    if (parent && closest(element, "a,button,label") && call(parent, "contains", element)) return true;
  }
  return false;
}
