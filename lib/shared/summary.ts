import {
  JOB_LIMITS,
  type Job,
  type JobInput,
  type JobKind,
  type JobState,
  type Step,
  type StepState,
  type Verdict,
} from "./model";

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

/** Whether a step was refused or failed, unlike those that nobody can tell. */
function isFailed({ state, verdict }: Pick<Step, "state" | "verdict">): boolean {
  return state === "failed" || (verdict?.startsWith("not-") ?? false);
}

/** Whether "try again" is about a step: it failed, and not because it is left out by rule. */
export function isRetryable(step: Pick<Step, "state" | "verdict" | "reason">): boolean {
  return isFailed(step) && step.reason !== "own-number" && step.reason !== "is-admin";
}

/** Whether a job that has this step is not simply done: something failed, or only the agent can tell. */
function isTroubled(step: Step): boolean {
  return step.state === "review" || (step.verdict === "unconfirmed" && isEnded(step)) || isFailed(step);
}

/** How much a job is about: people, groups, chats or codes. */
export function countOf(input: JobInput): number {
  if (input.kind === "add" || input.kind === "remove") return input.people.length;
  if (input.kind === "leave") return input.groups.length;
  if (input.kind === "send") return input.chats.length;
  if (input.kind === "join") return input.codes.length;
  return 1;
}

/** Whether it is more than one job may hold (`JOB_LIMITS`). */
export function isTooLarge(input: JobInput): boolean {
  const people = "people" in input ? input.people.length : 0;
  const groups = "groups" in input ? input.groups.length : 0;
  const results = "pairs" in input && input.pairs ? input.pairs.length : people * groups;
  return (
    people > JOB_LIMITS.people ||
    groups > JOB_LIMITS.groups ||
    results > JOB_LIMITS.results ||
    (input.kind === "join" && input.codes.length > JOB_LIMITS.invites) ||
    (input.kind === "send" && input.chats.length > JOB_LIMITS.chats)
  );
}

/** Groups that a job writes to, each once. What a create or a join makes is not among them. */
export function groupsOf(input: JobInput): string[] {
  if (input.kind === "update") return [input.group];
  if (input.kind === "send") return [...new Set(input.chats.filter((chat) => chat.endsWith("@g.us")))];
  return "groups" in input ? [...new Set(input.groups)] : [];
}

/** The summary of a job with all its steps. */
export function summaryOf(job: Job, steps: Step[]): JobSummary {
  const { input } = job;
  const summary: JobSummary = {
    job: job.id,
    connection: job.connection,
    createdAt: job.createdAt,
    kind: input.kind,
    count: countOf(input),
    groups: groupsOf(input),
    state: job.state,
    steps: 0,
    open: 0,
    troubled: 0,
    verdicts: {},
  };
  if (job.endedAt !== undefined) summary.endedAt = job.endedAt;
  if (input.kind === "create") summary.name = input.name;
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
