/**
 * Never loses the keyboard's place: when the element that had the focus is taken off the page (a form that became a job,
 * a row that was removed, a tab's panel that changed), the nearest thing that is left takes it, until the signal aborts.
 * Where the new screen says what comes first (`autofocus`), that takes it.
 */
export function keepFocus(root: HTMLElement, signal: AbortSignal): void {
  let trail: Element[] = [];
  root.addEventListener(
    "focusin",
    (event) => {
      trail = [];
      for (let at = event.target as Element | null; at && at !== root; at = at.parentElement) trail.push(at);
    },
    { signal },
  );
  const observer = new MutationObserver(() => {
    const [last] = trail;
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const left = trail.find((element) => element.isConnected) ?? root;
    const next =
      left.querySelector<HTMLElement>("[autofocus]") ??
      root.querySelector<HTMLElement>("main [autofocus]") ??
      (left.matches("main *") ? left : root.querySelector<HTMLElement>("h1"));
    if (!(next instanceof HTMLElement)) return;
    // A place, not a stop: the next Tab goes on from here.
    if (next.tabIndex < 0) next.tabIndex = -1;
    next.focus({ preventScroll: next === left });
  });
  observer.observe(root, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
