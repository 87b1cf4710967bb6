import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { Failure, Reply } from "../../lib/shared/failure";

export interface Command {
  /** True while an answer is awaited: further presses do nothing. */
  isBusy: ReadonlySignal<boolean>;
  /** Why the last one failed; it stands until the next answer. */
  failure: ReadonlySignal<Failure | undefined>;
  /** Calls `work` at once, in the same turn as the press, and returns its reply; undefined while another is under way. */
  run: <T>(work: () => Promise<Reply<T>>) => Promise<Reply<T> | undefined>;
  /** Forgets the failure. */
  reset: () => void;
}

/** A command sent by a press: one at a time, with the failure of the last one. */
export function useCommand(): Command {
  const isBusy = useSignal(false);
  const failure = useSignal<Failure | undefined>(undefined);
  return {
    isBusy,
    failure,
    run: async (work) => {
      if (isBusy.peek()) return undefined;
      isBusy.value = true;
      const reply = await work();
      isBusy.value = false;
      failure.value = reply.ok ? undefined : reply.failure;
      return reply;
    },
    reset: () => (failure.value = undefined),
  };
}
