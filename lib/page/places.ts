import { get } from "./dom";
import type { Place } from "./find";

/** Watches the places of invites for coming into the window. */

export interface PlacesInput {
  /** Called with a place that came into sight, again at each later look. */
  onSight: (place: Place) => void;
  /** Called with a place that left sight or no longer shows its code. */
  onGone: (place: Place) => void;
  /** Called when there are many from now on. */
  onMany: () => void;
  signal: AbortSignal;
}

/** The places watched. */
export interface Places {
  add: (place: Place) => void;
  forget: (place: Place) => void;
  /** Whether there are so many that chips are marks without words. */
  areMany: () => boolean;
}

/** From this many places on, chips are marks. */
const MANY = 20;
const MOST_BOXES = 5_000;
const MOST_IN_BOX = 200;

/** Watches the places added until the signal aborts. */
export function createPlaces({ onSight, onGone, onMany, signal }: PlacesInput): Places {
  const places = new Map<Element, Set<Place>>();
  let count = 0;
  const inSight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      for (const place of places.get(target) ?? []) {
        if (!isIntersecting) onGone(place);
        else if (place.isCurrent()) onSight(place);
        else forget(place);
      }
    }
  });
  signal.addEventListener("abort", () => inSight.disconnect());
  const forget = (place: Place) => {
    onGone(place);
    const there = places.get(place.box);
    if (there?.delete(place)) count -= 1;
    if (there?.size) return;
    places.delete(place.box);
    inSight.unobserve(place.box);
  };
  return {
    forget,
    add(place) {
      const { after, box, code, end } = place;
      // Removed while the worker answered.
      if (!get(after, "isConnected")) return;
      const there = places.get(box) ?? new Set();
      const isKnown = [...there].some(
        (other) => other.after === after && other.code === code && other.end === end && other.isCurrent(),
      );
      if (places.size >= MOST_BOXES) for (const [old] of places.values()) if (!old!.isCurrent()) forget(old!);
      if (places.size >= MOST_BOXES || there.size >= MOST_IN_BOX) return;
      places.set(box, there);
      if (!isKnown) {
        there.add(place);
        count += 1;
        if (count === MANY) onMany();
      }
      // Observing again reports again.
      inSight.unobserve(box);
      inSight.observe(box);
    },
    areMany: () => count >= MANY,
  };
}
