import { plural } from "../i18n";
import { afresh, areTooMany, CAREFUL, type Kind, newStep } from "./kind";
import type { InputOf } from "./inputs";

/** Leaves groups, one step each. */
export const leave: Kind<InputOf<"leave">> = {
  target: "group",
  interval: { careful: CAREFUL },
  title: (count) => plural("job_title_leave", count),
  undo: (count) => plural("undo_leave", count),
  count: ({ groups }) => groups.length,
  isTooLarge: ({ groups }) => areTooMany(0, groups.length),
  isSingle: ({ groups }) => groups.length === 1,
  groups: ({ groups }) => [...new Set(groups)],
  targets: ({ groups }) => groups,
  steps: ({ groups }) => [...new Set(groups)].map((group) => newStep(group)),
  verdicts: () => ["left", "not-left"],
  reasons: { invalid: { sentence: "failure_rejected", next: "reason_unknown_next" } },
  retry: (input, failed) => ({
    input: { ...input, groups: failed.map(({ target }) => target) },
    steps: afresh(failed),
  }),
};
