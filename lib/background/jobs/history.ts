import { fail, ok, type Reply } from "../../shared/failure";
import { JOB_LIMITS } from "../../shared/model";
import { readSettings } from "../../store/read";
import { readExpired } from "../../store/read-jobs";
import { storeFailure } from "../../store/trouble";
import { write } from "../../store/write";
import { deleteRecord, RECORD } from "./record";
import { type Engine, isOver } from "./engine";

const DAY = 86_400_000;

/** Deletes jobs ended or set aside before a time (ms). */
export async function eraseHistory(engine: Engine, before: number = Infinity): Promise<Reply<void>> {
  const { store } = engine;
  try {
    await write(store, [...RECORD, "aside"], async (tx) => {
      for (const summary of await tx.objectStore("summaries").getAll()) {
        if (isOver(summary) && (summary.endedAt ?? 0) < before) await deleteRecord(tx, summary.job);
      }
      for (const { id, table, at } of await tx.objectStore("aside").getAll()) {
        if (table === "jobs" && at < before) await tx.objectStore("aside").delete(id);
      }
    });
    return ok(undefined);
  } catch (error) {
    return fail(storeFailure(error));
  }
}

/** Deletes ended jobs beyond what the settings keep. Never rejects. */
export async function prune(engine: Engine): Promise<void> {
  const { store, clock } = engine;
  try {
    const { keepHistory } = await readSettings(store);
    const before = keepHistory === 0 ? -Infinity : clock.now() - keepHistory * DAY;
    const expired = await readExpired(store, before, JOB_LIMITS.results);
    if (expired.length === 0) return;
    await write(store, [...RECORD], async (tx) => {
      for (const id of expired) await deleteRecord(tx, id);
    });
  } catch {
    // The next start retries.
  }
}
