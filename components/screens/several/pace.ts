import { draftKey } from "../../../lib/shared/draft";
import type { Pace } from "../../../lib/shared/model";
import { useDraft } from "../../models/live";
import { useShell } from "../../models/shell";

/** Returns the pace for several groups, by default the setting, and a setter. */
export function usePace(): [Pace, (pace: Pace) => void] {
  const { connection, settings } = useShell();
  const { text } = useDraft(draftKey({ form: "several", connection: connection.value?.id }, "pace"));
  return [(text.value || settings.value.pace) as Pace, (pace) => (text.value = pace)];
}
