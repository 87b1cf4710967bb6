import { expect, it } from "vitest";
import { LIMITS } from "../../../lib/shared/model";
import { nextName, readGroups } from "../../../lib/shared/people/groups";

/** Tables of groups that are to be made. */

const brief = (text: string) =>
  readGroups(text, { country: "IN" }).map(({ name, people, rejects }) => [
    name,
    people.map(({ id }) => id.split("@")[0]),
    rejects,
  ]);

it.each<[what: string, text: string, groups: unknown]>([
  [
    "a row for each group, people in the cells after the name",
    "Pune,+91 98765 43210,8123456789\nDelhi,98123 45678",
    [
      ["Pune", ["919876543210", "918123456789"], []],
      ["Delhi", ["919812345678"], []],
    ],
  ],
  [
    "a row for each person, under a heading, each group once and each person once",
    "Group;Phone\nPune;+919876543210\nDelhi;+918123456789\nPune;09876543210",
    [
      ["Pune", ["919876543210"], []],
      ["Delhi", ["918123456789"], []],
    ],
  ],
  [
    "a first row whose number lacks its country is a group, not a heading",
    "Pune,12025550142\nDelhi,+918123456789",
    [
      ["Pune", [], ["12025550142"]],
      ["Delhi", ["918123456789"], []],
    ],
  ],
  [
    "a heading that counts the people",
    "Group,Person 1,Person 2\nPune,+919876543210,+918123456789",
    [["Pune", ["919876543210", "918123456789"], []]],
  ],
  [
    "names alone",
    "Pune\nDelhi\n\n",
    [
      ["Pune", [], []],
      ["Delhi", [], []],
    ],
  ],
  ["what is no number is told", "Pune,+919876543210,call me", [["Pune", ["919876543210"], ["call me"]]]],
  ["people without a group are left out", ",+919876543210", []],
  ["nothing", "", []],
])("%s", (_, text, groups) => {
  expect(brief(text)).toEqual(groups);
});

it("a group with more people than one holds goes on in the next ones", () => {
  const people = Array.from({ length: 2 * LIMITS.members }, (_, n) => `+9190${String(10_000_000 + n)}`);
  const groups = readGroups(`Team,${people.join(",")}`, {});
  expect(groups.map(({ name, people: in_ }) => [name, in_.length])).toEqual([
    ["Team", 1023],
    ["Team 2", 1023],
    ["Team 3", 2],
  ]);
  expect(new Set(groups.flatMap((group) => group.people.map(({ id }) => id))).size).toBe(people.length);
});

it.each([
  ["Team", "Team 2"],
  ["Team 9", "Team 10"],
  ["Team 09", "Team 10"],
  [" Class 7 B ", "Class 7 B 2"],
])("after %s comes %s", (name, next) => {
  expect(nextName(name)).toBe(next);
});
