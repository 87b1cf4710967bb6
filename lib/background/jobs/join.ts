import { KINDS } from "../../shared/jobs/kinds";
import type { KnownInvite, Reading, Step } from "../../shared/model";
import type { Table } from "../../store/schema";
import type { Writing } from "../../store/write";
import { isSurelyGone, type Answer, type GroupInfo } from "../gateway/answer";
import { asGroup } from "./create";
import { isPending, type Learnt, type Next } from "./journal";
import { putRecord } from "./record";
import {
  type Change,
  counted,
  type Decision,
  type Executor,
  failedStep,
  isCareful,
  isSettled,
  jitter,
  knowsOlder,
  nextReadingAt,
  pauseAfterReading,
  REFUSALS,
  type Slice,
  SOON,
} from "./slice";
import { showsUs } from "../membership/belief";
import { PROVED } from "../membership/verdict";

const AGENT = { priority: "agent" } as const;

const APPROVAL = { claim: undefined, state: "done", verdict: "waiting-approval", reason: "approval" } as const;

/** Joins by invite code, one by one. Sends none twice; `joined` needs a reading. */
export const join: Executor = {
  run,
  resolve,
};

/** The agent says we are in: the codes are ours. Where no new group is ours, a join that awaits an admin still does. */
function resolve({ steps, resolved, as, now }: Decision): Partial<Change> {
  if (as === "done") {
    const ours = { state: "ours", at: now } as const;
    return { invites: resolved.map(({ connection, target: code, group }) => ({ connection, code, group, ...ours })) };
  }
  const waiting = resolved.filter(({ index }) => steps[index]?.claim === "waiting-approval");
  return { steps: waiting.map((step) => ({ ...step, ...APPROVAL })) };
}

async function run(slice: Slice): Promise<void> {
  const pending = slice.steps.find(isPending);
  if (pending) return prove(slice, pending);
  const todo = slice.steps.find((step) => step.state === "todo");
  if (!todo) return slice.commit([], { end: true });
  const known = await slice.invite(todo.target);
  const list = await slice.knownGroups();
  // Already in, and still listed: send nothing.
  if (known?.state === "ours" && known.group !== undefined && list.ids.includes(known.group)) {
    const done: Step = { ...todo, state: "done", verdict: "already-joined", group: known.group };
    return slice.commit([done], { at: slice.now() });
  }
  await send(slice, todo, list);
}

async function send(slice: Slice, todo: Step, list: Reading): Promise<void> {
  const [step] = await slice.intend([todo], list);
  if (!step) return;
  const answer = await slice.gateway.joinGroup(step.target, AGENT);
  const now = slice.now();
  if (answer.ok) {
    const { requestId, value } = answer;
    const group = value.group?.id;
    // Neither a group nor "pending" in the answer is proof.
    const claim = value.isPending ? "waiting-approval" : undefined;
    const accepted: Step = { ...step, state: "accepted", verdict: "unconfirmed", requestId, group, claim };
    return slice.commit([accepted], { at: now }, { tries: 0 });
  }
  const { failure } = answer;
  if (failure.certainty === "refused" && failure.code === "already-in") {
    const done: Step = { ...step, state: "done", verdict: "already-joined", requestId: failure.requestId };
    return finish(slice, done, "ours");
  }
  const failed = failedStep(slice, step, answer, "not-joined");
  const tries = (slice.job.tries ?? 0) + 1;
  if (failed.pause) return slice.commit([failed.step], { pause: failed.pause }, { tries });
  if (failed.step.state === "unknown") return slice.commit([failed.step], { at: now + SOON[0] }, { tries });
  const isDead = failure.code === "invite-invalid" || failure.code === "group-full" || failure.code === "rejected";
  await finish(slice, failed.step, isDead ? "refused" : undefined);
}

async function joined(slice: Slice, step: Step, info: GroupInfo): Promise<void> {
  const verdict = (slice.job.readings?.[""]?.ids ?? []).includes(info.id) ? "already-joined" : "joined";
  const done: Step = { ...step, state: "done", verdict, group: info.id, ...PROVED };
  await finish(slice, done, "ours", info.id, info);
}

async function finish(
  slice: Slice,
  step: Step,
  state: KnownInvite["state"] | undefined,
  group?: string,
  info?: GroupInfo,
): Promise<void> {
  const now = slice.now();
  const { connection } = slice.job;
  const learnt: Learnt = {};
  if (state) {
    const { job, index, target: code, reason } = step;
    const asked = state === "pending" ? { step: { job, index } } : {};
    learnt.invites = [{ connection, code, state, group, at: now, reason, ...asked }];
  }
  if (info) learnt.groups = [{ ...asGroup(info), usedAt: now, listedAt: now, enteredAt: now }];
  if (info?.members?.length) {
    learnt.rosters = [{ connection, group: info.id, members: info.members, readAt: now }];
  }
  const gap = isCareful(slice) ? KINDS.join.interval.careful : jitter(() => slice.random());
  const hasMore = slice.steps.some((each) => each.state === "todo" && each.index !== step.index);
  const streak = step.state === "failed" ? (slice.job.streak ?? 0) + 1 : 0;
  const isStreak = hasMore && streak >= REFUSALS;
  const next: Next = isStreak
    ? { pause: { reason: "refusals", detail: step.detail } }
    : { at: hasMore ? now + gap : now };
  await slice.commit([step], next, { tries: 0, streak: isStreak ? 0 : streak }, learnt);
}

/** Reads whether we are in: by id if known, else as the only group new to the list. */
async function prove(slice: Slice, step: Step): Promise<void> {
  const at = slice.now();
  const known = step.group ?? (await slice.invite(step.target))?.group;
  const answer = known === undefined ? await findInList(slice, step) : await findById(slice, known);
  if (!answer.ok) {
    const pause = pauseAfterReading(slice, answer.failure);
    if (pause) return slice.commit([], { pause }, { tries: (slice.job.tries ?? 0) + 1 });
    if (step.claim) return waits(slice, step);
    return finish(slice, { ...step, state: "review", verdict: "unconfirmed" }, undefined);
  }
  const { isPart, groups } = answer.value;
  const [found, ...others] = groups;
  const isNew = known !== undefined || knowsOlder(slice, step);
  if (found && others.length === 0 && isNew) return joined(slice, step, found);
  const reading = { at, serverAt: answer.serverTime };
  if (step.claim) return waits(slice, step);
  if (found) {
    const candidates = groups.map(({ id }) => id);
    return finish(slice, { ...step, state: "review", verdict: "unconfirmed", candidates }, undefined);
  }
  if (isSettled(step, reading, slice.settleTime)) return notSeen(slice, step, isPart);
  const waiting = counted(step, reading, slice.settleTime);
  await slice.commit([waiting], { at: nextReadingAt(waiting, reading, slice), isSettling: true }, { tries: 0 });
}

function waits(slice: Slice, step: Step): Promise<void> {
  return finish(slice, { ...step, ...APPROVAL }, "pending", step.group);
}

interface Found {
  groups: GroupInfo[];
  /** The list was cut short: missing groups may exist. */
  isPart?: boolean;
}

/** Finds the group if we are in it; if the answer does not tell, the list decides. */
async function findById(slice: Slice, id: string): Promise<Answer<Found>> {
  const own = slice.connection?.ownNumber;
  const answer = await slice.gateway.getGroup(id, AGENT);
  if (answer.ok) {
    const isIn = showsUs(own, answer.value.members);
    if (isIn !== undefined) return { ...answer, value: { groups: isIn ? [answer.value] : [] } };
  } else {
    if (isSurelyGone(answer.failure)) return { ok: true, value: { groups: [] }, serverTime: answer.serverTime };
    if (answer.failure.certainty !== "refused") return answer;
  }
  return readList(slice, (group) => group.id === id && showsUs(own, group.members) !== false);
}

/** Finds groups new to the list. One made after the request is not the invite's: somebody added us. */
async function findInList(slice: Slice, { sentAt = Infinity }: Step): Promise<Answer<Found>> {
  const before = new Set(slice.job.readings?.[""]?.ids ?? []);
  const isOlder = ({ createdAt = 0 }: GroupInfo) => createdAt < sentAt;
  const list = await readList(slice, (group) => !before.has(group.id) && isOlder(group));
  const [only, ...others] = list.ok ? list.value.groups : [];
  if (!list.ok || !only || others.length > 0 || only.createdAt !== undefined) return list;
  // Lists rarely say when a group was made.
  const answer = await slice.gateway.getGroup(only.id, AGENT);
  return answer.ok && !isOlder(answer.value) ? { ...list, value: { ...list.value, groups: [] } } : list;
}

async function readList(slice: Slice, isWanted: (group: GroupInfo) => boolean): Promise<Answer<Found>> {
  const list = await slice.gateway.listGroups(AGENT);
  if (!list.ok) return list;
  return { ...list, value: { groups: list.value.groups.filter(isWanted), isPart: !list.value.isComplete } };
}

/** Accepted, but not in: perhaps an admin must approve, so track the code. */
function notSeen(slice: Slice, step: Step, isPart = false): Promise<void> {
  if (step.state === "unknown" || isPart)
    return finish(slice, { ...step, state: "review", verdict: "unconfirmed" }, undefined);
  const open: Step = { ...step, state: "review", verdict: "unconfirmed", reason: "not-seen" };
  return finish(slice, open, "pending", step.group);
}

/** Ends joins awaiting an admin once their groups are listed. If the group is unknown, new ones become candidates. */
export async function endJoins(
  tx: Writing<Table[]>,
  connection: string,
  listed: { id: string }[],
  isNew: (group: string) => boolean,
  at: number,
): Promise<void> {
  const invites = tx.objectStore("invites");
  const fresh = listed.filter(({ id }) => isNew(id)).map(({ id }) => id);
  for (const invite of await invites.getAll(IDBKeyRange.bound([connection], [connection, []]))) {
    if (invite.state !== "pending") continue;
    const { code, group } = invite;
    const step = invite.step && (await tx.objectStore("steps").get([invite.step.job, invite.step.index]));
    const isWaiting = step?.verdict === "waiting-approval" || step?.reason === "not-seen";
    if (group !== undefined && listed.some(({ id }) => id === group)) {
      await invites.put({ connection, code, state: "ours", group, at });
      if (!isWaiting) continue;
      const joined: Step = { ...step, ...PROVED, state: "done", verdict: "joined", reason: undefined, group };
      await putStep(tx, step, joined);
    } else if (group === undefined && fresh.length > 0 && isWaiting) {
      const candidates = [...new Set([...(step.candidates ?? []), ...fresh])];
      const claim = step.verdict === "waiting-approval" ? step.verdict : step.claim;
      const open = { state: "review", verdict: "unconfirmed", reason: "not-seen" } as const;
      await putStep(tx, step, { ...step, ...open, claim, candidates });
    }
  }
}

async function putStep(tx: Writing<Table[]>, before: Step, after: Step): Promise<void> {
  const job = await tx.objectStore("jobs").get(before.job);
  if (job) await putRecord(tx, job, [{ before, after }]);
}
