import { byPerson, canTell, type Members } from "../../shared/members";
import type { FailureCode, Group, Member, Reading, Step } from "../../shared/model";
import { kindOf } from "../../shared/jobs/kinds";
import { isHidden, personKey } from "../../shared/person";
import { isEnded } from "../../shared/summary";
import type { GatewayFailure } from "../gateway/answer";
import { isPending, type Learnt, type Next } from "./journal";
import {
  backoff,
  counted,
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
import { type Doubt, doubtOf, isCut, isOwnAdmin, lostSince } from "../membership/belief";
import { type Op, proved, reached, spared, withoutRequest } from "../membership/verdict";
import { isAboutGroup, stopGroup, waitForGroup, without } from "./group-stop";

const DOUBTS = 3;

/** Failures that retries do not fix. */
const UNREADABLE: ReadonlySet<FailureCode> = new Set<FailureCode>(["bad-answer", "empty-answer", "not-json"]);

interface GroupReading {
  op: Op;
  group: string;
  /** When requested, by our clock. */
  at: number;
  list: Member[];
  members: Members;
  reading: Reading;
  /** The job's last credible one. */
  last?: Reading;
  /** The group's steps: all, not ended, awaiting an effect, proved. */
  all: Step[];
  open: Step[];
  pending: Step[];
  seen: Step[];
  /** Keys of people whose removal was sent, by any job. */
  planned: ReadonlySet<string>;
  /** It must prove the first removal. */
  isCanary: boolean;
  /** Far fewer than the group's size: the absent may only be unlisted. */
  isCut: boolean;
  hasVanished: (person: string) => boolean;
}

/** Reads a group's members once and writes what that proves of `open`, its unended steps. */
export async function readGroup(slice: Slice, op: Op, group: string, open: Step[]): Promise<void> {
  slice.focus(group);
  const at = slice.now();
  const answer = await slice.gateway.listMembers(group, { priority: "background" });
  if (!answer.ok) return readFailed(slice, group, open, answer.failure);
  const list = answer.value;
  const members = byPerson(list);
  const last = slice.job.readings?.[group];
  const reading: Reading = { at, serverAt: answer.serverTime };
  // For comparison with the next reading.
  if (op === "remove" || list.some(({ id }) => isHidden(id))) reading.ids = list.map(({ id }) => id);
  if (last?.isAfterConflict) reading.isAfterConflict = true;
  const all = slice.steps.filter((step) => step.target === group && step.person !== undefined);
  const removed = op === "remove" ? all.filter((step) => step.attempts > 0).map(({ person = "" }) => person) : [];
  const elsewhere = await slice.removals(group, last?.at ?? at);
  const pending = open.filter(isPending);
  const made: GroupReading = {
    op,
    group,
    at,
    list,
    members,
    reading,
    last,
    all,
    open,
    pending,
    seen: all.filter((step) => step.verdict === (op === "add" ? "added" : "removed")),
    planned: new Set([...removed, ...elsewhere].map(personKey)),
    isCanary: op === "remove" && !isProven(slice.job, group) && pending.length > 0,
    isCut: isCut(list.length, (await slice.group(group))?.size),
    hasVanished: vanishedSince(last, members),
  };
  const doubt = doubtOf({
    before: last?.ids ?? (await slice.recent(group)),
    after: members,
    planned: made.planned,
    proved: made.seen.map((step) => step.person ?? ""),
    op,
    own: slice.connection?.ownNumber,
  });
  await (doubt === undefined ? conclude(slice, made) : doNotBelieve(slice, made, doubt));
}

/** Reads again soon; after a few doubts, asks the agent. */
async function doNotBelieve(slice: Slice, made: GroupReading, doubt: Doubt): Promise<void> {
  const { at, group, open, pending, isCanary } = made;
  const tries = (slice.job.tries ?? 0) + 1;
  const soon = Math.min(SOON[tries - 1] ?? 0, slice.settleTime);
  if (tries < DOUBTS) return slice.commit([], { at: at + soon, isSettling: true }, { tries });
  const changes = open.map((step): Step => ({ ...step, state: "review", verdict: "unconfirmed", reason: doubt }));
  if (!isCanary) return slice.commit(changes, { at }, { tries: 0, ...without(slice, group) });
  // Unsent steps stay open: the agent decides.
  const sent = changes.filter((step) => pending.some(({ index }) => index === step.index));
  return slice.commit(sent, { pause: { reason: "canary" } }, { tries: 0, ...without(slice, group) });
}

/** Writes what a credible reading proves, and how the job continues. */
async function conclude(slice: Slice, made: GroupReading): Promise<void> {
  const { op, group, at, members, reading, last, all, open, pending, planned, isCanary } = made;
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
    // Read afresh after a stop; conclude nothing about unsent steps.
    Object.assign(patch, without(slice, group));
    const sent = changes.filter((step) => pending.some(({ index }) => index === step.index));
    return slice.commit(sent, next, patch, learntFrom(slice, made));
  }
  if (open.length === changes.filter(isEnded).length) Object.assign(patch, without(slice, group));
  await slice.commit([...changes, ...refusedInVain(made)], next, patch, learntFrom(slice, made));
}

/** Returns refused steps whose effect the reading shows. */
function refusedInVain(made: GroupReading): Step[] {
  return made.all
    .filter((step) => step.state === "failed" && step.attempts > 0 && isReached(step, made))
    .map((step) => reached(made.op, step));
}

/** Returns changed steps, and notes hidden members in the reading. */
function changesOf(slice: Slice, made: GroupReading): Step[] {
  const { op, list, members, reading, last, open, pending, seen, hasVanished } = made;
  // A claim awaits no effect.
  const awaited = pending.filter(({ claim }) => claim === undefined);
  const { counted: found, hidden } = countHidden(slice, op === "add" ? awaited : [], list, last);
  if (op === "add") reading.hidden = hidden;
  const effective = [...seen, ...awaited.filter((step) => found.has(step) || isReached(step, made))];
  const lastSeen = Math.max(0, ...effective.map((step) => step.sentAt ?? 0));
  // After a clock correction, requests may share a time.
  const requestOf = ({ batch, sentAt }: Step) => `${batch} ${sentAt}`;
  const seenRequests = new Set(effective.map(requestOf));
  const { input } = slice.job;
  const admins = "admins" in input && input.admins ? new Set(input.admins) : undefined;
  const changes: Step[] = [];
  for (const step of open) {
    const changed = found.has(step)
      ? reached(op, step)
      : step.state === "todo"
        ? (withoutRequest(op, step, members, made.isCut) ??
          spared(step, members, admins) ??
          asListed(op, step, members))
        : (proved(op, step, members, {
            isLate: isSettled(step, reading, slice.settleTime),
            isFresh: (step.sentAt ?? 0) <= lastSeen,
            isPartial: seenRequests.has(requestOf(step)),
            mayRepeat: slice.job.isCancelled !== true,
            hasVanished: hasVanished(step.person ?? ""),
          }) ?? counted(step, reading, slice.settleTime));
    if (changed && changed !== step) changes.push(changed);
  }
  return changes;
}

function isReached(step: Step, { op, members, hasVanished }: GroupReading): boolean {
  const { person = "" } = step;
  const isIn = members.has(personKey(person));
  return isIn === (op === "add") && (isIn || canTell(person, members) || hasVanished(person));
}

/** Whether a person left since the last reading, and no newcomer with the other kind of id could be them. */
function vanishedSince(last: Reading | undefined, members: Members): (person: string) => boolean {
  const before = new Set(last?.ids?.map(personKey));
  const fresh = [...members].filter(([key]) => !before.has(key)).map(([, { id }]) => id);
  return (person) =>
    before.has(personKey(person)) &&
    !members.has(personKey(person)) &&
    fresh.every((id) => isHidden(id) === isHidden(person));
}

/**
 * Finds people added under hidden ids, by count: as many new ids as people confirmed by name, since before any unproved
 * request, else since the last reading. Nobody else can enter our own new group, so a general OK counts there.
 * `hidden`: start of the next count.
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

/** Makes a removal use the listed id. */
function asListed(op: Op, step: Step, members: Members): Step | undefined {
  const id = op === "remove" ? members.get(personKey(step.person ?? ""))?.id : undefined;
  return id === undefined || id === step.person ? undefined : { ...step, person: id };
}

function learntFrom(slice: Slice, { group, list: members, at, isCut }: GroupReading): Learnt {
  const { connection } = slice.job;
  const change: Partial<Group> & { id: string } = { id: group, ...(isCut ? {} : { size: members.length }) };
  const own = slice.connection?.ownNumber;
  const isAdmin = isOwnAdmin(own, members);
  if (isAdmin !== undefined) change.isAdmin = isAdmin;
  // Our own new group's only owner is us.
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
    if (await waitForGroup(slice, group, failure, [], pending)) return;
    // Sent requests can no longer be proved.
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
    // It answers, so waiting is useless: the agent must look.
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
