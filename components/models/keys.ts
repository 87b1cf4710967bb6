import { useEffect } from "preact/hooks";
import { backOf } from "./places";
import { useShell, type Route } from "./shell";

/** Keys that work everywhere but in a text field: `/`, `n`, `j`, `?`, Esc. `help` shows them. */
export function useKeys(route: Route, heading: { current: HTMLElement | null }, help: () => void): void {
  const { go, isLocked } = useShell();
  useEffect(() => {
    const stop = new AbortController();
    addEventListener(
      "keydown",
      (event) => {
        if (isLocked.value || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
        const field = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
        const back = backOf(route);
        // From the heading the keyboard goes on to what the new screen begins with.
        const leave = (to: string) => {
          event.preventDefault();
          heading.current?.focus();
          go(to);
        };
        if (event.key === "Escape" && back !== undefined && !document.querySelector("dialog[open]")) leave(`/${back}`);
        if (field) return;
        if (event.key === "/") {
          const search = document.querySelector<HTMLElement>("[data-search]");
          if (search) {
            event.preventDefault();
            search.focus();
          } else leave("/groups?search");
        }
        if (event.key === "?") help();
        if (event.key === "n") leave("/create");
        if (event.key === "j") leave("/join");
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, [route.name, route.id, route.query]);
}
