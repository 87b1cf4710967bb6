import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Returns the time, renewed every `every` ms while `isOn`. */
export function useNow(isOn: boolean, every = 1000): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    now.value = Date.now();
    if (!isOn) return undefined;
    const timer = setInterval(() => (now.value = Date.now()), every);
    return () => clearInterval(timer);
  }, [isOn, every]);
  return now.value;
}
