import type { Corner, Layer } from "./buttons";
import type { Place } from "./find";
import { boxesOf, boxReader, clipOf, isAround, isCutOff, isSame, isSameSize, moved, NOWHERE } from "./geometry";
import type { Around, Box } from "./geometry";
import type { Spot } from "./spots";

/** An invite in sight. */
export interface Chip {
  place: Place;
  around: Around;
  button?: HTMLElement;
  /** In the layer; undefined while hidden. */
  spot?: Spot;
  /** Its invite's box in the layer at the last `put`. */
  anchor?: Box;
  movedAt: number;
}

export interface FollowingInput {
  chips: ReadonlyMap<unknown, Chip>;
  layer: Layer;
  /** Moves or hides a chip in the layer. `anchor`: its invite's box. */
  put: (chip: Chip, anchor: Box, spot: Spot | undefined) => void;
  /** Called at rest, else every `PATIENCE` ms. `isDisturbed`: something may have moved before this rest. */
  onCalm: (isDisturbed: boolean) => void;
  signal: AbortSignal;
}

export interface Following {
  wake: () => void;
  /** Looks once for movement without an event. */
  poll: () => void;
  isMoving: () => boolean;
}

/** Frames without movement that count as rest. */
const CALM = 6;
/** In ms. */
const PATIENCE = 200;

/** Moves chips with their links, frame by frame, reading only boxes. */
export function createFollowing({ chips, layer, put, onCalm, signal }: FollowingInput): Following {
  let calm = 0;
  let isMoving = false;
  let isDisturbed = false;
  let calmAt = 0;

  const start = () => {
    if (isMoving || !chips.size || signal.aborted) return;
    isMoving = true;
    calmAt = performance.now();
    requestAnimationFrame(follow);
  };
  const follow = () => {
    if (signal.aborted) return;
    const corner = layer.corner();
    const boxOf = boxReader();
    const moves: [Chip, Box, Spot | undefined][] = [];
    for (const chip of chips.values()) {
      if (!chip.spot || !chip.anchor) continue;
      const anchor = toLayer(boxesOf(chip.place).at(-1) ?? NOWHERE, chip, corner);
      // One that grows about its middle under the mouse keeps its chip.
      if (!isSameSize(anchor, chip.anchor) && isAround(anchor, chip.anchor)) continue;
      const spot = moved(chip.spot, anchor.left - chip.anchor.left, anchor.top - chip.anchor.top);
      const isThere =
        isSameSize(anchor, chip.anchor) && !isCutOff(toWindow(spot, chip, corner), clipOf(chip.around, boxOf));
      if (!isThere || !isSame(anchor, chip.anchor)) moves.push([chip, anchor, isThere ? spot : undefined]);
    }
    for (const move of moves) put(...move);
    isDisturbed ||= moves.length > 0;
    calm = moves.length ? 0 : calm + 1;
    isMoving = calm < CALM;
    if (isMoving) requestAnimationFrame(follow);
    if (isMoving && performance.now() - calmAt < PATIENCE) return;
    calmAt = performance.now();
    onCalm(isDisturbed && !isMoving);
    isDisturbed &&= isMoving;
  };

  return {
    wake() {
      calm = 0;
      isDisturbed = true;
      start();
    },
    poll() {
      if (isMoving) return;
      calm = CALM - 1;
      start();
    },
    isMoving: () => isMoving,
  };
}

/**
 * Converts window coordinates to the layer's. A fixed link's chip does not scroll: page coordinates would move it with
 * each scroll, and keep a shortened page high.
 */
export const toLayer = <T extends Box>(box: T, { around }: Chip, { x, y, scale }: Corner): T =>
  around.isFixed ? moved(box, 0, 0, 1 / scale) : moved(box, -x / scale, -y / scale, 1 / scale);
/** Converts layer coordinates to the window's. */
export const toWindow = <T extends Box>(box: T, { around }: Chip, { x, y, scale }: Corner): T =>
  around.isFixed ? moved(box, 0, 0, scale) : moved(box, x, y, scale);
