import { useEffect, useRef } from "preact/hooks";

/** Lets Esc close a part of a screen first. */
export function useEscape(isOpen: boolean, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return undefined;
    const stop = new AbortController();
    // The document gets keys after the field and before the window, where Esc leaves the screen.
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
