import type { Step } from "../../shared/model";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";
import { areSound, isSound } from "./journal";
import { deleteRecord, putRecord, readStepsIn, RECORD, type StoredJob } from "./record";

/** Sets aside a job that this version does not understand, unless deleted meanwhile. */
export async function setAside(store: Store, { id }: StoredJob, now: number): Promise<void> {
  await write(store, [...RECORD, "aside"], async (tx) => {
    const job = await tx.objectStore("jobs").get(id);
    if (!job) return;
    const steps = await readStepsIn(tx, id);
    await tx.objectStore("aside").put({ id: `jobs ${id}`, table: "jobs", key: id, value: { job, steps }, at: now });
    await deleteRecord(tx, id);
  });
}

/** Moves jobs that this version understands back to the journal, paused: they may be outdated. */
export async function takeBack(store: Store): Promise<void> {
  for (const { id, table, value } of await store.db.getAll("aside")) {
    const { job, steps } = (table === "jobs" ? value : {}) as { job?: StoredJob; steps?: Step[] };
    if (!job || !steps || !isSound(job) || !areSound(steps)) continue;
    await write(store, [...RECORD, "aside"], async (tx) => {
      const waiting = { ...job, state: "paused", pause: { reason: "set-aside" }, epoch: job.epoch + 1 } as const;
      const changes = steps.map((after) => ({ after }));
      await putRecord(tx, waiting, changes);
      await tx.objectStore("aside").delete(id);
      // An unwritable row stays, to be exported or erased, and blocks no other.
    }).catch(() => undefined);
  }
}
