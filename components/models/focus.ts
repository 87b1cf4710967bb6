import { useLayoutEffect, useRef } from "preact/hooks";

const STOPS = 'a[href], button, input:not([type="hidden"]), textarea, select, summary, [tabindex]:not([tabindex="-1"])';

/** Ms after a scroll within which it explains what left the view. */
const JUST = 100;

/**
 * Keeps the keyboard's place until the signal aborts: if the focused element is removed, focuses the nearest one left,
 * else the heading; if it leaves the view, scrolls to it. From a heading, moves to new `autofocus` elements, which
 * browsers heed at first load only.
 */
export function keepFocus(root: HTMLElement, signal: AbortSignal): void {
  let trail: Element[] = [];
  const sight = keepInSight(root, signal);
  root.addEventListener(
    "focusin",
    ({ target }) => {
      sight(target as Element);
      trail = [];
      for (let at = target instanceof Element ? target : null; at && at !== root; at = at.parentElement) trail.push(at);
    },
    { signal },
  );
  const observer = new MutationObserver((changes) => {
    const active = document.activeElement;
    const isLost = active === document.body && trail[0]?.isConnected === false;
    if (!isLost && active?.tagName !== "H1") return;
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    const asking = added.map((node) => findFirst(node, "[autofocus]")).find((element) => element?.isConnected);
    const next = asking ?? (isLost ? nearest(root, trail) : undefined);
    // Made focusable, but no Tab stop: the next Tab continues from there.
    if (next && !next.matches(STOPS)) next.tabIndex = -1;
    next?.focus({ preventScroll: next !== asking });
  });
  observer.observe(root, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

/** Scrolls to the focused element if it leaves the view without a scroll: a job's line shrinks the screen. */
function keepInSight(root: HTMLElement, signal: AbortSignal): (focused: Element) => void {
  let wasSeen = false;
  let scrolledAt = 0;
  const observer = new IntersectionObserver(
    (entries) => {
      const { target, intersectionRatio } = entries.at(-1)!;
      const isSeen = intersectionRatio === 1;
      const isScrolled = performance.now() - scrolledAt < JUST;
      if (wasSeen && !isSeen && !isScrolled && target === document.activeElement) {
        target.scrollIntoView({ block: "nearest" });
      }
      wasSeen = isSeen;
    },
    { threshold: 1 },
  );
  const onScroll = () => (scrolledAt = performance.now());
  root.addEventListener("scroll", onScroll, { capture: true, passive: true, signal });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  return (focused) => {
    observer.disconnect();
    wasSeen = false;
    observer.observe(focused);
  };
}

/** Returns a stop in the innermost box left, else the heading. */
function nearest(root: HTMLElement, trail: Element[]): HTMLElement | undefined {
  const left = trail.find((element) => element.isConnected);
  if (left?.matches("main *, dialog *")) return findFirst(left, STOPS) ?? (left as HTMLElement);
  return findFirst(root, "h1");
}

function findFirst(node: Node, selector: string): HTMLElement | undefined {
  if (!(node instanceof HTMLElement)) return undefined;
  return node.matches(selector) ? node : (node.querySelector<HTMLElement>(selector) ?? undefined);
}

/** Returns the row to focus on return, until the agent acts. */
export function useReturn(to: string | undefined): { current: string | undefined } {
  const row = useRef(to);
  useLayoutEffect(() => {
    row.current = to;
    const stop = new AbortController();
    const end = () => {
      row.current = undefined;
      stop.abort();
    };
    for (const type of to === undefined ? [] : ["keydown", "pointerdown", "wheel"])
      addEventListener(type, end, { capture: true, signal: stop.signal });
    return end;
  }, [to]);
  return row;
}
