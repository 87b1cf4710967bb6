import { plural } from "../i18n";
import { personKey } from "../person";
import { areTooMany, CAREFUL, distinct, type Kind, newStep } from "./kind";
import type { InputOf } from "./inputs";

/** Moves people between groups: one step adds each person, another removes them once proved to be in its `group`. */
export const move: Kind<InputOf<"move">> = {
  target: "group",
  interval: { careful: CAREFUL },
  title: (count) => plural("job_title_move", count),
  undo: (count) => plural("undo_move", count),
  count: ({ people }) => people.length,
  isSound: ({ from, to }) => from !== to,
  isTooLarge: ({ people }) => areTooMany(people.length, 2),
  isSingle: () => false,
  groups: ({ from, to }) => [to, from],
  targets: ({ from, to }) => [to, from],
  steps({ from, to, people }, own) {
    const others = distinct(people).filter(({ id }) => own === undefined || personKey(own) !== personKey(id));
    return [
      ...others.map(({ id, given }) => newStep(to, { person: id, given })),
      ...others.map(({ id, given }) => newStep(from, { person: id, given, group: to })),
    ];
  },
  verdicts: ({ group }) => (group === undefined ? ["added", "not-added"] : ["removed", "not-removed"]),
  tally(steps) {
    const adds = steps.filter(({ group }) => group === undefined).length;
    return { adds, removes: steps.length - adds };
  },
  retry(input, failed) {
    const keys = new Set(failed.map(({ person = "" }) => personKey(person)));
    // Both steps: nothing is sent for people already in the other group.
    return { input: { ...input, people: input.people.filter(({ id }) => keys.has(personKey(id))) } };
  },
  reasons: { invalid: { sentence: "failure_rejected", next: "reason_unknown_next" } },
};
