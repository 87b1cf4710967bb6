import { plural } from "../i18n";
import type { Job } from "../model/job";
import type { Person } from "../model/person";
import type { Step } from "../model/step";
import { digitsOf, personKey } from "../person";
import { afresh, areTooMany, CAREFUL, distinct, type Kind, newStep } from "./kind";
import type { InputOf } from "./inputs";

type AddInput = InputOf<"add">;
type RemoveInput = InputOf<"remove">;
type MembershipInput = AddInput | RemoveInput;

function peopleOf({ groups, people, pairs }: MembershipInput): [group: string, people: Person[]][] {
  if (!pairs) return [...new Set(groups)].map((group) => [group, distinct(people)]);
  const found = new Map<string, Person[]>();
  for (const [at, index] of pairs) {
    const [group, person] = [groups[at], people[index]];
    if (group === undefined || !person) continue;
    const list = found.get(group) ?? [];
    list.push(person);
    found.set(group, list);
  }
  return [...found].map(([group, list]) => [group, distinct(list)]);
}

const membership = {
  target: "group",
  interval: { careful: CAREFUL },
  count: ({ people }) => people.length,
  isSound: ({ people, groups, pairs = [] }) =>
    pairs.every(([group, person]) => groups[group] !== undefined && people[person] !== undefined),
  isTooLarge: ({ people, groups, pairs }) => areTooMany(people.length, groups.length, pairs?.length),
  isSingle: () => false,
  groups: ({ groups }) => [...new Set(groups)],
  targets: ({ groups }) => groups,
  steps(input, own) {
    const isOwn = (id: string) => own !== undefined && personKey(own) === personKey(id);
    const verdict = input.kind === "add" ? "not-added" : "not-removed";
    const refused = { state: "failed", verdict, reason: "own-number" } as const;
    return peopleOf(input).flatMap(([group, people]) =>
      people.map(({ id, given }) => ({
        ...newStep(group, { person: id, given }),
        ...(isOwn(id) ? refused : {}),
      })),
    );
  },
  retry(input, failed) {
    const keys = new Set(failed.map(({ person }) => personKey(person ?? "")));
    const groups = [...new Set(failed.map(({ target }) => target))];
    const people = input.people.filter(({ id }) => keys.has(personKey(id)));
    // The steps are the failed pairs alone.
    return { input: { ...input, groups, people, pairs: undefined }, steps: afresh(failed) };
  },
} satisfies Partial<Kind<MembershipInput>>;

/** Adds people to groups: a step per person and group. */
export const add: Kind<AddInput, MembershipInput> = {
  ...membership,
  title: (count) => plural("job_title_add", count),
  verdicts: () => ["added", "not-added"],
  tally: (steps) => ({ adds: steps.length }),
};

/** Removes people from groups: a step per person and group. */
export const remove: Kind<RemoveInput, MembershipInput> = {
  ...membership,
  title: (count) => plural("job_title_remove", count),
  undo: (count) => plural("undo_remove", count),
  verdicts: () => ["removed", "not-removed"],
  tally: (steps) => ({ removes: steps.length }),
  reasons: { invalid: { sentence: "failure_rejected", next: "reason_unknown_next" } },
};

/** Returns the job that undoes a removal; undefined if no removed number is known. */
export function addBack({ input }: Pick<Job, "input">, steps: Step[]): AddInput | undefined {
  if (input.kind !== "remove") return undefined;
  const gone = steps.filter(({ verdict, person }) => verdict === "removed" && digitsOf(person ?? "") !== undefined);
  if (gone.length === 0) return undefined;
  const groups = [...new Set(gone.map(({ target }) => target))];
  const people = distinct(gone.map(({ person = "", given = "" }) => ({ id: person, given })));
  const at = new Map(people.map(({ id }, index) => [personKey(id), index]));
  const pairs = gone.map(({ target, person = "" }): [number, number] => [
    groups.indexOf(target),
    at.get(personKey(person)) ?? 0,
  ]);
  return { kind: "add", groups, people, pairs, pace: input.pace };
}
