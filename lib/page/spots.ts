import { call, get, isText, walkFrom } from "./dom";
import type { Place } from "./find";
import { boxesIn, grown, isEmpty, type Around, type Box } from "./geometry";

/** Where a button could stand. */
export interface Spot extends Box {
  isWide: boolean;
  /** Px around the drawn part that take presses. */
  margin: number;
  /** `made`: in room made for it, the best. `aside`: beside its link's line, worse. */
  kind: "made" | "aside" | undefined;
}

/** Side of a link with room. */
export type Side = "start" | "end";

/** Side of a mark in px, presses included. */
export const MARK = 24;
/** Px of a mark's drawn part, and of its margin. */
const INK = 18;
const MARGIN = 3;
/** Most px between a link and its button in a line. */
const REACH = 700;
/** Most px by which a mark overhangs a link's corner. */
const OUT = 10;

/** Returns the drawn part of a button. */
export const inkOf = (spot: Spot): Box => grown(spot, -spot.margin);

/** Returns a 16 px mark in an 18 px box, for close neighbours. */
export const tight = (spot: Spot): Spot => ({ ...spot, ...inkOf(spot), margin: 1 });

type Turn = <T extends Box>(box: T) => T;
const same: Turn = (box) => box;
const upright: Turn = (box) => ({ ...box, left: box.top, top: box.left, right: box.bottom, bottom: box.right });
const mirrored: Turn = (box) => ({ ...box, left: -box.right, top: box.top, right: -box.left, bottom: box.bottom });

/**
 * Yields spots, best first: made room; inside large links (cards); words at the line's free end; marks behind the link,
 * at the line's end, in the link, on its edge, before it. `own`: the invite's visible boxes. `width` 0: marks only.
 */
export function* spotsFor(place: Place, own: Box[], around: Around, width: number, side?: Side): Generator<Spot> {
  const turn = around.isVertical ? upright : around.isRightToLeft ? mirrored : same;
  const spots = spotsInLines(place, own.map(turn), around.isVertical ? 0 : width, side, turn);
  for (const spot of spots) yield turn(spot);
}

/** For lines running right; `turn` converts others. */
function* spotsInLines(place: Place, own: Box[], width: number, side: Side | undefined, turn: Turn): Generator<Spot> {
  const last = own.at(-1)!;
  const first = own[0]!;
  const { right: edge } = last;
  const middle = (last.top + last.bottom - MARK) / 2;
  const firstMiddle = (first.top + first.bottom - MARK) / 2;
  // Leaves 1 px to the neighbour.
  if (side) {
    const [x, y] = side === "end" ? [edge - MARK - 1, middle] : [first.left + 1, firstMiddle];
    const made = mark(x, y, MARK, "made");
    yield made;
    yield tight(made);
  }
  if (!isText(place.after) && isLarge(last)) yield* insideOf(place.after, last, turn);
  const end = lineEnd(place, last, turn);
  if (width && end - edge < REACH / 2) yield mark(end + 1, middle, width);
  yield mark(edge, middle);
  yield tight(mark(edge - MARGIN, middle));
  if (end - edge < REACH) yield mark(end, middle);
  if (!isText(place.after)) yield* insideOf(place.after, last, turn);
  for (const box of new Set([last, first])) yield* edgesOf(box);
  yield mark(first.left - MARK, firstMiddle);
}

/** Whether a box is that of a card or a picture, not of a line. */
export const isLarge = ({ left, top, right, bottom }: Box): boolean => right - left > 300 || bottom - top > 44;

/** Behind a link's first words, then at its ends. */
function* insideOf(link: Element, box: Box, turn: Turn): Generator<Spot> {
  const line = boxesIn(link)
    .map(turn)
    .find(({ top, bottom }) => bottom - top < 60);
  if (line) yield mark(line.right, (line.top + line.bottom - MARK) / 2);
  for (const x of [box.right - MARK - 2, box.left + 2]) {
    for (const y of [(box.top + box.bottom - MARK) / 2, box.top + 2, box.bottom - MARK - 2]) yield mark(x, y);
  }
}

/** Overhanging a box by 5 px, 10 px, or wholly. */
function* edgesOf(box: Box): Generator<Spot> {
  for (const out of [OUT / 2, OUT, INK + 1]) {
    const tops = [box.top - MARGIN - out, box.bottom + MARGIN + out - MARK];
    const xs = [box.right + MARGIN + out - MARK, box.right - MARK, box.left - MARGIN - out, box.left];
    for (const x of xs) for (const y of tops) yield mark(x, y, MARK, "aside");
    for (const x of xs) if (out <= OUT) yield mark(x, (box.top + box.bottom - MARK) / 2, MARK, "aside");
  }
}

/** Moves a spot by up to 4 px to keep its drawn part in a low row. */
export function nudged(spot: Spot, room: Box): Spot {
  const ink = inkOf(spot);
  const over = Math.max(0, room.top - ink.top) || Math.min(0, room.bottom - ink.bottom);
  return Math.abs(over) > 4 ? spot : { ...spot, top: spot.top + over, bottom: spot.bottom + over };
}

const mark = (left: number, top: number, width = MARK, kind?: Spot["kind"]): Spot => ({
  left,
  top,
  right: left + width,
  bottom: top + MARK,
  isWide: width > MARK,
  margin: MARGIN,
  kind,
});

function lineEnd({ after, end, block }: Place, line: Box, turn: Turn): number {
  let { right } = line;
  const add = (found: Box[]) => {
    for (const box of found.map(turn))
      if (box.top < line.bottom - 2 && box.bottom > line.top + 2 && !isEmpty(box)) right = Math.max(right, box.right);
  };
  if (isText(after)) add(boxesIn(after, end, (end ?? 0) + 300));
  const walker = walkFrom(after);
  while (walker.lastChild());
  for (let steps = 0; steps < 40 && walker.nextNode(); steps += 1) {
    const node = walker.currentNode;
    if (!call(block, "contains", node)) break;
    if (isText(node)) add(boxesIn(node, 0, 300));
    else if (!get(node, "firstChild")) add([...call(node as Element, "getClientRects")]);
  }
  return right;
}
