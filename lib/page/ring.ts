import { createHost } from "./buttons";
import { call } from "./dom";
import { findCandidates, type Place } from "./find";
import { boxesOf, type Box } from "./geometry";
import { SEAM } from "./line";

/**
 * Shows the agent where an invite of the list "This page" is: scrolls it into view and draws a ring around the link. The
 * ring is a layer of its own: nothing of the page is changed, and the page learns no more than that something is shown.
 */

/** Shows the first place at which a code can be seen, until the signal aborts. `look` is the style sheet of the ring. */
export function show(code: string, look: string, signal: AbortSignal): void {
  const place = findPlace(code);
  if (!place) return;
  bringIntoView(place);
  const { host, inner: ring } = createHost("div", look);
  call(document.documentElement, "append", host);
  // Above everything, a dialog of the page included.
  host.popover = "manual";
  host.showPopover();
  const follow = () => {
    if (signal.aborted) return host.remove();
    const box = boxOf(place);
    ring.hidden = !box;
    if (box) {
      const { left, top, right, bottom } = box;
      ring.style.cssText = `left:${left}px;top:${top}px;width:${right - left}px;height:${bottom - top}px`;
    }
    requestAnimationFrame(follow);
  };
  follow();
}

function findPlace(code: string): Place | undefined {
  for (const candidate of findCandidates(document, new Range())) {
    // A code that is split over several elements is put together without the seams between them.
    if (!`${candidate?.source}`.replaceAll(SEAM, "").includes(code)) continue;
    const place = candidate!.placeOf(code);
    if (boxOf(place)) return place;
  }
  return undefined;
}

/** The box around all lines of a place; undefined when it is not drawn. */
function boxOf(place: Place): Box | undefined {
  const [first, ...others] = boxesOf(place);
  return others.reduce<Box | undefined>(
    (all, { left, top, right, bottom }) =>
      all && {
        left: Math.min(all.left, left),
        top: Math.min(all.top, top),
        right: Math.max(all.right, right),
        bottom: Math.max(all.bottom, bottom),
      },
    first,
  );
}

/** Scrolls no further than needed where the place is in the window, else until it is in the middle. */
function bringIntoView(place: Place): void {
  const isOutside = (box: Box | undefined) => box !== undefined && (box.top < 0 || box.bottom > innerHeight);
  const block = isOutside(boxOf(place)) ? "center" : "nearest";
  call(place.box, "scrollIntoView", { block, inline: "nearest", behavior: "instant" });
  // The middle of a long text is not where the invite stands in it.
  const now = boxOf(place);
  if (now && isOutside(now)) scrollBy(0, now.top - innerHeight / 2);
}
