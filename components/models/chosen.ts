import type { ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { readGroups } from "../../lib/store/read";
import type { GroupRow } from "../../lib/store/schema";
import { useDraft, useLive } from "./live";
import { useShell } from "./shell";
import { toggled } from "./ticked";

/** The groups that the agent chose in the list, to do something with all of them. They outlive the window. */
export interface Chosen {
  ids: ReadonlySet<string>;
  /** False until they are read from the store. */
  isRead: boolean;
  set: (ids: Iterable<string>) => void;
  toggle: (id: string) => void;
}

/** The chosen groups of the connection in use. */
export function useChosen(): Chosen {
  const { connection } = useShell();
  const { text, isRead } = useDraft(draftKey({ form: "groups", connection: connection.value?.id }, "chosen"));
  const ids = useMemo(() => new Set(text.value.split(" ").filter(Boolean)), [text.value]);
  const set = (next: Iterable<string>) => (text.value = [...next].join(" "));
  return {
    ids,
    isRead: isRead.value,
    set,
    toggle: (id) => set(toggled(ids, id)),
  };
}

/** The rows of these groups by name, without those that are gone; undefined until they are read. */
export function useGroupRows(ids: ReadonlySet<string>): ReadonlySignal<GroupRow[] | undefined> {
  const id = useShell().connection.value?.id ?? "";
  return useLive(["groups"], async (store) => (await readGroups(store, id, "name")).filter((row) => ids.has(row.id)), [
    id,
    [...ids].join(" "),
  ]);
}
