import { byPerson, canTell, type Members } from "../../shared/members";
import type { FailureCode, Group, Member, Reading, Step } from "../../shared/model";
import { kindOf } from "../../shared/jobs/kinds";
import { isHidden, personKey } from "../../shared/person";
import { isEnded } from "../../shared/summary";
import type { GatewayFailure } from "../gateway/answer";
import { isPending, type Learnt, type Next } from "./journal";
import {
  backoff,
  FAILED_READS,
  isCareful,
  isProven,
  isSettled,
  isTodo,
  jitter,
  pauseFor,
  type Slice,
  SOON,
  failureFields,
} from "./slice";
import { type Doubt, doubtOf, isOwnAdmin, lostSince } from "../membership/belief";
import { type Op, proved, reached, spared, withoutRequest } from "../membership/verdict";
import { isAboutGroup, lateUntil, stopGroup, without } from "./group-stop";

/** Reading the members of a group for a job: whether the reading is believed, and what it proves of each person. */

/** Doubtful readings in a row after which we say that we do not know. */
const DOUBTS = 3;

/** Answers that another try does not make readable. */
const UNREADABLE: ReadonlySet<FailureCode> = new Set<FailureCode>(["bad-answer", "empty-answer", "not-json"]);

/** A reading of a group's members, with what it is compared with. */
interface GroupReading {
  op: Op;
  group: string;
  /** When it was asked for, by our clock. */
  at: number;
  list: Member[];
  members: Members;
  /** As it is kept with the job. */
  reading: Reading;
  /** The last one of this job that was believed. */
  last?: Reading;
  /** The group's steps: all, those that have not ended, those whose effect is awaited, those that were proved. */
  all: Step[];
  open: Step[];
  pending: Step[];
  seen: Step[];
  /** Keys of the people that the job removes. */
  planned: ReadonlySet<string>;
  /** It is to prove the first removal. */
  isCanary: boolean;
}

/** Reads the members of a group once and writes what that proves. `open` are the group's steps that have not ended. */
export async function readGroup(slice: Slice, op: Op, group: string, open: Step[]): Promise<void> {
  slice.focus(group);
  const at = slice.now();
  const answer = await slice.gateway.listMembers(group, { priority: "background" });
  if (!answer.ok) return readFailed(slice, group, open, answer.failure);
  const list = answer.value;
  const last = slice.job.readings?.[group];
  const reading: Reading = { at, serverAt: answer.serverTime };
  // The ids are kept where the next reading must be compared with this very one.
  if (op === "remove" || list.some(({ id }) => isHidden(id))) reading.ids = list.map(({ id }) => id);
  if (last?.isAfterConflict) reading.isAfterConflict = true;
  const all = slice.steps.filter((step) => step.target === group && step.person !== undefined);
  const removed = op === "remove" ? all.filter((step) => step.attempts > 0) : [];
  const pending = open.filter(isPending);
  const made: GroupReading = {
    op,
    group,
    at,
    list,
    members: byPerson(list),
    reading,
    last,
    all,
    open,
    pending,
    seen: all.filter((step) => step.verdict === (op === "add" ? "added" : "removed")),
    planned: new Set(removed.map((step) => personKey(step.person ?? ""))),
    isCanary: op === "remove" && !isProven(slice.job, group) && pending.length > 0,
  };
  const doubt = doubtOf({
    before: last?.ids ?? (await slice.recent(group)),
    after: made.members,
    planned: made.planned,
    proved: made.seen.map((step) => step.person ?? ""),
    op,
    own: slice.connection?.ownNumber,
  });
  await (doubt === undefined ? conclude(slice, made) : doNotBelieve(slice, made, doubt));
}

/** A reading that is not believed: it is read again soon, and after a few times the agent has to look. */
async function doNotBelieve(slice: Slice, made: GroupReading, doubt: Doubt): Promise<void> {
  const { at, group, open, pending, isCanary } = made;
  const tries = (slice.job.tries ?? 0) + 1;
  const soon = Math.min(SOON[tries - 1] ?? 0, slice.settleTime);
  if (tries < DOUBTS) return slice.commit([], { at: at + soon, isSettling: true }, { tries });
  const changes = open.map((step): Step => ({ ...step, state: "review", verdict: "unconfirmed", reason: doubt }));
  if (!isCanary) return slice.commit(changes, { at }, { tries: 0, ...without(slice, group) });
  // What is left to do stays so: the agent looks and decides.
  const sent = changes.filter((step) => pending.some(({ index }) => index === step.index));
  return slice.commit(sent, { pause: { reason: "canary" } }, { tries: 0, ...without(slice, group) });
}

/** What a believed reading says of each person, and where the job goes from here. */
async function conclude(slice: Slice, made: GroupReading): Promise<void> {
  const { op, group, at, list, members, reading, last, all, open, pending, planned, isCanary } = made;
  const changes = changesOf(slice, made);
  const lost = op === "remove" ? lostSince(last?.ids ?? [], members, planned) : [];
  const patch = {
    tries: 0,
    readings: { ...slice.job.readings, [group]: reading },
    proven: slice.job.proven,
  };
  const mustPace = isCareful(slice) && all.some((step) => step.attempts > 0) && open.some(isTodo);
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
    return slice.commit(sent, next, patch, learntFrom(slice, group, list, at));
  }
  if (open.length === changes.filter(isEnded).length) Object.assign(patch, without(slice, group));
  await slice.commit(changes, next, patch, learntFrom(slice, group, list, at));
}

/** Returns the steps that a believed reading changes, and notes in the reading who counts as hidden. */
function changesOf(slice: Slice, { op, list, members, reading, last, open, pending, seen }: GroupReading): Step[] {
  const hasVanished = vanishedSince(last, members);
  const { counted, hidden } = countHidden(slice, op === "add" ? pending : [], list, last);
  if (op === "add") reading.hidden = hidden;
  const effective = [
    ...seen,
    ...pending.filter((step) => counted.has(step) || isReached(op, step, members, hasVanished)),
  ];
  const lastSeen = Math.max(0, ...effective.map((step) => step.sentAt ?? 0));
  // A clock that was set right may have given several requests one time.
  const requestOf = ({ batch, sentAt }: Step) => `${batch} ${sentAt}`;
  const seenRequests = new Set(effective.map(requestOf));
  const { input } = slice.job;
  const admins = "admins" in input && input.admins ? new Set(input.admins) : undefined;
  const changes: Step[] = [];
  for (const step of open) {
    const changed = counted.has(step)
      ? reached(op, step)
      : step.state === "todo"
        ? (withoutRequest(op, step, members) ?? spared(step, members, admins) ?? asListed(op, step, members))
        : (proved(op, step, members, {
            isLate: isSettled(step, reading, slice.settleTime),
            isFresh: (step.sentAt ?? 0) <= lastSeen,
            isPartial: seenRequests.has(requestOf(step)),
            mayRepeat: slice.job.isCancelled !== true,
            hasVanished: hasVanished(step.person ?? ""),
          }) ?? startSettling(step, reading));
    if (changed) changes.push(changed);
  }
  return changes;
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
 * else can have come in, so that a silent yes counts too. Any other number says nothing of a single person. `hidden` is
 * what the next count begins with.
 */
function countHidden(
  slice: Slice,
  pending: Step[],
  list: Member[],
  last: Reading | undefined,
): { counted: ReadonlySet<Step>; hidden: string[] } {
  const isOurs = kindOf(slice.job.input).leadsTo === "new-group";
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
  const isAdmin = isOwnAdmin(own, members);
  if (isAdmin !== undefined) change.isAdmin = isAdmin;
  // Of a group that we made, the one owner is us.
  const owners =
    kindOf(slice.job.input).leadsTo === "new-group" ? members.filter(({ role }) => role === "superadmin") : [];
  const [owner] = owners;
  const learnt = own === undefined && owners.length === 1 && owner && !isHidden(owner.id) ? { own: owner.id } : {};
  return {
    ...learnt,
    rosters: [{ connection, group, members, readAt: at }],
    groups: [change],
  };
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
    const changes = steps.map((step): Step => ({
      ...step,
      ...failureFields(failure),
      state: "review",
      verdict: "unconfirmed",
    }));
    return slice.commit(changes, { at: now }, { tries: 0, ...without(slice, group) });
  }
  const { code, detail } = failure;
  if (tries + 1 >= FAILED_READS && UNREADABLE.has(code)) {
    // It is there and answers, so that waiting changes nothing: the agent has to look.
    const changes = pending.map((step): Step => ({
      ...step,
      ...failureFields(failure),
      state: "review",
      verdict: "unconfirmed",
    }));
    return slice.commit(changes, { pause: { reason: code, detail } }, { tries: 0, ...without(slice, group) });
  }
  return slice.commit([], { pause: { reason: code, until: now + backoff(tries), detail } }, { tries: tries + 1 });
}
