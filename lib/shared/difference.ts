import type { Member, Person } from "./model";
import { isHidden, personKey } from "./person";

/** Changes that make members equal a list. Nobody is in two of these. */
export interface Difference {
  add: Person[];
  /** Surely not on the list. Includes admins, never our number. */
  remove: Member[];
  /** A number and a hidden id may be the same person. */
  unknown: { id: string; isMember: boolean; given?: string }[];
  /** People on the list and in the group. */
  same: number;
}

/**
 * Compares a list with members, ignoring our number. A hidden member may be any number not found, and vice versa, so
 * neither is decided.
 */
export function differenceOf(members: readonly Member[], wanted: readonly Person[], own?: string): Difference {
  const ownKey = own === undefined ? undefined : personKey(own);
  const people = new Map(wanted.map((person) => [personKey(person.id), person]));
  const byKey = new Map(members.map((member) => [personKey(member.id), member]));
  const others = [...byKey].filter(([key]) => key !== ownKey && !people.has(key)).map(([, member]) => member);
  const absent = [...people].filter(([key]) => key !== ownKey && !byKey.has(key)).map(([, person]) => person);
  const sortsOf = (list: readonly { id: string }[]) => new Set(list.map(({ id }) => isHidden(id)));
  const [otherSorts, absentSorts] = [sortsOf(others), sortsOf(absent)];
  const mayBe = (id: string, sorts: ReadonlySet<boolean>) => sorts.has(!isHidden(id));
  const difference: Difference = { add: [], remove: [], unknown: [], same: 0 };
  for (const person of absent) {
    if (mayBe(person.id, otherSorts)) difference.unknown.push({ id: person.id, isMember: false, given: person.given });
    else difference.add.push(person);
  }
  for (const member of others) {
    if (mayBe(member.id, absentSorts)) difference.unknown.push({ id: member.id, isMember: true });
    else difference.remove.push(member);
  }
  difference.same = [...people.keys()].filter((key) => key !== ownKey && byKey.has(key)).length;
  return difference;
}
