import { expect, test } from "vitest";
import { changesBetween, seenWith, sizesWith } from "../../../lib/shared/changes";
import type { Member, Role, Roster } from "../../../lib/shared/model";

/** What two readings of a group's members tell of the time between them. */

const member = (id: string, role: Role = "member"): Member => ({
  id: id.includes("@") ? id : `${id}@s.whatsapp.net`,
  role,
});
const reading = (members: Member[], readAt: number, more: Partial<Roster> = {}): Roster => ({
  connection: "c1",
  group: "g",
  members,
  readAt,
  ...more,
});
const [asha, ravi, meena] = [member("919876543210"), member("919876543211"), member("919876543212")] as const;
const LID = member("111222333444@lid");
const OTHER_LID = member("555666777888@lid");
const between = (before: Member[], after: Member[], more: Partial<Roster> = {}) => {
  const change = changesBetween(reading(before, 1), reading(after, 2, more));
  return change && { joined: change.joined, left: change.left, promoted: change.promoted, demoted: change.demoted };
};
const none = { joined: [], left: [], promoted: [], demoted: [] };

test("tells who joined, left, became an admin or is none any more, and between which readings", () => {
  const before = reading([asha, { ...ravi, role: "admin" }], 10);
  const after = reading([{ ...asha, role: "superadmin" }, ravi, meena], 20);
  expect(changesBetween(before, after)).toEqual({
    connection: "c1",
    group: "g",
    since: 10,
    at: 20,
    joined: [meena.id],
    left: [],
    promoted: [asha.id],
    demoted: [ravi.id],
  });
  expect(between([asha, ravi, meena], [asha, ravi])).toEqual({ ...none, left: [meena.id] });
  expect(between([asha, ravi], [ravi, asha])).toBeUndefined();
});

test("another spelling of a number is no change", () => {
  const spellings = [member("5511987654321"), member("12025550101@c.us")];
  const others = [member("551187654321"), member("12025550101")];
  expect(between(spellings, others)).toBeUndefined();
});

test("says nothing where a reading is empty, in doubt, or not newer", () => {
  expect(between([], [asha])).toBeUndefined();
  expect(between([asha], [])).toBeUndefined();
  expect(between([asha, ravi], [asha], { shrunk: { from: 2, at: 2 } })).toBeUndefined();
  const doubted = reading([asha], 1, { shrunk: { from: 9, at: 1 } });
  expect(changesBetween(doubted, reading([asha, ravi], 2))).toBeUndefined();
  expect(changesBetween(reading([asha], 2), reading([asha, ravi], 2))).toBeUndefined();
});

test("somebody listed by number once and by a hidden id the other time neither joined nor left", () => {
  expect(between([asha, ravi], [asha, LID])).toBeUndefined();
  expect(between([asha, LID], [asha, ravi])).toBeUndefined();
  // Where nobody went, a hidden id that is new did join; among hidden ids alone, each stays the same.
  expect(between([asha], [asha, LID])).toEqual({ ...none, joined: [LID.id] });
  expect(between([asha, LID], [asha, OTHER_LID])).toEqual({ ...none, joined: [OTHER_LID.id], left: [LID.id] });
  // What cannot be the same person is told all the same.
  expect(between([asha, ravi, LID], [{ ...asha, role: "admin" }, OTHER_LID, LID])).toEqual({
    ...none,
    promoted: [asha.id],
  });
});

test("keeps one size a day, the last one, and none of a reading in doubt", () => {
  const sizes = sizesWith([{ day: "2026-11-28", size: 5 }], reading([asha], 1), "2026-11-29");
  expect(sizes).toEqual([
    { day: "2026-11-28", size: 5 },
    { day: "2026-11-29", size: 1 },
  ]);
  expect(sizesWith(sizes, reading([asha, ravi], 2), "2026-11-29")?.at(-1)).toEqual({ day: "2026-11-29", size: 2 });
  expect(sizesWith(sizes, reading([asha], 2, { shrunk: { from: 9, at: 1 } }), "2026-11-30")).toBe(sizes);
  expect(sizesWith(sizes, reading([], 2), "2026-11-30")).toBe(sizes);
});

test("since when a member was seen: from the first reading on, over returns and over a reading in doubt", () => {
  const first = { ...reading([asha], 10), ...seenWith(undefined, reading([asha], 10)) };
  expect(first).toMatchObject({ firstAt: 10 });
  const second = { ...reading([asha, ravi], 20), ...seenWith(first, reading([asha, ravi], 20)) };
  expect(second).toMatchObject({ firstAt: 10, since: { "919876543211": 20 } });
  // The same account in another spelling is not new.
  expect(seenWith(second, reading([asha, member("919876543211:3@s.whatsapp.net")], 30)).since).toEqual({
    "919876543211": 20,
  });
  const gone = { ...reading([ravi], 30), ...seenWith(second, reading([ravi], 30)) };
  expect(seenWith(gone, reading([asha, ravi], 40))).toEqual({
    firstAt: 10,
    since: { "919876543210": 40, "919876543211": 20 },
  });
  // The reading before showed too few: whoever is back may never have been away.
  const doubt = { ...gone, shrunk: { from: 9, at: 30 } };
  expect(seenWith(doubt, reading([asha, ravi], 40)).since).toEqual({ "919876543210": 0, "919876543211": 20 });
  // Read by a version that kept nothing of it.
  expect(seenWith(reading([asha], 10), reading([asha], 20))).toEqual({ firstAt: 10 });
});
