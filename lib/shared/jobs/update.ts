import * as v from "valibot";
import { text } from "../fields";
import { t } from "../i18n";
import { groupId } from "../ids";
import { CAREFUL, type Kind, newStep } from "./kind";

/** Changing the name or the description of a group: one step. */

/** Input of an update: what is absent stays as it is. */
export const updateInput = v.strictObject({
  kind: v.literal("update"),
  group: groupId,
  name: v.optional(v.pipe(text(1000), v.trim(), v.minLength(1))),
  description: v.optional(text(10_000)),
});

/** Changing a group. */
export const update: Kind<v.InferOutput<typeof updateInput>> = {
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
