import { createLayer } from "./buttons";
import { call, get, isBefore, isText, plain } from "./dom";
import type { Place } from "./find";
import type { Chip } from "./follow";
import { aroundOf, isOutOfReach, isSame, type Box } from "./geometry";
import type { Spot } from "./spots";
import { createStanding } from "./standing";

/**
 * The chips of a page: one for each invite in sight. Where each of them stands is the matter of standing.ts; here is when
 * it comes, when it goes, and what a press on it does.
 */

export interface ChipsInput {
  /** The words on every chip, and what all of them are for screen readers. */
  label: string;
  group: string;
  /** `CHIP_STYLE`. */
  look: string;
  /** The agent pressed the chip of this code. */
  onPress: (code: string) => void;
  /** Takes all chips away; aborted here when the page keeps removing them. */
  stop: AbortController;
}

export interface Chips {
  /** Shows a chip at a place as soon as the place is in sight. A known place is left as it is. */
  add: (place: Place) => void;
  /** Looks after all chips once the page was changed. */
  check: () => void;
  /** Looks whether anything moved without a sign, as pages do; called now and then. */
  look: () => void;
}

const MOST_CHIPS = 200;
const MOST_PLACES = 5_000;
const MOST_REMOVALS = 5;
/** From so many invites on a page, and from two in a line, chips are marks without words. */
const MANY = 20;
/** In ms: how long a chip has to stand still before a press on it counts. */
const STILL = 250;
/** What may tell that something on the page moves. */
const SIGNS = "scroll transitionrun animationstart toggle load input pointerup keyup".split(" ");

/** Starts with no chip; everything goes with the visit. */
export function createChips({ label, group, look, onPress, stop }: ChipsInput): Chips {
  const { signal } = stop;
  const layer = createLayer({ label, group, look, signal });
  const places = new Map<Element, Set<Place>>();
  // In the order in which they came into sight: the first is the farthest from what the agent looks at.
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

  /** One chip for a link or a written address, and one for a code in a block. */
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

  /** Puts a chip to a spot in the layer, or hides it. Reads nothing of the page. */
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
    return button;
  };
  /** Buttons follow each other as their invites do in the document. */
  const order = () => {
    if (isInOrder) return;
    isInOrder = true;
    const inOrder = [...chips.values()].toSorted((a, b) => compare(a.place, b.place));
    layer.order(inOrder.flatMap(({ button }) => button ?? []));
  };
  /** A chip that was just moved, by the page or by scrolling, is not what the agent meant to press. */
  const press = ({ place, movedAt }: Chip, isStill: boolean) => {
    if (!place.isCurrent()) forget(place);
    else if (isOutOfReach(place)) standing.wake();
    else if (isStill && performance.now() - Math.max(movedAt, scrolledAt) > STILL) onPress(place.code);
  };
  /** Alt+Shift+Enter on a link that has a chip does what a press on the chip does. */
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
      // Removed while its answer was on the way.
      if (!get(after, "isConnected")) return;
      const there = places.get(box) ?? new Set();
      const isKnown = [...there].some(
        (other) => other.after === after && other.code === code && other.end === end && other.isCurrent(),
      );
      if (places.size >= MOST_PLACES) for (const [old] of places.values()) if (!old!.isCurrent()) forget(old!);
      if (places.size >= MOST_PLACES || there.size >= MOST_CHIPS) return;
      places.set(box, isKnown ? there : there.add(place));
      // Observed again, it is reported again.
      inSight.unobserve(box);
      inSight.observe(box);
    },
    check() {
      // Whether its code is still written where it stands is asked when the page is at rest, and before it is used.
      for (const place of chips.keys()) if (!get(place.after, "isConnected")) forget(place);
      isInOrder = false;
      if (!layer.isThere()) {
        removals += 1;
        if (removals > MOST_REMOVALS) return stop.abort();
        layer.put();
      }
      standing.wake();
    },
    look: () => standing.look(),
  };
}

/** The order of two places, as a comparison for sorting. */
function compare({ after, end = 0 }: Place, other: Place): number {
  if (after === other.after) return end - (other.end ?? 0);
  return isBefore(after, other.after) ? -1 : 1;
}

/** The words of a link, which tell a screen reader which invite is meant; for an address in a text, its code. */
function wordsOf({ after, code }: Place): string {
  return (!isText(after) && plain(get(after, "textContent")).slice(0, 80)) || code;
}
