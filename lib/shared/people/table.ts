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

/** A row of a table, with the line at which it begins, from 1. */
export interface Row {
  cells: string[];
  line: number;
}

/** Rows that are read to find what a column holds. */
const SAMPLE = 40;
/** So many rows are shown to the agent. */
const SHOWN = 5;

/** What the agent chose for tables with such a header, by `PeopleTable.key`. */
export type ChosenRoles = Readonly<Record<string, ColumnRole[]>>;

/**
 * Reads a table. `header` is its first row, if that is one; without it, and where no column was chosen, every number of a
 * row is taken, as in a list.
 */
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
  const key =
    header === undefined
      ? String(width)
      : header
          .map((cell) => fold(cell.trim()))
          .join("|")
          .slice(0, 300);
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

function whole(cells: string[]): string {
  return cells.filter((cell) => !isBlank(cell)).join(", ");
}

/** What was found in one cell of a row. */
interface Found {
  text: string;
  finds: Find[];
  isOther: boolean;
}

function* readRow(collector: PeopleCollector, row: Row, columns: Columns | undefined): Generator<undefined> {
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
  // An account that is there under its hidden id and its number is one person.
  const hasNumber = found.some(({ finds }) => finds.some((find) => isPerson(find) && !isHidden(find.id)));
  const name = columns ? nameIn(cells, columns) : nameBeside(cells, found);
  const seen = new Set<string>();
  let good = 0;
  const bad: { find: Find; text: string }[] = [];
  // Theirs first: what stands under "fax" as well is no fax.
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

/** The numbers of a phone cell, joined with the codes that stand in columns of their own. */
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

/** The country of a number without a prefix: of its code column, of the header's brackets, of a country column. */
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

/** The column of a role that belongs to a phone column: the nearest before it, else the only one. -1 when there is none. */
function besides({ roles }: Columns, role: ColumnRole, index: number): number {
  const before = roles.lastIndexOf(role, index);
  return before >= 0 ? before : roles.indexOf(role);
}

/** Whether the label in another column says that the number is somebody else's. */
function isOthers(cells: string[], columns: Columns | undefined, index: number): boolean {
  const stem = columns?.headings[index]?.stem;
  return (
    columns?.headings.some(
      (heading, at) => columns.roles[at] === "label" && heading.stem === stem && ownerOf(cells[at] ?? "") !== "theirs",
    ) ?? false
  );
}

/** The name in a row, from one column or put together from several. */
function nameIn(cells: string[], { roles }: Columns): string | undefined {
  const texts = cells.filter((cell, index) => (roles[index] === "name" || roles[index] === "part") && cell !== "");
  if (texts.length > 0) return cleanText(texts.join(" ")) || undefined;
  if (roles.includes("name") || roles.includes("part")) return undefined;
  // "Asha 81234 56789" in one cell.
  const phone = cells.find((cell, index) => roles[index] === "phone" && count(cell) >= 5) ?? "";
  return /[@/]/.test(phone) ? undefined : nameOf(phone.replace(/[+(]*\d[\d\s().+-]*/g, " , "));
}

/** The first cell of a row without columns that is a name. */
function nameBeside(cells: string[], found: Found[]): string | undefined {
  for (const cell of cells) {
    if (found.some(({ text, finds }) => text === cell && finds.some(isPerson))) continue;
    const name = nameOf(cell, /[;|\t]/);
    if (name !== undefined) return name;
  }
  return undefined;
}
