import type { Step } from "../../shared/model";
import { isGroupGone, isSurelyGone } from "../gateway/answer";
import { waitForGroup } from "./group-stop";
import { isPending } from "./journal";
import {
  counted,
  type Executor,
  failedStep,
  isSettled,
  jitter,
  nextReadingAt,
  pauseAfterReading,
  type Slice,
  failureFields,
  unsent,
} from "./slice";
import { showsUs } from "../membership/belief";
import { PROVED } from "../membership/verdict";

const AGENT = { priority: "agent" } as const;

/** Leaves groups one by one. Repeating is harmless: an unsure leave may be sent twice. */
export const leave: Executor = { run };

async function run(slice: Slice): Promise<void> {
  const todo = slice.steps.find((step) => step.state === "todo");
  if (todo) return send(slice, todo);
  const pending = slice.steps.filter(isPending);
  const [next] = pending.toSorted((a, b) => dueAt(slice, a) - dueAt(slice, b));
  if (!next) return slice.commit([], { end: true });
  const due = dueAt(slice, next);
  if (due > slice.now()) return slice.commit([], { at: due, isSettling: true });
  await prove(slice, next);
}

async function send(slice: Slice, todo: Step): Promise<void> {
  slice.focus(todo.target);
  const [step] = await slice.intend([todo]);
  if (!step) return;
  const answer = await slice.gateway.leaveGroup(step.target, AGENT);
  const now = slice.now();
  const hasMore = slice.steps.some(({ state }) => state === "todo");
  const at = now + (hasMore ? jitter(() => slice.random()) : 0);
  if (answer.ok) {
    const accepted: Step = { ...step, state: "accepted", verdict: "unconfirmed", requestId: answer.requestId };
    return slice.commit([accepted], { at }, { tries: 0 });
  }
  if (isGroupGone(answer.failure)) {
    if (await waitForGroup(slice, step.target, answer.failure, [unsent(step)])) return;
    // A missing route or another refusal is possible: the list decides.
    if ((await isListed(slice, step.target)) ?? !isSurelyGone(answer.failure)) {
      const code = answer.failure.status === 404 && answer.failure.isVague ? "no-route" : "no-right";
      const failed: Step = {
        ...step,
        ...failureFields({ ...answer.failure, code }),
        state: "failed",
        verdict: "not-left",
      };
      return slice.commit([failed], { at }, { tries: 0 });
    }
    const { requestId } = answer.failure;
    const done: Step = { ...step, requestId, state: "done", verdict: "was-not-member" };
    return slice.commit([done], { at }, { tries: 0 }, { groups: [{ id: step.target, goneAt: now }] });
  }
  const failed = failedStep(slice, step, answer, "not-left");
  const tries = (slice.job.tries ?? 0) + 1;
  await slice.commit([failed.step], failed.pause ? { pause: failed.pause } : { at }, { tries });
}

function dueAt(slice: Slice, step: Step): number {
  const reading = slice.job.readings?.[step.target];
  if (!reading || reading.at <= (step.sentAt ?? 0)) return 0;
  return nextReadingAt(step, reading, slice);
}

/** Left if the gateway has no such group or shows it without us. */
async function prove(slice: Slice, step: Step): Promise<void> {
  const at = slice.now();
  const answer = await slice.gateway.getGroup(step.target, AGENT);
  if (!answer.ok && (await waitForGroup(slice, step.target, answer.failure))) return;
  const reading = { at, serverAt: answer.serverTime };
  const isLate = isSettled(step, reading, slice.settleTime);
  let isIn = answer.ok
    ? showsUs(slice.connection?.ownNumber, answer.value.members)
    : isSurelyGone(answer.failure)
      ? false
      : undefined;
  // Some gateways show groups to outsiders, or refuse to: the list decides.
  if (answer.ok ? isIn !== false && isLate : isIn === undefined && answer.failure.certainty === "refused") {
    isIn = (await isListed(slice, step.target)) ?? isIn;
  }
  if (isIn === undefined && !answer.ok) {
    const pause = pauseAfterReading(slice, answer.failure);
    if (pause) return slice.commit([], { pause }, { tries: (slice.job.tries ?? 0) + 1 });
    return slice.commit([{ ...step, ...failureFields(answer.failure), state: "review", verdict: "unconfirmed" }], {
      at,
    });
  }
  const readings = { ...slice.job.readings, [step.target]: reading };
  if (isIn === false) {
    const done: Step = { ...step, ...PROVED, state: "done", verdict: "left" };
    return slice.commit([done], { at }, { tries: 0, readings }, { groups: [{ id: step.target, goneAt: at }] });
  }
  const next = isLate ? stillIn(slice, step, isIn) : counted(step, reading, slice.settleTime);
  await slice.commit([next], { at }, { tries: 0, readings });
}

/** `isIn`: whether we surely are. */
function stillIn(slice: Slice, step: Step, isIn = false): Step {
  if (step.state === "accepted") {
    const outcome = isIn
      ? ({ verdict: "not-left", reason: "no-effect" } as const)
      : { verdict: "unconfirmed" as const };
    return { ...step, ...outcome, state: "review" };
  }
  if (step.attempts < 2 && slice.job.isCancelled !== true) return { ...step, state: "todo", verdict: undefined };
  return { ...step, state: "review", verdict: "needs-review" };
}

/** Undefined without a complete, credible list. */
async function isListed(slice: Slice, group: string): Promise<boolean | undefined> {
  const answer = await slice.gateway.listGroups(AGENT);
  if (!answer.ok || !answer.value.isComplete) return undefined;
  const { groups } = answer.value;
  // Believe an empty list only if no other group is missing.
  const leaving = new Set(slice.steps.map(({ target }) => target));
  if (groups.length === 0 && (await slice.knownGroups()).ids.some((id) => !leaving.has(id))) return undefined;
  return groups.some(({ id }) => id === group);
}
