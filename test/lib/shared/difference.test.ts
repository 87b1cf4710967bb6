import * as fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOf } from "../../../lib/shared/difference";
import type { Member } from "../../../lib/shared/model";
import { isHidden, personKey } from "../../../lib/shared/person";

const who = (n: number, suffix = "@s.whatsapp.net") => `${919_000_000_000 + n}${suffix}`;
const OWN = who(0);
const ids = (list: { id: string }[]) => list.map(({ id }) => id);
const wish = (...list: string[]) => list.map((id) => ({ id, given: id }));
const members = (...list: string[]): Member[] => list.map((id) => ({ id, role: "member" }));

test("says who is to be added, who to be removed, and who is right", () => {
  const found = differenceOf(members(OWN, who(1, "@c.us"), who(2)), wish(who(1), who(3)), OWN);
  expect([ids(found.add), ids(found.remove), found.unknown, found.same]).toEqual([[who(3)], [who(2)], [], 1]);
});

test("takes two spellings of an account for one person, and keeps admins to be ticked", () => {
  const admin: Member = { id: "553187654321@s.whatsapp.net", role: "admin" };
  const found = differenceOf([admin, { id: who(4), role: "admin" }], wish("5531987654321@s.whatsapp.net"));
  expect([found.add, found.remove, found.same]).toEqual([[], [{ id: who(4), role: "admin" }], 1]);
});

test("concludes nothing where a hidden member may be somebody of the list", () => {
  const found = differenceOf(members(who(1), "71234567890100@lid"), wish(who(1), who(2)));
  expect([found.add, found.remove, ids(found.unknown).toSorted()]).toEqual([[], [], ["71234567890100@lid", who(2)]]);
  // Everybody of the list was found: the hidden member is surely not on it.
  expect(ids(differenceOf(members(who(1), "71234567890100@lid"), wish(who(1))).remove)).toEqual(["71234567890100@lid"]);
});

test("acting on it makes the group equal to the list, and never touches the own number or a doubtful person", () => {
  const person = fc.oneof(
    fc.integer({ min: 0, max: 12 }).map((n) => who(n)),
    fc.integer({ min: 0, max: 12 }).map((n) => who(n, "@c.us")),
    fc.integer({ min: 0, max: 3 }).map((n) => `${71_234_567_890_100 + n}@lid`),
  );
  const list = fc.uniqueArray(person, { maxLength: 15, selector: personKey });
  fc.assert(
    fc.property(list, list, (inside, wanted) => {
      const { add, remove, unknown, same } = differenceOf(members(...inside), wish(...wanted), OWN);
      const keys = (each: string[]) => new Set(each.map(personKey));
      const touched = [...ids(add), ...ids(remove), ...ids(unknown)];
      expect(keys(touched).size).toBe(touched.length);
      expect(keys(touched)).not.toContain(personKey(OWN));
      for (const id of ids(add)) expect(keys(inside)).not.toContain(personKey(id));
      for (const id of ids(remove)) expect(keys(wanted)).not.toContain(personKey(id));
      // A hidden id and a number are never concluded upon in one difference: they may be the same person.
      const hasBoth = new Set(
        [...ids(add), ...ids(unknown)].filter((id) => keys(wanted).has(personKey(id))).map(isHidden),
      );
      for (const id of ids(remove)) expect([...hasBoth].every((hidden) => hidden === isHidden(id))).toBe(true);
      const after = keys([...inside.filter((id) => !keys(ids(remove)).has(personKey(id))), ...ids(add)]);
      for (const id of ids(unknown)) after.delete(personKey(id));
      after.delete(personKey(OWN));
      const goal = keys(wanted);
      for (const id of ids(unknown)) goal.delete(personKey(id));
      goal.delete(personKey(OWN));
      expect(after).toEqual(goal);
      expect(same + add.length + remove.length + unknown.length).toBe(
        keys([...inside, ...wanted].filter((id) => personKey(id) !== personKey(OWN))).size,
      );
    }),
  );
});
