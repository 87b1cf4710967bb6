import { byPerson, canTell } from "./members";
import type { Group, Roster } from "./model";
import { personKey } from "./person";

/** `unknown`: the reading is missing, in doubt, or may show an id of the other sort. */
export type Place = "in" | "admin" | "out" | "unknown";

/** Returns each person's place in a group, in order. */
export function placesIn(
  group: Pick<Group, "size">,
  roster: Pick<Roster, "members" | "shrunk"> | undefined,
  people: readonly string[],
): Place[] {
  const members = byPerson(roster?.members ?? []);
  const isWhole =
    members.size > 0 && roster?.shrunk === undefined && (group.size === undefined || group.size <= members.size);
  return people.map((id) => {
    const member = members.get(personKey(id));
    if (member) return member.role === "member" ? "in" : "admin";
    return isWhole && canTell(id, members) ? "out" : "unknown";
  });
}
