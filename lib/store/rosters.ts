import { isHidden } from "../shared/person";
import { readRoster } from "./read";
import type { Store } from "./schema";

/** Returns ids of groups with a roster. */
export async function readRosterKeys({ db }: Store, connection: string): Promise<Set<string>> {
  const keys = await db.getAllKeys("rosters", IDBKeyRange.bound([connection], [connection, []]));
  return new Set(keys.map(([, group]) => group));
}

/** Returns ids of groups whose roster hides numbers. Reads one by one, so nothing waits for all. */
export async function readHiding(store: Store, connection: string): Promise<Set<string>> {
  const hiding = new Set<string>();
  for (const group of await readRosterKeys(store, connection)) {
    const roster = await readRoster(store, connection, group);
    if (roster?.members.some(({ id }) => isHidden(id))) hiding.add(group);
  }
  return hiding;
}
