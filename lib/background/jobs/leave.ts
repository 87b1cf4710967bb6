import type { Step } from "../../shared/model";
import { isPending } from "./journal";
import {
  type Executor,
  failedStep,
  isGroupGone,
  isSettled,
  jitter,
  nextLook,
  pauseAfterReading,
  type Slice,
  failureFields,
} from "./slice";
import { isWithoutUs } from "../membership/belief";
import { PROVED } from "../membership/verdict";

const AGENT = { priority: "agent" } as const;

/** Leaves groups, one after the other: a wanted state, so an unsure one is read and may be sent once more. */
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
    const done: Step = { ...step, ...failureFields(answer.failure), state: "done", verdict: "was-not-member" };
    return slice.commit([done], { at }, { tries: 0 }, { groups: [{ id: step.target, goneAt: now }] });
  }
  const failed = failedStep(slice, step, answer, "not-left");
  const tries = (slice.job.tries ?? 0) + 1;
  await slice.commit([failed.step], failed.pause ? { pause: failed.pause } : { at }, { tries });
}

/** When a step's group is read again: at once, soon after, and when the effect must have come. */
function dueAt(slice: Slice, step: Step): number {
  const reading = slice.job.readings?.[step.target];
  if (!reading || reading.at <= (step.sentAt ?? 0)) return 0;
  return nextLook(step, reading, slice);
}

/** Reads the group: where the gateway does not know it for us, or shows it without us, it is left. */
async function prove(slice: Slice, step: Step): Promise<void> {
  const at = slice.now();
  const answer = await slice.gateway.getGroup(step.target, AGENT);
  const reading = { at, serverAt: answer.serverTime };
  const isLate = isSettled(step, reading, slice.settleTime);
  let isIn = answer.ok
    ? !isWithoutUs(slice.connection?.ownNumber, answer.value.members)
    : isGroupGone(answer.failure)
      ? false
      : undefined;
  // Some gateways show groups to those who are not in them, or refuse to show one: then the list decides.
  if (answer.ok ? isIn && isLate : isIn === undefined && answer.failure.certainty === "refused") {
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
  await slice.commit([stillIn(slice, step, isLate, reading)], { at }, { tries: 0, readings });
}

function stillIn(slice: Slice, step: Step, isLate: boolean, { serverAt }: { serverAt?: number }): Step {
  if (!isLate) return { ...step, serverAt: step.serverAt ?? serverAt };
  if (step.state === "accepted") return { ...step, state: "review", verdict: "not-left", reason: "no-effect" };
  if (step.attempts < 2 && slice.job.isCancelled !== true) return { ...step, state: "todo", verdict: undefined };
  return { ...step, state: "review", verdict: "needs-review" };
}

/** Whether the group list still has the group; undefined when no list could be read that is complete and credible. */
async function isListed(slice: Slice, group: string): Promise<boolean | undefined> {
  const answer = await slice.gateway.listGroups(AGENT);
  if (!answer.ok || !answer.value.isComplete) return undefined;
  const { groups } = answer.value;
  // An empty list is believed only when there is nothing else that it should have shown.
  const leaving = new Set(slice.steps.map(({ target }) => target));
  if (groups.length === 0 && (await slice.knownGroups()).some((id) => !leaving.has(id))) return undefined;
  return groups.some(({ id }) => id === group);
}
