import { byGroup, newGroups } from "../../shared/jobs/create";
import type { InputOf } from "../../shared/jobs/kinds";
import type { Person, Step } from "../../shared/model";
import { personKey } from "../../shared/person";
import { cleanText } from "../../shared/text";
import type { GroupInfo } from "../gateway/answer";
import { advanceGroup } from "./membership";
import { answered, PROVED } from "../membership/verdict";
import type { Next } from "./journal";
import {
  type Decision,
  counted,
  type Executor,
  failedStep,
  isCareful,
  isSettled,
  jitter,
  knowsOlder,
  pauseAfterReading,
  REFUSALS,
  settledAt,
  type Change,
  type Slice,
  SOON,
} from "./slice";

/**
 * Creates groups one by one, each with its first few people. Sends none twice: if unsure, the agent chooses among
 * groups that appeared since.
 */
export const create: Executor = { run, resolve };

/** Gateway's clock against ours, in ms. */
const CLOCKS_APART = 600_000;

interface NewGroup {
  at: number;
  name: string;
  people: Person[];
  step: Step;
  members: Step[];
}

async function run(slice: Slice): Promise<void> {
  const wanted = newGroups(slice.job.input as InputOf<"create">);
  let waitUntil = Infinity;
  for (const [at, [step, ...members]] of byGroup(slice.steps).entries()) {
    const group = wanted[at];
    if (!step || !group) continue;
    const one: NewGroup = { at, ...group, step, members };
    if (step.state === "todo") return send(slice, one);
    if (step.state === "unknown" || step.state === "accepted") return find(slice, one);
    if (step.state !== "done" || step.group === undefined) continue;
    const due = await advanceGroup(slice, "add", step.group);
    if (due === "acted") return;
    // Add the rest while the first are being proved.
    await addRest(slice, one, step.group);
    if (due !== "finished") waitUntil = Math.min(waitUntil, due);
  }
  await slice.commit([], waitUntil === Infinity ? { end: true } : { at: waitUntil, isSettling: true });
}

async function addRest(slice: Slice, { at, people, members }: NewGroup, group: string): Promise<void> {
  const first = new Set(members.map(({ person = "" }) => personKey(person)));
  const own = slice.connection?.ownNumber;
  if (own !== undefined) first.add(personKey(own));
  const rest = people.filter(({ id }) => !first.has(personKey(id)));
  if (rest.length === 0 || slice.job.isCancelled === true) return;
  const { pace } = slice.job.input as InputOf<"create">;
  const nonce = at === 0 ? `rest:${slice.job.id}` : `rest:${slice.job.id}:${at}`;
  await slice.follow({ kind: "add", groups: [group], people: rest, pace }, nonce);
}

function goOn(slice: Slice, now: number): number {
  const hasMore = slice.steps.filter(({ person, state }) => person === undefined && state === "todo").length > 0;
  return now + (hasMore && isCareful(slice) ? jitter(() => slice.random()) : 1000);
}

async function send(slice: Slice, { name, step, members }: NewGroup): Promise<void> {
  const known = await slice.knownGroups();
  const sent = await slice.intend([step, ...members], known);
  const [group, ...people] = sent as [Step, ...Step[]];
  const ids = people.map(({ person }) => person ?? "");
  const answer = await slice.gateway.createGroup({ name, people: ids }, { priority: "agent" });
  const now = slice.now();
  if (answer.ok) {
    const { requestId, value } = answer;
    const info = value.group;
    // A group we were already in is not the new one.
    if (!info || known.ids.includes(info.id)) {
      const changes = sent.map((each): Step => ({ ...each, state: "accepted", verdict: "unconfirmed" }));
      return slice.commit(changes, { at: now + 1000 }, {});
    }
    const done: Step = { ...group, state: "done", verdict: "created", group: info.id, requestId };
    const added = people.map((each) => ({ ...answered("add", each, value.people), target: info.id }));
    return slice.commit(
      [done, ...added],
      { at: goOn(slice, now) },
      { streak: 0 },
      { groups: [{ ...asGroup(info), name: info.name || name, usedAt: now, enteredAt: now }] },
    );
  }
  const { step: failed, pause } = failedStep(slice, group, answer, "not-created");
  const others = people.map((each): Step => ({
    ...each,
    state: failed.state,
    attempts: failed.attempts,
    sentAt: failed.sentAt,
    verdict: failed.state === "failed" ? "not-added" : failed.verdict,
    reason: failed.reason,
    failure: failed.failure,
  }));
  const tries = (slice.job.tries ?? 0) + 1;
  if (failed.state !== "failed") {
    const at = now + (failed.state === "unknown" ? SOON[0] : 0);
    return slice.commit([failed, ...others], pause ? { pause } : { at }, { tries });
  }
  const { next, streak } = afterTrouble(slice, now);
  await slice.commit([failed, ...others], next, { tries, streak });
}

/** Several refused or doubtful groups in a row pause the job. */
function afterTrouble(slice: Slice, now: number): { next: Next; streak: number } {
  const streak = (slice.job.streak ?? 0) + 1;
  const hasMore = slice.steps.some(({ person, state }) => person === undefined && state === "todo");
  if (hasMore && streak >= REFUSALS) return { next: { pause: { reason: "refusals" } }, streak: 0 };
  return { next: { at: hasMore ? goOn(slice, now) : now }, streak };
}

/** Looks for an unsure group soon and once settled; then the agent decides. */
async function find(slice: Slice, one: NewGroup): Promise<void> {
  const { name, step, members } = one;
  const at = slice.now();
  const answer = await slice.gateway.listGroups({ priority: "background" });
  if (!answer.ok) {
    const pause = pauseAfterReading(slice, answer.failure);
    if (pause) return slice.commit([], { pause }, { tries: (slice.job.tries ?? 0) + 1 });
    return review(slice, one, []);
  }
  const known = new Set(slice.job.readings?.[""]?.ids ?? []);
  const isOurs = (group: GroupInfo) => !known.has(group.id) && cleanText(group.name) === cleanText(name);
  const found = answer.value.groups.filter(isOurs);
  const [only] = found;
  const isNew =
    only?.createdAt === undefined ? knowsOlder(slice, step) : only.createdAt >= (step.sentAt ?? 0) - CLOCKS_APART;
  if (step.state === "accepted" && only && found.length === 1 && answer.value.isComplete && isNew) {
    const done: Step = { ...step, state: "done", ...PROVED, verdict: "created", group: only.id };
    const people = members.map((each) => ({ ...each, target: only.id }));
    return slice.commit(
      [done, ...people],
      { at },
      { tries: 0, streak: 0 },
      { groups: [{ ...asGroup(only), usedAt: at, enteredAt: at }] },
    );
  }
  const reading = { at, serverAt: answer.serverTime };
  if (found.length > 0 || isSettled(step, reading, slice.settleTime)) return review(slice, one, found);
  const waiting = counted(step, reading, slice.settleTime);
  await slice.commit([waiting], { at: settledAt(waiting, reading, slice), isSettling: true }, { tries: 0 });
}

async function review(slice: Slice, { step, members }: NewGroup, found: GroupInfo[]): Promise<void> {
  // Nothing was read about people; the group's outcome decides.
  const people = members.map((each): Step => ({ ...each, ...PROVED, state: "review", verdict: undefined }));
  const group: Step = { ...step, state: "review", verdict: "needs-review", candidates: found.map(({ id }) => id) };
  const { next, streak } = afterTrouble(slice, slice.now());
  await slice.commit([group, ...people], next, { tries: 0, streak }, { groups: found.map(asGroup) });
}

/** The agent names the group or says that none was made; its people follow. */
function resolve({ job, steps, resolved, as, group, now }: Decision): Partial<Change> {
  const [first] = resolved;
  if (first?.person !== undefined) return {};
  const own = byGroup(steps).find(([step]) => step?.index === first?.index) ?? [];
  const people = own.filter((each) => each.person !== undefined && each.state === "review");
  if (as === "failed") {
    return {
      steps: people.map((each) => ({ ...each, state: "failed", verdict: "not-added", reason: "by-agent" })),
    };
  }
  if (group === undefined) return { steps: people.map((each) => ({ ...each, verdict: "unconfirmed" })) };
  // Now prove these people and add the rest.
  const again: Change["job"] = { state: "waiting", notBefore: now, endedAt: undefined };
  return {
    steps: people.map((each) => ({
      ...each,
      ...PROVED,
      state: "accepted",
      verdict: "unconfirmed",
      target: group,
    })),
    job: job.state === "done" ? again : {},
  };
}

/** Returns a group in the store's form. */
export function asGroup(info: GroupInfo): Omit<GroupInfo, "members"> {
  const { members, ...group } = info;
  return { ...group, size: group.size ?? members?.length };
}
