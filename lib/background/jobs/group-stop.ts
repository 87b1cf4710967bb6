import { kindOf } from "../../shared/jobs/kinds";
import type { FailureCode, Reading, Step } from "../../shared/model";
import type { GatewayFailure } from "../gateway/answer";
import { reasonOf, type Slice, SOON, failureFields } from "./slice";
import { missed, type Op } from "../membership/verdict";

/** Groups in which a job can do nothing more, or not yet. */

/** The readings of the job without that of a group that is finished. */
export function without(slice: Slice, group: string): { readings: Record<string, Reading> } {
  const { [group]: _, ...readings } = slice.job.readings ?? {};
  return { readings };
}

/**
 * When to ask again for a group of which the gateway says that it is gone: while the group is new, or an effect is still
 * to come, it may be late. Undefined: it is gone.
 */
export async function lateUntil(
  slice: Slice,
  group: string,
  failure: GatewayFailure,
  pending: Step[] = [],
): Promise<number | undefined> {
  if (failure.code !== "group-gone") return undefined;
  const now = slice.now();
  const enteredAt = (await slice.group(group))?.enteredAt ?? -Infinity;
  const until = Math.max(enteredAt, ...pending.map((step) => step.sentAt ?? 0)) + slice.settleTime;
  if (until <= now) return undefined;
  const soon = SOON[slice.job.tries ?? 0] ?? Infinity;
  return Math.min(now + soon, until, now + slice.settleTime);
}

/** "Not an admin" and "no such group" concern one group: the others of the job go on, a single one waits for the agent. */
export function isAboutGroup(failure: GatewayFailure): boolean {
  return failure.certainty === "refused" && (failure.code === "not-admin" || failure.code === "group-gone");
}

/** Notes that nothing more can be done in a group. What was sent there before is read back all the same. */
export async function stopGroup(slice: Slice, group: string, changes: Step[], failure: GatewayFailure): Promise<void> {
  const { code, detail } = failure;
  const stop = { code, detail };
  const learnt = code === "not-admin" ? { groups: [{ id: group, isAdmin: false }] } : {};
  await slice.commit(
    changes,
    { at: slice.now() },
    { tries: 0, stopped: { ...slice.job.stopped, [group]: stop } },
    learnt,
  );
}

/** What was not sent in a group where nothing more can be done: with one group the job waits for the agent. */
export async function giveUp(
  slice: Slice,
  op: Op,
  group: string,
  todo: Step[],
  { code, detail }: { code: FailureCode; detail?: string },
): Promise<void> {
  const { input } = slice.job;
  const { [group]: _, ...stopped } = slice.job.stopped ?? {};
  const patch = { stopped, ...without(slice, group) };
  if (kindOf(input).groups(input).length < 2) {
    return slice.commit([], { pause: { reason: code, detail } }, patch);
  }
  const failure = { code, detail, certainty: "refused" } as const;
  const reason = reasonOf(failure);
  const changes = todo.map((step): Step => ({
    ...step,
    ...failureFields(failure),
    state: "failed",
    verdict: missed(op),
    reason,
  }));
  await slice.commit(changes, { at: slice.now() }, patch);
}
