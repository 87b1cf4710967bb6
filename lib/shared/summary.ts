import { kindOf } from "./jobs/kinds";
import type { Job, JobInput, JobKind, JobState, Reason, Step, StepState, Verdict } from "./model";

/** A job in the history, without its people; written with each of its changes. */
export interface JobSummary {
  job: string;
  connection: string;
  createdAt: number;
  endedAt?: number;
  kind: JobKind;
  count: number;
  name?: string;
  groups: string[];
  /** Its person, if only one. */
  person?: string;
  state: JobState;
  /** In total, not ended, and needing attention. */
  steps: number;
  open: number;
  troubled: number;
  verdicts: Partial<Record<Verdict, number>>;
}

const ENDED: ReadonlySet<StepState> = new Set<StepState>(["done", "failed", "review", "cancelled"]);

/** Whether a step will not change by itself. */
export function isEnded({ state }: Pick<Step, "state">): boolean {
  return ENDED.has(state);
}

/** False for unproved steps. */
function isFailed({ state, verdict }: Pick<Step, "state" | "verdict">): boolean {
  return state === "failed" || (verdict?.startsWith("not-") ?? false);
}

/** Whether a step failed, or only the agent can decide its outcome. */
function isTroubled(step: Step): boolean {
  return step.state === "review" || (step.verdict === "unconfirmed" && isEnded(step)) || isFailed(step);
}

/** Another try would skip these again. */
const BY_RULE: ReadonlySet<Reason> = new Set<Reason>(["own-number", "is-admin"]);

/** Returns the steps to retry: failed, but not by rule. */
export function failedSteps(input: JobInput, steps: Step[]): Step[] {
  const kind = kindOf(input);
  return steps.filter(
    (step) => isEnded(step) && step.verdict === kind.verdicts(step)[1] && !(step.reason && BY_RULE.has(step.reason)),
  );
}

/** Returns a job's summary from all its steps. */
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

/** Returns the summary after the steps `before` became `after`. */
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
