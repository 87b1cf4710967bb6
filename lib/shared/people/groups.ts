import { rowsOf } from "../csv";
import { type ColumnRole, LIMITS, type PeopleTable, type Person } from "../model";
import { personKey } from "../person";
import { runInPieces, parsePeople, type PeopleOptions } from "../people";
import { fold } from "../text";
import { PeopleCollector } from "./collector";
import { type Columns, columnsOf, numberColumns } from "./columns";
import { count, isBlank } from "./line";
import { type CountryCode, countryOf } from "./phone";
import { keyOf, readRow, type Row, SAMPLE, SHOWN } from "./table";

/** Cells with fewer digits are headings, like "Person 1". */
const FEWEST = 5;
const GROUP = new RegExp(
  String.raw`(?<![\p{L}\p{M}])(?:${fold(
    "groups?|gruppen?|grupos?|grup|kelompok|class(?:es)?|klassen?|clases?|turmas?|kelas|teams?|equipes?|equipos?|tim|batch(?:es)?|courses?|kurse?|cursos?|section|department|abteilung|setor|departamento|ग्रुप|समूह|कक्षा|टीम|المجموعة|مجموعة|الصف|الفريق|группа|класс|群|班级|グループ|그룹",
  )})(?![\p{L}\p{M}])`,
  "u",
);

/** A group to create. */
export interface WantedGroup {
  name: string;
  people: Person[];
  rejects: string[];
}

/** Groups of a table. `table`: its columns as read; absent for a list of names. */
export interface WantedGroups {
  groups: WantedGroup[];
  table?: PeopleTable;
}

/**
 * Returns a table's groups: each row has a group name and people; rows with one name are merged. Guesses columns unless
 * chosen (`options.roles`). Splits groups above WhatsApp's limit. Undefined if aborted.
 */
export async function readGroups(
  text: string,
  options: PeopleOptions,
  signal: AbortSignal,
): Promise<WantedGroups | undefined> {
  const result: WantedGroups = { groups: [] };
  return runInPieces(readWanted(text, options, result), () => result, signal);
}

function* readWanted(text: string, options: PeopleOptions, result: WantedGroups): Generator<undefined> {
  const country = countryOf(options.country);
  const all = rowsOf(text)
    .map((row, index): Row => ({ cells: row.map((cell) => cell.trim()), line: index + 1 }))
    .filter(({ cells }) => cells.some((cell) => !isBlank(cell)));
  const header = isHeading(all) ? all[0]?.cells : undefined;
  const rows = header ? all.slice(1) : all;
  const columns = groupColumns(header, rows, country);
  const width = columns.roles.length;
  if (width > 1) {
    const key = `groups ${keyOf(header, width)}`;
    const own = options.roles?.[key];
    if (own) columns.roles = columns.roles.map((_, index) => own[index] ?? "none");
    const sample = rows.slice(0, SHOWN).map(({ cells }) => cells);
    const isUnsure = !columns.roles.includes("group") || (own === undefined && columns.isUnsure);
    result.table = { key, header: header ?? [], rows: sample, roles: columns.roles, isUnsure };
  }
  const found = new Map<string, WantedGroup>();
  for (const row of rows) {
    const name = row.cells[columns.roles.indexOf("group")] ?? "";
    if (name === "") continue;
    const group = found.get(name) ?? { name, people: [], rejects: [] };
    found.set(name, group);
    yield* readPeople(group, row, columns, options);
    yield;
  }
  result.groups = [...found.values()].flatMap(cut);
}

function* readPeople(
  group: WantedGroup,
  { cells, line }: Row,
  columns: Columns,
  options: PeopleOptions,
): Generator<undefined> {
  const roles = columns.roles.map((role) => (role === "group" ? "none" : role));
  const isList = roles.every((role) => role === "phone" || role === "none");
  const mine = cells.map((cell, index) => (columns.roles[index] === "group" ? "" : cell));
  let read;
  // A cell may hold any list of people.
  if (isList) {
    read = parsePeople(mine.filter((cell, index) => cell !== "" && roles[index] === "phone").join("\n"), options);
  } else {
    const collector = new PeopleCollector(countryOf(options.country));
    yield* readRow(collector, { cells: mine, line }, { ...columns, roles });
    read = collector.result();
  }
  const known = new Set(group.people.map(({ id }) => personKey(id)));
  group.people.push(...read.people.filter(({ id }) => !known.has(personKey(id))));
  group.rejects.push(...read.rejects.filter(({ reason }) => reason !== "duplicate").map(({ given }) => given));
}

/** A first row of words over rows with numbers. */
function isHeading([first, ...rows]: Row[]): boolean {
  if (!first || first.cells.slice(1).join("") === "") return false;
  const hasNumber = ({ cells }: Row) => cells.some((cell) => count(cell) >= FEWEST);
  return !hasNumber(first) && rows.some(hasNumber);
}

/** Returns column roles: one for the groups, others as in a table of people. */
function groupColumns(header: string[] | undefined, rows: Row[], country: CountryCode | undefined): Columns {
  const sample = rows.slice(0, SAMPLE).map(({ cells }) => cells);
  const width = Math.max(0, header?.length ?? 0, ...sample.map((cells) => cells.length));
  const named = (header ?? []).findIndex((cell) => GROUP.test(fold(cell.trim())));
  const at = Math.max(0, named);
  const without = (cells: string[]) => cells.map((cell, index) => (index === at ? "" : cell));
  const columns = columnsOf(header && without(header), sample.map(without), country);
  const isNamed = columns.roles.includes("name") || columns.roles.includes("part");
  const isOne = columns.roles.filter((role) => role === "phone").length === 1;
  const areRolesKnown = header === undefined ? isNamed && isOne : !columns.isUnsure;
  const others = Array.from({ length: width }, (_, index): ColumnRole =>
    areRolesKnown ? (columns.roles[index] ?? "none") : "phone",
  );
  const roles = others.map((role, index): ColumnRole => (index === at ? "group" : role));
  // Under a header, several number columns may be people and something else, unless "Person 1, Person 2".
  const isUnsure = header !== undefined && columns.isUnsure && !isSeries(header, at) && hasNumbers(sample, at, country);
  return { ...columns, roles: isUnsure ? roles.map((role) => (role === "group" ? role : "none")) : roles, isUnsure };
}

function isSeries(header: string[], at: number): boolean {
  const stems = header.flatMap((cell, index) =>
    index === at || cell === "" ? [] : [fold(cell).replace(/[\p{N}\s#._-]+$/u, "")],
  );
  return new Set(stems).size === 1;
}

function hasNumbers(sample: string[][], at: number, country: CountryCode | undefined): boolean {
  return (
    numberColumns(
      sample.map((cells) => cells.filter((_, index) => index !== at)),
      country,
    ).numbers > 0
  );
}

/** Leaves one place per group for ourselves. */
function cut(group: WantedGroup): WantedGroup[] {
  const most = LIMITS.members - 1;
  if (group.people.length <= most) return [group];
  const { name, people, rejects } = group;
  const rest = { name: nextName(name), people: people.slice(most), rejects: [] };
  return [{ name, people: people.slice(0, most), rejects }, ...cut(rest)];
}

/** Returns "Team 4" after "Team 3", "Team 2" after "Team". */
export function nextName(name: string): string {
  const numbered = /^(.*?)(\d{1,6})$/su.exec(name.trim());
  if (!numbered) return `${name.trim()} 2`;
  const [, before = "", digits = ""] = numbered;
  return `${before}${String(Number(digits) + 1).padStart(digits.length, "0")}`;
}
