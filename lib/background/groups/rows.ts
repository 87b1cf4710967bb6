import type { Connection, Group, Member, Roster } from "../../shared/model";
import { personKey } from "../../shared/person";
import type { GroupRow } from "../../store/schema";
import { toRow } from "../../store/write";
import type { GroupInfo } from "../gateway/answer";
import { SETTLE } from "../jobs/slice";

/** What the store keeps of a reading, over what it had before. Pure. */

/** A reading that shows far fewer members is believed once it was the same for so long, in ms. */
const SHRUNK = 60_000;

/** A new reading of the members, in doubt when more than half of the last one (and at least two) or we are missing. */
export function rosterOf(
  connection: Connection,
  group: string,
  members: Member[],
  readAt: number,
  last?: Roster,
): Roster {
  const roster: Roster = { connection: connection.id, group, members, readAt };
  if (!last) return roster;
  const keys = new Set(members.map(({ id }) => personKey(id)));
  const lost = last.members.filter(({ id }) => !keys.has(personKey(id)));
  const own = connection.ownNumber === undefined ? undefined : personKey(connection.ownNumber);
  const isShrunk =
    (lost.length >= 2 && lost.length * 2 > last.members.length) || lost.some(({ id }) => personKey(id) === own);
  if (isShrunk) return { ...roster, shrunk: { from: last.shrunk?.from ?? last.members.length, at: readAt } };
  const { shrunk } = last;
  if (!shrunk || members.length * 2 > shrunk.from) return roster;
  return readAt - shrunk.at >= SHRUNK ? roster : { ...roster, shrunk };
}

/** What a list or a reading tells, over what was known. What the answer leaves out stays. */
export function merge(connection: Connection, info: GroupInfo, before: Group | undefined, at: number): GroupRow {
  const { members, ...told } = info;
  const { goneAt: _, ...known } = before ?? {};
  const size = info.size ?? members?.length ?? before?.size;
  const isAdmin = members ? isOwnAdmin(connection, members) : undefined;
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as typeof told;
  return toRow({
    ...known,
    ...given,
    connection: connection.id,
    size,
    isAdmin: isAdmin ?? before?.isAdmin,
    listedAt: at,
  });
}

/** Whether our own number is an admin among these; undefined when it is unknown or hidden. */
export function isOwnAdmin({ ownNumber }: Connection, members: Member[]): boolean | undefined {
  if (ownNumber === undefined) return undefined;
  const own = personKey(ownNumber);
  const found = members.find((member) => personKey(member.id) === own);
  return found && found.role !== "member";
}

/** False when a reading that began later has already written the row. */
export function isNewer(before: Group | undefined, row: GroupRow): boolean {
  return before === undefined || (before.listedAt <= row.listedAt && (before.goneAt ?? 0) <= row.listedAt);
}

/** Whether we made or joined it so short a time ago that a reading without it is only late. */
export function isJustEntered({ enteredAt }: Group, now: number): boolean {
  return enteredAt !== undefined && Math.abs(now - enteredAt) < SETTLE;
}
