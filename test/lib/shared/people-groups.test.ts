import { expect, it } from "vitest";
import { LIMITS } from "../../../lib/shared/model";
import type { PeopleOptions } from "../../../lib/shared/people";
import { nextName, readGroups } from "../../../lib/shared/people/groups";

/** Tables of groups that are to be made. */

const read = async (text: string, options: PeopleOptions = { country: "IN" }) =>
  (await readGroups(text, options, new AbortController().signal))!;
const brief = async (text: string, options?: PeopleOptions) =>
  (await read(text, options)).groups.map(({ name, people, rejects }) => [
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
])("%s", async (_, text, groups) => {
  expect(await brief(text)).toEqual(groups);
});

it("a group with more people than one holds goes on in the next ones", async () => {
  const people = Array.from({ length: 2 * LIMITS.members }, (_, n) => `+9190${String(10_000_000 + n)}`);
  const { groups } = await read(`Team,${people.join(",")}`, {});
  expect(groups.map(({ name, people: in_ }) => [name, in_.length])).toEqual([
    ["Team", 1023],
    ["Team 2", 1023],
    ["Team 3", 2],
  ]);
  expect(new Set(groups.flatMap((group) => group.people.map(({ id }) => id))).size).toBe(people.length);
});

const PUNE = [["Pune", ["919876543210", "918123456789"], []]];
const CLASSES = [
  ["5B", ["919876543210"], []],
  ["6A", ["918123456789"], []],
];

it.each<[what: string, text: string, roles: string[], groups: unknown]>([
  [
    "a row for each person, the group in the last column",
    "Name,Phone,Class\nAsha,9876543210,5B\nRavi,8123456789,6A",
    ["name", "phone", "group"],
    CLASSES,
  ],
  [
    "roll numbers are no people",
    "Roll No,Mobile,Class\n9876500001,9876543210,5B\n9876500002,8123456789,6A",
    ["none", "phone", "group"],
    CLASSES,
  ],
  [
    "codes in a column of their own",
    "Turma;DDI;DDD;Telefone\nA;55;21;997654321\nB;55;11;987654321",
    ["group", "code", "area", "phone"],
    [
      ["A", ["5521997654321"], []],
      ["B", ["5511987654321"], []],
    ],
  ],
  [
    "a heading over several columns of people",
    "Team,Member 1,Member 2\nPune,9876543210,8123456789",
    ["group", "phone", "phone"],
    PUNE,
  ],
  ["no heading", "Pune,9876543210,8123456789", ["group", "phone", "phone"], PUNE],
  [
    "no heading and a row for each person",
    "5B,Asha Rao,9876543210\n5B,Ravi Nair,8123456789\n6A,Meena Iyer,9812345678",
    ["group", "name", "phone"],
    [
      ["5B", ["919876543210", "918123456789"], []],
      ["6A", ["919812345678"], []],
    ],
  ],
])("the columns of a table are guessed: %s", async (_, text, roles, groups) => {
  expect((await read(text)).table).toMatchObject({ roles, isUnsure: false });
  expect(await brief(text)).toEqual(groups);
});

it("where several columns could be the number nobody is in a group until the agent chose, and the choice is remembered by the header", async () => {
  const text =
    "Group,Contact,Number,Alt\nPune,9876543210,9812345678,8123456789\nDelhi,9876543211,9812345679,8123456780";
  const { table, groups } = await read(text);
  expect(table?.isUnsure).toBe(true);
  expect(groups.map(({ name, people }) => [name, people.length])).toEqual([
    ["Pune", 0],
    ["Delhi", 0],
  ]);
  const roles = { [table!.key]: ["group", "phone", "none", "none"] as const };
  const chosen = { country: "IN", roles: roles as never };
  expect(await brief(text, chosen)).toEqual([
    ["Pune", ["919876543210"], []],
    ["Delhi", ["919876543211"], []],
  ]);
  const other = { country: "IN", roles: { [table!.key]: ["phone", "group", "none", "none"] } as never };
  expect((await brief(text, other)).map(([name]) => name)).toEqual(["9876543210", "9876543211"]);
  const none = { country: "IN", roles: { [table!.key]: ["none", "phone", "none", "none"] } as never };
  expect(await read(text, none)).toMatchObject({ groups: [], table: { isUnsure: true } });
});

it("a list of names alone has no columns to choose, and names are kept with the people", async () => {
  expect((await read("Pune\nDelhi")).table).toBeUndefined();
  const { groups } = await read("Name,Phone,Class\nAsha,9876543210,5B");
  expect(groups[0]?.people[0]?.name).toBe("Asha");
});

it.each([
  ["Team", "Team 2"],
  ["Team 9", "Team 10"],
  ["Team 09", "Team 10"],
  [" Class 7 B ", "Class 7 B 2"],
])("after %s comes %s", (name, next) => {
  expect(nextName(name)).toBe(next);
});
