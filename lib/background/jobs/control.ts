import type { Reply } from "../../shared/failure";
import type { KnownInvite, Step } from "../../shared/model";
import { isPending } from "./journal";
import type { StoredJob } from "./record";
import { PROVED } from "../membership/verdict";
import { VERDICTS } from "./steps";
import { change, type Engine, isOver } from "./engine";

/** What the agent decides about a job that has begun. */

/** Pauses an open job. `bad-input`: there is none. */
export function pause(engine: Engine, id: string): Promise<Reply<void>> {
  return change(engine, id, (job) => {
    if (isOver(job)) return undefined;
    return { job: { state: "paused", pause: { reason: "agent" } } };
  });
}

/** Lets a paused job go on. `bad-input`: there is none. */
export function resume(engine: Engine, id: string): Promise<Reply<void>> {
  const { clock } = engine;
  return change(engine, id, (job) => {
    if (job.state !== "paused") return undefined;
    const notBefore = Math.max(clock.now(), job.undoUntil);
    return { job: { state: "waiting", pause: undefined, notBefore, streak: 0, tries: 0 } };
  });
}

/** Cancels what was not sent; a second time, ends the job without proof of what was. */
export function cancel(engine: Engine, id: string): Promise<Reply<void>> {
  const { clock } = engine;
  return change(engine, id, (job, steps) => {
    if (isOver(job)) return undefined;
    const now = clock.now();
    const changes = steps
      .filter((step) => step.state === "todo")
      .map((step): Step => ({ ...step, state: "cancelled", verdict: "cancelled" }));
    const open = steps.filter((step) => step.state === "sending" || isPending(step));
    const end: Partial<StoredJob> = { state: "cancelled", endedAt: now, pause: undefined };
    if (open.length === 0) return { job: end, steps: changes };
    if (!job.isCancelled) {
      const goOn: Partial<StoredJob> =
        job.state === "paused" ? { state: "waiting", notBefore: now, pause: undefined } : {};
      return { job: { ...goOn, isCancelled: true }, steps: changes };
    }
    const unproved = open.map((step): Step => ({ ...step, state: "review", verdict: "unconfirmed" }));
    return { job: { ...end, epoch: job.epoch + 1 }, steps: [...changes, ...unproved] };
  });
}

/** Writes what the agent says became of steps in review. */
export function settleSteps(
  engine: Engine,
  id: string,
  indexes: number[],
  as: "done" | "failed",
  group: string | undefined,
): Promise<Reply<void>> {
  const { clock } = engine;
  return change(engine, id, (job, steps) => {
    const open = indexes.flatMap((index) => (steps[index]?.state === "review" ? [steps[index]] : []));
    const [first] = open;
    if (!first) return undefined;
    const [reached, missed] = VERDICTS[job.input.kind];
    const settled = open.map((step): Step => {
      const isAdded = job.input.kind === "create" && step.person !== undefined;
      const verdict = isAdded ? (as === "done" ? "added" : "not-added") : as === "done" ? reached : missed;
      const reason = group === undefined ? "by-agent" : undefined;
      const plain: Step = { ...step, ...PROVED, reason, candidates: undefined };
      return { ...plain, state: as, verdict, group: group ?? step.group };
    });
    if (job.input.kind === "join" && as === "done") {
      const at = clock.now();
      const invites = settled.map(({ connection, target: code, group: ours }): KnownInvite => {
        return { connection, code, state: "ours", group: ours, at };
      });
      return { steps: settled, invites };
    }
    if (job.input.kind !== "create" || first.person !== undefined) return { steps: settled };
    const people = steps.filter((each) => each.person !== undefined && each.state === "review");
    if (as === "failed") {
      const changes = people.map((each): Step => {
        return { ...each, state: "failed", verdict: "not-added", reason: "by-agent" };
      });
      return { steps: [...settled, ...changes] };
    }
    if (group === undefined) {
      const unknown = people.map((each): Step => ({ ...each, verdict: "unconfirmed" }));
      return { steps: [...settled, ...unknown] };
    }
    const sent = people.map((each): Step => {
      return { ...each, ...PROVED, state: "accepted", verdict: "unconfirmed", target: group };
    });
    // The people are proved now, and those beyond the first few are added.
    const again: Partial<StoredJob> = { state: "waiting", notBefore: clock.now(), endedAt: undefined };
    return { steps: [...settled, ...sent], job: job.state === "done" ? again : {} };
  });
}
