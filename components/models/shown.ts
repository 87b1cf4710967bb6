import { useEffect } from "preact/hooks";
import { useShell } from "./shell";

/** Marks a job as shown by this screen, so that the job bar leaves it out. */
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
