import type { MessageKey } from "../i18n";
import { JOB_LIMITS, type Reason, type Step, type Tally, type Verdict } from "../model/step";
import { personKey } from "../person";

/** A step without what the journal adds. */
export type NewStep = Pick<Step, "target" | "person" | "given" | "group" | "state" | "attempts" | "verdict" | "reason">;

type Counter = Exclude<keyof Tally, "connection" | "day">;

/**
 * A kind of job, without side effects; its executor is in `lib/background/jobs/`. `Retry`: input of the job that
 * retries failed steps.
 */
export interface Kind<Input, Retry = Input> {
  /** Heading, such as "Add 5 people". */
  title(count: number, name: string): string;
  /** Text of the undo window; without it there is none. */
  undo?(count: number): string;
  count(input: Input): number;
  name?(input: Input): string;
  /** Whether its lists fit together, which the schema cannot check. */
  isSound?(input: Input): boolean;
  isTooLarge(input: Input): boolean;
  /** Whether it has one effect only: if refused, the job ends instead of waiting for the agent. */
  isSingle(input: Input): boolean;
  /** What a step's `target` is; `none` until the group is created. */
  target: "group" | "chat" | "code" | "none";
  /** A finished step names a group created or joined. */
  leadsTo?: "new-group" | "group";
  /** Distinct ids of groups it writes to, except those of `leadsTo`. */
  groups(input: Input): string[];
  /**
   * Groups and chats it affects; `""` is the group list, which shows creates and joins. Jobs that share one do not send
   * simultaneously.
   */
  targets(input: Input): string[];
  /** Its steps, each person once. `own`: our person id. */
  steps(input: Input, own: string | undefined): NewStep[];
  verdicts(step: Pick<Step, "person" | "group">): [reached: Verdict, missed: Verdict];
  /** What the steps add to the day's counters. */
  tally?(steps: Step[]): Partial<Record<Counter, number>>;
  /** The job that retries `failed`; without `steps`, they follow from the input. Undefined: repeated from the form. */
  retry?(input: Input, failed: Step[], all: Step[]): { input: Retry; steps?: NewStep[] } | undefined;
  /** Mean time between steps, in ms. */
  interval: { careful: number; fast?: number };
  reasons?: Partial<Record<Reason, { sentence?: MessageKey; next?: MessageKey }>>;
}

/** Careful `interval` of most kinds, in ms. */
export const CAREFUL = 5500;

/** Returns a step to do. */
export function newStep(target: string, { person, given, group }: Partial<NewStep> = {}): NewStep {
  return { target, person, given, group, state: "todo", attempts: 0 };
}

/** Returns the steps reset to the start. */
export function afresh(steps: Step[]): NewStep[] {
  return steps.map((step) => newStep(step.target, step));
}

/** Whether a job exceeds `JOB_LIMITS`; `pairs` if not everybody is meant for every group. */
export function areTooMany(people: number, groups: number, pairs = people * groups): boolean {
  return people > JOB_LIMITS.people || groups > JOB_LIMITS.groups || pairs > JOB_LIMITS.results;
}

/** Returns each person once, by `personKey`. */
export function distinct<P extends { id: string }>(people: readonly P[]): P[] {
  const seen = new Set<string>();
  return people.filter(({ id }) => !seen.has(personKey(id)) && seen.add(personKey(id)));
}
