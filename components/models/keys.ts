import { useEffect } from "preact/hooks";
import { backOf } from "./places";
import { useShell, type Route } from "./shell";

/**
 * Ctrl or ⌘ K opens the palette. Esc closes what is open, else leaves a filled field, else goes back. Outside fields,
 * `/` searches, `?` lists the keys, and letters search the groups.
 */
export function useKeys(
  route: Route,
  heading: { current: HTMLElement | null },
  leave: (to: string) => void,
  show: { help: () => void; palette: () => void },
): void {
  const { isLocked } = useShell();
  useEffect(() => {
    const stop = new AbortController();
    addEventListener(
      "keydown",
      (event) => {
        if (isLocked.value || event.defaultPrevented || document.querySelector("dialog[open]")) return;
        const act = actionOf(event, { route, heading, leave, show });
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
  on: {
    route: Route;
    heading: { current: HTMLElement | null };
    leave: (to: string) => void;
    show: { help: () => void; palette: () => void };
  },
): (() => void) | undefined {
  const { key, target } = event;
  if (event.altKey || event.isComposing) return undefined;
  if (event.ctrlKey || event.metaKey) return key.toLowerCase() === "k" && !event.shiftKey ? on.show.palette : undefined;
  if (key === "Escape") return escapeOf(target, on);
  if (target instanceof Element && target.closest("input, textarea, select")) return undefined;
  if (key === "?") return on.show.help;
  const search = document.querySelector<HTMLElement>("[data-search]");
  if (key === "/") return search ? () => search.focus() : () => on.leave("/groups?search");
  // The focused field receives the letter.
  if (key.length === 1 && key !== " " && on.route.name === "groups") search?.focus();
  return undefined;
}

function escapeOf(
  target: EventTarget | null,
  on: { route: Route; heading: { current: HTMLElement | null }; leave: (to: string) => void },
): (() => void) | undefined {
  const isFilled =
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && target.matches(":not([type=checkbox], [type=radio], [data-search])"));
  if (isFilled && target.value !== "") {
    const tab = target.closest("[role=tabpanel]")?.getAttribute("aria-labelledby");
    const outside = tab ? document.querySelector<HTMLElement>(`#${tab}`) : on.heading.current;
    return () => outside?.focus();
  }
  const back = backOf(on.route);
  return back === undefined ? undefined : () => on.leave(`/${back}`);
}
