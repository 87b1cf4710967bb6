import * as fc from "fast-check";
import { expect, test } from "vitest";
import { doubtOf, matchOf, STALE } from "../../../lib/shared/match";
import { digestOf, pairsOf, planText, readPlan, type MatchPlan } from "../../../lib/shared/match-plan";
import type { Member, Person, Role, Roster } from "../../../lib/shared/model";
import { isHidden, personKey } from "../../../lib/shared/person";
import { placesIn } from "../../../lib/shared/places";

const NOW = 1_795_000_000_000;
const OWN = "919000000000@s.whatsapp.net";
const group = (size?: number) => ({ connection: "c", id: "120363000000000001@g.us", name: "g", listedAt: 1, size });
const id = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map((n) => `${919_000_000_000 + n}@s.whatsapp.net`),
  fc.integer({ min: 0, max: 3 }).map((n) => `${919_000_000_000 + n}@c.us`),
  fc.integer({ min: 0, max: 3 }).map((n) => `${100_000_000_000_000 + n}@lid`),
);
const member = fc.record({ id, role: fc.constantFrom<Role>("member", "admin", "superadmin") });
const members = fc.uniqueArray(member, { selector: (each) => personKey(each.id), maxLength: 10 });
const reading = fc.record({
  members,
  size: fc.option(fc.integer({ min: 0, max: 14 }), { nil: undefined }),
  age: fc.integer({ min: -2 * STALE, max: 3 * STALE }),
  isShrunk: fc.boolean(),
  wanted: fc.array(id, { maxLength: 8 }),
});
const rosterOf = (list: Member[], age: number, isShrunk: boolean): Roster => ({
  connection: "c",
  group: "120363000000000001@g.us",
  members: list,
  readAt: NOW - age,
  ...(isShrunk ? { shrunk: { from: 20, at: NOW } } : {}),
});

test("nothing that comes from an empty, partial, shrunken, old or hidden reading removes anybody", () => {
  let removals = 0;
  fc.assert(
    fc.property(reading, ({ members: list, size, age, isShrunk, wanted }) => {
      const people: Person[] = wanted.map((each) => ({ id: each, given: each }));
      const match = matchOf(group(size), rosterOf(list, age, isShrunk), people, OWN, NOW);
      const isDoubtful = list.length === 0 || isShrunk || (size ?? 0) > list.length || Math.abs(age) > STALE;
      expect(match.doubt !== undefined).toBe(isDoubtful);
      const keys = new Set(wanted.map(personKey));
      for (const each of match.difference?.remove ?? []) {
        removals += 1;
        expect(keys.has(personKey(each.id))).toBe(false);
        expect(personKey(each.id)).not.toBe(personKey(OWN));
        // Nobody of the list can be this member under an id of the other sort.
        const absent = wanted.filter((one) => !list.some((other) => personKey(other.id) === personKey(one)));
        expect(
          absent.filter((one) => personKey(one) !== personKey(OWN)).every((one) => isHidden(one) === isHidden(each.id)),
        ).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
  // The rule is about something.
  expect(removals).toBeGreaterThan(300);
});

test("a group that was never read is in doubt", () => {
  expect(doubtOf(group(), undefined, NOW)).toBe("unread");
  expect(matchOf(group(), undefined, [{ id: OWN, given: "" }], undefined, NOW)).toMatchObject({ doubt: "unread" });
});

test("the table says `not in` only of those whom a whole reading cannot hide", () => {
  fc.assert(
    fc.property(reading, ({ members: list, size, isShrunk, wanted }) => {
      const roster = rosterOf(list, 0, isShrunk);
      const places = placesIn(group(size), roster, wanted);
      for (const [at, place] of places.entries()) {
        const found = list.find((each) => personKey(each.id) === personKey(wanted[at]!));
        if (found) expect(place).toBe(found.role === "member" ? "in" : "admin");
        else if (place === "out") {
          expect([list.length > 0, isShrunk, (size ?? 0) > list.length]).toEqual([true, false, false]);
          expect(list.every((each) => isHidden(each.id) === isHidden(wanted[at]!))).toBe(true);
        }
      }
    }),
  );
  expect(placesIn(group(), undefined, [OWN])).toEqual(["unknown"]);
});

test("a plan comes back from its file as it was, and every change of a letter of it is noticed", async () => {
  const person: Person = { id: "919000000001@s.whatsapp.net", given: "Asha" };
  const plan: MatchPlan = {
    format: "wappfy-groups-plan",
    version: 1,
    origin: "https://api.wappfy.io",
    instance: "inst_1",
    madeAt: NOW,
    groups: [{ id: group().id, name: "Pune", members: await digestOf([]), add: [person], remove: [], admins: [] }],
  };
  const text = await planText(plan);
  expect(await readPlan(text)).toEqual(plan);
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === "1" ? "2" : "1";
    expect(["altered", "unreadable"], String(at)).toContain(
      await readPlan(text.slice(0, at) + other + text.slice(at + 1)),
    );
  }
  for (const wrong of ["", "null", "[]", "{}", '{"format":"wappfy-groups-plan"}'])
    expect(await readPlan(wrong)).toBe("unreadable");
  // No date can show it.
  expect(await readPlan(await planText({ ...plan, madeAt: 1e300 }))).toBe("unreadable");
});

test("a fingerprint is the same for the same members, however they are spelt and ordered, and another for others", async () => {
  const [a, b]: Member[] = [
    { id: "919000000001@s.whatsapp.net", role: "member" },
    { id: "919000000002@s.whatsapp.net", role: "admin" },
  ] as const;
  const first = await digestOf([a!, b!]);
  expect(await digestOf([b!, { ...a!, id: "919000000001:4@c.us" }])).toBe(first);
  expect(await digestOf([a!])).not.toBe(first);
  expect(await digestOf([a!, { ...b!, role: "member" }])).not.toBe(first);
});

test("people of several groups are one list with the pairs that say who is meant where", () => {
  const [a, b] = ["1", "2"].map((n): Person => ({ id: `91900000000${n}@s.whatsapp.net`, given: n }));
  expect(
    pairsOf([
      { group: "g", people: [a!, b!] },
      { group: "h", people: [] },
      { group: "i", people: [b!] },
    ]),
  ).toEqual({
    groups: ["g", "i"],
    people: [a, b],
    pairs: [
      [0, 0],
      [0, 1],
      [1, 1],
    ],
  });
});
