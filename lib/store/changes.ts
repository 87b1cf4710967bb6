import type { RosterChange } from "../shared/model";
import type { Store } from "./schema";

/** Returns a group's member changes, newest first, at most `limit`. */
export async function readGroupChanges(
  { db }: Store,
  connection: string,
  group: string,
  limit: number,
): Promise<RosterChange[]> {
  const range = IDBKeyRange.bound([connection, group], [connection, group, []]);
  return (await db.getAll("changes", range)).toReversed().slice(0, limit);
}

/** Returns wanted member changes of all groups, newest first, at most `limit`. */
export async function readChanges(
  { db }: Store,
  connection: string,
  limit: number,
  isWanted: (change: RosterChange) => boolean = () => true,
): Promise<RosterChange[]> {
  const found: RosterChange[] = [];
  const index = db.transaction("changes").store.index("at");
  const range = IDBKeyRange.bound([connection], [connection, []]);
  for (let cursor = await index.openCursor(range, "prev"); cursor; cursor = await cursor.continue()) {
    if (isWanted(cursor.value) && found.push(cursor.value) >= limit) break;
  }
  return found;
}
