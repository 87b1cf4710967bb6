import type { ReadonlySignal } from "@preact/signals";
import type { Tally } from "../../lib/shared/model";
import { dayOf, readTally } from "../../lib/store/read-jobs";
import { useLive } from "./live";
import { useNow } from "./now";
import { useShell } from "./shell";

/** Returns the local date, also after midnight. */
export function useDay(): string {
  return dayOf(useNow(true, 60_000));
}

/** Returns what was tried today with the current connection. */
export function useTally(): ReadonlySignal<Tally | undefined> {
  const id = useShell().connection.value?.id ?? "";
  const day = useDay();
  return useLive(["tallies"], (store) => readTally(store, id, day), [id, day]);
}
