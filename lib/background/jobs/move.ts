import type { InputOf } from "../../shared/jobs/kinds";
import type { Step } from "../../shared/model";
import { personKey } from "../../shared/person";
import { advanceGroup } from "./membership";
import { type Executor, isTodo, type Slice } from "./slice";

/** Adds and proves everybody, then removes only those proved in the new group. */
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
  if (claimed.length > 0) {
    const changes = claimed.map((step): Step => ({ ...step, verdict: "unconfirmed", reason: "hidden" }));
    return slice.commit(changes, { at: slice.now() });
  }
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

function isProved(step: Step | undefined): boolean {
  return step?.verdict === "added" || step?.verdict === "already-in";
}

/** Whether only the gateway, not the list, says that the person was in. */
function isClaimed({ verdict, failure, code }: Step): boolean {
  return verdict === "already-in" && (failure !== undefined || code !== undefined);
}
