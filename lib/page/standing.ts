import type { Layer } from "./buttons";
import type { Place } from "./find";
import { createFollowing, type Chip, type FollowingInput } from "./follow";
import { createRooms } from "./room";
import { findSpot, readSnapshot, type Move, type Snapshot } from "./snapshot";

/**
 * Finds each chip a free spot once the page is at rest. While it moves, chips only follow their links (follow.ts):
 * probing is slow and soon outdated. Reads everything before writing.
 */

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
  const rooms = createRooms(signal);
  const nextInTurn = createTurns(chips);
  /** Kept while nothing moves. */
  let snapshot: Snapshot | undefined;
  let isScheduled = false;

  const following = createFollowing({
    chips,
    layer,
    put(...move) {
      snapshot = undefined;
      put(...move);
    },
    onCalm: (isDisturbed) => add(isDisturbed ? chips.values() : nextInTurn()),
    signal,
  });
  const wake = () => {
    snapshot = undefined;
    following.wake();
  };
  const add = (more: Iterable<Chip>) => {
    for (const chip of more) waiting.add(chip);
    if (isScheduled || !waiting.size || signal.aborted) return;
    isScheduled = true;
    requestIdleCallback(findSpots, { timeout: 200 });
  };
  const findSpots = () => {
    isScheduled = false;
    if (signal.aborted || document.hidden) return;
    const until = performance.now() + SLICE;
    snapshot ??= readSnapshot(chips, layer, rooms, areMany());
    layer.letThrough(true);
    const moves = findSome(waiting, until, snapshot, forget);
    layer.letThrough(false);
    for (const move of moves) put(...move);
    if (!waiting.size) rest(snapshot.cramped);
    else if (!following.isMoving()) add([]);
  };
  const rest = (cramped: Snapshot["cramped"]) => {
    snapshot = undefined;
    onRest();
    if (rooms.make([...cramped].filter(([place]) => chips.has(place)))) wake();
  };

  return {
    wake,
    poll: following.poll,
    find: (chip) => (following.isMoving() ? void waiting.add(chip) : add([chip])),
    drop(chip) {
      waiting.delete(chip);
      snapshot?.placed.delete(chip);
    },
  };
}

/** Finds spots for waiting chips up to a time (`performance.now()`), and forgets those whose code is gone. */
function findSome(waiting: Set<Chip>, until: number, snapshot: Snapshot, forget: (place: Place) => void): Move[] {
  const moves: Move[] = [];
  for (const chip of waiting) {
    if (moves.length >= LEAST_CHIPS && performance.now() > until) break;
    const { place } = chip;
    waiting.delete(chip);
    if (place.isCurrent()) moves.push(findSpot(chip, snapshot));
    else forget(place);
  }
  return moves;
}

/** Returns a function that returns the next few chips at each call. */
function createTurns(chips: Map<Place, Chip>): () => Chip[] {
  let turn = 0;
  return () => {
    turn = turn < chips.size ? turn + FEW : FEW;
    return [...chips.values()].slice(turn - FEW, turn);
  };
}
