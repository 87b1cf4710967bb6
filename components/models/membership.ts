import type { Person, Place } from "../../lib/shared/model";
import { personKey } from "../../lib/shared/person";
import { readPlacesOf, readTimes } from "../../lib/store/directory";
import { readGroups } from "../../lib/store/read";
import type { Store } from "../../lib/store/schema";

/** A person and the groups they were found in. */
export interface Found {
  person: Person;
  groups: Place[];
}

/** Returns each distinct person's groups, as far as read. */
export async function findPeople(store: Store, connection: string, people: Person[]): Promise<Found[]> {
  const wanted = new Map(people.map((person) => [personKey(person.id), person]));
  const places = await readPlacesOf(store, connection, [...wanted.keys()]);
  return [...wanted].map(([key, person]) => ({ person, groups: places.get(key) ?? [] }));
}

/** Age of a list's rosters. */
export interface Ages {
  total: number;
  unread: number;
  /** Time of the oldest reading (ms). */
  oldest?: number;
}

/** Returns how old a connection's rosters are. */
export async function readAges(store: Store, connection: string): Promise<Ages> {
  const [groups, times] = await Promise.all([readGroups(store, connection, "name"), readTimes(store, connection)]);
  const read = groups.flatMap(({ id }) => times.get(id) ?? []);
  const oldest = read.reduce((least, at) => Math.min(least, at), Infinity);
  return { total: groups.length, unread: groups.length - read.length, ...(read.length > 0 ? { oldest } : {}) };
}
