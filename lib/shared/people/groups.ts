import { rowsOf } from "../csv";
import { LIMITS, type Person } from "../model";
import { personKey } from "../person";
import { parsePeople, type PeopleOptions } from "../people";

/** A table of groups that are to be made. */

/** From so many digits on, a cell may be somebody's number; "Person 1" is a heading. */
const FEWEST = 5;

/** A group of the table. */
export interface WantedGroup {
  name: string;
  people: Person[];
  /** What stood in its rows and is no number. */
  rejects: string[];
}

/**
 * The groups of a table, in its order: a row has the name of a group in its first cell and people in the others, and rows of
 * one name are one group. A first row of words over rows with numbers is a heading. A group with more people than
 * one can hold is cut into several, with the next names.
 */
export function readGroups(text: string, options: PeopleOptions): WantedGroup[] {
  const found = new Map<string, WantedGroup>();
  const rows = rowsOf(text).map(([name = "", ...cells]) => {
    return {
      name: name.trim(),
      read: parsePeople(cells.filter(Boolean).join("\n"), options),
      isWords: cells.join("") !== "" && cells.every((cell) => (cell.match(/\p{Nd}/gu)?.length ?? 0) < FEWEST),
    };
  });
  const [first] = rows;
  const isHeading = first?.isWords === true && rows.some(({ read }) => read.people.length > 0);
  for (const { name, read } of isHeading ? rows.slice(1) : rows) {
    if (name === "") continue;
    const group = found.get(name) ?? { name, people: [], rejects: [] };
    found.set(name, group);
    const known = new Set(group.people.map(({ id }) => personKey(id)));
    group.people.push(...read.people.filter(({ id }) => !known.has(personKey(id))));
    group.rejects.push(...read.rejects.filter(({ reason }) => reason !== "duplicate").map(({ given }) => given));
  }
  return [...found.values()].flatMap(cut);
}

/** A group in as many as its people need; we are in each of them, too. */
function cut(group: WantedGroup): WantedGroup[] {
  const most = LIMITS.members - 1;
  if (group.people.length <= most) return [group];
  const { name, people, rejects } = group;
  const rest = { name: nextName(name), people: people.slice(most), rejects: [] };
  return [{ name, people: people.slice(0, most), rejects }, ...cut(rest)];
}

/** The name of the group after this one: "Team 4" follows "Team 3", and "Team 2" follows "Team". */
export function nextName(name: string): string {
  const numbered = /^(.*?)(\d{1,6})$/su.exec(name.trim());
  if (!numbered) return `${name.trim()} 2`;
  const [, before = "", digits = ""] = numbered;
  return `${before}${String(Number(digits) + 1).padStart(digits.length, "0")}`;
}
