import { plural, t } from "../i18n";
import { LIMITS } from "../model/group";
import { JOB_LIMITS, type Step } from "../model/step";
import { personKey } from "../person";
import { areTooMany, CAREFUL, distinct, type Kind, newStep } from "./kind";
import type { InputOf } from "./inputs";

type CreateInput = InputOf<"create">;

/** Returns the groups to create, in order. */
export function newGroups({ name, people, more = [] }: CreateInput): Pick<CreateInput, "name" | "people">[] {
  return [{ name, people }, ...more];
}

/** Splits a create's steps by group: the group's own, then its people's. */
export function byGroup(steps: Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    if (step.person === undefined) groups.push([step]);
    else groups.at(-1)?.push(step);
  }
  return groups;
}

/** Creates groups in turn: a step per group, then one for each of the first few people, sent with it. */
export const create: Kind<CreateInput, InputOf<"add">> = {
  target: "none",
  leadsTo: "new-group",
  interval: { careful: CAREFUL },
  title: (count, name) => (count > 1 ? plural("job_title_create_several", count) : t("job_title_create", name)),
  name: ({ name }) => name,
  count: (input) => newGroups(input).length,
  isTooLarge: (input) => {
    const groups = newGroups(input);
    const count = groups.reduce((sum, each) => sum + each.people.length, 0);
    return groups.length > JOB_LIMITS.creates || areTooMany(count, groups.length, count);
  },
  isSingle: ({ more }) => more === undefined,
  groups: () => [],
  targets: () => [""],
  steps(input, own) {
    return newGroups(input).flatMap(({ name, people }) => {
      const others = people.filter(({ id }) => own === undefined || personKey(id) !== personKey(own));
      const first = distinct(others).slice(0, LIMITS.createWith);
      return [
        newStep("", input.more ? { given: name } : {}),
        ...first.map(({ id, given }) => newStep("", { person: id, given })),
      ];
    });
  },
  verdicts: ({ person }) => (person === undefined ? ["created", "not-created"] : ["added", "not-added"]),
  tally(steps) {
    const creates = steps.filter(({ person }) => person === undefined).length;
    return { creates, adds: steps.length - creates };
  },
  retry(input, failed, all) {
    // Adds people missing from created groups. Failed groups are recreated from the form.
    const refused = new Set(failed.map(({ index }) => index));
    const steps = byGroup(all).flatMap(([made, ...others]) =>
      made?.group === undefined || made.verdict !== "created"
        ? []
        : others.filter(({ index }) => refused.has(index)).map((step) => newStep(made.group ?? "", step)),
    );
    if (steps.length === 0) return undefined;
    const ids = new Set(steps.map(({ person }) => person));
    const people = distinct(newGroups(input).flatMap((each) => each.people.filter(({ id }) => ids.has(id))));
    const groups = [...new Set(steps.map(({ target }) => target))];
    return { input: { kind: "add", groups, people, pace: input.pace }, steps };
  },
  reasons: { invalid: { sentence: "reason_bad_create", next: "reason_bad_create_next" } },
};
