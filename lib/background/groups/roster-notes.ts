import type { Connection, FailureCode, Member, MembersReading } from "../../shared/model";
import { readTimes } from "../../store/directory";
import type { Store } from "../../store/schema";
import { putRoster, ROSTER, toRow, write, writeOf } from "../../store/write";
import { isOwnAdmin } from "../membership/belief";
import { rosterOf } from "./rows";

/** Where the reading of many groups' members stands, in the notes of the connection's gateway. */

/** Whether a reading is neither ended nor paused. */
function isOn({ endedAt, isPaused }: MembersReading): boolean {
  return endedAt === undefined && isPaused !== true;
}

/** Whether two states are of one reading: another one may have begun meanwhile. */
export function isSameReading(a: MembersReading, b: MembersReading): boolean {
  return a.startedAt === b.startedAt && String(a.groups) === String(b.groups);
}

/** Readings that are neither ended nor paused, by connection. */
export async function readOpen({ db }: Store): Promise<[connection: string, reading: MembersReading][]> {
  const all = await db.getAll("gateways");
  return all.flatMap(({ connection, members }) => (members && isOn(members) ? [[connection, members]] : []));
}

/** Begins a reading, unless the connection was forgotten. `how` is given the last one. */
export async function begin(
  store: Store,
  connection: string,
  how: (before: MembersReading | undefined) => MembersReading,
): Promise<void> {
  await writeOf(store, connection, ["gateways"], async (tx) => {
    const notes = (await tx.objectStore("gateways").get(connection)) ?? { connection };
    await tx.objectStore("gateways").put({ ...notes, members: how(notes.members) });
  });
}

/** Changes a reading that is on. Returns whether it still is. */
export async function note(
  store: Store,
  connection: string,
  how: (reading: MembersReading) => MembersReading,
): Promise<boolean> {
  return write(store, ["gateways"], async (tx) => {
    const notes = await tx.objectStore("gateways").get(connection);
    if (!notes?.members || !isOn(notes.members)) return false;
    const members = how(notes.members);
    await tx.objectStore("gateways").put({ ...notes, members });
    return isOn(members);
  });
}

/** The groups that are still to be read, never read first, then those that were read longest ago; `total` counts all. */
export async function todoOf(
  store: Store,
  id: string,
  reading: MembersReading,
): Promise<{ total: number; groups: string[] }> {
  const mine = IDBKeyRange.bound([id, 0], [id, 0, []]);
  const listed = await store.db.getAllKeysFromIndex("groups", "used", mine);
  const chosen = reading.groups && new Set(reading.groups);
  const all = listed.map(([, group]) => group).filter((group) => chosen?.has(group) ?? true);
  const readAt = await readTimes(store, id);
  const { failed = {} } = reading;
  const groups = all
    .filter((group) => !Object.hasOwn(failed, group) && (readAt.get(group) ?? -1) < reading.since)
    .toSorted((a, b) => (readAt.get(a) ?? -1) - (readAt.get(b) ?? -1));
  return { total: all.length, groups };
}

/**
 * Keeps what came of one group: its members, read at `at`, or why they could not be read. Tells whether the reading for
 * which it was read is still on.
 */
export async function keepGroup(
  store: Store,
  connection: Connection,
  group: string,
  result: { members: Member[]; at: number } | { failed: FailureCode },
  of: MembersReading,
): Promise<boolean> {
  return write(store, ["connections", "gateways", "groups", ...ROSTER], async (tx) => {
    const asked = await tx.objectStore("connections").get(connection.id);
    const notes = await tx.objectStore("gateways").get(connection.id);
    // Forgotten, or another account by now, while the request was under way.
    if (!notes?.members || asked?.origin !== connection.origin || asked.instance !== connection.instance) return false;
    const { members: reading } = notes;
    const failed = "failed" in result ? { failed: { ...reading.failed, [group]: result.failed } } : {};
    const isSame = isSameReading(reading, of);
    const members = isSame ? { ...reading, done: reading.done + 1, ...failed } : reading;
    await tx.objectStore("gateways").put({ ...notes, members });
    const row = await tx.objectStore("groups").get([connection.id, group]);
    const last = await tx.objectStore("rosters").get([connection.id, group]);
    if ("members" in result && row && (last?.readAt ?? 0) <= result.at) {
      await putRoster(tx, rosterOf(connection, group, result.members, result.at, last));
      const isAdmin = isOwnAdmin(connection.ownNumber, result.members) ?? row.isAdmin;
      await tx.objectStore("groups").put(toRow({ ...row, size: result.members.length, isAdmin }));
    }
    return isSame && isOn(members);
  });
}
