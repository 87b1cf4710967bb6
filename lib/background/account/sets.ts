import type { Input } from "../../shared/commands";
import { ok, type Reply } from "../../shared/failure";
import type { RosterChange } from "../../shared/model";
import type { Store } from "../../store/schema";
import { write, writeOf } from "../../store/write";

/** Saves or replaces a named set. Fails with `no-connection`. */
export function saveSet(store: Store, connection: string, set: Input<"saveSet">, now: number): Promise<Reply<void>> {
  return writeOf(store, connection, ["sets"], async (tx) => {
    await tx.objectStore("sets").put({ ...set, connection, savedAt: now });
  });
}

/** Deletes a named set. */
export async function forgetSet(
  store: Store,
  connection: string,
  { kind, name }: Input<"forgetSet">,
): Promise<Reply<void>> {
  await write(store, ["sets"], (tx) => tx.objectStore("sets").delete([connection, kind, name]));
  return ok(undefined);
}

/** Saves a group's labels and note, or deletes them if empty. Fails with `no-connection`. */
export function labelGroup(store: Store, connection: string, given: Input<"labelGroup">): Promise<Reply<void>> {
  const { group, note } = given;
  const labels = [...new Set(given.labels)];
  return writeOf(store, connection, ["labels"], async (tx) => {
    const table = tx.objectStore("labels");
    if (labels.length === 0 && note.trim() === "") await table.delete([connection, group]);
    else await table.put({ connection, group, labels, note });
  });
}

interface SavedRows {
  sets: Input<"saveSet">[];
  labels: Input<"labelGroup">[];
  changes: Omit<RosterChange, "connection">[];
}

/** Adds sets, labels and member changes from a file; existing rows win. */
export async function addSaved(
  store: Store,
  connection: string,
  { sets, labels, changes }: SavedRows,
  now: number,
): Promise<void> {
  for (const set of sets) {
    if (await store.db.getKey("sets", [connection, set.kind, set.name])) continue;
    await saveSet(store, connection, set, now);
  }
  for (const given of labels) {
    if (await store.db.getKey("labels", [connection, given.group])) continue;
    await labelGroup(store, connection, given);
  }
  // A future change would stay first in the list.
  const past = changes.filter(({ since, at }) => since <= at && at <= now);
  if (past.length === 0) return;
  await writeOf(store, connection, ["changes"], async (tx) => {
    const table = tx.objectStore("changes");
    for (const change of past) {
      if ((await table.getKey([connection, change.group, change.at])) !== undefined) continue;
      await table.put({ ...change, connection });
    }
  });
}
