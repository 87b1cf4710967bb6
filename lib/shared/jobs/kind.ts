import type { MessageKey } from "../i18n";
import { JOB_LIMITS, type Reason, type Step, type Tally, type Verdict } from "../model/step";
import { personKey } from "../person";

/** A step as its kind makes it; the journal adds the job, the connection and the index. */
export type NewStep = Pick<Step, "target" | "person" | "given" | "group" | "state" | "attempts" | "verdict" | "reason">;

/** The counters of a day. */
type Counter = Exclude<keyof Tally, "connection" | "day">;

/**
 * Everything that is known of one kind of job without doing it: pure, for the worker and the screens. How it is done is
 * the executor of the same name in `lib/background/jobs/`.
 * Trying its failed steps again may need a job of another kind (`Retry`).
 */
export interface Kind<Input, Retry = Input> {
  /** Its heading ("Add 5 people"), from how many things it is about and, where `name` returns one, that name. */
  title(count: number, name: string): string;
  /** What its undo window says. A kind without it has no such window. */
  undo?(count: number): string;
  /** How many things it is about: people, groups, chats or codes. */
  count(input: Input): number;
  /** The name that its heading says. */
  name?(input: Input): string;
  /** Whether its lists fit each other, of which its schema sees each by itself. */
  isSound?(input: Input): boolean;
  /** Whether it is more than one job may hold (`JOB_LIMITS`). */
  isTooLarge(input: Input): boolean;
  /** Whether it is one effect: when that is refused the job has failed and ends, instead of waiting for the agent. */
  isSingle(input: Input): boolean;
  /** What `target` of its steps is; `none` until the group is made. */
  target: "group" | "chat" | "code" | "none";
  /** A finished step names a group that the agent is in because of it: one that was made, or one that was entered. */
  leadsTo?: "new-group" | "group";
  /** Ids of the groups that it writes to, each once. What `leadsTo` is about is not among them. */
  groups(input: Input): string[];
  /**
   * What it acts upon: ids of groups and chats, or `""` for the list of groups, which shows what a create or a join made.
   * Two jobs that have one in common do not send at the same time.
   */
  targets(input: Input): string[];
  /** Its steps. A person in two spellings is one. `own` is our own person id, where it is known. */
  steps(input: Input, own: string | undefined): NewStep[];
  /** The verdicts of a step whose effect was reached, and whose effect was not. */
  verdicts(step: Pick<Step, "person" | "group">): [reached: Verdict, missed: Verdict];
  /** What these steps add to the counters of the day when they are sent. */
  tally?(steps: Step[]): Partial<Record<Counter, number>>;
  /**
   * The job that tries `failed` again; `all` are the steps of the ended job. Without `steps` it has those of its input.
   * Undefined, or a kind without it: it is done again from its form.
   */
  retry?(input: Input, failed: Step[], all: Step[]): { input: Retry; steps?: NewStep[] } | undefined;
  /** Mean time from one step to the next, in ms, where the pace decides it. */
  interval: { careful: number; fast?: number };
  /** Reasons that mean something else, or ask for something else, in a job of this kind. */
  reasons?: Partial<Record<Reason, { sentence?: MessageKey; next?: MessageKey }>>;
}

/** Mean time from one step to the next at the careful pace, in ms. */
export const CAREFUL = 5500;

/** A step that nothing was done for yet. */
export function newStep(target: string, { person, given, group }: Partial<NewStep> = {}): NewStep {
  return { target, person, given, group, state: "todo", attempts: 0 };
}

/** The same steps as if nothing had been done for them. */
export function afresh(steps: Step[]): NewStep[] {
  return steps.map((step) => newStep(step.target, step));
}

/** Whether so many people in so many groups are too many for one job; `pairs` when not everybody is meant for each group. */
export function areTooMany(people: number, groups: number, pairs = people * groups): boolean {
  return people > JOB_LIMITS.people || groups > JOB_LIMITS.groups || pairs > JOB_LIMITS.results;
}

/** The people, each once, whatever the spelling. */
export function distinct<P extends { id: string }>(people: readonly P[]): P[] {
  const seen = new Set<string>();
  return people.filter(({ id }) => !seen.has(personKey(id)) && seen.add(personKey(id)));
}
