import { byPerson, canTell, type Members } from "../../shared/members";
import type { FailureCode, Group, Job, Member, Pause, Reading, Step } from "../../shared/model";
import { digitsOf, isHidden, personKey } from "../../shared/person";
import { isEnded } from "../../shared/summary";
import type { GatewayFailure } from "../gateway/answer";
import { isPending, type Learnt, type Next } from "./journal";
import {
  backoff,
  FAILED_READS,
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
} from "./slice";
import { CHUNK, VERIFY_EVERY } from "../membership/plan";
import {
  answered,
  checkedStep,
  doubtOf,
  isWorthChecking,
  lostSince,
  missed,
  proved,
  reached,
  withoutRequest,
  type Op,
} from "../membership/verdict";

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
/** Answers that another try does not make readable. */
const UNREADABLE: ReadonlySet<FailureCode> = new Set<FailureCode>(["bad-answer", "empty-answer", "not-json"]);
/** Between an answer and the reading that is to show its effect. */
const MOMENT = 1000;
/** Most people of a job of whom the gateway is asked whether they are on WhatsApp. */
const CHECKS = 25;
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

/** When the members are read again: at once after the last send, soon after, and when the effects must have come. */
function nextReading(slice: Slice, pending: Step[], reading: Reading | undefined): number {
  const last = Math.max(0, ...pending.map((step) => step.sentAt ?? 0));
  if (!reading || reading.at <= last) return 0;
  const settled = Math.min(Infinity, ...pending.map((step) => settledAt(step, reading, slice)));
  return reading.at < last + SOON[0] ? Math.min(last + SOON[0], settled) : settled;
}

async function readGroup(slice: Slice, op: Op, group: string, steps: Step[]): Promise<void> {
  slice.focus(group);
  const at = slice.now();
  const answer = await slice.gateway.listMembers(group, { priority: "background" });
  if (!answer.ok) return readFailed(slice, group, steps, answer.failure);
  const members = byPerson(answer.value);
  const reading: Reading = { at, serverAt: answer.serverTime };
  // The ids are kept where the next reading must be compared with this very one.
  if (op === "remove" || answer.value.some(({ id }) => isHidden(id))) reading.ids = answer.value.map(({ id }) => id);
  const last = slice.job.readings?.[group];
  if (last?.isAfterConflict) reading.isAfterConflict = true;
  const all = slice.steps.filter((step) => step.target === group && step.person !== undefined);
  const planned = new Set(
    op === "remove" ? all.filter((step) => step.attempts > 0).map((step) => personKey(step.person ?? "")) : [],
  );
  const before = last?.ids ?? (await slice.recent(group));
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

  const hasVanished = vanishedSince(last, members);
  const { counted, hidden } = countHidden(slice, op === "add" ? pending : [], answer.value, last);
  if (op === "add") reading.hidden = hidden;
  const effective = [
    ...seen,
    ...pending.filter((step) => counted.has(step) || isReached(op, step, members, hasVanished)),
  ];
  const lastSeen = Math.max(0, ...effective.map((step) => step.sentAt ?? 0));
  // A clock that was set right may have given several requests one time.
  const requestOf = ({ batch, sentAt }: Step) => `${batch} ${sentAt}`;
  const seenRequests = new Set(effective.map(requestOf));
  const changes: Step[] = [];
  for (const step of steps) {
    const changed = counted.has(step)
      ? reached(op, step)
      : step.state === "todo"
        ? (withoutRequest(op, step, members) ?? asListed(op, step, members))
        : (proved(op, step, members, {
            isLate: isSettled(step, reading, slice.settle),
            isFresh: (step.sentAt ?? 0) <= lastSeen,
            isPartial: seenRequests.has(requestOf(step)),
            mayRepeat: slice.job.isCancelled !== true,
            hasVanished: hasVanished(step.person ?? ""),
          }) ?? startSettling(step, reading));
    if (changed) changes.push(changed);
  }
  const lost = op === "remove" ? lostSince(last?.ids ?? [], members, planned) : [];
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

function isReached(op: Op, step: Step, members: Members, hasVanished: (person: string) => boolean): boolean {
  const { person = "" } = step;
  const isIn = members.has(personKey(person));
  return isIn === (op === "add") && (isIn || canTell(person, members) || hasVanished(person));
}

/**
 * Whether a person was in the last reading and is out of this one. In a list with hidden numbers that is so where nobody
 * is new under an id of the other sort: it would be the same person.
 */
function vanishedSince(last: Reading | undefined, members: Members): (person: string) => boolean {
  const before = new Set(last?.ids?.map(personKey));
  const fresh = [...members].filter(([key]) => !before.has(key)).map(([, { id }]) => id);
  return (person) =>
    before.has(personKey(person)) &&
    !members.has(personKey(person)) &&
    fresh.every((id) => isHidden(id) === isHidden(person));
}

/**
 * Who was added under a hidden id, by count: as many hidden members are new as people were named in a yes of the
 * gateway's. Counted since before anything unproved was sent, else since the last reading. In a group that we made nobody
 * else can have come in, so that a silent yes counts too. Any other number tells nothing of a single person. `hidden` is
 * what the next count begins with.
 */
function countHidden(
  slice: Slice,
  pending: Step[],
  list: Member[],
  last: Reading | undefined,
): { counted: ReadonlySet<Step>; hidden: string[] } {
  const isOurs = slice.job.input.kind === "create";
  const members = byPerson(list);
  const present = list.flatMap(({ id, role }) => (isHidden(id) && (!isOurs || role === "member") ? [id] : []));
  const open = pending.filter((step) => !members.has(personKey(step.person ?? "")));
  const begun = last?.hidden ?? (isOurs ? [] : undefined);
  const none = { counted: new Set<Step>(), hidden: open.length > 0 && begun ? begun : present };
  if (!begun || !open.every(({ state }) => state === "accepted")) return none;
  const since = open.filter((step) => last !== undefined && (step.sentAt ?? 0) > last.at);
  for (const [before, asked] of [
    [begun, open],
    [last?.ids ?? [], since],
  ] as const) {
    const known = new Set(before);
    const fresh = present.filter((id) => !known.has(id));
    const isNamed = asked.every(({ code }) => isOurs || code !== undefined);
    if (asked.length > 0 && fresh.length === asked.length && isNamed) {
      return { counted: new Set(asked), hidden: [...begun, ...fresh] };
    }
  }
  return none;
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
  // Of a group that we made, the one owner is us.
  const owners = slice.job.input.kind === "create" ? members.filter(({ role }) => role === "superadmin") : [];
  const [owner] = owners;
  const learnt = own === undefined && owners.length === 1 && owner && !isHidden(owner.id) ? { own: owner.id } : {};
  return {
    ...learnt,
    rosters: [{ connection, group, members, readAt: at }],
    groups: [change],
  };
}

function without(slice: Slice, group: string): { readings: Record<string, Reading> } {
  const { [group]: _, ...readings } = slice.job.readings ?? {};
  return { readings };
}

async function readFailed(slice: Slice, group: string, steps: Step[], failure: GatewayFailure): Promise<void> {
  const now = slice.now();
  const tries = slice.job.tries ?? 0;
  const pause = pauseFor(failure, now, tries);
  if (pause) return slice.commit([], { pause }, { tries: tries + 1 });
  const pending = steps.filter(isPending);
  if (isAboutGroup(failure)) {
    const late = await lateUntil(slice, group, failure, pending);
    if (late !== undefined) return slice.commit([], { at: late, isSettling: true }, { tries: tries + 1 });
    // Nobody of whom something was sent can be read any more; what was not sent has the gateway's reason.
    const unread = pending.map((step): Step => ({
      ...step,
      state: "review",
      verdict: "unconfirmed",
      reason: "unread",
    }));
    return stopGroup(slice, group, unread, failure);
  }
  const hasTodo = steps.some(isTodo);
  if (tries + 1 >= FAILED_READS && !hasTodo) {
    const changes = steps.map((step): Step => ({ ...step, ...told(failure), state: "review", verdict: "unconfirmed" }));
    return slice.commit(changes, { at: now }, { tries: 0, ...without(slice, group) });
  }
  const { code, detail } = failure;
  if (tries + 1 >= FAILED_READS && UNREADABLE.has(code)) {
    // It is there and answers, so that waiting changes nothing: the agent has to look.
    const changes = pending.map((step): Step => ({
      ...step,
      ...told(failure),
      state: "review",
      verdict: "unconfirmed",
    }));
    return slice.commit(changes, { pause: { reason: code, detail } }, { tries: 0, ...without(slice, group) });
  }
  return slice.commit([], { pause: { reason: code, until: now + backoff(tries), detail } }, { tries: tries + 1 });
}

/**
 * When to ask again for a group of which the gateway says that it is gone: while the group is new, or an effect is still
 * to come, it may be late. Undefined: it is gone.
 */
async function lateUntil(
  slice: Slice,
  group: string,
  failure: GatewayFailure,
  pending: Step[] = [],
): Promise<number | undefined> {
  if (failure.code !== "group-gone") return undefined;
  const now = slice.now();
  const enteredAt = (await slice.group(group))?.enteredAt ?? -Infinity;
  const until = Math.max(enteredAt, ...pending.map((step) => step.sentAt ?? 0)) + slice.settle;
  if (until <= now) return undefined;
  const soon = SOON[slice.job.tries ?? 0] ?? Infinity;
  return Math.min(now + soon, until, now + slice.settle);
}

/** "Not an admin" and "no such group" concern one group: the others of the job go on, a single one waits for the agent. */
function isAboutGroup(failure: GatewayFailure): boolean {
  return failure.certainty === "refused" && (failure.code === "not-admin" || failure.code === "group-gone");
}

/** Notes that nothing more can be done in a group. What was sent there before is read back all the same. */
async function stopGroup(slice: Slice, group: string, changes: Step[], failure: GatewayFailure): Promise<void> {
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
async function giveUp(
  slice: Slice,
  op: Op,
  group: string,
  todo: Step[],
  { code, detail }: { code: FailureCode; detail?: string },
): Promise<void> {
  const { input } = slice.job;
  const { [group]: _, ...stopped } = slice.job.stopped ?? {};
  const patch = { stopped, ...without(slice, group) };
  if (!("groups" in input) || input.groups.length === 1) {
    return slice.commit([], { pause: { reason: code, detail } }, patch);
  }
  const failure = { code, detail, certainty: "refused" } as const;
  const reason = reasonOf(failure);
  const changes = todo.map((step): Step => ({
    ...step,
    ...told(failure),
    state: "failed",
    verdict: missed(op),
    reason,
  }));
  await slice.commit(changes, { at: slice.now() }, patch);
}

/** Asks the gateway whether somebody who was refused without a reason is on WhatsApp at all. Tells whether it asked. */
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
  if (!answer.ok || answer.value === null) await slice.commit([], { at: now }, { isUncheckable: true });
  else await slice.commit([checkedStep(step, answer.value.exists)], { at: now });
  return true;
}

async function sendSome(slice: Slice, op: Op, group: string, todo: Step[]): Promise<void> {
  slice.focus(group);
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
    const late = await lateUntil(slice, group, failure);
    if (late === undefined) await stopGroup(slice, group, sent.map(unsent), failure);
    else await slice.commit(sent.map(unsent), { at: late, isSettling: true }, { tries: (slice.job.tries ?? 0) + 1 });
    return undefined;
  }
  if (sent.length > 1) {
    const reading = slice.job.readings?.[group];
    if (!isConflict(op, failure) || reading?.isAfterConflict === true) {
      await slice.commit(sent.map(unsent), { at: now });
      return true;
    }
    // Some came in (or went) since the members were read: one reading names them all.
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
  // With one person in the request, a conflict says that this person is in (or not in) already.
  if (isConflict(op, failure)) {
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
  if (failure.code === "is-self") {
    const [own] = sent.flatMap(({ person }) => (person === undefined || isHidden(person) ? [] : [person]));
    return slice.commit(changes, { at }, {}, { own });
  }
  // Until a removal was proved, nobody knows what this gateway makes of one: a refusal is no reason to send another.
  if (op === "remove" && !isProven(slice.job, group) && slice.steps.some(isTodo)) {
    return slice.commit(changes, { pause: { reason: "canary", detail: failure.detail } }, { streak: 0 });
  }
  const streak = (slice.job.streak ?? 0) + 1;
  if (streak < STREAK.requests) return slice.commit(changes, { at }, { streak });
  const pause: Pause = { reason: "refusals", detail: failure.detail };
  return slice.commit(changes, { pause }, { streak: 0 });
}

/** Whether the whole request was refused because somebody in it is in the wanted state already. */
function isConflict(op: Op, { code }: GatewayFailure): boolean {
  return code === (op === "add" ? "already-in" : "not-in");
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
