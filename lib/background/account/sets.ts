import type { Input } from "../../shared/commands";
import { ok, type Reply } from "../../shared/failure";
import type { RosterChange } from "../../shared/model";
import type { Store } from "../../store/schema";
import { write, writeOf } from "../../store/write";

/** What the agent keeps about groups and people of a connection. Nothing of it leaves this computer. */

/** Keeps groups or people under a name, in place of what had this name. `no-connection`: it was forgotten meanwhile. */
export function saveSet(store: Store, connection: string, set: Input<"saveSet">, now: number): Promise<Reply<void>> {
  return writeOf(store, connection, ["sets"], (tx) => tx.objectStore("sets").put({ ...set, connection, savedAt: now }));
}

/** Forgets what is kept under a name. */
export async function forgetSet(
  store: Store,
  connection: string,
  { kind, name }: Input<"forgetSet">,
): Promise<Reply<void>> {
  await write(store, ["sets"], (tx) => tx.objectStore("sets").delete([connection, kind, name]));
  return ok(undefined);
}

/** Keeps the labels (each once) and the note of a group, or forgets them when there are none. `no-connection`. */
export function labelGroup(store: Store, connection: string, given: Input<"labelGroup">): Promise<Reply<void>> {
  const { group, note } = given;
  const labels = [...new Set(given.labels)];
  return writeOf(store, connection, ["labels"], (tx) =>
    labels.length === 0 && note.trim() === ""
      ? tx.objectStore("labels").delete([connection, group])
      : tx.objectStore("labels").put({ connection, group, labels, note }),
  );
}

/** What a file may hold of it. */
interface Kept {
  sets: Input<"saveSet">[];
  labels: Input<"labelGroup">[];
  changes: Omit<RosterChange, "connection">[];
}

/**
 * Adds sets, labels and changes of members from a file; what is kept here under the same name, or of the same group or
 * reading, stays as it is.
 */
export async function addKept(
  store: Store,
  connection: string,
  { sets, labels, changes }: Kept,
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
  // One that is yet to come would stand before every other for good.
  const past = changes.filter(({ at }) => at <= now);
  if (past.length === 0) return;
  await writeOf(store, connection, ["changes"], async (tx) => {
    const table = tx.objectStore("changes");
    for (const change of past) {
      if ((await table.getKey([connection, change.group, change.at])) !== undefined) continue;
      await table.put({ ...change, connection });
    }
  });
}
