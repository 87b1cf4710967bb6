import { t } from "../i18n";
import { CAREFUL, type Kind, newStep } from "./kind";
import type { InputOf } from "./inputs";

/** Changes a group's name or description, in one step. */
export const update: Kind<InputOf<"update">> = {
  target: "group",
  interval: { careful: CAREFUL },
  title: () => t("job_title_update"),
  count: () => 1,
  isTooLarge: () => false,
  isSingle: () => true,
  groups: ({ group }) => [group],
  targets: ({ group }) => [group],
  steps: ({ group }) => [newStep(group)],
  verdicts: () => ["updated", "not-updated"],
  reasons: { invalid: { sentence: "reason_bad_update", next: "reason_bad_update_next" } },
};
