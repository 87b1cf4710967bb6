import type { IDBPTransaction, StoreNames } from "idb";
import { fold } from "../shared/text";
import { changesBetween, seenWith, sizesWith } from "../shared/changes";
import { fail, ok, type Reply } from "../shared/failure";
import type { Group, Roster } from "../shared/model";
import { toDirectory } from "./directory";
import { dayOf } from "./read";
import { announce } from "./live";
import type { GroupRow, Schema, Store, Table } from "./schema";

/** Writing, for `lib/background` alone. */

export type Writing<Tables extends StoreNames<Schema>[]> = IDBPTransaction<Schema, Tables, "readwrite">;

/**
 * Runs `work` in one transaction over `tables`, waits until it is on disk (strict durability), then notifies watchers.
 * Tables in `readOnly` are in the transaction too and watchers hear nothing of them. Throws what the database throws
 * (quota, abort): nothing was written then.
 */
export async function write<const Tables extends Table[], T, const ReadOnly extends Table[] = []>(
  store: Store,
  tables: Tables,
  work: (tx: Writing<[...Tables, ...ReadOnly]>) => Promise<T> | T,
  readOnly: ReadOnly | [] = [],
): Promise<T> {
  const scope = [...tables, ...readOnly] as [...Tables, ...ReadOnly];
  const tx = store.db.transaction(scope, "readwrite", { durability: "strict" });
  try {
    const value = await work(tx);
    await tx.done;
    announce(store, tables);
    return value;
  } catch (error) {
    // Whoever awaited `work` gets the error; the transaction's own rejection says the same once more.
    tx.done.catch(() => undefined);
    try {
      tx.abort();
    } catch {
      // It was finished or aborted already, which is what abort() is for.
    }
    throw error;
  }
}

/** Writes rows of a connection as `write` does, unless it was forgotten meanwhile: `no-connection`, and nothing is written. */
export function writeOf<const Tables extends Table[]>(
  store: Store,
  connection: string,
  tables: Tables,
  work: (tx: Writing<[...Tables, "connections"]>) => Promise<unknown>,
): Promise<Reply<void>> {
  return write(
    store,
    tables,
    async (tx): Promise<Reply<void>> => {
      const connections = (tx as unknown as Writing<["connections"]>).objectStore("connections");
      if ((await connections.getKey(connection)) === undefined) return fail("no-connection");
      await work(tx);
      return ok(undefined);
    },
    ["connections"],
  );
}

/** Before every time of use. */
const PIN = 1e15;

/** A group with its sort keys: by name, by size (largest first), by last use (pinned ones first, then the latest). */
export function toRow(group: Group): GroupRow {
  return {
    ...group,
    gone: group.goneAt === undefined ? 0 : 1,
    nameKey: fold(group.name),
    sizeKey: -(group.size ?? 0),
    usedKey: -(group.usedAt ?? 0) - (group.pinnedAt === undefined ? 0 : PIN),
  };
}

/** Tables that the members of a group are written to. */
export const ROSTER = ["rosters", "directory", "changes"] as const satisfies Table[];

/** Puts the members of a group, so that a search finds them, and what changed since the reading before. */
export async function putRoster(tx: Writing<Table[]>, roster: Roster): Promise<void> {
  const { connection, group, readAt } = roster;
  const last = await tx.objectStore("rosters").get([connection, group]);
  const change = last && changesBetween(last, roster);
  await tx.objectStore("directory").delete(IDBKeyRange.bound([connection, group], [connection, group, []]));
  const sizes = sizesWith(last?.sizes, roster, dayOf(readAt));
  await Promise.all([
    tx.objectStore("rosters").put({ ...roster, ...(sizes ? { sizes } : {}), ...seenWith(last, roster) }),
    tx.objectStore("directory").put(toDirectory(roster)),
    change && tx.objectStore("changes").put(change),
  ]);
}
