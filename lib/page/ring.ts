import { createHost } from "./buttons";
import { call } from "./dom";
import { findCandidates, type Place } from "./find";
import { boxesOf, type Box } from "./geometry";
import { SEAM } from "./line";

/**
 * Scrolls to a code's first visible place and rings it until the signal aborts, in its own layer: the page learns only
 * that something is shown.
 */
export function show(code: string, style: string, signal: AbortSignal): void {
  const place = findPlace(code);
  if (!place) return;
  bringIntoView(place);
  const { host, inner: ring } = createHost("div", style);
  call(document.documentElement, "append", host);
  // Above even the page's dialogs.
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
    // A code split over elements contains seams.
    if (!`${candidate?.source}`.replaceAll(SEAM, "").includes(code)) continue;
    const place = candidate!.placeOf(code);
    if (boxOf(place)) return place;
  }
  return undefined;
}

function boxOf(place: Place): Box | undefined {
  const boxes = boxesOf(place);
  if (!boxes.length) return undefined;
  const edge = (most: typeof Math.min, side: keyof Box) => most(...boxes.map((box) => box[side]));
  return {
    left: edge(Math.min, "left"),
    top: edge(Math.min, "top"),
    right: edge(Math.max, "right"),
    bottom: edge(Math.max, "bottom"),
  };
}

function bringIntoView(place: Place): void {
  const isOutside = (box: Box | undefined) => box !== undefined && (box.top < 0 || box.bottom > innerHeight);
  const block = isOutside(boxOf(place)) ? "center" : "nearest";
  call(place.box, "scrollIntoView", { block, inline: "nearest", behavior: "instant" });
  // In a long text, the invite may be far from the middle.
  const now = boxOf(place);
  if (now && isOutside(now)) scrollBy(0, now.top - innerHeight / 2);
}
