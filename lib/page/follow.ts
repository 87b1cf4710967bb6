import type { Corner, Layer } from "./buttons";
import type { Place } from "./find";
import { boxesOf, boxReader, clipOf, isCutOff, isSame, isSameSize, moved, NOWHERE } from "./geometry";
import type { Around, Box } from "./geometry";
import type { Spot } from "./spots";

/** Lets chips go with their links while these move, frame by frame. Asks for the boxes of the links and nothing else. */

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

export interface FollowingInput {
  chips: ReadonlyMap<unknown, Chip>;
  layer: Layer;
  /** Puts a chip to a spot in the layer, or hides it. `anchor` is where its invite is now. */
  put: (chip: Chip, anchor: Box, spot: Spot | undefined) => void;
  /**
   * Called when the page is at rest, and now and then while it is not. `isDisturbed` when it is at rest and something had
   * moved, or may have.
   */
  onCalm: (isDisturbed: boolean) => void;
  signal: AbortSignal;
}

export interface Following {
  /** Something may have moved: follows until nothing moves any more. */
  wake: () => void;
  /** Nothing tells of a movement: looks once, and follows if there is one. */
  look: () => void;
  /** Whether something moves, or did a moment ago. */
  isMoving: () => boolean;
}

/** Frames without a movement after which the page is taken to be at rest. */
const CALM = 6;
/** In ms: how often a page that is never at rest gets a slice of time for what is more than following. */
const PATIENCE = 200;

/** Starts at rest; ends with the signal. */
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
      const anchor = toLayer(boxesOf(chip.place).at(-1) ?? NOWHERE, corner);
      const spot = moved(chip.spot, anchor.left - chip.anchor.left, anchor.top - chip.anchor.top);
      const isThere = isSameSize(anchor, chip.anchor) && !isCutOff(toWindow(spot, corner), clipOf(chip.around, boxOf));
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
    look() {
      if (isMoving) return;
      calm = CALM - 1;
      start();
    },
    isMoving: () => isMoving,
  };
}

/** From the window to the layer. */
export const toLayer = <T extends Box>(box: T, { x, y, scale }: Corner): T =>
  moved(box, -x / scale, -y / scale, 1 / scale);
/** From the layer to the window. */
export const toWindow = <T extends Box>(box: T, { x, y, scale }: Corner): T => moved(box, x, y, scale);
