/** What can be reached with Tab. */
const STOPS = 'a[href], button, input:not([type="hidden"]), textarea, select, summary, [tabindex]:not([tabindex="-1"])';

/**
 * Never loses the keyboard's place, until the signal aborts. When the element that had the focus is taken off the page (a
 * form that became a job, a row that was removed, a whole screen), what is left nearest to it takes the focus, else the
 * heading. What newly appears and is marked `autofocus` takes it from the heading, as on a page that was just opened:
 * browsers heed that mark on the first load alone.
 */
export function keepFocus(root: HTMLElement, signal: AbortSignal): void {
  let trail: Element[] = [];
  root.addEventListener(
    "focusin",
    ({ target }) => {
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
    // A heading or a box is a place, not a stop: the next Tab goes on from there.
    if (next && !next.matches(STOPS)) next.tabIndex = -1;
    next?.focus({ preventScroll: next !== asking });
  });
  observer.observe(root, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

/** A stop within the innermost box that is left; the heading when the whole screen is another. */
function nearest(root: HTMLElement, trail: Element[]): HTMLElement | undefined {
  const left = trail.find((element) => element.isConnected);
  if (left?.matches("main *, dialog *")) return findFirst(left, STOPS) ?? (left as HTMLElement);
  return findFirst(root, "h1");
}

/** The element itself or the first one in it that matches. */
function findFirst(node: Node, selector: string): HTMLElement | undefined {
  if (!(node instanceof HTMLElement)) return undefined;
  return node.matches(selector) ? node : (node.querySelector<HTMLElement>(selector) ?? undefined);
}
