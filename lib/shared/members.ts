import type { Member } from "./model";
import { isHidden, personKey } from "./person";

/** A member list by person, so that each spelling of a number finds its member. */
export type Members = ReadonlyMap<string, Member>;

/** The list by person. */
export function byPerson(members: readonly Member[]): Members {
  return new Map(members.map((member) => [personKey(member.id), member]));
}

/** Whether a person's absence from the list says anything: not when the list may show them under an id of the other sort. */
export function canTell(person: string, members: Members): boolean {
  const isLid = isHidden(person);
  for (const { id } of members.values()) if (isHidden(id) !== isLid) return false;
  return true;
}
