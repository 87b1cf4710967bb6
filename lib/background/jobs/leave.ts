import type { Step } from "../../shared/model";
import { isPending } from "./journal";
import { backoff, failedStep, isSettled, jitter, pauseFor, settledAt, SOON, told, type Slice } from "./slice";

/** Leaving groups, one after the other: a wanted state, so an unsure one is read and may be sent once more. */
export async function runLeave(slice: Slice): Promise<void> {
  const todo = slice.steps.find((step) => step.state === "todo");
  if (todo) return send(slice, todo);
  const pending = slice.steps.filter(isPending);
  if (pending.length === 0) return slice.commit([], { end: true });
  const now = slice.now();
  const reading = slice.job.readings?.[""];
  const due = Math.min(...pending.map((step) => dueAt(slice, step)));
  if (reading && due > now) return slice.commit([], { at: due, isSettling: true });
  await prove(slice, pending);
}

async function send(slice: Slice, todo: Step): Promise<void> {
  const [step] = await slice.intend([todo]);
  if (!step) return;
  const answer = await slice.gateway.leaveGroup(step.target, { priority: "agent" });
  const now = slice.now();
  const hasMore = slice.steps.some(({ state }) => state === "todo");
  const at = now + (hasMore ? jitter(() => slice.random()) : 0);
  if (answer.ok) {
    const accepted: Step = { ...step, state: "accepted", verdict: "unconfirmed", requestId: answer.requestId };
    return slice.commit([accepted], { at }, { tries: 0 });
  }
  if (answer.failure.certainty === "refused" && answer.failure.code === "group-gone") {
    const done: Step = { ...step, ...told(answer.failure), state: "done", verdict: "was-not-member" };
    return slice.commit([done], { at }, { tries: 0 }, { groups: [{ id: step.target, goneAt: now }] });
  }
  const failed = failedStep(slice, step, answer, "not-left");
  const tries = (slice.job.tries ?? 0) + 1;
  await slice.commit([failed.step], failed.pause ? { pause: failed.pause } : { at }, { tries });
}

function dueAt(slice: Slice, step: Step): number {
  const reading = slice.job.readings?.[""];
  if (!reading || reading.at <= (step.sentAt ?? 0)) return 0;
  const soon = (step.sentAt ?? 0) + SOON[0];
  const settled = settledAt(step, reading, slice);
  return reading.at < soon ? Math.min(soon, settled) : settled;
}

/** A group that the gateway no longer knows for us, or that is not in a complete list, is left. */
async function prove(slice: Slice, pending: Step[]): Promise<void> {
  const at = slice.now();
  const tries = slice.job.tries ?? 0;
  const answer = await slice.gateway.listGroups({ priority: "agent" });
  if (!answer.ok || !answer.value.isComplete || (answer.value.groups.length === 0 && (await isDoubtful(slice)))) {
    const until = at + backoff(tries);
    if (!answer.ok) {
      const { code: reason, detail } = answer.failure;
      const pause = pauseFor(answer.failure, at, tries) ?? (tries < 5 ? { reason, until, detail } : undefined);
      if (pause) return slice.commit([], { pause }, { tries: tries + 1 });
    } else if (tries < 5) {
      return slice.commit([], { at: until, isSettling: true }, { tries: tries + 1 });
    }
    const changes = pending.map((step): Step => ({ ...step, state: "review", verdict: "unconfirmed" }));
    return slice.commit(changes, { at }, { tries: 0 });
  }
  const listed = new Set(answer.value.groups.map(({ id }) => id));
  const reading = { at, serverAt: answer.serverTime };
  const changes = pending.map((step): Step => {
    if (!listed.has(step.target))
      return { ...step, state: "done", verdict: "left", code: undefined, detail: undefined };
    if (!isSettled(step, reading, slice.settle)) return { ...step, serverAt: step.serverAt ?? reading.serverAt };
    if (step.state === "accepted") return { ...step, state: "review", verdict: "not-left", reason: "unknown" };
    if (step.attempts < 2 && slice.job.isCancelled !== true) return { ...step, state: "todo", verdict: undefined };
    return { ...step, state: "review", verdict: "needs-review", reason: "unknown" };
  });
  const gone = changes.filter(({ verdict }) => verdict === "left").map(({ target }) => ({ id: target, goneAt: at }));
  await slice.commit(changes, { at }, { tries: 0, readings: { "": reading } }, { groups: gone });
}

/** An empty list is believed only when there is nothing else that it should have shown. */
async function isDoubtful(slice: Slice): Promise<boolean> {
  const leaving = new Set(slice.steps.map(({ target }) => target));
  return (await slice.knownGroups()).some((id) => !leaving.has(id));
}
