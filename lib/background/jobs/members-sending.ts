import type { Pause, Step } from "../../shared/model";
import { isHidden } from "../../shared/person";
import type { GatewayFailure } from "../gateway/answer";
import type { Next } from "./journal";
import {
  isCareful,
  isProven,
  isTodo,
  jitter,
  pauseFor,
  reasonOf,
  REFUSALS,
  type Slice,
  failureFields,
  unknown,
  unsent,
} from "./slice";
import { CHUNK } from "../membership/plan";
import { answered, claimOf, missed, type Op } from "../membership/verdict";
import { isAboutGroup, stopGroup, waitForGroup } from "./group-stop";

/** Refusals in a row that pause the job: requests (400, 422), persons in accepted ones. */
const STREAK = { requests: REFUSALS, persons: 10 } as const;

/** Wait (ms) before reading the effect. */
const EFFECT_WAIT = 1000;

/** Sends a group's next people: one, or a chunk, halved when refused. */
export async function sendSome(slice: Slice, op: Op, group: string, todo: Step[]): Promise<void> {
  slice.focus(group);
  const isAlone = isCareful(slice) || (op === "remove" && !isProven(slice.job, group));
  let suspects = todo.slice(0, isAlone ? 1 : chunkSize(slice.steps));
  let isRefused = await sendOnce(slice, op, group, suspects);
  // Halving finds one bad person; the untried wait with the others.
  while (isRefused && suspects.length > 1) {
    const half = suspects.slice(0, Math.ceil(suspects.length / 2));
    const rest = suspects.slice(half.length);
    const isHalfRefused = await sendOnce(slice, op, group, half);
    if (isHalfRefused === undefined) return;
    suspects = isHalfRefused ? half : rest;
    // After a success, send a single remaining person alone, so a refusal is theirs.
    if (!isHalfRefused && rest.length === 1) isRefused = await sendOnce(slice, op, group, rest);
  }
}

/** Returns the size refused half the time, by refusals so far: it finds bad numbers soonest. */
function chunkSize(steps: Step[]): number {
  const tried = steps.filter((step) => step.attempts > 0 && step.state !== "todo");
  const bad = tried.filter((step) => step.state === "failed" && step.failure !== undefined).length;
  return bad === 0 ? CHUNK : Math.min(CHUNK, Math.max(1, Math.floor((Math.LN2 * tried.length) / bad)));
}

/** True: refused as a whole. Undefined: stopped or unknown. */
async function sendOnce(slice: Slice, op: Op, group: string, todo: Step[]): Promise<boolean | undefined> {
  const sent = await slice.intend(todo);
  const people = sent.map((step) => step.person ?? "");
  const options = { priority: "background" } as const;
  const answer = await (op === "add"
    ? slice.gateway.addMembers(group, people, options)
    : slice.gateway.removeMembers(group, people, options));
  const now = slice.now();
  // After the last request or a first removal, read soon.
  const isLast = !slice.steps.some(isTodo) || (op === "remove" && !isProven(slice.job, group));
  const pace = isLast ? EFFECT_WAIT : isCareful(slice) ? jitter(() => slice.random()) : 0;
  if (answer.ok) {
    const changes = sent.map((step) => ({
      ...answered(op, step, answer.value),
      requestId: answer.requestId,
    }));
    let streak = slice.job.streak ?? 0;
    for (const step of changes) streak = step.state === "failed" ? streak + 1 : 0;
    const isStreak = streak >= STREAK.persons;
    const next: Next = isStreak ? { pause: { reason: "refusals" } } : { at: now + pace };
    const readings = { ...slice.job.readings };
    if (readings[group]) readings[group] = { ...readings[group], isAfterConflict: undefined };
    await slice.commit(changes, next, { streak: isStreak ? 0 : streak, tries: 0, readings });
    return isStreak ? undefined : false;
  }
  const { failure } = answer;
  const pause = pauseFor(failure, now, slice.job.tries ?? 0);
  if (failure.certainty === "unknown") {
    const changes = sent.map((step) => unknown(step, failure));
    await slice.commit(changes, pause ? { pause } : { at: now + 2 * pace });
    return undefined;
  }
  if (pause) {
    await slice.commit(sent.map(unsent), { pause }, { tries: (slice.job.tries ?? 0) + 1 });
    return undefined;
  }
  if (isAboutGroup(failure)) {
    const changes = sent.map(unsent);
    if (!(await waitForGroup(slice, group, failure, changes))) await stopGroup(slice, group, changes, failure);
    return undefined;
  }
  if (sent.length > 1) {
    const reading = slice.job.readings?.[group];
    if (!isConflict(op, failure) || reading?.isAfterConflict === true) {
      await slice.commit(sent.map(unsent), { at: now });
      return true;
    }
    // Some already joined (or left): a reading names them.
    const readings = { ...slice.job.readings, [group]: { ...reading, at: 0, isAfterConflict: true } };
    await slice.commit(sent.map(unsent), { at: now }, { readings });
    return undefined;
  }
  await refusedAlone(slice, op, group, sent, failure, now + pace);
  return slice.job.state === "running" ? true : undefined;
}

async function refusedAlone(
  slice: Slice,
  op: Op,
  group: string,
  sent: Step[],
  failure: GatewayFailure,
  at: number,
): Promise<void> {
  // They are already in (or out), or the group was busy: a reading decides.
  if (isConflict(op, failure)) {
    const fields = { ...failureFields(failure), claim: claimOf(op) };
    const changes = sent.map((step): Step => ({ ...step, ...fields, state: "accepted", verdict: "unconfirmed" }));
    return slice.commit(changes, { at }, { streak: 0 });
  }
  const refused = {
    ...failureFields(failure),
    state: "failed",
    verdict: missed(op),
    reason: reasonOf(failure),
  } as const;
  const changes = sent.map((step): Step => ({ ...step, ...refused }));
  if (failure.code === "group-full") {
    const others = slice.steps.filter((step) => step.target === group && step.state === "todo");
    return slice.commit([...changes, ...others.map((step): Step => ({ ...step, ...refused }))], { at });
  }
  if (failure.code === "is-self") {
    const [own] = sent.flatMap(({ person }) => (person === undefined || isHidden(person) ? [] : [person]));
    return slice.commit(changes, { at }, {}, { own });
  }
  // Until one removal is proved, try no other after a refusal.
  if (op === "remove" && !isProven(slice.job, group) && slice.steps.some(isTodo)) {
    return slice.commit(changes, { pause: { reason: "canary", detail: failure.detail } }, { streak: 0 });
  }
  const streak = (slice.job.streak ?? 0) + 1;
  if (streak < STREAK.requests) return slice.commit(changes, { at }, { streak });
  const pause: Pause = { reason: "refusals", detail: failure.detail };
  return slice.commit(changes, { pause }, { streak: 0 });
}

function isConflict(op: Op, { code }: GatewayFailure): boolean {
  return code === (op === "add" ? "already-in" : "not-in");
}
