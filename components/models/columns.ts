import { draftKey } from "../../lib/shared/draft";
import type { ColumnRole } from "../../lib/shared/model";
import { useDraft } from "./live";

const TABLES = 30;

/** Returns the chosen column roles by `PeopleTable.key`; equal choices have the same `text`. */
export function useColumns() {
  const draft = useDraft(draftKey({ form: "columns" }, "roles"));
  return {
    text: draft.text.value,
    roles: () => chosenColumns(draft.text.peek()),
    choose: (key: string, roles: ColumnRole[]) => {
      const others = Object.entries(chosenColumns(draft.text.peek())).filter(([each]) => each !== key);
      draft.text.value = JSON.stringify(Object.fromEntries([...others.slice(1 - TABLES), [key, roles]]));
    },
  };
}

/** Parses the draft; empty if unreadable. */
function chosenColumns(draft: string): Record<string, ColumnRole[]> {
  try {
    return (JSON.parse(draft || "{}") as Record<string, ColumnRole[]> | null) ?? {};
  } catch {
    // Unreadable: roles are guessed, and the next choice overwrites it.
    return {};
  }
}
