import { byPerson } from "./members";
import type { Member, Roster, RosterChange } from "./model";
import { isHidden, personKey } from "./person";

const DAYS = 400;

/**
 * Returns what changed between two readings of a group; undefined if nothing, or if one is empty or doubtful. Somebody
 * listed by number once and by hidden id later is neither new nor gone: where one sort came and the other went, nobody
 * is reported.
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

/** Returns a group's daily sizes plus a reading's; a doubtful one adds none. */
export function sizesWith(sizes: Roster["sizes"], { members, shrunk }: Roster, day: string): Roster["sizes"] {
  if (shrunk || members.length === 0) return sizes;
  const others = (sizes ?? []).filter((point) => point.day !== day);
  return [...others, { day, size: members.length }].slice(-DAYS);
}

/** Returns when members were first seen, given the previous reading; 0 if a doubtful one may have missed them. */
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
