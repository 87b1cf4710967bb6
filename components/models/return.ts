import { useLayoutEffect, useRef } from "preact/hooks";

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
