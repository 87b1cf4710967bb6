import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { DraftKey } from "../../lib/shared/draft";
import { fail, type Failure } from "../../lib/shared/failure";
import { kindOf } from "../../lib/shared/jobs/kinds";
import type { Job, JobInput, Step } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { hasJob, readJobWithSteps } from "../../lib/store/read-jobs";
import { useCommand } from "./command";
import { unreadable, useDraft, useLive } from "./live";
import { useShell } from "./shell";

export interface Start {
  /** Returns the job's id; undefined if it failed or another is starting. */
  start: (job: JobInput) => Promise<string | undefined>;
  isBusy: ReadonlySignal<boolean>;
  failure: ReadonlySignal<Failure | undefined>;
}

/** One job per press. Retries of a job keep its nonce, so a lost reply starts no second one. */
export function useStart(): Start {
  const pressed = useRef<{ body: string; nonce: string } | undefined>(undefined);
  const { isBusy, failure, run } = useCommand();
  // Of the render, as the job is: the agent may change accounts before the screen follows.
  const connection = useShell().connection.value?.id;
  const start = async (job: JobInput) => {
    if (kindOf(job).isTooLarge(job)) return fail("too-many");
    const body = JSON.stringify([connection, job]);
    if (pressed.current?.body !== body) pressed.current = { body, nonce: crypto.randomUUID() };
    const reply = await send("startJob", { connection, job, nonce: pressed.current.nonce });
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

export interface SavedJob extends Start {
  id: string | undefined;
  /** Whether `id` is final: the draft was read. */
  isRead: boolean;
  follow: (id: string) => void;
  dismiss: () => void;
}

/** Keeps the last job's id as a draft for the next view; ignores erased jobs. */
export function useSavedJob(key: DraftKey): SavedJob {
  const draft = useDraft(key);
  const starting = useStart();
  const wanted = draft.text.value || undefined;
  const found = useLive(
    ["jobs"],
    async (store) => ({ wanted, isThere: wanted === undefined || (await hasJob(store, wanted)) }),
    [wanted],
  );
  const isErased = found.value !== undefined && found.value.wanted === wanted && !found.value.isThere;
  useEffect(() => {
    if (isErased) draft.clear();
  }, [isErased]);
  return {
    ...starting,
    start: async (job) => {
      const id = await starting.start(job);
      if (id !== undefined) draft.text.value = id;
      return id;
    },
    id: isErased ? undefined : wanted,
    isRead: draft.isRead.value,
    follow: (id) => (draft.text.value = id),
    dismiss: draft.clear,
  };
}

/** For a form on its own screen: dismisses a job ended before opening, whose id is `last`; `onOld` clears the input. */
export function useFormJob(
  key: DraftKey,
  onOld: (run: { job: Job; steps: Step[] }) => unknown,
): SavedJob & { last: string | undefined } {
  const { store } = useShell();
  const job = useSavedJob(key);
  const last = useSignal<string | undefined>(undefined);
  /** Until known whether the job found at opening had ended. */
  const isOpening = useSignal(true);
  const { id, isRead } = job;
  useEffect(() => {
    if (!isOpening.peek()) return;
    if (id === undefined) {
      isOpening.value = !isRead;
      return;
    }
    void readJobWithSteps(store, id).then((run) => {
      if (!isOpening.peek()) return;
      if (run?.job.endedAt !== undefined) {
        last.value = id;
        onOld(run);
        job.dismiss();
      }
      isOpening.value = false;
    }, unreadable);
  }, [id, isRead]);
  return {
    ...job,
    id: isOpening.value ? undefined : id,
    isRead: !isOpening.value,
    last: last.value,
    start: (input) => {
      isOpening.value = false;
      return job.start(input);
    },
  };
}
