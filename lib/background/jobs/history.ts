import { fail, ok, type Reply } from "../../shared/failure";
import { JOB_LIMITS } from "../../shared/model";
import { readExpired, readSettings } from "../../store/read";
import { journal } from "./journal";
import { deleteRecord, RECORD } from "./record";
import { type Engine, isOver } from "./engine";

/** Removing jobs that have ended. */

const DAY = 86_400_000;

/** Removes ended jobs that ended before a moment (ms), and what was set aside before it. */
export async function eraseHistory(engine: Engine, before: number = Infinity): Promise<Reply<void>> {
  const { store } = engine;
  try {
    await journal(store, [...RECORD, "aside"], async (tx) => {
      for (const summary of await tx.objectStore("summaries").getAll()) {
        if (isOver(summary) && (summary.endedAt ?? 0) < before) await deleteRecord(tx, summary.job);
      }
      // What was set aside is history too: nothing will ever run it.
      for (const { id, table, at } of await tx.objectStore("aside").getAll()) {
        if (table === "jobs" && at < before) await tx.objectStore("aside").delete(id);
      }
    });
    return ok(undefined);
  } catch {
    return fail("storage-full");
  }
}

/** Removes ended jobs beyond what the settings keep. Never rejects. */
export async function prune(engine: Engine): Promise<void> {
  const { store, clock } = engine;
  try {
    const { keepHistory } = await readSettings(store);
    const before = keepHistory === 0 ? -Infinity : clock.now() - keepHistory * DAY;
    const expired = await readExpired(store, before, JOB_LIMITS.results);
    if (expired.length === 0) return;
    await journal(store, [...RECORD], async (tx) => {
      for (const id of expired) await deleteRecord(tx, id);
    });
  } catch {
    // The store cannot be read or written just now; the next start tries again.
  }
}
