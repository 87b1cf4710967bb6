import type { InputOf } from "../../shared/jobs/kinds";
import type { Step } from "../../shared/model";
import { cleanText } from "../../shared/text";
import { isGroupGone, type GroupInfo } from "../gateway/answer";
import { asGroup } from "./create";
import { waitForGroup } from "./group-stop";
import { isPending } from "./journal";
import {
  counted,
  type Executor,
  failedStep,
  isSettled,
  nextReadingAt,
  pauseAfterReading,
  pauseFor,
  type Slice,
  SOON,
  unsent,
} from "./slice";
import { PROVED } from "../membership/verdict";

type UpdateInput = InputOf<"update">;

/** Changes a group's name or description. Repeating is harmless: an unsure change may be sent twice. */
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
  const { failure } = answer;
  if (isGroupGone(failure) && (await waitForGroup(slice, step.target, failure, [unsent(step)]))) return;
  const failed = failedStep(slice, step, answer, "not-updated");
  // Wait only if unsure.
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
    if (await waitForGroup(slice, input.group, answer.failure)) return;
    const { failure } = answer;
    const pause = failure.certainty === "unknown" ? pauseAfterReading(slice, failure) : pauseFor(failure, at, tries);
    if (pause) return slice.commit([], { pause }, { tries: tries + 1 });
    return slice.commit([{ ...step, state: "review", verdict: "unconfirmed" }], { at });
  }
  const info = answer.value;
  const learnt = { groups: [{ ...asGroup(info), readAt: at }] };
  const isThere = shows(info, input);
  if (isThere === true) {
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
  // Another reading would not show it either.
  const isUnreadable = isThere === undefined && step.state === "accepted";
  if (!isUnreadable && !isSettled(step, reading, slice.settleTime)) {
    const waiting = counted(step, reading, slice.settleTime);
    return slice.commit([waiting], { at: nextReadingAt(waiting, reading, slice), isSettling: true }, { tries: 0 });
  }
  if (step.state === "unknown" && isThere === false && step.attempts < 2 && slice.job.isCancelled !== true) {
    return slice.commit([{ ...step, state: "todo", verdict: undefined }], { at }, { tries: 0 }, learnt);
  }
  // Shortened or rewritten by the gateway: it did change.
  const before = input.name === undefined ? undefined : (await slice.group(input.group))?.name;
  const isOther = before !== undefined && cleanText(before) !== cleanText(info.name);
  const outcome: Pick<Step, "verdict" | "reason"> = isUnreadable
    ? { verdict: "unconfirmed" }
    : step.state !== "accepted"
      ? { verdict: "needs-review" }
      : isOther
        ? { verdict: "unconfirmed", reason: "altered" }
        : { verdict: "not-updated", reason: "no-effect" };
  await slice.commit([{ ...step, ...outcome, state: "review" }], { at }, { tries: 0 }, learnt);
}

/** Undefined when the gateway sends no descriptions. */
function shows(info: GroupInfo, { name, description }: UpdateInput): boolean | undefined {
  if (name !== undefined && cleanText(name) !== cleanText(info.name)) return false;
  if (description === undefined) return true;
  if (info.description === undefined) return description === "" ? true : undefined;
  return cleanText(description, Infinity) === cleanText(info.description, Infinity);
}
