import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { DraftKey } from "../../lib/shared/draft";
import { fail, type Failure } from "../../lib/shared/failure";
import { kindOf } from "../../lib/shared/jobs/kinds";
import type { Job, JobInput, Step } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { hasJob, readJobWithSteps } from "../../lib/store/read";
import { useCommand } from "./command";
import { unreadable, useDraft, useLive } from "./live";
import { useShell } from "./shell";

export interface Start {
  /** Starts the job and returns its id; undefined when that failed (`failure` says why) or is still under way. */
  start: (job: JobInput) => Promise<string | undefined>;
  isBusy: ReadonlySignal<boolean>;
  failure: ReadonlySignal<Failure | undefined>;
}

/**
 * Starts jobs, each press once: while a start is under way further presses do nothing, and a repeated press after a
 * failure carries the same nonce as long as the job is the same, so that a lost answer makes no second job.
 */
export function useStart(): Start {
  const pressed = useRef<{ body: string; nonce: string } | undefined>(undefined);
  const { isBusy, failure, run } = useCommand();
  const start = async (job: JobInput) => {
    if (kindOf(job).isTooLarge(job)) return fail("too-many");
    const body = JSON.stringify(job);
    if (pressed.current?.body !== body) pressed.current = { body, nonce: crypto.randomUUID() };
    const reply = await send("startJob", { job, nonce: pressed.current.nonce });
    if (reply.ok) pressed.current = undefined;
    return reply;
  };
  return {
    isBusy,
    failure,
    start: async (job) => {
      const reply = await run(() => start(job));
      return reply?.ok ? reply.value.id : undefined;
    },
  };
}

export interface KeptJob extends Start {
  /** The job that was started and whose result was not yet put away. */
  id: string | undefined;
  /** Shows another job in its place. */
  follow: (id: string) => void;
  /** Puts the result away. */
  dismiss: () => void;
}

/**
 * Starts jobs and remembers the last one as a draft, so that a view opened again shows it again. A job that is not in
 * the store any more (history erased) is none.
 */
export function useKeptJob(key: DraftKey): KeptJob {
  const kept = useDraft(key);
  const starting = useStart();
  const wanted = kept.text.value || undefined;
  const found = useLive(
    ["jobs"],
    async (store) => ({ wanted, isThere: wanted === undefined || (await hasJob(store, wanted)) }),
    [wanted],
  );
  const isErased = found.value !== undefined && found.value.wanted === wanted && !found.value.isThere;
  useEffect(() => {
    if (isErased) kept.clear();
  }, [isErased]);
  return {
    ...starting,
    start: async (job) => {
      const id = await starting.start(job);
      if (id !== undefined) kept.text.value = id;
      return id;
    },
    id: isErased ? undefined : wanted,
    follow: (id) => (kept.text.value = id),
    dismiss: kept.clear,
  };
}

/**
 * The same for a form that has a screen of its own: it opens as a form. A job that had ended before the screen opened is
 * put away by itself, and is named by `last`; `onOld` clears what was typed for it.
 */
export function useFormJob(
  key: DraftKey,
  onOld: (run: { job: Job; steps: Step[] }) => unknown,
): KeptJob & { last: string | undefined } {
  const { store } = useShell();
  const job = useKeptJob(key);
  const last = useSignal<string | undefined>(undefined);
  /** The job that was there when the screen opened, until it is known whether it had ended. */
  const isOpening = useSignal(true);
  const { id } = job;
  useEffect(() => {
    if (!isOpening.peek() || id === undefined) return;
    void readJobWithSteps(store, id).then((run) => {
      if (!isOpening.peek()) return;
      if (run?.job.endedAt !== undefined) {
        last.value = id;
        onOld(run);
        job.dismiss();
      }
      isOpening.value = false;
    }, unreadable);
  }, [id]);
  return {
    ...job,
    id: isOpening.value ? undefined : id,
    last: last.value,
    start: (input) => {
      isOpening.value = false;
      return job.start(input);
    },
  };
}
