import { differenceOf, type Difference } from "./difference";
import type { Group, Person, Roster } from "./model";

/** Makes the members of several groups equal to one list: what is to be done in each. Pure. */

/** A reading older than this is not compared with, in ms. */
export const STALE = 15 * 60_000;

/** Why nothing is concluded from what is known of a group's members. */
export type ReadingDoubt = "unread" | "empty" | "shrunk" | "partial" | "stale";

/** Why the members of a group as last read are no base for a comparison; undefined when they are one. */
export function doubtOf(
  group: Pick<Group, "size">,
  roster: Pick<Roster, "members" | "readAt" | "shrunk"> | undefined,
  now: number,
): ReadingDoubt | undefined {
  if (!roster) return "unread";
  if (roster.members.length === 0) return "empty";
  if (roster.shrunk !== undefined) return "shrunk";
  if (group.size !== undefined && group.size > roster.members.length) return "partial";
  // A clock that was set back makes no reading younger.
  return Math.abs(now - roster.readAt) > STALE ? "stale" : undefined;
}

/** One group compared with the list: the difference, or why there is none. */
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
