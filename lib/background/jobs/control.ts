import type { Reply } from "../../shared/failure";
import { kindOf } from "../../shared/jobs/kinds";
import type { Step } from "../../shared/model";
import { isPending } from "./journal";
import type { StoredJob } from "./record";
import { PROVED } from "../membership/verdict";
import { EXECUTORS } from "./executors";
import { change, type Engine, isOver } from "./engine";

/** Pauses a job. `too-late`: not open. */
export function pause(engine: Engine, id: string): Promise<Reply<void>> {
  return change(engine, id, (job) => {
    if (isOver(job)) return undefined;
    return { job: { state: "paused", pause: { reason: "agent" } } };
  });
}

/** Resumes a job at its pace. `too-late`: not paused. */
export function resume(engine: Engine, id: string): Promise<Reply<void>> {
  const { clock } = engine;
  return change(engine, id, (job, steps) => {
    if (job.state !== "paused") return undefined;
    const now = clock.now();
    const gap = kindOf(job.input).interval["pace" in job.input ? job.input.pace : "careful"] ?? 0;
    // A time ahead of the clock is no reason to wait.
    const lastSent = steps.reduce((last, { sentAt = 0 }) => (sentAt <= now ? Math.max(last, sentAt) : last), 0);
    const notBefore = Math.max(now, job.undoUntil, lastSent + gap);
    return { job: { state: "waiting", pause: undefined, notBefore, streak: 0, tries: 0 } };
  });
}

/** Cancels a job; see `Jobs.cancel`. `too-late`: not open. */
export function cancel(engine: Engine, id: string): Promise<Reply<void>> {
  const { clock } = engine;
  return change(engine, id, (job, steps) => {
    if (isOver(job)) return undefined;
    const now = clock.now();
    const changes = steps
      .filter((step) => step.state === "todo")
      .map((step): Step => ({ ...step, state: "cancelled", verdict: "cancelled" }));
    const open = steps.filter((step) => step.state === "sending" || isPending(step));
    // The epoch bars a running slice from writing.
    const end: Partial<StoredJob> = { state: "cancelled", endedAt: now, pause: undefined, epoch: job.epoch + 1 };
    if (open.length === 0) return { job: end, steps: changes };
    if (!job.isCancelled) {
      const goOn: Partial<StoredJob> =
        job.state === "paused" ? { state: "waiting", notBefore: now, pause: undefined } : {};
      return { job: { ...goOn, isCancelled: true }, steps: changes };
    }
    const unproved = open.map((step): Step => ({ ...step, state: "review", verdict: "unconfirmed" }));
    return { job: end, steps: [...changes, ...unproved] };
  });
}

/** Writes the agent's decision about steps in review. `too-late`: none is. */
export function resolveSteps(
  engine: Engine,
  id: string,
  indexes: number[],
  as: "done" | "failed",
  group: string | undefined,
): Promise<Reply<void>> {
  const { clock } = engine;
  return change(engine, id, (job, steps) => {
    const open = indexes.flatMap((index) => (steps[index]?.state === "review" ? [steps[index]] : []));
    if (open.length === 0) return undefined;
    const kind = kindOf(job.input);
    const resolved = open.map((step): Step => {
      const verdict = kind.verdicts(step)[as === "done" ? 0 : 1];
      const reason = group === undefined ? "by-agent" : undefined;
      const plain: Step = { ...step, ...PROVED, reason, candidates: undefined };
      return { ...plain, state: as, verdict, group: group ?? step.group };
    });
    const decision = { job, steps, resolved, as, group, now: clock.now() };
    const more = EXECUTORS[job.input.kind].resolve?.(decision) ?? {};
    const changed = new Set(more.steps?.map(({ index }) => index));
    return { ...more, steps: [...resolved.filter(({ index }) => !changed.has(index)), ...(more.steps ?? [])] };
  });
}
