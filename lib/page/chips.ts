import { createLayer, type Layer } from "./buttons";
import { call, get, isBefore, isText, plain } from "./dom";
import type { Place } from "./find";
import type { Chip } from "./follow";
import { aroundOf, isOutOfReach, isSame, type Box } from "./geometry";
import { createPlaces } from "./places";
import type { Spot } from "./spots";
import { createStanding } from "./standing";

/** Decides when chips come and go and what a press does; standing.ts places them. */

export interface ChipsInput {
  /** Text on every chip; `group` names them for screen readers. */
  label: string;
  group: string;
  /** `CHIP_STYLE`. */
  style: string;
  onPress: (code: string) => void;
  /** Removes all chips; aborted here if the page keeps removing them. */
  stop: AbortController;
}

export interface Chips {
  /** Shows a chip once its place is in sight. */
  add: (place: Place) => void;
  check: () => void;
  /** Looks for movement without an event; call regularly. */
  poll: () => void;
}

/** Beyond it, the first chip makes room. */
const MOST_CHIPS = 200;
const MOST_REMOVALS = 5;
/** Ms a chip must stand still before a press counts. */
const STILL = 250;
const SIGNS = "scroll transitionrun animationstart toggle load input pointerup keyup".split(" ");

/** Shows chips at added places until `stop` aborts. */
export function createChips({ label, group, style, onPress, stop }: ChipsInput): Chips {
  const { signal } = stop;
  const layer = createLayer({ label, group, style, signal });
  // In order of appearance: the first is probably farthest from view.
  const chips = new Map<Place, Chip>();
  let isInOrder = false;

  const show = (place: Place) => {
    if (isTaken(place, chips.keys())) return;
    if (chips.size >= MOST_CHIPS) drop(chips.keys().next().value!);
    const chip = { place, around: aroundOf(place), movedAt: 0 };
    movement.listen(call(place.box, "getRootNode"));
    chips.set(place, chip);
    isInOrder = false;
    standing.find(chip);
  };
  const drop = (place: Place) => {
    const chip = chips.get(place);
    if (!chip) return;
    chips.delete(place);
    standing.drop(chip);
    chip.button?.remove();
  };
  const places = createPlaces({ onSight: show, onGone: drop, onMany: () => standing.wake(), signal });
  const put = (chip: Chip, anchor: Box, spot: Spot | undefined) => {
    chip.anchor = anchor;
    if (spot) chip.button ??= layer.add(wordsOf(chip.place), (isStill) => press(chip, isStill));
    lift(chip);
    if (spot && chip.spot && isSame(spot, chip.spot)) return;
    Object.assign(chip, { spot, movedAt: performance.now() });
    if (chip.button) layer.move(chip.button, spot, chip.around.isRightToLeft);
  };
  const order = () => {
    if (!isInOrder) layer.order(buttonsOf(chips));
    isInOrder = true;
  };
  /** A chip that just moved was probably pressed by mistake. */
  const press = ({ place, movedAt }: Chip, isStill: boolean) => {
    if (!place.isCurrent()) places.forget(place);
    else if (isOutOfReach(place)) standing.wake();
    else if (isStill && performance.now() - Math.max(movedAt, movement.scrolledAt()) > STILL) onPress(place.code);
  };
  const { areMany, forget } = places;
  const standing = createStanding({ chips, layer, areMany, put, forget, onRest: order, signal });
  const movement = watchMovement(standing.wake, signal);
  const keepLayer = createKeeper(layer, stop);
  listenForKey(chips, onPress, signal);

  return {
    add: places.add,
    check() {
      // The code itself is checked at rest and before use.
      for (const place of chips.keys()) if (!get(place.after, "isConnected")) places.forget(place);
      isInOrder = false;
      keepLayer();
      standing.wake();
    },
    poll: standing.poll,
  };
}

/** Draws a button above its invite's surroundings, which may change where its spot does not. */
function lift({ button, around }: Chip): void {
  if (!button) return;
  button.style.zIndex = `${around.level}`;
  button.style.position = around.isFixed ? "fixed" : "";
}

/** One chip per link or written address. */
function isTaken({ after, end }: Place, others: Iterable<Place>): boolean {
  return [...others].some((other) => other.after === after && other.end === end);
}

/** Calls `onMove` when anything of the window or of a root listened to may have moved, until the signal aborts. */
function watchMovement(onMove: () => void, signal: AbortSignal) {
  const roots = new WeakSet<Node>();
  let scrolledAt = 0;
  const onSign = ({ type }: Event) => {
    if (type === "scroll") scrolledAt = performance.now();
    onMove();
  };
  const listen = (root: Node) => {
    if (roots.has(root)) return;
    roots.add(root);
    for (const type of SIGNS) root.addEventListener(type, onSign, { capture: true, passive: true, signal });
  };
  const sizes = new ResizeObserver(onMove);
  sizes.observe(document.documentElement);
  if (document.body) sizes.observe(document.body);
  signal.addEventListener("abort", () => sizes.disconnect());
  addEventListener("resize", onMove, { signal });
  listen(document);
  return { listen, scrolledAt: () => scrolledAt };
}

/** Returns what puts the layer back where the page removed it, or aborts `stop` if it keeps doing so. */
function createKeeper(layer: Layer, stop: AbortController): () => void {
  let removals = 0;
  return () => {
    if (layer.isThere()) return;
    removals += 1;
    if (removals > MOST_REMOVALS) stop.abort();
    else layer.put();
  };
}

/** Alt Shift Enter on a link presses its chip. */
function listenForKey(chips: Map<Place, Chip>, onPress: (code: string) => void, signal: AbortSignal): void {
  const press = (event: KeyboardEvent) => {
    if (!event.isTrusted || event.key !== "Enter" || !event.altKey || !event.shiftKey) return;
    const [target] = event.composedPath();
    const chip = [...chips.values()].find(({ place }) => place.after === target);
    if (!chip || !chip.place.isCurrent()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    onPress(chip.place.code);
  };
  addEventListener("keydown", press, { capture: true, signal });
}

/** Returns buttons in the order of their invites on the page. */
function buttonsOf(chips: Map<Place, Chip>): HTMLElement[] {
  const inOrder = [...chips.values()].toSorted((a, b) => compare(a.place, b.place));
  return inOrder.flatMap(({ button }) => button ?? []);
}

function compare({ after, end = 0 }: Place, other: Place): number {
  if (after === other.after) return end - (other.end ?? 0);
  return isBefore(after, other.after) ? -1 : 1;
}

/** Names the invite for screen readers. */
function wordsOf({ after, code }: Place): string {
  return (!isText(after) && plain(get(after, "textContent")).slice(0, 80)) || code;
}
