import { differenceOf, type Difference } from "./difference";
import type { Group, Person, Roster } from "./model";

/** Age in ms above which a reading is not compared. */
export const STALE = 15 * 60_000;

/** Why a reading cannot be compared. */
export type ReadingDoubt = "unread" | "empty" | "shrunk" | "partial" | "stale";

/** Returns the doubt about a group's last reading, or undefined. */
export function doubtOf(
  group: Pick<Group, "size">,
  roster: Pick<Roster, "members" | "readAt" | "shrunk"> | undefined,
  now: number,
): ReadingDoubt | undefined {
  if (!roster) return "unread";
  if (roster.members.length === 0) return "empty";
  if (roster.shrunk !== undefined) return "shrunk";
  if (group.size !== undefined && group.size > roster.members.length) return "partial";
  // `abs`: the clock may have been set back.
  return Math.abs(now - roster.readAt) > STALE ? "stale" : undefined;
}

/** A group compared with the list, or why not. */
export type GroupMatch = { group: Group; readAt?: number } & (
  | { doubt: ReadingDoubt; difference?: undefined }
  | { doubt?: undefined; difference: Difference }
);

/** Compares one group with the list. */
export function matchOf(
  group: Group,
  roster: Roster | undefined,
  wanted: readonly Person[],
  own: string | undefined,
  now: number,
): GroupMatch {
  const doubt = doubtOf(group, roster, now);
  if (doubt !== undefined || !roster) return { group, readAt: roster?.readAt, doubt: doubt ?? "unread" };
  return { group, readAt: roster.readAt, difference: differenceOf(roster.members, wanted, own) };
}
