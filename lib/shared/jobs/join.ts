import { plural } from "../i18n";
import { JOB_LIMITS } from "../model/step";
import { afresh, type Kind, newStep } from "./kind";
import type { InputOf } from "./inputs";

/** Joins groups by invite, one step per code. */
export const join: Kind<InputOf<"join">> = {
  target: "code",
  leadsTo: "group",
  // Cautious, as there are no official figures.
  interval: { careful: 60_000, fast: 5000 },
  title: (count) => plural("job_title_join", count),
  count: ({ codes }) => codes.length,
  isTooLarge: ({ codes }) => codes.length > JOB_LIMITS.invites,
  isSingle: ({ codes }) => codes.length === 1,
  groups: () => [],
  targets: () => [""],
  steps: ({ codes }) => [...new Set(codes)].map((code) => newStep(code)),
  verdicts: () => ["joined", "not-joined"],
  tally: (steps) => ({ joins: steps.length }),
  retry: (input, failed) => ({
    input: { ...input, codes: failed.map(({ target }) => target) },
    steps: afresh(failed),
  }),
  reasons: {
    "group-full": { next: "reason_full_join_next" },
    invalid: { sentence: "reason_bad_code", next: "reason_bad_code_next" },
  },
};
