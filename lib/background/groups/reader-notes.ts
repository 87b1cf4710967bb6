import type { Reply } from "../../shared/failure";
import type { Connection, EachReading, FailureCode } from "../../shared/model";
import type { Store, Table } from "../../store/schema";
import { writeOf } from "../../store/write";
import type { Keep, Task } from "./task";

function isOn({ endedAt, isPaused }: EachReading): boolean {
  return endedAt === undefined && isPaused !== true;
}

/** Whether both are states of one reading. */
export function isSameReading(a: EachReading, b: EachReading): boolean {
  return a.startedAt === b.startedAt && String(a.groups) === String(b.groups);
}

/** Returns readings neither ended nor paused, by connection. */
export async function readOpen({ db }: Store, { field }: Task): Promise<[connection: string, reading: EachReading][]> {
  const all = await db.getAll("gateways");
  return all.flatMap(({ connection, [field]: reading }) => (reading && isOn(reading) ? [[connection, reading]] : []));
}

/** Stores the reading that `how` makes of the last one. `no-connection`: see `writeOf`. */
export function begin(
  store: Store,
  { field }: Task,
  connection: Connection,
  how: (before: EachReading | undefined) => EachReading,
): Promise<Reply<void>> {
  return writeOf(store, connection, ["gateways"], async (tx) => {
    const notes = (await tx.objectStore("gateways").get(connection.id)) ?? { connection: connection.id };
    await tx.objectStore("gateways").put({ ...notes, [field]: how(notes[field]) });
  });
}

/** Changes a reading unless ended or paused. Returns whether it is still on. */
export async function note(
  store: Store,
  { field }: Task,
  connection: string | Connection,
  how: (reading: EachReading) => EachReading,
): Promise<boolean> {
  const id = typeof connection === "string" ? connection : connection.id;
  const saved = await writeOf(store, connection, ["gateways"], async (tx) => {
    const notes = await tx.objectStore("gateways").get(id);
    const before = notes?.[field];
    if (!before || !isOn(before)) return false;
    const reading = how(before);
    await tx.objectStore("gateways").put({ ...notes, [field]: reading });
    return isOn(reading);
  });
  return saved.ok && saved.value;
}

/** Returns groups still to read, the oldest reading first; `total` counts all. */
export async function todoOf(
  store: Store,
  task: Task,
  id: string,
  reading: EachReading,
): Promise<{ total: number; groups: string[] }> {
  const mine = IDBKeyRange.bound([id, 0], [id, 0, []]);
  const listed = await store.db.getAllKeysFromIndex("groups", "used", mine);
  const chosen = reading.groups && new Set(reading.groups);
  const all = listed.map(([, group]) => group).filter((group) => chosen?.has(group) ?? true);
  const readAt = await task.readTimes(store, id);
  const { failed = {} } = reading;
  const groups = all
    .filter((group) => !Object.hasOwn(failed, group) && (readAt.get(group) ?? -1) < reading.since)
    .toSorted((a, b) => (readAt.get(a) ?? -1) - (readAt.get(b) ?? -1));
  return { total: all.length, groups };
}

/** Stores what was read of one group, or the failure. Returns whether that reading is still on. */
export async function keepGroup(
  store: Store,
  { field, tables }: Task,
  connection: Connection,
  group: string,
  result: { keep: Keep } | { failed: FailureCode },
  of: EachReading,
): Promise<boolean> {
  const needed: Table[] = ["gateways", ...("keep" in result ? tables : [])];
  const written = await writeOf(store, connection, needed, async (tx) => {
    const notes = await tx.objectStore("gateways").get(connection.id);
    const before = notes?.[field];
    if (!before) return false;
    const failed = "failed" in result ? { failed: { ...before.failed, [group]: result.failed } } : {};
    const isSame = isSameReading(before, of);
    const reading = isSame ? { ...before, done: before.done + 1, ...failed } : before;
    await tx.objectStore("gateways").put({ ...notes, [field]: reading });
    if ("keep" in result) await result.keep(tx);
    return isSame && isOn(reading);
  });
  return written.ok && written.value;
}
