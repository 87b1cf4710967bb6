import { useEffect } from "preact/hooks";
import { backOf } from "./places";
import { useShell, type Route } from "./shell";

/**
 * Keys that work everywhere: Ctrl or ⌘ K finds and does anything, Esc goes back. Outside of text fields `/` leads to the
 * search and `?` shows the keys. No letter does anything by itself: on the list of groups it goes into the search.
 */
export function useKeys(
  route: Route,
  heading: { current: HTMLElement | null },
  show: { help: () => void; palette: () => void },
): void {
  const { go, isLocked } = useShell();
  useEffect(() => {
    const stop = new AbortController();
    // From the heading the keyboard goes on to what the new screen begins with.
    const leave = (to: string) => {
      heading.current?.focus();
      go(to);
    };
    addEventListener(
      "keydown",
      (event) => {
        if (isLocked.value || event.defaultPrevented || document.querySelector("dialog[open]")) return;
        const act = actionOf(event, route, leave, show);
        if (act === undefined) return;
        event.preventDefault();
        act();
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, [route.name, route.id, route.query]);
}

function actionOf(
  event: KeyboardEvent,
  route: Route,
  leave: (to: string) => void,
  show: { help: () => void; palette: () => void },
): (() => void) | undefined {
  const { key } = event;
  if (event.altKey || event.isComposing) return undefined;
  if (event.ctrlKey || event.metaKey) return key.toLowerCase() === "k" && !event.shiftKey ? show.palette : undefined;
  if (key === "Escape") {
    const back = backOf(route);
    return back === undefined ? undefined : () => leave(`/${back}`);
  }
  if (event.target instanceof Element && event.target.closest("input, textarea, select")) return undefined;
  if (key === "?") return show.help;
  const search = document.querySelector<HTMLElement>("[data-search]");
  if (key === "/") return search ? () => search.focus() : () => leave("/groups?search");
  // The letter itself goes on into the field.
  if (key.length === 1 && key !== " " && route.name === "groups") search?.focus();
  return undefined;
}
