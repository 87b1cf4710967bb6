import type { ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Job, Step } from "../../lib/shared/model";
import { isEnded } from "../../lib/shared/summary";
import { readJobWithSteps, readSteps } from "../../lib/store/read-jobs";
import type { Store } from "../../lib/store/schema";
import { useLive } from "./live";

/** Returns a job with its steps; undefined while there is none. */
export function useJob(id: string | undefined): ReadonlySignal<{ job: Job; steps: Step[] } | undefined> {
  const read = async (store: Store) => (id === undefined ? undefined : readJobWithSteps(store, id));
  return useLive(["jobs", "steps"], read, [id]);
}

/** Returns the steps of these jobs that have not ended. */
export function useOpenSteps(jobs: readonly Job[]): Step[] {
  const ids = jobs.map(({ id }) => id);
  const read = async (store: Store) => Promise.all(ids.map((id) => readSteps(store, id)));
  const steps = useLive(["steps"], read, [ids.join()]).value;
  return useMemo(() => (steps ?? []).flat().filter((step) => !isEnded(step)), [steps]);
}
