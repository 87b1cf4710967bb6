import type { Member, Person } from "./model";
import { isHidden, personKey } from "./person";

/** What it takes to make the members of a group equal to a list. No person is in two of these. */
export interface Difference {
  /** On the list, and surely not in the group. */
  add: Person[];
  /** In the group, and surely not on the list. Admins are among them, our own number never. */
  remove: Member[];
  /** Unknown: a number and a hidden id may be the same person. */
  unknown: { id: string; isMember: boolean; given?: string }[];
  /** How many are on the list and in the group. */
  same: number;
}

/**
 * Compares a list with the members. A hidden member whose id is not on the list may be any number of it that was not
 * found, and the other way round; then neither is concluded upon. The list is taken without our own number.
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
