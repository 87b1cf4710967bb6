import { call, get, isText, walkFrom } from "./dom";
import type { Place } from "./find";
import { boxesIn, grown, isEmpty, type Around, type Box } from "./geometry";

/** Where a button could stand beside an invite. Reads the page, changes nothing. */

/** Where a button could stand. */
export interface Spot extends Box {
  /** Shows its words and not the mark alone. */
  isWide: boolean;
  /** Px around what is drawn that show nothing and take presses. */
  margin: number;
}

/** On which side of a link room was made for a mark. */
export type Side = "start" | "end";

/** Side of a mark's box in px: what takes a press. */
export const MARK = 24;
/** Side in px of what is drawn of a mark, and the clear margin around it. */
const INK = 18;
const MARGIN = 3;
/** How far from its link a button may stand in the same line, in px. */
const REACH = 700;
/** How far a mark on a corner may hang out of the link's box, in px. */
const OUT = 10;

/** What is drawn of a button, without the clear margin that only takes presses. */
export const inkOf = (spot: Spot): Box => grown(spot, -spot.margin);

/** A smaller mark of 16 px in a box of 18 px, for places where a neighbour begins right behind it. */
export const tight = (spot: Spot): Spot => ({ ...spot, ...inkOf(spot), margin: 1 });

type Turn = <T extends Box>(box: T) => T;
const same: Turn = (box) => box;
/** Lines that run down, as if they ran aside: x for y. The same function turns them back. */
const upright: Turn = (box) => ({ ...box, left: box.top, top: box.left, right: box.bottom, bottom: box.right });
/** Lines that run to the left, as if they ran to the right. The same function turns them back. */
const mirrored: Turn = (box) => ({ ...box, left: -box.right, top: box.top, right: -box.left, bottom: box.bottom });

/**
 * Where a button could stand beside an invite, the best place first: in room that was made for it, its words at the free
 * end of the line, a mark right behind the link, at the line's end, in the link's own box, on the edge of that box, and
 * before the link. A link that is a box, such as a card, has room in itself first.
 * `own` are the boxes of the invite that can be seen; `width` is what the words take, or 0 where they are too many.
 */
export function* spotsFor(place: Place, own: Box[], around: Around, width: number, side?: Side): Generator<Spot> {
  const turn = around.isVertical ? upright : around.isRightToLeft ? mirrored : same;
  const spots = spotsInLines(place, own.map(turn), around.isVertical ? 0 : width, side, turn);
  for (const spot of spots) yield turn(spot);
}

/** The same in lines that run to the right; `turn` makes such lines of all others. */
function* spotsInLines(place: Place, own: Box[], width: number, side: Side | undefined, turn: Turn): Generator<Spot> {
  const last = own.at(-1)!;
  const first = own[0]!;
  const { right: edge } = last;
  const middle = (last.top + last.bottom - MARK) / 2;
  const firstMiddle = (first.top + first.bottom - MARK) / 2;
  // What begins right beside the room keeps its last px.
  if (side) yield side === "end" ? mark(edge - MARK - 1, middle) : mark(first.left + 1, firstMiddle);
  if (!isText(place.after) && isLarge(last)) yield* insideOf(place.after, last, turn);
  const end = lineEnd(place, last, turn);
  if (width && end - edge < REACH / 2) yield mark(end + 1, middle, width);
  yield mark(edge, middle);
  // Between a link and what begins right behind it.
  yield tight(mark(edge - MARGIN, middle));
  if (end - edge < REACH) yield mark(end, middle);
  if (!isText(place.after)) yield* insideOf(place.after, last, turn);
  for (const box of new Set([last, first])) yield* edgesOf(box);
  yield mark(first.left - MARK, firstMiddle);
}

/** Whether a link is a box in which there may be room beside its words. */
const isLarge = ({ left, top, right, bottom }: Box): boolean => right - left > 300 || bottom - top > 44;

/** In the box of a link: behind its first words, and at its end. */
function* insideOf(link: Element, box: Box, turn: Turn): Generator<Spot> {
  const line = boxesIn(link)
    .map(turn)
    .find(({ top, bottom }) => bottom - top < 60);
  if (line) yield mark(line.right, (line.top + line.bottom - MARK) / 2);
  for (const x of [box.right - MARK - 2, box.left + 2]) {
    for (const y of [(box.top + box.bottom - MARK) / 2, box.top + 2, box.bottom - MARK - 2]) yield mark(x, y);
  }
}

/** On the corners and edges of a box, from nearly in it to so far out that 10 px of what is drawn hang over. */
function* edgesOf(box: Box): Generator<Spot> {
  for (const out of [OUT / 2, OUT, INK + 1]) {
    const tops = [box.top - MARGIN - out, box.bottom + MARGIN + out - MARK];
    const xs = [box.right + MARGIN + out - MARK, box.right - MARK, box.left - MARGIN - out, box.left];
    for (const x of xs) for (const y of tops) yield mark(x, y);
    for (const x of xs) if (out <= OUT) yield mark(x, (box.top + box.bottom - MARK) / 2);
  }
}

/** A spot moved up or down by up to 4 px, so that what is drawn stays within a row that is hardly higher. */
export function nudged(spot: Spot, room: Box): Spot {
  const ink = inkOf(spot);
  const over = Math.max(0, room.top - ink.top) || Math.min(0, room.bottom - ink.bottom);
  return Math.abs(over) > 4 ? spot : { ...spot, top: spot.top + over, bottom: spot.bottom + over };
}

const mark = (left: number, top: number, width = MARK): Spot => ({
  left,
  top,
  right: left + width,
  bottom: top + MARK,
  isWide: width > MARK,
  margin: MARGIN,
});

/** Where the last thing ends that is drawn behind an invite in its line. */
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
