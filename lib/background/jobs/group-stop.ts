import { kindOf } from "../../shared/jobs/kinds";
import type { FailureCode, Reading, Step } from "../../shared/model";
import type { GatewayFailure } from "../gateway/answer";
import { failureFields, reasonOf, type Slice, SOON } from "./slice";
import { missed, type Op } from "../membership/verdict";

/** The job's readings without a finished group's. */
export function without(slice: Slice, group: string): { readings: Record<string, Reading> } {
  const { [group]: _, ...readings } = slice.job.readings ?? {};
  return { readings };
}

/** When to ask again about a group reported gone but perhaps late; undefined if gone. */
async function lateUntil(
  slice: Slice,
  group: string,
  failure: GatewayFailure,
  pending: Step[],
): Promise<number | undefined> {
  if (failure.code !== "group-gone") return undefined;
  const now = slice.now();
  const { enteredAt = -Infinity, listedAt = -Infinity } = (await slice.group(group)) ?? {};
  // The gateway has listed it since we entered.
  const isKnown = listedAt > enteredAt;
  const until =
    Math.max(isKnown ? -Infinity : enteredAt, ...pending.map((step) => step.sentAt ?? 0)) + slice.settleTime;
  if (until <= now) return undefined;
  const soon = SOON[slice.job.tries ?? 0] ?? Infinity;
  return Math.min(now + soon, until, now + slice.settleTime);
}

/**
 * If a group reported gone may be late (just entered, or effects `pending`), commits `changes` and asks again later.
 * Returns whether it did.
 */
export async function waitForGroup(
  slice: Slice,
  group: string,
  failure: GatewayFailure,
  changes: Step[] = [],
  pending: Step[] = [],
): Promise<boolean> {
  const late = await lateUntil(slice, group, failure, pending);
  if (late === undefined) return false;
  await slice.commit(changes, { at: late, isSettling: true }, { tries: (slice.job.tries ?? 0) + 1 });
  return true;
}

/** Whether a refusal concerns only this group. */
export function isAboutGroup(failure: GatewayFailure): boolean {
  return failure.certainty === "refused" && (failure.code === "not-admin" || failure.code === "group-gone");
}

/** Stops sending to a group; what was sent is still proved. */
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

/** Fails a stopped group's unsent steps; a job with one group waits for the agent. */
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
