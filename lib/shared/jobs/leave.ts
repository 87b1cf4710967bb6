import * as v from "valibot";
import { groups } from "../fields";
import { plural } from "../i18n";
import { afresh, areTooMany, CAREFUL, type Kind, newStep } from "./kind";

/** Leaving groups: one step for each. */

/** Input of a leave. */
export const leaveInput = v.strictObject({ kind: v.literal("leave"), groups });

/** Leaving groups. */
export const leave: Kind<v.InferOutput<typeof leaveInput>> = {
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
  retry: (input, failed) => ({
    input: { ...input, groups: failed.map(({ target }) => target) },
    steps: afresh(failed),
  }),
};
