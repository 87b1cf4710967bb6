import type { InputOf } from "../../shared/jobs/kinds";
import { byPerson } from "../../shared/members";
import type { Step } from "../../shared/model";
import { personKey } from "../../shared/person";
import { PROVED } from "../membership/verdict";
import { advanceGroup } from "./membership";
import { type Executor, isTodo, pauseAfterReading, type Slice } from "./slice";

/** Moving people: everybody is added and proved first, and only who was proved to be in the one group goes from the other. */
export const move: Executor = { run };

async function run(slice: Slice): Promise<void> {
  const { from, to } = slice.job.input as InputOf<"move">;
  const adding = await advanceGroup(slice, "add", to);
  if (adding === "acted") return;
  if (adding !== "finished") return slice.commit([], { at: adding, isSettling: true });
  const waiting = slice.steps.filter((step) => step.group !== undefined && isTodo(step));
  const added = new Map(
    slice.steps.flatMap((step) => (step.group === undefined ? [[personKey(step.person ?? ""), step] as const] : [])),
  );
  const addOf = ({ person = "" }: Step) => added.get(personKey(person));
  const claimed = waiting.flatMap((step) => addOf(step) ?? []).filter(isClaimed);
  if (claimed.length > 0) return readClaimed(slice, to, claimed);
  const staying = waiting.filter((step) => !isProved(addOf(step)));
  if (staying.length > 0) {
    const changes = staying.map((step): Step => ({
      ...step,
      state: "failed",
      verdict: "not-removed",
      reason: "not-moved",
    }));
    return slice.commit(changes, { at: slice.now() });
  }
  const removing = await advanceGroup(slice, "remove", from);
  if (removing === "acted") return;
  await slice.commit([], removing === "finished" ? { end: true } : { at: removing, isSettling: true });
}

/** Whether the members were read to have the person. */
function isProved(step: Step | undefined): boolean {
  return step?.verdict === "added" || step?.verdict === "already-in";
}

/** Whether only the gateway's answer to a request says that the person was in already. */
function isClaimed({ verdict, failure, code }: Step): boolean {
  return verdict === "already-in" && (failure !== undefined || code !== undefined);
}

/** Reads whether those reported as added are in: the gateway's word is no proof. */
async function readClaimed(slice: Slice, group: string, claimed: Step[]): Promise<void> {
  const at = slice.now();
  const answer = await slice.gateway.listMembers(group, { priority: "background" });
  const pause = answer.ok ? undefined : pauseAfterReading(slice, answer.failure);
  if (pause) return slice.commit([], { pause }, { tries: (slice.job.tries ?? 0) + 1 });
  const members = byPerson(answer.ok ? answer.value : []);
  const changes = claimed.map((step): Step => {
    const isIn = members.has(personKey(step.person ?? ""));
    return isIn ? { ...step, ...PROVED } : { ...step, verdict: "unconfirmed", reason: "contradicted" };
  });
  await slice.commit(changes, { at }, { tries: 0 });
}
