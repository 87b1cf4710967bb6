import { byPerson, canTell, type Members } from "../../shared/members";
import type { Member, Reason } from "../../shared/model";
import { personKey } from "../../shared/person";
import type { Op } from "./verdict";

/** Whether a reading of members can be believed, and what it says of ourselves. Pure. */

/** Why a reading is not believed. It is read again after a pause; nothing is ever done because of it. */
export type Doubt = Extract<Reason, "empty" | "shrunken" | "stale">;

/** Returns the person keys that an earlier list had and this one lacks, except those that we meant to remove. */
export function lostSince(before: readonly string[], after: Members, planned: ReadonlySet<string>): string[] {
  return [...new Set(before.map(personKey))].filter((key) => !after.has(key) && !planned.has(key));
}

/** Whether the loss of these (person keys) is doubtful: more than half of `before` (and at least two) of them, or we ourselves. */
export function isDoubtfulLoss(lost: readonly string[], before: number, own: string | undefined): boolean {
  return (lost.length >= 2 && lost.length * 2 > before) || (own !== undefined && lost.includes(personKey(own)));
}

/**
 * Returns why a reading that a job made is not believed. `empty`: we are in the group, so it has a member. `shrunken`: a
 * doubtful loss without our doing. `stale`: it shows nothing of what an earlier reading of the same job proved.
 */
export function doubtOf(reading: {
  before?: readonly string[];
  after: Members;
  planned: ReadonlySet<string>;
  proved: readonly string[];
  op: Op;
  own?: string;
}): Doubt | undefined {
  const { before = [], after, planned, proved, op, own } = reading;
  if (after.size === 0) return "empty";
  if (isDoubtfulLoss(lostSince(before, after, planned), before.length, own)) return "shrunken";
  const isDenied = (person: string) => after.has(personKey(person)) !== (op === "add");
  if (proved.length > 0 && proved.every(isDenied)) return "stale";
  return undefined;
}

/** Whether our own number is an admin among these members; undefined when it is unknown, hidden or not among them. */
export function isOwnAdmin(own: string | undefined, members: readonly Member[]): boolean | undefined {
  if (own === undefined) return undefined;
  const key = personKey(own);
  const found = members.find(({ id }) => personKey(id) === key);
  return found && found.role !== "member";
}

/**
 * Whether a reading of a group shows that we are not in it: it lists members, and surely not us. Without our own number,
 * or where numbers are hidden, nobody can tell.
 */
export function isWithoutUs(own: string | undefined, members: readonly Member[] = []): boolean {
  if (members.length === 0 || own === undefined) return false;
  const list = byPerson(members);
  return !list.has(personKey(own)) && canTell(own, list);
}
