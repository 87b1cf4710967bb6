import { useEffect, useRef } from "preact/hooks";
import type { DraftKey } from "../../lib/shared/draft";
import { useSavedChoice, type Chosen } from "./chosen";

/**
 * Returns ticks stored as a draft beside a list of `count` people. `there`: tickable ids, undefined until known. Drops
 * other ticks, and all when the list empties, so that none reappears with another list.
 */
export function useSavedTicks(
  key: DraftKey,
  { count, there }: { count: number; there?: readonly string[] },
  mark?: string,
): Chosen {
  const ticks = useSavedChoice(key, mark);
  const hadPeople = useRef(false);
  hadPeople.current ||= count > 0;
  const known = count === 0 ? [] : there;
  useEffect(() => {
    // The list's own draft is read later.
    if (!ticks.isRead || !hadPeople.current || !known) return;
    const now = new Set(known);
    const left = [...ticks.ids].filter((id) => now.has(id));
    if (left.length < ticks.ids.size) ticks.set(left);
  }, [ticks.isRead, known?.join()]);
  return ticks;
}
