import { draftKey } from "../../lib/shared/draft";
import type { ColumnRole } from "../../lib/shared/model";
import { useDraft } from "./live";

const TABLES = 30;

/** Returns chosen column roles by `PeopleTable.key`; equal choices have equal `text`. */
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

function chosenColumns(draft: string): Record<string, ColumnRole[]> {
  try {
    return (JSON.parse(draft || "{}") as Record<string, ColumnRole[]> | null) ?? {};
  } catch {
    // Unreadable: roles are guessed, and the next choice overwrites it.
    return {};
  }
}
