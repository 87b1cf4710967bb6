import { byPerson, canTell, type Members } from "../../shared/members";
import type { Member, Reason } from "../../shared/model";
import { personKey } from "../../shared/person";
import type { Op } from "./verdict";

/** Why a reading is not believed: it is repeated, not acted on. */
export type Doubt = Extract<Reason, "empty" | "shrunken" | "stale">;

/** Returns `personKey`s lost since the earlier list, except planned removals. */
export function lostSince(before: readonly string[], after: Members, planned: ReadonlySet<string>): string[] {
  return [...new Set(before.map(personKey))].filter((key) => !after.has(key) && !planned.has(key));
}

/** Whether a loss is doubtful: two or more and over half of `before`, or ourselves. */
export function isDoubtfulLoss(lost: readonly string[], before: number, own: string | undefined): boolean {
  return (lost.length >= 2 && lost.length * 2 > before) || (own !== undefined && lost.includes(personKey(own)));
}

/**
 * Returns why a reading is not believed. `empty`: no members, not even us. `shrunken`: an unplanned, doubtful loss.
 * `stale`: shows nothing this job proved.
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

/** Whether a list is so far below the group's size that it must be incomplete. */
export function isCut(count: number, size = 0): boolean {
  return size - count >= 2 && size - count > size / 10;
}

/** Whether we are an admin; undefined if our number is unknown or unlisted. */
export function isOwnAdmin(own: string | undefined, members: readonly Member[]): boolean | undefined {
  if (own === undefined) return undefined;
  const key = personKey(own);
  const found = members.find(({ id }) => personKey(id) === key);
  return found && found.role !== "member";
}

/** Whether a reading lists us; undefined without members, or if our number is unknown or perhaps hidden. */
export function showsUs(own: string | undefined, members: readonly Member[] = []): boolean | undefined {
  if (members.length === 0 || own === undefined) return undefined;
  const list = byPerson(members);
  if (list.has(personKey(own))) return true;
  return canTell(own, list) ? false : undefined;
}
