import type { ReadonlySignal } from "@preact/signals";
import type { Job, Step } from "../../lib/shared/model";
import { readJobWithSteps } from "../../lib/store/read-jobs";
import type { Store } from "../../lib/store/schema";
import { useLive } from "./live";

/** Returns a job with its steps; undefined while there is none. */
export function useJob(id: string | undefined): ReadonlySignal<{ job: Job; steps: Step[] } | undefined> {
  const read = async (store: Store) => (id === undefined ? undefined : readJobWithSteps(store, id));
  return useLive(["jobs", "steps"], read, [id]);
}
