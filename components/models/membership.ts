import { personKey } from "../../lib/shared/person";
import type { Group, Person, Role, Roster } from "../../lib/shared/model";

/** One person and the groups they were found in. */
export interface Found {
  person: Person;
  groups: { group: Group; role: Role; readAt: number }[];
}

/** In which of the read groups each person is. Two spellings of one account count as one (`personKey`). */
export function findPeople(people: Person[], rosters: Roster[], groups: ReadonlyMap<string, Group>): Found[] {
  const wanted = new Map(people.map((person) => [personKey(person.id), { person, groups: [] } as Found]));
  for (const roster of rosters) {
    const group = groups.get(roster.group);
    if (!group || group.goneAt !== undefined) continue;
    for (const { id, role } of roster.members)
      wanted.get(personKey(id))?.groups.push({ group, role, readAt: roster.readAt });
  }
  return [...wanted.values()];
}
