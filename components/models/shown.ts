import { useEffect } from "preact/hooks";
import { useShell } from "./shell";

/** Keeps a job that this screen shows out of the job bar, unless undoable. */
export function useShown(id: string | undefined): void {
  const { shown } = useShell();
  useEffect(() => {
    if (id === undefined) return undefined;
    shown.value = [...shown.peek(), id];
    return () => {
      const rest = [...shown.peek()];
      rest.splice(rest.indexOf(id), 1);
      shown.value = rest;
    };
  }, [id]);
}
