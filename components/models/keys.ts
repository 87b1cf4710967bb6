import { useEffect, useRef } from "preact/hooks";
import { backOf } from "./places";
import { useShell, type Route } from "./shell";

/** Lets Esc close a part of a screen, while `isOpen`, before it leaves the screen. */
export function useEscape(isOpen: boolean, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return undefined;
    const stop = new AbortController();
    // The document hears of a key after the field that has the focus, and before the window, where the screen is left.
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
        if (document.querySelector("dialog[open]")) return;
        event.preventDefault();
        latest.current();
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, [isOpen]);
}

/**
 * Keys that work everywhere: Ctrl or ⌘ K finds and does anything. Esc closes what is open on the screen, then leaves a field
 * in which something stands, then goes back. Outside of text fields `/` leads to the search and `?` shows the keys. No letter does anything by itself: on the list of groups it goes into the search.
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
  // The letter itself goes on into the field.
  if (key.length === 1 && key !== " " && on.route.name === "groups") search?.focus();
  return undefined;
}

/** What Esc does where no part of the screen is open. */
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
