import { byPerson } from "../../shared/members";
import type { Connection, Group, Member, Roster } from "../../shared/model";
import type { GroupRow } from "../../store/schema";
import { toRow } from "../../store/write";
import type { GroupInfo } from "../gateway/answer";
import { SETTLE } from "../jobs/slice";
import { isDoubtfulLoss, isOwnAdmin, lostSince } from "../membership/belief";

/** A reading with far fewer members is believed if unchanged this long, in ms. */
const SHRUNK = 60_000;

/** Returns a new roster, marked shrunk while its loss is doubtful. */
export function rosterOf(
  connection: Connection,
  group: string,
  members: Member[],
  readAt: number,
  last?: Roster,
): Roster {
  const roster: Roster = { connection: connection.id, group, members, readAt };
  if (!last) return roster;
  const before = last.members.map(({ id }) => id);
  const lost = lostSince(before, byPerson(members), new Set());
  const isShrunk = isDoubtfulLoss(lost, before.length, connection.ownNumber);
  if (isShrunk) return { ...roster, shrunk: { from: last.shrunk?.from ?? last.members.length, at: readAt } };
  const { shrunk } = last;
  if (!shrunk || members.length * 2 > shrunk.from) return roster;
  return readAt - shrunk.at >= SHRUNK ? roster : { ...roster, shrunk };
}

/** Merges an answer into a known group; what it leaves out stays. */
export function merge(connection: Connection, info: GroupInfo, before: Group | undefined, at: number): GroupRow {
  const { members, ...facts } = info;
  const { goneAt: _, ...known } = before ?? {};
  // It has us at least: 0 says nothing.
  const size = info.size || members?.length || before?.size;
  const isAdmin = members ? isOwnAdmin(connection.ownNumber, members) : undefined;
  const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as typeof facts;
  return toRow({
    ...known,
    ...given,
    connection: connection.id,
    size,
    isAdmin: isAdmin ?? before?.isAdmin,
    listedAt: at,
  });
}

/** False when a later reading has already written the row. */
export function isNewer(before: Group | undefined, row: GroupRow): boolean {
  return before === undefined || (before.listedAt <= row.listedAt && (before.goneAt ?? 0) <= row.listedAt);
}

/** Whether we entered so recently that absence may only be late. */
export function isJustEntered({ enteredAt }: Group, now: number): boolean {
  return enteredAt !== undefined && Math.abs(now - enteredAt) < SETTLE;
}
