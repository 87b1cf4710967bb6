import type { Member } from "./model";
import { isHidden, personKey } from "./person";

/** Members by `personKey`. */
export interface Members extends ReadonlyMap<string, Member> {
  /** Contains true for hidden ids, false for numbers. */
  sorts: ReadonlySet<boolean>;
}

/** Indexes a member list. */
export function byPerson(members: readonly Member[]): Members {
  const list = new Map(members.map((member) => [personKey(member.id), member]));
  return Object.assign(list, { sorts: new Set(members.map(({ id }) => isHidden(id))) });
}

/** Whether absence is conclusive: the list may show a person under the other sort of id. */
export function canTell(person: string, members: Members): boolean {
  return !members.sorts.has(!isHidden(person));
}
