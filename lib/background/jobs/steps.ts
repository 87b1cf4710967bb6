import { LIMITS, type JobInput, type JobKind, type Person, type Step, type Verdict } from "../../shared/model";
import { personKey } from "../../shared/person";

/** From what the agent wants to the single effects of it, and back. Pure. */

/** For each kind the verdict of its effect having been reached, and of its not having been. */
export const VERDICTS: Record<JobKind, [reached: Verdict, missed: Verdict]> = {
  add: ["added", "not-added"],
  remove: ["removed", "not-removed"],
  create: ["created", "not-created"],
  update: ["updated", "not-updated"],
  leave: ["left", "not-left"],
  join: ["joined", "not-joined"],
  send: ["sent", "not-sent"],
};

/** How long a removal, a leave and a send can be undone, in ms. */
export const UNDO = 5_000;

/** Kinds that wait for the undo window before anything is sent. */
export const UNDOABLE: ReadonlySet<JobKind> = new Set<JobKind>(["remove", "leave", "send"]);

/** Whether a job is one effect: when that is refused the job has failed and ends, instead of waiting for the agent. */
export function isSingle(input: JobInput): boolean {
  switch (input.kind) {
    case "create":
    case "update":
      return true;
    case "leave":
      return input.groups.length === 1;
    case "join":
      return input.codes.length === 1;
    case "send":
      return input.chats.length === 1;
    default:
      return false;
  }
}

/**
 * What a job acts upon: ids of groups and chats, or `""` for the list of groups, which shows what a create or a join made.
 * Two jobs that have one in common must not send at the same time.
 */
export function targetsOf(input: JobInput): string[] {
  switch (input.kind) {
    case "create":
    case "join":
      return [""];
    case "update":
      return [input.group];
    case "send":
      return [...input.chats];
    default:
      return [...input.groups];
  }
}

/** A step that nothing was done for yet; the journal gives it its place. */
export function freshStep(step: Partial<Step>, target: string, person?: string): Step {
  const { given, group } = step;
  return { job: "", index: 0, connection: "", target, person, given, group, state: "todo", attempts: 0 };
}

function distinct(people: Person[]): Person[] {
  const seen = new Set<string>();
  return people.filter(({ id }) => !seen.has(personKey(id)) && seen.add(personKey(id)));
}

/** The people of an add or a remove for each of its groups, each once. */
function wanted({ groups, people, pairs }: Extract<JobInput, { kind: "add" | "remove" }>): [string, Person[]][] {
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

/** The steps of a job. A person in two spellings is one; our own number is never added or removed. */
export function stepsOf(input: JobInput, own: string | undefined): Step[] {
  switch (input.kind) {
    case "add":
    case "remove": {
      const verdict = VERDICTS[input.kind][1];
      return wanted(input).flatMap(([group, people]) =>
        people.map(({ id, given }): Step => {
          const step = freshStep({ given }, group, id);
          const isOwn = own !== undefined && personKey(own) === personKey(id);
          return isOwn ? { ...step, state: "failed", verdict, reason: "own-number" } : step;
        }),
      );
    }
    case "create": {
      const others = input.people.filter(({ id }) => own === undefined || personKey(id) !== personKey(own));
      const people = distinct(others);
      return [
        freshStep({}, ""),
        ...people.slice(0, LIMITS.createWith).map(({ id, given }) => freshStep({ given }, "", id)),
      ];
    }
    case "update":
      return [freshStep({}, input.group)];
    case "leave":
      return [...new Set(input.groups)].map((group) => freshStep({}, group));
    case "join":
      return [...new Set(input.codes)].map((code) => freshStep({}, code));
    default:
      return (input.texts ? input.chats : [...new Set(input.chats)]).map((chat) => freshStep({}, chat));
  }
}

/** The input of a job for these steps of it alone. */
export function inputOf(input: JobInput, steps: Step[]): JobInput {
  const targets = [...new Set(steps.map(({ target }) => target))];
  switch (input.kind) {
    case "add":
    case "remove": {
      const keys = new Set(steps.map(({ person }) => personKey(person ?? "")));
      // Their steps are handed on, so it does not matter who was meant for which group.
      const { pairs: _, ...rest } = input;
      return { ...rest, groups: targets, people: input.people.filter(({ id }) => keys.has(personKey(id))) };
    }
    case "leave":
      return { ...input, groups: targets };
    case "join":
      return { ...input, codes: targets };
    case "send":
      return {
        ...input,
        chats: steps.map(({ target }) => target),
        texts: input.texts && steps.map(({ index }) => input.texts?.[index] ?? input.text),
      };
    default:
      return input;
  }
}
