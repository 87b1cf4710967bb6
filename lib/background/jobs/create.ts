import type { InputOf } from "../../shared/jobs/kinds";
import type { Step } from "../../shared/model";
import { personKey } from "../../shared/person";
import { cleanText } from "../../shared/text";
import type { GroupInfo } from "../gateway/answer";
import { advanceGroup } from "./membership";
import { answered, PROVED } from "../membership/verdict";
import {
  backoff,
  type Decision,
  type Executor,
  failedStep,
  isSettled,
  pauseFor,
  settledAt,
  type Change,
  type Slice,
  SOON,
} from "./slice";

/**
 * Creating a group: step 0 is the group, the steps after it the first few people. Sent once and never again by itself:
 * when the outcome is unsure, the groups that came up since are shown and the agent decides (security, section 6.5).
 */
export const create: Executor = { run, settle };

async function run(slice: Slice): Promise<void> {
  const step = slice.steps[0];
  if (!step) return slice.commit([], { end: true });
  if (step.state === "todo") return send(slice, step);
  if (step.state === "unknown" || step.state === "accepted") return find(slice, step);
  if (step.state !== "done" || step.group === undefined) return slice.commit([], { end: true });
  const at = await advanceGroup(slice, "add", step.group);
  if (at === "acted") return;
  // The others follow while the first few are still being proved.
  const { people, pace } = slice.job.input as InputOf<"create">;
  const first = new Set(slice.steps.flatMap(({ person }) => (person === undefined ? [] : [personKey(person)])));
  const own = slice.connection?.ownNumber;
  if (own !== undefined) first.add(personKey(own));
  const rest = people.filter(({ id }) => !first.has(personKey(id)));
  if (rest.length > 0 && slice.job.isCancelled !== true) {
    await slice.follow({ kind: "add", groups: [step.group], people: rest, pace }, `rest:${slice.job.id}`);
  }
  await slice.commit([], at === "finished" ? { end: true } : { at, isSettling: true });
}

async function send(slice: Slice, step: Step): Promise<void> {
  const { name } = slice.job.input as InputOf<"create">;
  const sent = await slice.intend([step, ...slice.steps.slice(1)], await slice.knownGroups());
  const [group, ...people] = sent as [Step, ...Step[]];
  const ids = people.map(({ person }) => person ?? "");
  const answer = await slice.gateway.createGroup({ name, people: ids }, { priority: "agent" });
  const now = slice.now();
  if (answer.ok) {
    const { requestId, value } = answer;
    const info = value.group;
    if (!info) {
      const changes = sent.map((each): Step => ({ ...each, state: "accepted", verdict: "unconfirmed" }));
      return slice.commit(changes, { at: now + 1000 }, {});
    }
    const done: Step = { ...group, state: "done", verdict: "created", group: info.id, requestId };
    const added = people.map((each) => ({ ...answered("add", each, value.people), target: info.id }));
    return slice.commit(
      [done, ...added],
      { at: now + 1000 },
      {},
      { groups: [{ ...asGroup(info), usedAt: now, enteredAt: now }] },
    );
  }
  const { step: failed, pause } = failedStep(slice, group, answer, "not-created");
  // The people share the fate of the group: unsent, refused or unsure.
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
  await slice.commit(
    [failed, ...others],
    pause ? { pause } : { at: now + (failed.state === "unknown" ? SOON[0] : 0) },
    { tries },
  );
}

/** Looks for the group after an unsure answer, soon and once more when it must have appeared; then the agent decides. */
async function find(slice: Slice, step: Step): Promise<void> {
  const at = slice.now();
  const answer = await slice.gateway.listGroups({ priority: "background" });
  const tries = slice.job.tries ?? 0;
  if (!answer.ok) {
    const pause = pauseFor(answer.failure, at, tries);
    if (pause || tries < 5) {
      const wait = { reason: answer.failure.code, until: at + backoff(tries), detail: answer.failure.detail };
      return slice.commit([], { pause: pause ?? wait }, { tries: tries + 1 });
    }
    return review(slice, step, []);
  }
  const { name } = slice.job.input as InputOf<"create">;
  const known = new Set(slice.job.readings?.[""]?.ids ?? []);
  const isOurs = (group: GroupInfo) => !known.has(group.id) && cleanText(group.name) === cleanText(name);
  const found = answer.value.groups.filter(isOurs);
  const [only] = found;
  if (step.state === "accepted" && only && found.length === 1) {
    const done: Step = { ...step, state: "done", ...PROVED, verdict: "created", group: only.id };
    const people = slice.steps.slice(1).map((each) => ({ ...each, target: only.id }));
    return slice.commit(
      [done, ...people],
      { at },
      { tries: 0 },
      { groups: [{ ...asGroup(only), usedAt: at, enteredAt: at }] },
    );
  }
  const reading = { at, serverAt: answer.serverTime };
  if (found.length > 0 || isSettled(step, reading, slice.settle)) return review(slice, step, found);
  const counted = { ...step, serverAt: step.serverAt ?? answer.serverTime };
  await slice.commit([counted], { at: settledAt(counted, reading, slice), isSettling: true }, { tries: 0 });
}

async function review(slice: Slice, step: Step, found: GroupInfo[]): Promise<void> {
  const now = slice.now();
  // Of the people nothing was read: what became of them follows from the group.
  const changes = slice.steps.map((each): Step => ({ ...each, ...PROVED, state: "review", verdict: undefined }));
  changes[0] = { ...step, state: "review", verdict: "needs-review", candidates: found.map(({ id }) => id) };
  await slice.commit(changes, { at: now }, { tries: 0 }, { groups: found.map(asGroup) });
}

/** The agent says whether the group was made, and which one it is: what became of its people follows from that. */
function settle({ job, steps, settled, as, group, now }: Decision): Partial<Change> {
  if (settled[0]?.person !== undefined) return {};
  const people = steps.filter((each) => each.person !== undefined && each.state === "review");
  if (as === "failed") {
    return {
      steps: people.map((each) => ({ ...each, state: "failed", verdict: "not-added", reason: "by-agent" })),
    };
  }
  if (group === undefined) return { steps: people.map((each) => ({ ...each, verdict: "unconfirmed" })) };
  // The people are proved now, and those beyond the first few are added.
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

/** The store's form of a group that was just listed or created. */
export function asGroup(info: GroupInfo): Omit<GroupInfo, "members"> {
  const { members, ...group } = info;
  return { ...group, size: group.size ?? members?.length };
}
