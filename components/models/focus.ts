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
  const follow = (target: EventTarget | null) => {
    if (!(target instanceof Element) || !root.contains(target)) return;
    sight(target);
    trail = [];
    for (let at: Element | null = target; at && at !== root; at = at.parentElement) trail.push(at);
  };
  root.addEventListener("focusin", ({ target }) => follow(target), { signal });
  const look = (added: Node[]) => {
    const active = document.activeElement;
    const isLost = active === document.body && trail[0]?.isConnected === false;
    if (!isLost && active?.tagName !== "H1") return;
    const asking = added.map((node) => findFirst(node, "[autofocus]")).find((element) => element?.isConnected);
    const next = asking ?? (isLost ? nearest(root, trail) : undefined);
    // Made focusable, but no Tab stop: the next Tab continues from there.
    if (next && !next.matches(STOPS)) next.tabIndex = -1;
    next?.focus({ preventScroll: next !== asking });
  };
  // What the page drew before this was loaded.
  follow(document.activeElement);
  look([root]);
  const observer = new MutationObserver((changes) => look(changes.flatMap(({ addedNodes }) => [...addedNodes])));
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
