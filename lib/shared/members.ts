import type { Member } from "./model";
import { isHidden, personKey } from "./person";

/** A member list by person, so that each spelling of a number finds its member. */
export interface Members extends ReadonlyMap<string, Member> {
  /** Whether the list has hidden ids (true), and numbers (false). */
  sorts: ReadonlySet<boolean>;
}

/** The list by person. */
export function byPerson(members: readonly Member[]): Members {
  const list = new Map(members.map((member) => [personKey(member.id), member]));
  return Object.assign(list, { sorts: new Set(members.map(({ id }) => isHidden(id))) });
}

/** Whether a person's absence from the list says anything: not when the list may show them under an id of the other sort. */
export function canTell(person: string, members: Members): boolean {
  return !members.sorts.has(!isHidden(person));
}
