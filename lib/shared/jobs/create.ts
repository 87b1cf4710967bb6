import * as v from "valibot";
import { pace, people, text } from "../fields";
import { t } from "../i18n";
import { LIMITS } from "../model/group";
import { personKey } from "../person";
import type { addInput } from "./membership";
import { areTooMany, CAREFUL, distinct, type Kind, newStep } from "./kind";

/** Creating a group: one step for the group, and one for each of the first few people, who are sent with it. */

/** Input of a create. The people beyond the first few are added by a job that follows. */
export const createInput = v.strictObject({
  kind: v.literal("create"),
  name: v.pipe(text(1000), v.trim(), v.minLength(1)),
  people,
  pace,
});

/** Creating a group. */
export const create: Kind<v.InferOutput<typeof createInput>, v.InferOutput<typeof addInput>> = {
  target: "none",
  leadsTo: "new-group",
  interval: { careful: CAREFUL },
  title: (_, name) => t("job_title_create", name),
  name: ({ name }) => name,
  count: () => 1,
  isTooLarge: ({ people }) => areTooMany(people.length, 1),
  isSingle: () => true,
  groups: () => [],
  targets: () => [""],
  steps({ people }, own) {
    const others = people.filter(({ id }) => own === undefined || personKey(id) !== personKey(own));
    const first = distinct(others).slice(0, LIMITS.createWith);
    return [newStep(""), ...first.map(({ id, given }) => newStep("", { person: id, given }))];
  },
  verdicts: ({ person }) => (person === undefined ? ["created", "not-created"] : ["added", "not-added"]),
  // One group, however many people were sent with it.
  tally: (steps) => ({ creates: Math.min(1, steps.length) }),
  retry({ people, pace }, failed, [made]) {
    // A group that was not made is made again from its form; the people who are not in one that was are added.
    if (made?.group === undefined || made.verdict !== "created") return undefined;
    const again = people.filter(({ id }) => failed.some(({ person }) => person === id));
    return { input: { kind: "add", groups: [made.group], people: again, pace } };
  },
  reasons: { invalid: { sentence: "reason_bad_create", next: "reason_bad_create_next" } },
};
