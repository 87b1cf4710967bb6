import type { InputOf } from "../../shared/jobs/kinds";
import { isGroupGone } from "../gateway/answer";
import type { Step } from "../../shared/model";
import { waitForGroup } from "./group-stop";
import { isPending } from "./journal";
import { type Executor, failedStep, isCareful, jitter, type Slice, unsent } from "./slice";

/** Sends to chats one by one. Never repeats an unsure message; the agent looks. */
export const send: Executor = { run };

async function run(slice: Slice): Promise<void> {
  const unsure = slice.steps.filter(isPending);
  if (unsure.length > 0) {
    const changes = unsure.map((step): Step => ({ ...step, state: "review", verdict: "unconfirmed" }));
    return slice.commit(changes, { at: slice.now() });
  }
  const todo = slice.steps.find((step) => step.state === "todo");
  if (!todo) return slice.commit([], { end: true });
  const { text, texts } = slice.job.input as InputOf<"send">;
  slice.focus(todo.target);
  const [step] = await slice.intend([todo]);
  if (!step) return;
  const priority = slice.steps.length === 1 ? "agent" : "background";
  const answer = await slice.gateway.sendText(step.target, texts?.[step.index] ?? text, { priority });
  const hasMore = slice.steps.some(({ state }) => state === "todo");
  const at = slice.now() + (hasMore && isCareful(slice) ? jitter(() => slice.random()) : 0);
  if (answer.ok) {
    const { requestId, value } = answer;
    // Never "delivered"; without an id, not even accepted.
    const outcome: Pick<Step, "state" | "verdict"> =
      value.message === undefined
        ? { state: "review", verdict: "unconfirmed" }
        : { state: "done", verdict: value.isQueued ? "queued" : "sent" };
    return slice.commit([{ ...step, ...outcome, requestId }], { at }, { tries: 0 });
  }
  const { failure } = answer;
  if (isGroupGone(failure) && (await waitForGroup(slice, step.target, failure, [unsent(step)]))) return;
  const failed = failedStep(slice, step, answer, "not-sent");
  const tries = (slice.job.tries ?? 0) + 1;
  const isUnsure = failed.step.state === "unknown";
  const sent: Step = isUnsure ? { ...failed.step, state: "review" } : failed.step;
  await slice.commit([sent], failed.pause ? { pause: failed.pause } : { at }, { tries });
}
