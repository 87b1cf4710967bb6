import { byPerson } from "./members";
import type { Member, Roster, RosterChange } from "./model";
import { isHidden, personKey } from "./person";

/** What changed between two readings of a group's members. Pure. */

/** So many days are kept of a group's size. */
const DAYS = 400;

/**
 * Who joined, left, became an admin or is none any more, between two readings of one group; undefined when nothing changed, or when
 * the readings do not tell: one of them is empty or in doubt. Somebody who is listed by number once and by a hidden id the
 * other time is neither new nor gone, so that where both come and go nothing is said of either.
 */
export function changesBetween(last: Roster, next: Roster): RosterChange | undefined {
  if (last.shrunk || next.shrunk || last.members.length === 0 || next.members.length === 0) return undefined;
  if (next.readAt <= last.readAt) return undefined;
  const before = byPerson(last.members);
  const after = byPerson(next.members);
  const came = next.members.filter(({ id }) => !before.has(personKey(id)));
  const went = last.members.filter(({ id }) => !after.has(personKey(id)));
  const isOpen = (one: Member, others: Member[]) => others.every(({ id }) => isHidden(id) === isHidden(one.id));
  const idsOf = (members: Member[]) => members.map(({ id }) => id);
  const changed = (isNow: boolean) =>
    next.members.filter(({ id, role }) => {
      const was = before.get(personKey(id))?.role;
      return was !== undefined && (role !== "member") === isNow && (was !== "member") !== isNow;
    });
  const change: RosterChange = {
    connection: next.connection,
    group: next.group,
    at: next.readAt,
    since: last.readAt,
    joined: idsOf(came.filter((one) => isOpen(one, went))),
    left: idsOf(went.filter((one) => isOpen(one, came))),
    promoted: idsOf(changed(true)),
    demoted: idsOf(changed(false)),
  };
  const { joined, left, promoted, demoted } = change;
  return [joined, left, promoted, demoted].some((ids) => ids.length > 0) ? change : undefined;
}

/** The sizes of a group by local day, with that of a reading; the last one of a day counts. A reading in doubt adds none. */
export function sizesWith(sizes: Roster["sizes"], { members, shrunk }: Roster, day: string): Roster["sizes"] {
  if (shrunk || members.length === 0) return sizes;
  const others = (sizes ?? []).filter((point) => point.day !== day);
  return [...others, { day, size: members.length }].slice(-DAYS);
}

/**
 * Since when the members of a reading are known to be there, after the reading before. Somebody who was left out by a
 * reading in doubt may have been there all the time: of them nothing is said.
 */
export function seenWith(last: Roster | undefined, { members, readAt }: Roster): Pick<Roster, "firstAt" | "since"> {
  if (!last) return { firstAt: readAt };
  const before = byPerson(last.members);
  const known = new Map(Object.entries(last.since ?? {}));
  const first = last.shrunk ? 0 : readAt;
  const since = members.flatMap(({ id }): [string, number][] => {
    const key = personKey(id);
    const at = known.get(key) ?? (before.has(key) ? undefined : first);
    return at === undefined ? [] : [[key, at]];
  });
  return {
    firstAt: last.firstAt ?? last.readAt,
    ...(since.length > 0 ? { since: Object.fromEntries(since) } : {}),
  };
}
