import { delimiterOf, rowsOf } from "../csv";
import { numberColumns } from "./columns";
import { headingOf, isPlainHeading, isThingHeading } from "./header";
import { count, isBlank } from "./line";
import type { CountryCode } from "./phone";
import type { Row } from "./table";

/** A table found in a text. */
export interface Sheet {
  delimiter: string;
  hasHeader: boolean;
  /** Every number in a row is a person: names and numbers in pairs, or quoted cells. */
  isList: boolean;
}

const AHEAD = 30;
const LONGEST = 5000;
const GREETING = /\b(?:please|pls|plz|kindly|hello|hi|hey|dear|thanks|thank|bitte|por favor)\b|कृपया/iu;

/**
 * Returns the table beginning at a line: with a known header anywhere (a file pasted below text), else only at the
 * start.
 */
export function sheetAt(
  lines: string[],
  index: number,
  isFirst: boolean,
  country: CountryCode | undefined,
): Sheet | undefined {
  const line = lines[index] ?? "";
  if (isBlank(line) || line.length > LONGEST || (!isFirst && hasNumber(line))) return undefined;
  // Cheap check: most later lines are not headers.
  if (!isFirst && !line.split(/[,;\t|]/).some(namesNumbers)) return undefined;
  const ahead = following(lines, index);
  const delimiter = delimiterOf(line, ahead[0]);
  const rows = rowsOf([line, ...ahead].join("\n"), delimiter).map((row) => row.map((cell) => cell.trim()));
  const header = rows[0] ?? [];
  const body = rows.slice(1);
  if (!hasNumber(line) && isHeader(header, body, line)) return { delimiter, hasHeader: true, isList: false };
  if (!isFirst) return undefined;
  const width = header.length;
  const isEven = width > 1 && body.length > 0 && body.every((row) => row.length === width);
  const isQuoted = areQuoted(line);
  if (!isEven) return isQuoted ? { delimiter, hasHeader: false, isList: true } : undefined;
  const hasHeader = !hasNumber(line) && !GREETING.test(line) && header.every((cell) => cell !== "");
  const { numbers, words, sequences } = numberColumns(hasHeader ? body : rows, country);
  // No people under "Policy Number".
  if (hasHeader && numbers > 0 && header.some((cell) => headingOf(cell).isDenied)) {
    return { delimiter, hasHeader, isList: false };
  }
  // Only numbers, or as many names: a list with several people per line.
  const isGrid = words === 0 && sequences === 0;
  const isPairs = !hasHeader && (words === numbers || rows.length < 3);
  if (numbers > 1 && !isGrid && !isPairs) return { delimiter, hasHeader, isList: false };
  return isQuoted ? { delimiter, hasHeader: false, isList: true } : undefined;
}

function namesNumbers(cell: string): boolean {
  const { role } = headingOf(cell.slice(0, 200));
  return role === "phone" || role === "others" || role === "id";
}

function following(lines: string[], index: number): string[] {
  const ahead: string[] = [];
  for (let next = index + 1; next < lines.length && ahead.length < AHEAD; next += 1) {
    const line = lines[next] ?? "";
    if (!isBlank(line)) ahead.push(line);
  }
  return ahead;
}

function hasNumber(line: string): boolean {
  return /(?:\p{Nd}[^\p{Nd},;\t|]{0,3}){7}/u.test(line);
}

/** Whether the cells are headings of numbers above at least one row. */
function isHeader(header: string[], rows: string[][], line: string): boolean {
  const row = rows.find((cells) => cells.some((cell) => cell !== ""));
  if (row === undefined) return false;
  // A greeting, not the question of a form.
  if (header.length < 3 && GREETING.test(line.replace(/\(.*?\)/g, ""))) return false;
  if (header.length === 1) return isPlainHeading(header[0] ?? "") || isThingHeading(header[0] ?? "");
  const headings = header.map((cell) => (cell.length > 200 || count(cell) >= 7 ? undefined : headingOf(cell)));
  const hasPhone = headings.some((heading) => heading?.role === "phone" || heading?.role === "others");
  const hasId = headings.some((heading) => heading?.role === "id");
  const isTable = rows.slice(0, 3).some((cells) => cells.length > 1);
  return isTable && (hasPhone || (hasId && row.some((cell) => cell.includes("@"))));
}

function areQuoted(line: string): boolean {
  return /^"(?:[^"]|"")*"[,;\t]|[,;\t]"(?:[^"]|"")*"(?:[,;\t]|$)/.test(line.slice(0, 2000).trim());
}

/** Yields the rows of a table and others below; `isHeader` marks headers, undefined is a chance to pause. */
export function* sheetRows(
  lines: string[],
  from: number,
  sheet: Sheet,
): Generator<(Row & { isHeader: boolean }) | undefined> {
  const text = lines.slice(from).join("\n");
  let number = from + 1;
  for (const block of blocks(text)) {
    for (const row of rowsOf(block, sheet.delimiter)) {
      const cells = row.map((cell) => cell.trim());
      const isFirst = number === from + 1;
      if (cells.some((cell) => !isBlank(cell)) && !isRule(cells)) {
        yield { cells, line: number, isHeader: isFirst ? sheet.hasHeader : isNextHeader(cells) };
      }
      number += row.join("").split("\n").length;
    }
    yield undefined;
  }
}

/** The line under a Markdown table's header. */
function isRule(cells: string[]): boolean {
  return cells.every((cell) => cell === "" || /^:?-{3,}:?$/.test(cell));
}

function isNextHeader(cells: string[]): boolean {
  if (cells.length < 2 || cells.some((cell) => count(cell) >= 5)) return false;
  const known = cells
    .map(headingOf)
    .filter(({ role, isWeak }) => role !== "none" && role !== "country" && isWeak !== true);
  return known.length > 1 && known.some(({ role }) => role === "phone" || role === "id");
}

/** Splits a text at row ends, so no task reads a large file. */
function* blocks(text: string): Generator<string> {
  let from = 0;
  let isQuoted = false;
  for (const match of text.matchAll(/["\n]/g)) {
    if (match[0] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && match.index - from > 20_000) {
      yield text.slice(from, match.index + 1);
      from = match.index + 1;
    }
  }
  if (from < text.length) yield text.slice(from);
}
