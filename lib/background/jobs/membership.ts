import type { InputOf } from "../../shared/jobs/kinds";
import type { Reading, Step } from "../../shared/model";
import { digitsOf } from "../../shared/person";
import { isEnded } from "../../shared/summary";
import { isPending } from "./journal";
import {
  FAILED_READS,
  isCareful,
  isProven,
  isTodo,
  pauseFor,
  type Executor,
  settledAt,
  type Slice,
  SOON,
} from "./slice";
import { VERIFY_EVERY } from "../membership/plan";
import { checkedStep, isWorthChecking, type Op } from "../membership/verdict";
import { readGroup } from "./members-reading";
import { sendSome } from "./members-sending";
import { giveUp } from "./group-stop";

/** For each group: read, send where needed, read until each person is proved. */

/** Read members again, if older (ms), before sending. */
const FRESH = 600_000;
const CHECKS = 25;
const UNSURE = 3;

/** Adds or removes a job's people. */
export const membership: Executor = { run };

async function run(slice: Slice): Promise<void> {
  const { kind: op, groups } = slice.job.input as InputOf<"add" | "remove">;
  let waitUntil = Infinity;
  for (const group of groups) {
    const at = await advanceGroup(slice, op, group);
    if (at === "acted") return;
    if (at === "finished") continue;
    waitUntil = Math.min(waitUntil, at);
    // Remove nobody else until one removal is proved.
    if (op === "remove" && !isProven(slice.job, group)) break;
  }
  await slice.commit([], waitUntil === Infinity ? { end: true } : { at: waitUntil, isSettling: true });
}

/** Reads or sends once for a group; if neither is due, returns when (ms). */
export async function advanceGroup(slice: Slice, op: Op, group: string): Promise<"acted" | "finished" | number> {
  const steps = slice.steps.filter((step) => step.target === group && step.person !== undefined && !isEnded(step));
  if (steps.length === 0) return (await checkOne(slice, group)) ? "acted" : "finished";
  const now = slice.now();
  const todo = steps.filter(isTodo);
  const pending = steps.filter(isPending);
  const reading = slice.job.readings?.[group];
  const isFirstUnproved = op === "remove" && !isProven(slice.job, group) && pending.length > 0;
  const unsure = slice.steps.filter((step) => step.state === "unknown").length;
  const stop = slice.job.stopped?.[group];
  if (stop && pending.length === 0) {
    await giveUp(slice, op, group, todo, stop);
    return "acted";
  }
  if (todo.length > 0 && !stop && !isFirstUnproved && unsure < UNSURE) {
    const unread = pending.filter((step) => (step.sentAt ?? 0) >= (reading?.at ?? 0)).length;
    const every = isCareful(slice) ? VERIFY_EVERY.careful : VERIFY_EVERY[op];
    if (!reading || now - reading.at > FRESH || unread >= every) await readGroup(slice, op, group, steps);
    else await sendSome(slice, op, group, todo);
    return "acted";
  }
  const due = nextReading(slice, pending, reading);
  if (due > now) return due;
  await readGroup(slice, op, group, steps);
  return "acted";
}

/** When to read again: after the last send, soon after, and once settled. */
function nextReading(slice: Slice, pending: Step[], reading: Reading | undefined): number {
  const last = Math.max(0, ...pending.map((step) => step.sentAt ?? 0));
  if (!reading || reading.at <= last) return 0;
  const settled = Math.min(Infinity, ...pending.map((step) => settledAt(step, reading, slice)));
  return reading.at < last + SOON[0] ? Math.min(last + SOON[0], settled) : settled;
}

/** Checks one person refused without a reason. Returns whether it asked. */
async function checkOne(slice: Slice, group: string): Promise<boolean> {
  const { isUncheckable, isCancelled } = slice.job;
  if (isUncheckable === true || isCancelled === true) return false;
  const open = slice.steps.filter((step) => step.target === group && isWorthChecking(step));
  const checked = slice.steps.filter((step) => step.isChecked !== undefined).length;
  const [step] = open;
  const phone = digitsOf(step?.person ?? "");
  if (!step || phone === undefined || checked >= CHECKS) return false;
  const answer = await slice.gateway.checkPerson(phone, { priority: "background" });
  const now = slice.now();
  if (answer.ok && answer.value !== null) {
    await slice.commit([checkedStep(step, answer.value.exists)], { at: now }, { tries: 0 });
    return true;
  }
  const { tries = 0 } = slice.job;
  // A rate limit passes; other failures end the checks.
  const isLimited = !answer.ok && answer.failure.code === "rate-limited" && tries < FAILED_READS;
  const pause = isLimited ? pauseFor(answer.failure, now, tries) : undefined;
  if (pause) await slice.commit([], { pause }, { tries: tries + 1 });
  else await slice.commit([], { at: now }, { isUncheckable: true });
  return true;
}
