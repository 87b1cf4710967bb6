import type { Job, KnownInvite, Step } from "../../shared/model";
import type { GroupInfo } from "../gateway/client";
import { asGroup } from "./create";
import { isPending, type Learnt, type Next } from "./journal";
import { backoff, failedStep, isSettled, jitter, pauseFor, REFUSALS, settledAt, SOON, type Slice } from "./slice";

/** Between two joins of the careful pace, in ms. Caution, as there are no official figures. */
export const JOIN_GAP = 60_000;

/** Joins by invite code, one after the other. An unsure one is looked for in the group list and never sent again. */
export async function runJoin(slice: Slice): Promise<void> {
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
  const answer = await slice.gateway.joinGroup(step.target, { priority: "agent" });
  const now = slice.now();
  if (answer.ok) {
    const { requestId, value } = answer;
    if (value.isPending) {
      const done: Step = { ...step, state: "done", verdict: "waiting-approval", reason: "approval", requestId };
      return finish(slice, done, "pending", value.group?.id);
    }
    const group = value.group?.id;
    if (value.group && "name" in value.group) return joined(slice, { ...step, requestId }, value.group);
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
  const done: Step = { ...step, state: "done", verdict, group: info.id, code: undefined, detail: undefined };
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
    learnt.invites = [{ connection, code: step.target, state, group, at: now, reason: step.reason }];
  }
  if (info) learnt.groups = [{ ...asGroup(info), usedAt: now, listedAt: now }];
  if (info?.members?.length) {
    learnt.rosters = [{ connection, group: info.id, members: info.members, readAt: now }];
  }
  const { pace } = slice.job.input as Extract<Job["input"], { kind: "join" }>;
  const gap = pace === "careful" ? JOIN_GAP : jitter(() => slice.random());
  const hasMore = slice.steps.some((each) => each.state === "todo" && each.index !== step.index);
  const streak = step.state === "failed" ? (slice.job.streak ?? 0) + 1 : 0;
  const isStreak = hasMore && streak >= REFUSALS;
  const next: Next = isStreak
    ? { pause: { reason: "refusals", detail: step.detail } }
    : { at: hasMore ? now + gap : now };
  await slice.commit([step], next, { tries: 0, streak: isStreak ? 0 : streak }, learnt);
}

/** Finds the group that a join gave: by its id when it was told, else as the only one that was not there before. */
async function prove(slice: Slice, step: Step): Promise<void> {
  const at = slice.now();
  const tries = slice.job.tries ?? 0;
  const options = { priority: "agent" } as const;
  const one = step.group === undefined ? undefined : await slice.gateway.getGroup(step.group, options);
  if (one?.ok) return joined(slice, step, one.value);
  const answer = await slice.gateway.listGroups(options);
  if (!answer.ok) {
    const pause = pauseFor(answer.failure, at, tries);
    if (pause || tries < 5) {
      const wait = { reason: answer.failure.code, until: at + backoff(tries), detail: answer.failure.detail };
      return slice.commit([], { pause: pause ?? wait }, { tries: tries + 1 });
    }
    return finish(slice, { ...step, state: "review", verdict: "unconfirmed" }, undefined);
  }
  const before = new Set(slice.job.readings?.[""]?.ids ?? []);
  const known = (await slice.invite(step.target))?.group;
  const named = answer.value.groups.find(({ id }) => id === (step.group ?? known));
  const fresh = answer.value.groups.filter(({ id }) => !before.has(id));
  const found = named ?? (fresh.length === 1 ? fresh[0] : undefined);
  if (found) return joined(slice, step, found);
  const reading = { at, serverAt: answer.serverTime };
  // A clear yes is no proof either: without a new group, we were in it already or the gateway did nothing.
  if (fresh.length > 1 || isSettled(step, reading, slice.settle)) {
    const candidates = fresh.map(({ id }) => id);
    return finish(slice, { ...step, state: "review", verdict: "unconfirmed", candidates }, undefined);
  }
  const counted = { ...step, serverAt: step.serverAt ?? answer.serverTime };
  const soon = (step.sentAt ?? 0) + SOON[0];
  const settled = settledAt(counted, reading, slice);
  await slice.commit([counted], { at: at < soon ? Math.min(soon, settled) : settled, isSettling: true }, { tries: 0 });
}
