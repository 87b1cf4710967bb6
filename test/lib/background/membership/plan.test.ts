import * as fc from "fast-check";
import { expect, test } from "vitest";
import { planMembership } from "../../../../lib/background/membership/plan";
import type { Member, Pace, Tally } from "../../../../lib/shared/model";
import { personKey } from "../../../../lib/shared/person";

const today: Tally = { connection: "c", day: "2026-11-24", adds: 0, removes: 0, joins: 0, creates: 0, messages: 0 };
const who = (n: number, suffix = "@s.whatsapp.net") => `${919_000_000_000 + n}${suffix}`;
const roster = (members: Member[]) => ({ connection: "c", group: "g", members, readAt: 1 });
const people = (...numbers: number[]) => numbers.map((n) => who(n));
/** The plan with what it tells of each person. */
function planned(wish: Parameters<typeof planMembership>[0]) {
  const rows: { person: string; outcome: string }[] = [];
  const view = planMembership({ ...wish, onOutcome: (_, person, outcome) => rows.push({ person, outcome }) });
  expect(Object.values(view.outcomes).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
  return { ...view, rows };
}

test("says what becomes of each person", () => {
  const members: Member[] = [
    { id: who(0), role: "superadmin" },
    { id: who(1, "@c.us"), role: "member" },
    { id: who(2), role: "admin" },
  ];
  const wish = { groups: [{ id: "g", roster: roster(members) }], pace: "careful" as const, own: who(0), today };
  const outcomes = (op: "add" | "remove", ...numbers: number[]) =>
    planned({ ...wish, op, people: people(...numbers) }).rows.map(({ outcome }) => outcome);
  expect(outcomes("add", 0, 1, 3)).toEqual(["own", "already", "act"]);
  expect(outcomes("remove", 0, 1, 2, 3)).toEqual(["own", "act", "admin", "already"]);
  expect(outcomes("add", 3, 3)).toEqual(["act", "already"]);
});

test("cannot tell who is in a group that hides numbers, or was never read", () => {
  const hidden = roster([{ id: "123456789012345@lid", role: "member" }]);
  const view = planned({
    op: "add",
    groups: [
      { id: "g", roster: hidden },
      { id: "h", size: 7 },
    ],
    people: people(1),
    pace: "fast",
    today,
  });
  expect(view.rows.map(({ outcome }) => outcome)).toEqual(["hidden", "unread"]);
  expect(view.unread).toEqual(["h"]);
});

test("plans the chosen pairs alone, and asks nothing of a group without one", () => {
  const known = ["g", "h", "i"].map((id) => ({ id, roster: { ...roster([]), group: id } }));
  const pairs: [number, number][] = [
    [0, 1],
    [2, 0],
  ];
  const view = planned({ op: "add", groups: known, people: people(1, 2), pace: "fast", today, pairs });
  expect(view.rows).toEqual([
    { person: who(2), outcome: "act" },
    { person: who(1), outcome: "act" },
  ]);
  const alone = planned({ op: "add", groups: known.slice(0, 1), people: people(2), pace: "fast", today });
  expect(view.requests).toBe(2 * alone.requests);
});

test("warns, and never blocks", () => {
  const view = planned({
    op: "add",
    groups: [{ id: "g", name: "Lobby", size: 1020 }],
    people: people(...Array(10).keys()),
    pace: "careful",
    today: { ...today, adds: 45 },
  });
  expect(view.cautions).toEqual([
    { key: "caution_group_size", count: 1030, group: "Lobby", capacity: 1024 },
    { key: "caution_adds", count: 55 },
  ]);
  expect(view.rows.every(({ outcome }) => outcome === "unread")).toBe(true);
});

test("warns from the mark itself, and by what the group itself holds", () => {
  const small = [{ id: "g", name: "Lobby", size: 99, capacity: 100 }];
  const wish = { op: "add", groups: small, pace: "careful" } as const;
  const cautions = (count: number, adds: number) =>
    planned({ ...wish, people: people(...Array(count).keys()), today: { ...today, adds } }).cautions;
  expect(cautions(1, 48)).toEqual([]);
  expect(cautions(2, 48)).toEqual([
    { key: "caution_group_size", count: 101, group: "Lobby", capacity: 100 },
    { key: "caution_adds", count: 50 },
  ]);
});

test("has one row for each wish, acts on nobody twice, and costs more when it is careful", () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 });
  fc.assert(
    fc.property(fc.constantFrom("add" as const, "remove" as const), numbers, numbers, (op, wanted, known) => {
      const groups = [{ id: "g", roster: roster(known.map((n): Member => ({ id: who(n, "@c.us"), role: "member" }))) }];
      const plan = (pace: Pace) => planned({ op, groups, people: people(...wanted), pace, own: who(0), today });
      const view = plan("careful");
      expect(view.rows.map(({ person }) => person)).toEqual(wanted.map((n) => who(n)));
      const acts = view.rows.filter(({ outcome }) => outcome === "act").map(({ person }) => personKey(person));
      expect(new Set(acts).size).toBe(acts.length);
      for (const key of acts) expect(known.some((n) => personKey(who(n)) === key)).toBe(op === "remove");
      expect(acts).not.toContain(personKey(who(0)));
      expect(plan("fast").requests).toBeLessThanOrEqual(view.requests);
      expect(plan("fast").duration).toBeLessThanOrEqual(view.duration);
    }),
  );
});

test("tells what a removal takes: the first alone and proved, then the others; admins when each was ticked", () => {
  const members: Member[] = [...Array(81).keys()].map((n) => ({ id: who(n), role: n === 80 ? "admin" : "member" }));
  const wish = { op: "remove" as const, groups: [{ id: "g", roster: roster(members) }], today };
  const requests = (pace: Pace, numbers: number[], withAdmins?: boolean) =>
    planMembership({ ...wish, people: people(...numbers), pace, withAdmins }).requests;
  const most = [...Array(80).keys()];
  // Members, 1, members, 50, members, 29, members.
  expect(requests("fast", most)).toBe(7);
  expect(requests("careful", most)).toBe(1 + 80 + 1 + 8);
  expect(requests("careful", [80])).toBe(1);
  expect(requests("careful", [80], true)).toBe(3);
});
