import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

/** Rows drawn above and below, so quick scrolling shows no gap. */
const MARGIN = 6;

/** The drawn rows of a long list, by index. */
export interface DrawnRows {
  /** `last` is exclusive. */
  first: number;
  last: number;
  /** The first in view. */
  seen: number;
  reveal: (at: number) => void;
  /** See the function `rowAfter`. */
  rowAfter: (key: string, at: number) => number | undefined;
}

/** Returns the rows to draw. `box` holds all `count` rows; `head` sticks above them. Heights in CSS px. */
export function useDrawnRows(
  box: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null>,
  { count, rowHeight, head = 0 }: { count: number; rowHeight: number; head?: number },
): DrawnRows {
  // Until it is measured: what a popup shows.
  const range = useSignal<[number, number]>([0, 16]);
  const topOf = (host: HTMLElement) => (box.current?.offsetTop ?? 0) - host.offsetTop;
  const measure = () => {
    const host = scroller.current;
    if (!host || !box.current) return;
    const top = host.scrollTop - topOf(host);
    const first = Math.max(0, Math.floor(top / rowHeight) - MARGIN);
    const last = Math.ceil((top + host.clientHeight) / rowHeight) + MARGIN;
    if (range.peek()[0] !== first || range.peek()[1] !== last) range.value = [first, last];
  };
  useEffect(() => {
    const host = scroller.current;
    if (!host) return undefined;
    const stop = new AbortController();
    host.addEventListener("scroll", measure, { passive: true, signal: stop.signal });
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    return () => {
      stop.abort();
      observer.disconnect();
    };
  }, [scroller.current, rowHeight]);
  useLayoutEffect(measure, [count]);
  const [first, last] = range.value;
  return {
    first,
    last,
    seen: first === 0 ? 0 : first + MARGIN,
    reveal: (at) => {
      const host = scroller.current;
      if (!host) return;
      const top = topOf(host) + at * rowHeight;
      if (top - head < host.scrollTop) host.scrollTop = top - head;
      if (top + rowHeight > host.scrollTop + host.clientHeight) host.scrollTop = top + rowHeight - host.clientHeight;
      measure();
    },
    rowAfter: (key, at) =>
      rowAfter(key, at, count, Math.floor(((scroller.current?.clientHeight ?? 0) - head) / rowHeight) - 1),
  };
}

/** Returns the row, of `count`, a key leads to; undefined for other keys and above the first. `page`: rows in view. */
export function rowAfter(key: string, at: number, count: number, page: number): number | undefined {
  const step = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: Math.max(1, page),
    PageUp: -Math.max(1, page),
    Home: -count,
    End: count,
  }[key];
  if (step === undefined || (key === "ArrowUp" && at === 0)) return undefined;
  return Math.min(count - 1, Math.max(0, at + step));
}

/** `/` and `?` are commands, and Space presses. */
export function isLetter({ key, isComposing }: KeyboardEvent): boolean {
  return key.length === 1 && !isComposing && !" /?".includes(key);
}

/** Returns the search field beside a list, if any. */
export function searchBeside(list: Element): HTMLElement | null | undefined {
  return list.closest("dialog, form, .list-side, .detail-side, main")?.querySelector<HTMLElement>("[data-search]");
}
