import type { IDBPTransaction, StoreNames } from "idb";
import { fold } from "../shared/text";
import { changesBetween, seenWith, sizesWith } from "../shared/changes";
import { fail, ok, type Reply } from "../shared/failure";
import type { Connection, Group, Roster } from "../shared/model";
import { toDirectory } from "./directory";
import { dayOf } from "./read-jobs";
import { announce } from "./live";
import type { GroupRow, Schema, Store, Table } from "./schema";

/** For `lib/background` alone. */

export type Writing<Tables extends StoreNames<Schema>[]> = IDBPTransaction<Schema, Tables, "readwrite">;

/**
 * Runs `work` in one transaction, waits until it is on disk (strict durability), then notifies watchers of `tables`. If
 * it throws (quota, abort), nothing was written.
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
    // The transaction's rejection repeats this error.
    tx.done.catch(() => undefined);
    try {
      tx.abort();
    } catch {
      // Already finished or aborted.
    }
    throw error;
  }
}

/**
 * Like `write`, but fails with `no-connection` if the connection was forgotten meanwhile or, unless given by id, is now
 * another account's.
 */
export function writeOf<const Tables extends Table[], T>(
  store: Store,
  connection: string | Connection,
  tables: Tables,
  work: (tx: Writing<[...Tables, "connections"]>) => Promise<T>,
): Promise<Reply<T>> {
  const id = typeof connection === "string" ? connection : connection.id;
  return write(
    store,
    tables,
    async (tx): Promise<Reply<T>> => {
      const stored = await (tx as unknown as Writing<["connections"]>).objectStore("connections").get(id);
      if (!stored) return fail("no-connection");
      if (typeof connection !== "string" && accountOf(stored) !== accountOf(connection)) return fail("no-connection");
      return ok(await work(tx));
    },
    ["connections"],
  );
}

/** Identifies a connection's account; data of two must never mix. */
export function accountOf({ id, origin, instance, dialect }: Connection): string {
  return JSON.stringify([id, origin, instance, dialect]);
}

/** Above any time of use (ms). */
const PIN = 1e15;

/** Returns a group with sort keys: name; size, largest first; use, pinned first. */
export function toRow(group: Group): GroupRow {
  return {
    ...group,
    gone: group.goneAt === undefined ? 0 : 1,
    nameKey: fold(group.name),
    sizeKey: -(group.size ?? 0),
    usedKey: -(group.usedAt ?? 0) - (group.pinnedAt === undefined ? 0 : PIN),
  };
}

/** Tables for a group's members. */
export const ROSTER = ["rosters", "directory", "changes"] as const satisfies Table[];

/** Stores a group's members, their search text and changes since. */
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
