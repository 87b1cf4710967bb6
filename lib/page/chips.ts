import { createLayer } from "./buttons";
import { call, get, isBefore, isText, plain } from "./dom";
import type { Place } from "./find";
import type { Chip } from "./follow";
import { aroundOf, isOutOfReach, isSame, type Box } from "./geometry";
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

const MOST_CHIPS = 200;
const MOST_PLACES = 5_000;
const MOST_REMOVALS = 5;
/** From this many places on, chips are marks without words. */
const MANY = 20;
/** Ms a chip must stand still before a press counts. */
const STILL = 250;
const SIGNS = "scroll transitionrun animationstart toggle load input pointerup keyup".split(" ");

/** Shows chips at added places until `stop` aborts. */
export function createChips({ label, group, style, onPress, stop }: ChipsInput): Chips {
  const { signal } = stop;
  const layer = createLayer({ label, group, style, signal });
  const places = new Map<Element, Set<Place>>();
  // In order of appearance: the first is probably farthest from view.
  const chips = new Map<Place, Chip>();
  const roots = new WeakSet<Node>();
  let removals = 0;
  let isInOrder = false;
  let scrolledAt = 0;

  const inSight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      for (const place of places.get(target) ?? []) {
        const chip = chips.get(place);
        if (!isIntersecting) drop(chip);
        else if (!place.isCurrent()) forget(place);
        else if (!chip && !isTaken(place)) show(place);
      }
    }
  });
  const sizes = new ResizeObserver(() => standing.wake());
  sizes.observe(document.documentElement);
  if (document.body) sizes.observe(document.body);
  const listen = (root: Node) => {
    if (roots.has(root)) return;
    roots.add(root);
    for (const type of SIGNS) root.addEventListener(type, onSign, { capture: true, passive: true, signal });
  };
  const onSign = ({ type }: Event) => {
    if (type === "scroll") scrolledAt = performance.now();
    standing.wake();
  };
  listen(document);
  addEventListener("resize", () => standing.wake(), { signal });
  addEventListener("keydown", (event) => pressByKey(event), { capture: true, signal });
  signal.addEventListener("abort", () => {
    inSight.disconnect();
    sizes.disconnect();
  });

  /** One chip per link or written address, and per code in a block. */
  const isTaken = ({ after, end, block, code }: Place) =>
    [...chips.keys()].some(
      (other) => (other.after === after && other.end === end) || (other.block === block && other.code === code),
    );
  const show = (place: Place) => {
    const [oldest] = chips.values();
    if (chips.size >= MOST_CHIPS) drop(oldest);
    const chip = { place, around: aroundOf(place), movedAt: 0 };
    listen(call(place.box, "getRootNode"));
    chips.set(place, chip);
    isInOrder = false;
    standing.find(chip);
  };
  const drop = (chip: Chip | undefined) => {
    if (!chip) return;
    chips.delete(chip.place);
    standing.drop(chip);
    chip.button?.remove();
  };
  const forget = (place: Place) => {
    drop(chips.get(place));
    const there = places.get(place.box);
    there?.delete(place);
    if (there?.size) return;
    places.delete(place.box);
    inSight.unobserve(place.box);
  };

  const put = (chip: Chip, anchor: Box, spot: Spot | undefined) => {
    chip.anchor = anchor;
    if (spot && chip.spot && isSame(spot, chip.spot)) return;
    chip.spot = spot;
    chip.movedAt = performance.now();
    if (spot) chip.button ??= addButton(chip);
    if (chip.button) layer.move(chip.button, spot, chip.around.isRightToLeft);
  };
  const addButton = (chip: Chip) => {
    const button = layer.add(wordsOf(chip.place), (isStill) => press(chip, isStill));
    button.style.zIndex = `${chip.around.level}`;
    if (chip.around.isFixed) button.style.position = "fixed";
    return button;
  };
  const order = () => {
    if (isInOrder) return;
    isInOrder = true;
    const inOrder = [...chips.values()].toSorted((a, b) => compare(a.place, b.place));
    layer.order(inOrder.flatMap(({ button }) => button ?? []));
  };
  /** A chip that just moved was probably pressed by mistake. */
  const press = ({ place, movedAt }: Chip, isStill: boolean) => {
    if (!place.isCurrent()) forget(place);
    else if (isOutOfReach(place)) standing.wake();
    else if (isStill && performance.now() - Math.max(movedAt, scrolledAt) > STILL) onPress(place.code);
  };
  const pressByKey = (event: KeyboardEvent) => {
    if (!event.isTrusted || event.key !== "Enter" || !event.altKey || !event.shiftKey) return;
    const [target] = event.composedPath();
    const chip = [...chips.values()].find(({ place }) => place.after === target);
    if (!chip || !chip.place.isCurrent()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    onPress(chip.place.code);
  };

  const areMany = () => [...places.values()].reduce((count, there) => count + there.size, 0) >= MANY;
  const standing = createStanding({ chips, layer, areMany, put, forget, onRest: order, signal });

  return {
    add(place) {
      const { after, box, code, end } = place;
      // Removed while the worker answered.
      if (!get(after, "isConnected")) return;
      const there = places.get(box) ?? new Set();
      const isKnown = [...there].some(
        (other) => other.after === after && other.code === code && other.end === end && other.isCurrent(),
      );
      if (places.size >= MOST_PLACES) for (const [old] of places.values()) if (!old!.isCurrent()) forget(old!);
      if (places.size >= MOST_PLACES || there.size >= MOST_CHIPS) return;
      places.set(box, isKnown ? there : there.add(place));
      // Observing again reports again.
      inSight.unobserve(box);
      inSight.observe(box);
    },
    check() {
      // The code itself is checked at rest and before use.
      for (const place of chips.keys()) if (!get(place.after, "isConnected")) forget(place);
      isInOrder = false;
      if (!layer.isThere()) {
        removals += 1;
        if (removals > MOST_REMOVALS) return stop.abort();
        layer.put();
      }
      standing.wake();
    },
    poll: () => standing.poll(),
  };
}

function compare({ after, end = 0 }: Place, other: Place): number {
  if (after === other.after) return end - (other.end ?? 0);
  return isBefore(after, other.after) ? -1 : 1;
}

/** Names the invite for screen readers. */
function wordsOf({ after, code }: Place): string {
  return (!isText(after) && plain(get(after, "textContent")).slice(0, 80)) || code;
}
