import { useMemo } from "preact/hooks";
import type { DraftKey } from "../../../lib/shared/draft";
import { useDraft } from "../../models/live";
import { usePick } from "../../models/ticked";

/**
 * Returns the selected ids, true if ticked individually, as removing an admin requires. Stored as a draft, individual
 * ones with `+`. `pick` chooses among `shown`.
 */
export function useSelected(key: DraftKey, shown: readonly { id: string }[]) {
  const { text } = useDraft(key);
  const ids: ReadonlyMap<string, boolean> = useMemo(
    () => new Map(text.value.match(/\S+/g)?.map((id) => [id.replace(/^\+/, ""), id.startsWith("+")])),
    [text.value],
  );
  const set = (next: ReadonlyMap<string, boolean>) =>
    (text.value = [...next].map(([id, isByHand]) => (isByHand ? `+${id}` : id)).join(" "));
  const pick = usePick(
    new Set(ids.keys()),
    () => shown.map(({ id }) => id),
    (next, isRange) => set(new Map([...next].map((id) => [id, ids.get(id) ?? !isRange]))),
  );
  return { ids, set, pick };
}

/** Returns the ids ticked individually. */
export function tickedOf(selected: ReadonlyMap<string, boolean>): Set<string> {
  return new Set([...selected].flatMap(([id, isByHand]) => (isByHand ? [id] : [])));
}
