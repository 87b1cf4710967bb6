import { call, isText, parentOf } from "./dom";
import { findCandidates, type Place } from "./find";

/**
 * Shows the agent where an invite of the list "This page" is: scrolls it into view and draws a ring around the link. The
 * ring is a layer of its own: nothing of the page is changed, and the page learns no more than that something is shown.
 */

/** Shows the first place at which a code can be seen, until the signal aborts. `look` is the style sheet of the ring. */
export function show(code: string, look: string, signal: AbortSignal): void {
  const place = findPlace(code);
  if (!place) return;
  bringIntoView(place);
  const make = () => call(document, "createElementNS", "http://www.w3.org/1999/xhtml", "div") as HTMLElement;
  const host = make();
  const ring = make();
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(look);
  root.adoptedStyleSheets = [sheet];
  root.append(ring);
  call(document.documentElement, "append", host);
  // Above everything, a dialog of the page included.
  host.popover = "manual";
  host.showPopover();
  const follow = () => {
    if (signal.aborted) return host.remove();
    const { left, top, width, height } = boxOf(place);
    ring.hidden = !width;
    ring.style.cssText = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
    requestAnimationFrame(follow);
  };
  follow();
}

function findPlace(code: string): Place | undefined {
  for (const candidate of findCandidates(document, new Range())) {
    // A code that is split over several elements is put together without the seams between them.
    if (!`${candidate?.source}`.replaceAll("\u200b", "").includes(code)) continue;
    const place = candidate!.placeOf(code);
    if (boxOf(place).width) return place;
  }
  return undefined;
}

/** The box of a place in the window: of a link, or of the address in a text. Without a size when it is not drawn. */
function boxOf({ after, end = 0 }: Place): DOMRect {
  const range = new Range();
  range.selectNodeContents(after);
  if (isText(after)) {
    const to = Math.min(end, after.length);
    range.setStart(after, after.data.slice(0, to).search(/\S{0,200}$/));
    range.setEnd(after, to);
  }
  const box = isText(after) ? new DOMRect() : call(after, "getBoundingClientRect");
  return box.width ? box : range.getBoundingClientRect();
}

/** Scrolls no further than needed where the place is in the window, else until it is in the middle. */
function bringIntoView(place: Place): void {
  const element = isText(place.after) ? parentOf(place.after)! : place.after;
  const { top, bottom } = boxOf(place);
  const block = top < 0 || bottom > innerHeight ? "center" : "nearest";
  call(element, "scrollIntoView", { block, inline: "nearest", behavior: "instant" });
  // The middle of a long text is not where the invite stands in it.
  const now = boxOf(place);
  if (now.top < 0 || now.bottom > innerHeight) scrollBy(0, now.top - innerHeight / 2);
}
