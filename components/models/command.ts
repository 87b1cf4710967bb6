import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { Failure, Reply } from "../../lib/shared/failure";

export interface Command {
  /** While true, further presses do nothing. */
  isBusy: ReadonlySignal<boolean>;
  /** Of the last command, until the next reply. */
  failure: ReadonlySignal<Failure | undefined>;
  /** Calls `work` synchronously; undefined while another runs. */
  run: <T>(work: () => Promise<Reply<T>>) => Promise<Reply<T> | undefined>;
  reset: () => void;
}

/** Runs one command at a time. */
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
