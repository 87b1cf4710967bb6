import { kindOf } from "./jobs/kinds";
import type { Job, JobInput, JobKind, JobState, Reason, Step, StepState, Verdict } from "./model";

/** What the history shows of a job without its people: written in one transaction with every change of job or steps. */
export interface JobSummary {
  job: string;
  connection: string;
  createdAt: number;
  endedAt?: number;
  kind: JobKind;
  /** How much it is about: people, groups, chats or codes. */
  count: number;
  /** Name of the group that is to be made (create). */
  name?: string;
  /** Groups that it writes to. */
  groups: string[];
  /** The one person that it adds or removes; absent for several. */
  person?: string;
  state: JobState;
  /** How many steps it has, how many of them have not ended, and how many the agent should look at. */
  steps: number;
  open: number;
  troubled: number;
  verdicts: Partial<Record<Verdict, number>>;
}

/** The state of a step from which nothing more happens by itself. */
const ENDED: ReadonlySet<StepState> = new Set<StepState>(["done", "failed", "review", "cancelled"]);

/** Whether nothing more happens to a step by itself. */
export function isEnded({ state }: Pick<Step, "state">): boolean {
  return ENDED.has(state);
}

/** Whether a step was refused or failed; false for one that is unproved. */
function isFailed({ state, verdict }: Pick<Step, "state" | "verdict">): boolean {
  return state === "failed" || (verdict?.startsWith("not-") ?? false);
}

/** Whether a step needs the agent's look: it failed, or only the agent can say what became of it. */
function isTroubled(step: Step): boolean {
  return step.state === "review" || (step.verdict === "unconfirmed" && isEnded(step)) || isFailed(step);
}

/** Reasons for which a step is left out by rule, so that another try would leave it out again. */
const BY_RULE: ReadonlySet<Reason> = new Set<Reason>(["own-number", "is-admin"]);

/** The steps of a job that "try again" is about: they failed, and not by a rule. */
export function failedSteps(input: JobInput, steps: Step[]): Step[] {
  const kind = kindOf(input);
  return steps.filter(
    (step) => isEnded(step) && step.verdict === kind.verdicts(step)[1] && !(step.reason && BY_RULE.has(step.reason)),
  );
}

/** The summary of a job with all its steps. */
export function summaryOf(job: Job, steps: Step[]): JobSummary {
  const { input } = job;
  const kind = kindOf(input);
  const summary: JobSummary = {
    job: job.id,
    connection: job.connection,
    createdAt: job.createdAt,
    kind: input.kind,
    count: kind.count(input),
    groups: kind.groups(input),
    state: job.state,
    steps: 0,
    open: 0,
    troubled: 0,
    verdicts: {},
  };
  if (job.endedAt !== undefined) summary.endedAt = job.endedAt;
  if (kind.name) summary.name = kind.name(input);
  if ("people" in input && input.people.length === 1) summary.person = input.people[0]?.id;
  return withSteps(summary, [], steps);
}

/** The same summary when the job stands as `job` now and the steps that were `before` are `after`. */
export function updated(summary: JobSummary, job: Job, before: Step[], after: Step[]): JobSummary {
  const { endedAt: _, ...rest } = summary;
  const ended = job.endedAt === undefined ? {} : { endedAt: job.endedAt };
  return withSteps({ ...rest, ...ended, state: job.state }, before, after);
}

function withSteps(summary: JobSummary, before: Step[], after: Step[]): JobSummary {
  const next = { ...summary, verdicts: { ...summary.verdicts } };
  for (const [list, by] of [
    [before, -1],
    [after, 1],
  ] as const) {
    for (const step of list) {
      next.steps += by;
      if (!isEnded(step)) next.open += by;
      if (isTroubled(step)) next.troubled += by;
      if (step.verdict === undefined) continue;
      const count = (next.verdicts[step.verdict] ?? 0) + by;
      if (count > 0) next.verdicts[step.verdict] = count;
      else delete next.verdicts[step.verdict];
    }
  }
  return next;
}
