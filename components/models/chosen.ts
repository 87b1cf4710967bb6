import { useMemo } from "preact/hooks";
import { draftKey, type DraftKey } from "../../lib/shared/draft";
import { useDraft } from "./live";
import { useShell } from "./shell";

/** Chosen ids, stored as a draft. */
export interface Chosen {
  ids: ReadonlySet<string>;
  isRead: boolean;
  set: (ids: Iterable<string>) => void;
}

/** Returns a choice stored as a draft, ids separated by `mark`. */
export function useSavedChoice(key: DraftKey, mark = " "): Chosen {
  const { text, isRead } = useDraft(key);
  const ids = useMemo(() => new Set(text.value.split(mark).filter(Boolean)), [text.value]);
  return {
    ids,
    // Only who asks is drawn anew by it.
    get isRead() {
      return isRead.value;
    },
    set: (next) => (text.value = [...next].join(mark)),
  };
}

/** Returns the current connection's chosen groups. */
export function useChosen(): Chosen {
  const { connection } = useShell();
  return useSavedChoice(draftKey({ form: "groups", connection: connection.value?.id }, "chosen"));
}
