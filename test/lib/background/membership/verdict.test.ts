import * as fc from "fast-check";
import { expect, test } from "vitest";
import { doubtOf, lostSince } from "../../../../lib/background/membership/belief";
import { proved, withoutRequest } from "../../../../lib/background/membership/verdict";
import { byPerson, canTell } from "../../../../lib/shared/members";
import type { Member, Step } from "../../../../lib/shared/model";
import { isHidden, personKey } from "../../../../lib/shared/person";

const digits = fc.integer({ min: 0, max: 40 }).map((n) => String(919_000_000_000 + n));
const id = fc
  .tuple(digits, fc.constantFrom("@s.whatsapp.net", "@c.us", ":7@s.whatsapp.net", "@lid"))
  .map((parts) => parts.join(""));
const members = fc.array(fc.record({ id, role: fc.constantFrom<Member["role"]>("member", "admin", "superadmin") }), {
  maxLength: 20,
});
const op = fc.constantFrom("add" as const, "remove" as const);
const base: Step = { job: "j", index: 0, connection: "c", target: "g", state: "accepted", attempts: 1, sentAt: 1 };
const step = fc.record({
  person: id,
  state: fc.constantFrom("accepted" as const, "unknown" as const),
  attempts: fc.integer({ min: 1, max: 3 }),
  code: fc.constantFrom(undefined, "200"),
});
const reading = fc.record({
  isLate: fc.boolean(),
  isFresh: fc.boolean(),
  isPartial: fc.boolean(),
  mayRepeat: fc.boolean(),
});
const isIn = (list: Member[], person: string) => list.some((each) => personKey(each.id) === personKey(person));

test("says added or removed only when the list shows it", () => {
  fc.assert(
    fc.property(op, step, members, reading, (how, sent, after, when) => {
      const verdict = proved(how, { ...base, ...sent }, byPerson(after), when)?.verdict;
      if (verdict === "added") expect(isIn(after, sent.person)).toBe(true);
      if (verdict === "removed") {
        expect(isIn(after, sent.person)).toBe(false);
        expect(after.some((each) => isHidden(each.id) !== isHidden(sent.person))).toBe(false);
      }
      if (verdict === "not-added") expect(isIn(after, sent.person)).toBe(false);
      if (verdict === "not-removed") expect(isIn(after, sent.person)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("sends again only after the settle time, once, and never when somebody may be hidden", () => {
  fc.assert(
    fc.property(op, step, members, reading, (how, sent, after, when) => {
      const next = proved(how, { ...base, ...sent }, byPerson(after), when);
      if (next?.state !== "todo") return;
      expect(sent.state).toBe("unknown");
      expect(when).toMatchObject({ isLate: true, mayRepeat: true });
      expect(sent.attempts).toBeLessThan(2);
      if (how === "add") expect(canTell(sent.person, byPerson(after))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("comes to a conclusion when the reading is late", () => {
  fc.assert(
    fc.property(op, step, members, (how, sent, after) => {
      const when = { isLate: true, isFresh: false, isPartial: false, mayRepeat: true };
      expect(proved(how, { ...base, ...sent }, byPerson(after), when)).toBeDefined();
    }),
  );
});

test("nobody whose wanted state the list shows gets a request", () => {
  fc.assert(
    fc.property(op, id, members, (how, person, list) => {
      const todo: Step = { ...base, person, state: "todo", attempts: 0 };
      const ended = withoutRequest(how, todo, byPerson(list));
      if (isIn(list, person) === (how === "add")) expect(ended).toBeDefined();
      else expect(ended).toBeUndefined();
      // Somebody who may be hidden is not removed on a guess, and not said to be out either.
      if (how === "remove" && !isIn(list, person) && !canTell(person, byPerson(list))) {
        expect(ended).toMatchObject({ state: "review", verdict: "unconfirmed", reason: "hidden" });
      }
    }),
  );
});

test.each([
  ["an empty list", [1, 2, 3], [], [], "empty"],
  ["most are gone", [1, 2, 3, 4, 5], [1, 2], [], "shrunken"],
  ["most were to go", [1, 2, 3, 4, 5], [1, 2], [3, 4, 5], undefined],
  ["one left", [1, 2, 3, 4, 5], [1, 2, 3, 4], [], undefined],
  ["we ourselves are gone", [0, 1, 2, 3, 4], [1, 2, 3, 4], [], "shrunken"],
  ["nothing was known", [], [1], [], undefined],
])("doubts a reading: %s", (_, before, after, planned, doubt) => {
  const who = (n: number) => `91900000000${n}@s.whatsapp.net`;
  const reading = {
    before: before.map(who),
    after: byPerson(after.map((n) => ({ id: who(n), role: "member" }))),
    planned: new Set(planned.map((n) => personKey(who(n)))),
    proved: [],
    op: "remove" as const,
    own: who(0),
  };
  expect(doubtOf(reading)).toBe(doubt);
});

test("doubts a list that shows nothing of what was proved before", () => {
  const list = byPerson([{ id: "919000000001@c.us", role: "member" }]);
  const reading = { after: list, planned: new Set<string>(), op: "add" as const };
  const [known, added, other] = ["919000000001", "919000000002", "919000000003"].map(
    (each) => `${each}@s.whatsapp.net`,
  );
  expect(doubtOf({ ...reading, proved: [added ?? "", other ?? ""] })).toBe("stale");
  // One of several who left is no reason to doubt.
  expect(doubtOf({ ...reading, proved: [added ?? "", known ?? ""] })).toBeUndefined();
});

test("a member under another spelling is not lost", () => {
  const after = byPerson([{ id: "919000000001@c.us", role: "member" }]);
  expect(lostSince(["919000000001:3@s.whatsapp.net", "919000000002@c.us"], after, new Set())).toEqual(["919000000002"]);
});
