import type { InputOf } from "../../shared/jobs/kinds";
import type { Step } from "../../shared/model";
import { cleanText } from "../../shared/text";
import type { GroupInfo } from "../gateway/answer";
import { asGroup } from "./create";
import { isPending } from "./journal";
import { backoff, type Executor, failedStep, isSettled, pauseFor, nextLook, type Slice, SOON } from "./slice";
import { PROVED } from "../membership/verdict";

type UpdateInput = InputOf<"update">;

/** Changes a group's name or description: a wanted state, so an unsure change is read and may be sent once more. */
export const update: Executor = { run };

async function run(slice: Slice): Promise<void> {
  const [step] = slice.steps;
  if (step?.state === "todo") return send(slice, step);
  if (step && isPending(step)) return prove(slice, step);
  await slice.commit([], { end: true });
}

async function send(slice: Slice, todo: Step): Promise<void> {
  const { group, name, description } = slice.job.input as UpdateInput;
  const [step] = await slice.intend([todo]);
  if (!step) return;
  const answer = await slice.gateway.updateGroup(group, { name, description }, { priority: "agent" });
  const now = slice.now();
  if (answer.ok) {
    const accepted: Step = { ...step, state: "accepted", verdict: "unconfirmed", requestId: answer.requestId };
    return slice.commit([accepted], { at: now });
  }
  const failed = failedStep(slice, step, answer, "not-updated");
  // Only what is unsure is worth a second look.
  const at = now + (failed.step.state === "unknown" ? SOON[0] : 0);
  const tries = (slice.job.tries ?? 0) + 1;
  await slice.commit([failed.step], failed.pause ? { pause: failed.pause } : { at }, { tries });
}

async function prove(slice: Slice, step: Step): Promise<void> {
  const input = slice.job.input as UpdateInput;
  const at = slice.now();
  const tries = slice.job.tries ?? 0;
  const answer = await slice.gateway.getGroup(input.group, { priority: "agent" });
  if (!answer.ok) {
    const pause = pauseFor(answer.failure, at, tries);
    if (pause || (answer.failure.certainty === "unknown" && tries < 5)) {
      const wait = { reason: answer.failure.code, until: at + backoff(tries), detail: answer.failure.detail };
      return slice.commit([], { pause: pause ?? wait }, { tries: tries + 1 });
    }
    return slice.commit([{ ...step, state: "review", verdict: "unconfirmed" }], { at });
  }
  const info = answer.value;
  const learnt = { groups: [{ ...asGroup(info), readAt: at }] };
  const isThere = shows(info, input);
  if (isThere === true || (isThere === undefined && step.state === "accepted")) {
    const { group, name, description } = input;
    const known = {
      ...asGroup(info),
      id: group,
      readAt: at,
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
    };
    const done: Step = { ...step, state: "done", verdict: "updated", ...PROVED };
    return slice.commit([done], { at }, { tries: 0 }, { groups: [known] });
  }
  const reading = { at, serverAt: answer.serverTime };
  if (!isSettled(step, reading, slice.settleTime)) {
    const counted = { ...step, serverAt: step.serverAt ?? answer.serverTime };
    return slice.commit([counted], { at: nextLook(counted, reading, slice), isSettling: true }, { tries: 0 });
  }
  if (step.state === "unknown" && isThere === false && step.attempts < 2 && slice.job.isCancelled !== true) {
    return slice.commit([{ ...step, state: "todo", verdict: undefined }], { at }, { tries: 0 }, learnt);
  }
  const outcome: Pick<Step, "verdict" | "reason"> =
    step.state === "accepted" ? { verdict: "not-updated", reason: "no-effect" } : { verdict: "needs-review" };
  await slice.commit([{ ...step, ...outcome, state: "review" }], { at }, { tries: 0 }, learnt);
}

/** Whether a group shows the change; undefined when the gateway sends no descriptions. */
function shows(info: GroupInfo, { name, description }: UpdateInput): boolean | undefined {
  if (name !== undefined && cleanText(name) !== cleanText(info.name)) return false;
  if (description === undefined) return true;
  if (info.description === undefined) return description === "" ? true : undefined;
  return cleanText(description, Infinity) === cleanText(info.description, Infinity);
}
