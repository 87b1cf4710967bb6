import { type InputOf, KINDS } from "../../shared/jobs/kinds";
import type { KnownInvite, Step } from "../../shared/model";
import type { Table } from "../../store/schema";
import type { Writing } from "../../store/write";
import type { Answer, GroupInfo } from "../gateway/answer";
import { asGroup } from "./create";
import { isPending, type Learnt, type Next } from "./journal";
import { putRecord } from "./record";
import {
  type Executor,
  failedStep,
  isGroupGone,
  isSettled,
  jitter,
  nextLook,
  pauseAfterReading,
  REFUSALS,
  type Slice,
  SOON,
} from "./slice";
import { isWithoutUs } from "../membership/belief";
import { PROVED } from "../membership/verdict";

const AGENT = { priority: "agent" } as const;

/** Joins by invite code, one after the other. None counts before the group was read, and none is sent twice. */
export const join: Executor = {
  run,
  // The agent says that we are in: from now on the codes are ours.
  settle: ({ settled, as, now }) => ({
    invites:
      as === "failed"
        ? []
        : settled.map(({ connection, target: code, group }) => ({ connection, code, state: "ours", group, at: now })),
  }),
};

async function run(slice: Slice): Promise<void> {
  const pending = slice.steps.find(isPending);
  if (pending) return prove(slice, pending);
  const todo = slice.steps.find((step) => step.state === "todo");
  if (!todo) return slice.commit([], { end: true });
  const known = await slice.invite(todo.target);
  const groups = await slice.knownGroups();
  // Ours, and the group is still in the list: nothing to ask the gateway for.
  if (known?.state === "ours" && known.group !== undefined && groups.includes(known.group)) {
    const done: Step = { ...todo, state: "done", verdict: "already-joined", group: known.group };
    return slice.commit([done], { at: slice.now() });
  }
  await send(slice, todo, groups);
}

async function send(slice: Slice, todo: Step, groups: string[]): Promise<void> {
  const [step] = await slice.intend([todo], groups);
  if (!step) return;
  const answer = await slice.gateway.joinGroup(step.target, AGENT);
  const now = slice.now();
  if (answer.ok) {
    const { requestId, value } = answer;
    const group = value.group?.id;
    if (value.isPending) {
      const done: Step = { ...step, state: "done", verdict: "waiting-approval", reason: "approval", requestId };
      return finish(slice, done, "pending", group);
    }
    // A group in the answer proves nothing: an admin may still have to approve. The group is read first.
    const accepted: Step = { ...step, state: "accepted", verdict: "unconfirmed", requestId, group };
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

/** Writes the end of a step, what is known of the code from now on, and the wait before the next code. */
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
  const { pace } = slice.job.input as InputOf<"join">;
  const gap = pace === "careful" ? KINDS.join.interval.careful : jitter(() => slice.random());
  const hasMore = slice.steps.some((each) => each.state === "todo" && each.index !== step.index);
  const streak = step.state === "failed" ? (slice.job.streak ?? 0) + 1 : 0;
  const isStreak = hasMore && streak >= REFUSALS;
  const next: Next = isStreak
    ? { pause: { reason: "refusals", detail: step.detail } }
    : { at: hasMore ? now + gap : now };
  await slice.commit([step], next, { tries: 0, streak: isStreak ? 0 : streak }, learnt);
}

/**
 * Reads whether we are in the group: by its id when that is known, else in the list as the only group that was not there
 * before.
 */
async function prove(slice: Slice, step: Step): Promise<void> {
  const at = slice.now();
  const known = step.group ?? (await slice.invite(step.target))?.group;
  const answer = known === undefined ? await findInList(slice) : await findById(slice, known);
  if (!answer.ok) {
    const pause = pauseAfterReading(slice, answer.failure);
    if (pause) return slice.commit([], { pause }, { tries: (slice.job.tries ?? 0) + 1 });
    return finish(slice, { ...step, state: "review", verdict: "unconfirmed" }, undefined);
  }
  const [found, ...others] = answer.value;
  if (found && others.length === 0) return joined(slice, step, found);
  const reading = { at, serverAt: answer.serverTime };
  if (others.length > 0) {
    const candidates = answer.value.map(({ id }) => id);
    return finish(slice, { ...step, state: "review", verdict: "unconfirmed", candidates }, undefined);
  }
  if (isSettled(step, reading, slice.settleTime)) return notSeen(slice, step);
  const counted = { ...step, serverAt: step.serverAt ?? answer.serverTime };
  await slice.commit([counted], { at: nextLook(counted, reading, slice), isSettling: true }, { tries: 0 });
}

/** The group itself if we are in it, else none. Where the gateway does not show it, or with no members, the list decides. */
async function findById(slice: Slice, id: string): Promise<Answer<GroupInfo[]>> {
  const answer = await slice.gateway.getGroup(id, AGENT);
  if (answer.ok && answer.value.members?.length !== 0) {
    return { ...answer, value: isWithoutUs(slice.connection?.ownNumber, answer.value.members) ? [] : [answer.value] };
  }
  if (!answer.ok) {
    if (isGroupGone(answer.failure)) return { ok: true, value: [], serverTime: answer.serverTime };
    if (answer.failure.certainty !== "refused") return answer;
  }
  const list = await slice.gateway.listGroups(AGENT);
  if (!list.ok) return list;
  return {
    ...list,
    value: list.value.groups.filter(
      (group) => group.id === id && !isWithoutUs(slice.connection?.ownNumber, group.members),
    ),
  };
}

/** The groups of the list that were not in it before the join. */
async function findInList(slice: Slice): Promise<Answer<GroupInfo[]>> {
  const before = new Set(slice.job.readings?.[""]?.ids ?? []);
  const list = await slice.gateway.listGroups(AGENT);
  return list.ok ? { ...list, value: list.value.groups.filter(({ id }) => !before.has(id)) } : list;
}

/** A gateway that took the request without our being in the group: an admin may have to approve, so it is tracked. */
function notSeen(slice: Slice, step: Step): Promise<void> {
  if (step.state === "unknown") return finish(slice, { ...step, state: "review", verdict: "unconfirmed" }, undefined);
  const open: Step = { ...step, state: "review", verdict: "unconfirmed", reason: "not-seen" };
  return finish(slice, open, "pending", step.group);
}

/**
 * Ends the joins that waited for an admin, now that a list shows their groups. Of a join whose group nobody named, a group
 * that is new in the list is a candidate, from which the agent chooses.
 */
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
    } else if (group === undefined && fresh.length > 0 && isWaiting && step.state === "review") {
      await putStep(tx, step, { ...step, candidates: [...(step.candidates ?? []), ...fresh] });
    }
  }
}

async function putStep(tx: Writing<Table[]>, before: Step, after: Step): Promise<void> {
  const job = await tx.objectStore("jobs").get(before.job);
  if (job) await putRecord(tx, job, [{ before, after }]);
}
