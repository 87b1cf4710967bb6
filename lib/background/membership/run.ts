import { byPerson, canTell, type Members } from "../../shared/members";
import type { Group, Job, Member, Pause, Reading, Step } from "../../shared/model";
import { personKey } from "../../shared/person";
import { isEnded } from "../../shared/summary";
import type { GatewayFailure } from "../gateway/client";
import { isPending, type Learnt, type Next } from "../jobs/journal";
import {
  backoff,
  isSettled,
  jitter,
  pauseFor,
  reasonOf,
  REFUSALS,
  settledAt,
  SOON,
  told,
  unknown,
  unsent,
  type Slice,
} from "../jobs/slice";
import { CHUNK, VERIFY_EVERY } from "./plan";
import { answered, doubtOf, lostSince, missed, proved, withoutRequest, type Op } from "./verdict";

/**
 * Adding and removing: per group read, send to those who need it, read again until each person is proved. Everything is
 * found anew in the store at each slice, so the worker may die anywhere (security rules R14, R19; section 6.3 and 6.4).
 */

/** A reading older than this is not acted upon: the members are read again first. */
const FRESH = 600_000;
/** Refusals of a whole request (400, 422) in a row, and of persons inside an accepted one, that pause the job. */
const STREAK = { requests: REFUSALS, persons: 10 } as const;
/** Doubtful readings in a row after which we say that we do not know. */
const DOUBTS = 3;
/** Failed readings in a row after which the gateway is taken to be unable to tell. */
const FAILED_READS = 5;
/** Between an answer and the reading that is to show its effect. */
const MOMENT = 1000;
/** Sends of unsure outcome that may be open before they are cleared up first. */
const UNSURE = 3;

type MembershipInput = Extract<Job["input"], { kind: "add" | "remove" }>;

/** Works on an add or remove job until something is to be waited for. */
export async function runMembership(slice: Slice): Promise<void> {
  const { kind: op, groups } = slice.job.input as MembershipInput;
  let waitUntil = Infinity;
  for (const group of groups) {
    const at = await advanceGroup(slice, op, group);
    if (at === "acted") return;
    if (at === "finished") continue;
    waitUntil = Math.min(waitUntil, at);
    // Nothing else is removed while it is not proved that removing does what it should.
    if (op === "remove" && !isProven(slice.job, group)) break;
  }
  await slice.commit([], waitUntil === Infinity ? { end: true } : { at: waitUntil, isSettling: true });
}

/** One read or one send for a group; or nothing to do now (the time to wait for), or nothing to do any more. */
export async function advanceGroup(slice: Slice, op: Op, group: string): Promise<"acted" | "finished" | number> {
  const steps = slice.steps.filter((step) => step.target === group && step.person !== undefined && !isEnded(step));
  if (steps.length === 0) return "finished";
  const now = slice.now();
  const todo = steps.filter(isTodo);
  const pending = steps.filter(isPending);
  const reading = slice.job.readings?.[group];
  const isFirstUnproved = op === "remove" && !isProven(slice.job, group) && pending.length > 0;
  const unsure = slice.steps.filter((step) => step.state === "unknown").length;
  if (todo.length > 0 && !isFirstUnproved && unsure < UNSURE) {
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

/** When the members are read again: at once after the last send, soon after, and when the effects must have come. */
function nextReading(slice: Slice, pending: Step[], reading: Reading | undefined): number {
  const last = Math.max(0, ...pending.map((step) => step.sentAt ?? 0));
  if (!reading || reading.at <= last) return 0;
  const settled = Math.min(Infinity, ...pending.map((step) => settledAt(step, reading, slice)));
  return reading.at < last + SOON[0] ? Math.min(last + SOON[0], settled) : settled;
}

async function readGroup(slice: Slice, op: Op, group: string, steps: Step[]): Promise<void> {
  const at = slice.now();
  const answer = await slice.gateway.listMembers(group, { priority: "background" });
  if (!answer.ok) return readFailed(slice, op, group, steps, answer.failure);
  const members = byPerson(answer.value);
  const reading: Reading = { at, serverAt: answer.serverTime };
  // The ids are kept where the next reading must be compared with this very one.
  if (op === "remove") reading.ids = answer.value.map(({ id }) => id);
  const all = slice.steps.filter((step) => step.target === group && step.person !== undefined);
  const planned = new Set(
    op === "remove" ? all.filter((step) => step.attempts > 0).map((step) => personKey(step.person ?? "")) : [],
  );
  const before = slice.job.readings?.[group]?.ids ?? (await slice.recent(group));
  const seen = all.filter((step) => step.verdict === (op === "add" ? "added" : "removed"));
  const doubt = doubtOf({
    before,
    after: members,
    planned,
    proved: seen.map((step) => step.person ?? ""),
    op,
    own: slice.connection?.ownNumber,
  });
  const pending = steps.filter(isPending);
  const isCanary = op === "remove" && !isProven(slice.job, group) && pending.length > 0;
  if (doubt !== undefined) {
    const tries = (slice.job.tries ?? 0) + 1;
    const soon = Math.min(SOON[tries - 1] ?? 0, slice.settle);
    if (tries < DOUBTS) return slice.commit([], { at: at + soon, isSettling: true }, { tries });
    const changes = steps.map((step): Step => ({ ...step, state: "review", verdict: "unconfirmed", reason: doubt }));
    if (!isCanary) return slice.commit(changes, { at }, { tries: 0, ...without(slice, group) });
    // What is left to do stays so: the agent looks and decides.
    const sent = changes.filter((step) => pending.some(({ index }) => index === step.index));
    return slice.commit(sent, { pause: { reason: "canary" } }, { tries: 0, ...without(slice, group) });
  }

  const lastSeen = Math.max(0, ...seen.map((step) => step.sentAt ?? 0), ...reachedNow(op, pending, members));
  const changes: Step[] = [];
  for (const step of steps) {
    const changed =
      step.state === "todo"
        ? (withoutRequest(op, step, members) ?? asListed(op, step, members))
        : (proved(op, step, members, {
            isLate: isSettled(step, reading, slice.settle),
            isFresh: (step.sentAt ?? 0) <= lastSeen,
            mayRepeat: slice.job.isCancelled !== true,
          }) ?? startSettling(step, reading));
    if (changed) changes.push(changed);
  }
  const lost = op === "remove" ? lostSince(slice.job.readings?.[group]?.ids ?? [], members, planned) : [];
  const patch = {
    tries: 0,
    readings: { ...slice.job.readings, [group]: reading },
    proven: slice.job.proven,
  };
  const mustPace = isCareful(slice) && all.some((step) => step.attempts > 0) && steps.some(isTodo);
  let next: Next = { at: mustPace ? at + jitter(() => slice.random()) : at };
  if (isCanary) {
    const isProof = changes.some((step) => step.verdict === "removed") && lost.length === 0;
    const isHopeless = changes.some((step) => step.state === "review");
    if (isProof) patch.proven = [...(slice.job.proven ?? []), group];
    else if (lost.length > 0 || isHopeless) next = { pause: { reason: "canary" } };
  } else if (lost.length > 0) next = { pause: { reason: "brake" } };
  if ("pause" in next) {
    // After a stop the members are read afresh, and nothing is concluded about those who were not sent.
    Object.assign(patch, without(slice, group));
    const sent = changes.filter((step) => pending.some(({ index }) => index === step.index));
    return slice.commit(sent, next, patch, learntFrom(slice, group, answer.value, at));
  }
  if (steps.length === changes.filter(isEnded).length) Object.assign(patch, without(slice, group));
  await slice.commit(changes, next, patch, learntFrom(slice, group, answer.value, at));
}

function reachedNow(op: Op, pending: Step[], members: Members): number[] {
  const isReached = (step: Step) => {
    const isIn = members.has(personKey(step.person ?? ""));
    return isIn === (op === "add") && (isIn || canTell(step.person ?? "", members));
  };
  return pending.filter(isReached).map((step) => step.sentAt ?? 0);
}

/** A member is removed by the id under which the gateway lists it. */
function asListed(op: Op, step: Step, members: Members): Step | undefined {
  const id = op === "remove" ? members.get(personKey(step.person ?? ""))?.id : undefined;
  return id === undefined || id === step.person ? undefined : { ...step, person: id };
}

/**
 * The gateway's clock counts from the first reading: the answer to the request may have come from a proxy, or without the
 * gateway's own timestamp, and two clocks that differ would cut the settle time short or make it endless.
 */
function startSettling(step: Step, { serverAt }: Reading): Step | undefined {
  return step.serverAt === undefined && serverAt !== undefined ? { ...step, serverAt } : undefined;
}

function learntFrom(slice: Slice, group: string, members: Member[], at: number): Learnt {
  const { connection } = slice.job;
  const change: Partial<Group> & { id: string } = { id: group, size: members.length };
  const own = slice.connection?.ownNumber;
  const me = own === undefined ? undefined : members.find(({ id }) => personKey(id) === personKey(own));
  if (me) change.isAdmin = me.role !== "member";
  return { rosters: [{ connection, group, members, readAt: at }], groups: [change] };
}

function without(slice: Slice, group: string): { readings: Record<string, Reading> } {
  const { [group]: _, ...readings } = slice.job.readings ?? {};
  return { readings };
}

async function readFailed(slice: Slice, op: Op, group: string, steps: Step[], failure: GatewayFailure): Promise<void> {
  const now = slice.now();
  const tries = slice.job.tries ?? 0;
  const pause = pauseFor(failure, now, tries);
  if (pause) return slice.commit([], { pause }, { tries: tries + 1 });
  if (isAboutGroup(failure)) return stopGroup(slice, op, steps, failure);
  const hasTodo = steps.some(isTodo);
  if (tries + 1 >= FAILED_READS && !hasTodo) {
    const changes = steps.map((step): Step => ({ ...step, ...told(failure), state: "review", verdict: "unconfirmed" }));
    return slice.commit(changes, { at: now }, { tries: 0, ...without(slice, group) });
  }
  const { code, detail } = failure;
  return slice.commit([], { pause: { reason: code, until: now + backoff(tries), detail } }, { tries: tries + 1 });
}

/** "Not an admin" and "no such group" concern one group: the others of the job go on, a single one waits for the agent. */
function isAboutGroup(failure: GatewayFailure): boolean {
  return failure.certainty === "refused" && (failure.code === "not-admin" || failure.code === "group-gone");
}

async function stopGroup(slice: Slice, op: Op, steps: Step[], failure: GatewayFailure): Promise<void> {
  const { input } = slice.job;
  const isOnly = !("groups" in input) || input.groups.length === 1;
  const reason = reasonOf(failure);
  const changes: Step[] = [];
  for (const step of steps) {
    if (isPending(step)) changes.push({ ...step, ...told(failure), state: "review", verdict: "unconfirmed", reason });
    else if (!isOnly)
      changes.push({ ...unsentIfSending(step), ...told(failure), state: "failed", verdict: missed(op), reason });
    else if (step.state === "sending") changes.push(unsent(step));
  }
  const isWaiting = isOnly && steps.some((step) => !isPending(step));
  const pause: Pause = { reason: failure.code, detail: failure.detail };
  const group = steps[0]?.target;
  const learnt = group !== undefined && failure.code === "not-admin" ? { groups: [{ id: group, isAdmin: false }] } : {};
  await slice.commit(changes, isWaiting ? { pause } : { at: slice.now() }, { tries: 0 }, learnt);
}

function unsentIfSending(step: Step): Step {
  return step.state === "sending" ? unsent(step) : step;
}

async function sendSome(slice: Slice, op: Op, group: string, todo: Step[]): Promise<void> {
  const isAlone = isCareful(slice) || (op === "remove" && !isProven(slice.job, group));
  let suspects = todo.slice(0, isAlone ? 1 : chunkSize(slice.steps));
  let isRefused = await sendOnce(slice, op, group, suspects);
  // One of them is bad, perhaps more. Halving finds one; those who were not tried go back among the others.
  while (isRefused && suspects.length > 1) {
    const half = suspects.slice(0, Math.ceil(suspects.length / 2));
    const rest = suspects.slice(half.length);
    const isHalfRefused = await sendOnce(slice, op, group, half);
    if (isHalfRefused === undefined) return;
    suspects = isHalfRefused ? half : rest;
    // The last of a good half's other side is asked by itself, so that it is refused in its own name, or goes through.
    if (!isHalfRefused && rest.length === 1) isRefused = await sendOnce(slice, op, group, rest);
  }
}

/** As many as are refused half of the time, from what was refused so far: the size that finds the bad ones soonest. */
function chunkSize(steps: Step[]): number {
  const tried = steps.filter((step) => step.attempts > 0 && step.state !== "todo");
  const bad = tried.filter((step) => step.state === "failed" && step.failure !== undefined).length;
  return bad === 0 ? CHUNK : Math.min(CHUNK, Math.max(1, Math.floor((Math.LN2 * tried.length) / bad)));
}

/** Sends one request. True: refused as a whole. Undefined: the job stops here or does not know. */
async function sendOnce(slice: Slice, op: Op, group: string, todo: Step[]): Promise<boolean | undefined> {
  const sent = await slice.intend(todo);
  const people = sent.map((step) => step.person ?? "");
  const options = { priority: "background" } as const;
  const answer = await (op === "add"
    ? slice.gateway.addMembers(group, people, options)
    : slice.gateway.removeMembers(group, people, options));
  const now = slice.now();
  // After the last one, and after a first removal, the reading comes next and need not wait.
  const isLast = !slice.steps.some(isTodo) || (op === "remove" && !isProven(slice.job, group));
  const pace = isLast ? MOMENT : isCareful(slice) ? jitter(() => slice.random()) : 0;
  if (answer.ok) {
    const changes = sent.map((step) => ({
      ...answered(op, step, answer.value),
      requestId: answer.requestId,
    }));
    let streak = slice.job.streak ?? 0;
    for (const step of changes) streak = step.state === "failed" ? streak + 1 : 0;
    const isStreak = streak >= STREAK.persons;
    const next: Next = isStreak ? { pause: { reason: "refusals" } } : { at: now + pace };
    await slice.commit(changes, next, { streak: isStreak ? 0 : streak, tries: 0 });
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
    const open = slice.steps.filter((step) => step.target === group && !isEnded(step));
    await stopGroup(slice, op, open, failure);
    return undefined;
  }
  if (sent.length > 1) {
    await slice.commit(sent.map(unsent), { at: now });
    return true;
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
  // With one person in the request, a conflict says that this person is in (or not in) already.
  if (failure.code === (op === "add" ? "already-in" : "not-in")) {
    const verdict = op === "add" ? "already-in" : "was-not-in";
    const changes = sent.map((step): Step => ({ ...step, ...told(failure), state: "done", verdict }));
    return slice.commit(changes, { at }, { streak: 0 });
  }
  const refused = { ...told(failure), state: "failed", verdict: missed(op), reason: reasonOf(failure) } as const;
  const changes = sent.map((step): Step => ({ ...step, ...refused }));
  if (failure.code === "group-full") {
    const others = slice.steps.filter((step) => step.target === group && step.state === "todo");
    return slice.commit([...changes, ...others.map((step): Step => ({ ...step, ...refused }))], { at });
  }
  const streak = (slice.job.streak ?? 0) + 1;
  if (streak < STREAK.requests) return slice.commit(changes, { at }, { streak });
  const pause: Pause = { reason: "refusals", detail: failure.detail };
  return slice.commit(changes, { pause }, { streak: 0 });
}

function isTodo(step: Step): boolean {
  return step.state === "todo";
}

function isCareful({ job }: Slice): boolean {
  return !("pace" in job.input) || job.input.pace === "careful";
}

function isProven(job: Job, group: string): boolean {
  return job.proven?.includes(group) === true;
}
