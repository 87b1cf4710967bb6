import type { ColumnRole } from "../model";
import { isHidden } from "../person";
import { cleanText, fold } from "../text";
import { type Columns, columnsOf } from "./columns";
import { type Find, isPerson } from "./find";
import { ownerOf } from "./label";
import { count, isBlank } from "./line";
import { nameOf } from "./name";
import { type CountryCode, readPhone } from "./phone";
import type { Place, PeopleCollector } from "./collector";

/** A row and its first line, from 1. */
export interface Row {
  cells: string[];
  line: number;
}

/** Rows read to guess the columns. */
export const SAMPLE = 40;
/** Rows shown to the agent. */
export const SHOWN = 5;

/** The agent's column roles, by `PeopleTable.key`. */
export type ChosenRoles = Readonly<Record<string, ColumnRole[]>>;

/** Reads a table; `isList` takes every number of a row. */
export function* readTable(
  collector: PeopleCollector,
  header: string[] | undefined,
  rows: Row[],
  { chosen, isList }: { chosen?: ChosenRoles; isList: boolean },
): Generator<undefined> {
  const sample = rows.slice(0, SAMPLE).map(({ cells }) => cells);
  if (isList) {
    for (const row of rows) yield* readRow(collector, row, undefined);
    return;
  }
  const guessed = columnsOf(header, sample, collector.country);
  const width = guessed.roles.length;
  const key = keyOf(header, width);
  const own = chosen?.[key];
  const roles = own === undefined ? guessed.roles : guessed.roles.map((_, index) => own[index] ?? "none");
  const isUnsure = own === undefined ? guessed.isUnsure : !roles.some((role) => role === "phone" || role === "id");
  collector.table = { key, header: header ?? [], rows: sample.slice(0, SHOWN), roles, isUnsure };
  const columns: Columns = { ...guessed, roles, isUnsure };
  for (const row of rows) {
    if (isUnsure) collector.reject(whole(row.cells), "which-column", { line: row.line, source: row.cells });
    else yield* readRow(collector, row, columns);
    yield;
  }
}

/** Returns the key of chosen roles: the header's words, or number of columns. */
export function keyOf(header: string[] | undefined, width: number): string {
  if (header === undefined) return String(width);
  return header
    .map((cell) => fold(cell.trim()))
    .join("|")
    .slice(0, 300);
}

function whole(cells: string[]): string {
  return cells.filter((cell) => !isBlank(cell)).join(", ");
}

interface Found {
  text: string;
  finds: Find[];
  isOther: boolean;
}

/** Reads the people of one row; without `columns`, from every number. */
export function* readRow(collector: PeopleCollector, row: Row, columns: Columns | undefined): Generator<undefined> {
  const { cells, line } = row;
  const place: Place = { line, source: cells };
  const found: Found[] = [];
  for (const [index, text] of cells.entries()) {
    const role = columns?.roles[index];
    if (isBlank(text) || (columns !== undefined && role !== "phone" && role !== "others" && role !== "id")) continue;
    const finds =
      columns === undefined ? yield* collector.findsIn(text) : yield* findsAt(collector, cells, columns, index);
    const isOther = role === "others" || isOthers(cells, columns, index);
    found.push({ text, finds: role === "id" ? finds.filter(() => text.includes("@")) : finds, isOther });
  }
  // A hidden id and a number in one row are one person.
  const hasNumber = found.some(({ finds }) => finds.some((find) => isPerson(find) && !isHidden(find.id)));
  const name = columns ? nameIn(cells, columns) : nameBeside(cells, found);
  const seen = new Set<string>();
  let good = 0;
  const bad: { find: Find; text: string }[] = [];
  // Their own numbers first: one repeated under "fax" is still theirs.
  for (const { text, finds, isOther } of found.toSorted((a, b) => Number(a.isOther) - Number(b.isOther))) {
    const people = finds.filter((find) => find.id !== undefined && !(columns && hasNumber && isHidden(find.id)));
    if (!isOther) for (const find of finds) if (find.id === undefined) bad.push({ find, text });
    const given = [name, text].filter(Boolean).join(", ");
    collector.placeAll(people, {
      text,
      given: !columns && good === 0 ? whole(cells) : given,
      place,
      name,
      seen,
      isOther,
    });
    good += people.length;
  }
  for (const { find, text } of bad) {
    if (good > 0 && !columns && find.reason === "too-short") continue;
    if (good === 0 && find !== bad[0]?.find) continue;
    const given = good === 0 ? whole(cells) : [name, text].filter(Boolean).join(", ");
    collector.reject(given, find.reason ?? "not-a-number", place);
  }
  if (good > 0 || bad.length > 0) return;
  const isShort = cells.some((cell, at) => columns?.roles[at] === "phone" && /^[^\p{L}]*\p{Nd}[^\p{L}]*$/u.test(cell));
  collector.reject(whole(cells), isShort ? "too-short" : "not-a-number", place);
}

function* findsAt(
  collector: PeopleCollector,
  cells: string[],
  columns: Columns,
  index: number,
): Generator<undefined, Find[]> {
  const text = cells[index] ?? "";
  const country = countryAt(collector, cells, columns, index);
  const area = (cells[besides(columns, "area", index)] ?? "").replace(/\D/g, "");
  if (area !== "" && area.length <= 5 && /^[1-9][\d\s().-]*$/.test(text)) {
    const { id } = readPhone(area + text, country);
    if (id !== undefined) return [{ from: 0, to: text.length, id }];
  }
  return yield* collector.findsIn(text, country);
}

/** The country by code column, header brackets, or country column; else the chosen one. */
function countryAt(
  collector: PeopleCollector,
  cells: string[],
  { roles, headings }: Columns,
  index: number,
): CountryCode | undefined {
  const columns = { roles, headings, isUnsure: false };
  const code = cells[besides(columns, "code", index)] ?? "";
  const digits = code.replace(/\D/g, "").replace(/^0+/, "");
  const byCode = collector.countryNamed(digits === "" ? code : digits);
  const byHeader = collector.countryNamed(headings[index]?.code ?? "");
  return (
    byCode ?? byHeader ?? collector.countryNamed(cells[besides(columns, "country", index)] ?? "") ?? collector.country
  );
}

/** The nearest column of a role before a phone column, else the first; -1 if none. */
function besides({ roles }: Columns, role: ColumnRole, index: number): number {
  const before = roles.lastIndexOf(role, index);
  return before >= 0 ? before : roles.indexOf(role);
}

function isOthers(cells: string[], columns: Columns | undefined, index: number): boolean {
  const stem = columns?.headings[index]?.stem;
  return (
    columns?.headings.some(
      (heading, at) => columns.roles[at] === "label" && heading.stem === stem && ownerOf(cells[at] ?? "") !== "theirs",
    ) ?? false
  );
}

function nameIn(cells: string[], { roles }: Columns): string | undefined {
  const texts = cells.filter((cell, index) => (roles[index] === "name" || roles[index] === "part") && cell !== "");
  // Markdown emphasis is not part of a name.
  if (texts.length > 0) return cleanText(texts.join(" ").replace(/^\*+|\*+$/g, "")) || undefined;
  if (roles.includes("name") || roles.includes("part")) return undefined;
  const phone = cells.find((cell, index) => roles[index] === "phone" && count(cell) >= 5) ?? "";
  return /[@/]/.test(phone) ? undefined : nameOf(phone.replace(/[+(]*\d[\d\s().+-]*/g, " , "));
}

function nameBeside(cells: string[], found: Found[]): string | undefined {
  for (const cell of cells) {
    if (found.some(({ text, finds }) => text === cell && finds.some(isPerson))) continue;
    const name = nameOf(cell, /[;|\t]/);
    if (name !== undefined) return name;
  }
  return undefined;
}
