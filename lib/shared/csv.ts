import Papa from "papaparse";

/**
 * Start of a spreadsheet formula: a sign, also full-width, after blanks, quotes or apostrophes; at any separator, as
 * spreadsheets may split at another one.
 */
const SKIPPED = String.raw`(?:['"]|[^\S\t\r\n])*`;
const SIGNS = String.raw`=+\-@＝＋－＠`;
const places = (mark: string) =>
  new RegExp(
    String.raw`(?<=^)${mark}(?=${SKIPPED}[${SIGNS}\t\r\n])|(?<=[,;\t|\r\n])${mark}(?=${SKIPPED}[${SIGNS}])`,
    "g",
  );
const TO_PROTECT = places("");
const PROTECTED = places("'");
const SEPARATED = /[,;\t|"\r\n]|^\s|\s$/;

/**
 * Returns CSV: BOM (UTF-8 in Excel), comma, CRLF. Possible formulas get an apostrophe, which `rowsOf` removes; it also
 * keeps `+91 98765 43210` text (bare digits become `9.19877E+11`).
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "\ufeff";
  const safe = rows.map((row) => row.map((cell) => cell.replace(TO_PROTECT, "'")));
  const quotes = (cell: string) => SEPARATED.test(cell);
  return `\ufeff${Papa.unparse(safe, { newline: "\r\n", quotes })}\r\n`;
}

/** Returns the cells of delimited text, as far as well-formed, without apostrophes before formula signs. */
export function rowsOf(text: string, delimiter = delimiterOf(text)): string[][] {
  const { data, meta } = Papa.parse<string[]>(text.replace(/^\ufeff/, ""), { delimiter });
  // The last line break starts no row.
  if (data.at(-1)?.join() === "" && data.at(-1)?.length === 1) data.pop();
  return data.map((row) =>
    row.map((cell, index) => {
      const whole = meta.linebreak === "\n" && index === row.length - 1 ? cell.replace(/\r$/, "") : cell;
      return whole.replace(PROTECTED, "");
    }),
  );
}

/**
 * Returns the most frequent of comma, semicolon, tab and bar outside quotes in the first line; preferably one splitting
 * `next` into as many cells, as questions contain commas.
 */
export function delimiterOf(text: string, next?: string): string {
  const first = unquoted(/[^\r\n]+/.exec(text)?.[0] ?? "");
  const count = (mark: string, line: string) => line.split(mark).length;
  const marks = [",", ";", "\t", "|"];
  const below = next === undefined ? undefined : unquoted(next);
  const even = marks.filter(
    (mark) => below !== undefined && count(mark, first) > 1 && count(mark, first) === count(mark, below),
  );
  return (even.length > 0 ? even : marks).reduce((best, mark) =>
    count(mark, first) > count(best, first) ? mark : best,
  );
}

function unquoted(line: string): string {
  return line.replace(/"(?:[^"]|"")*"/g, "");
}
