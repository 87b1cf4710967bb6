import Papa from "papaparse";

/**
 * What a spreadsheet would take as the start of a formula: a sign, also in full width, behind nothing but blanks, quotes
 * and apostrophes. Not only at the start of a cell: the agent's spreadsheet may split the file at another separator than
 * ours, and then a cell begins behind each of them.
 */
const SKIPPED = String.raw`(?:['"]|[^\S\t\r\n])*`;
const SIGNS = String.raw`=+\-@＝＋－＠`;
/** Where an apostrophe goes: `mark` is what must stand there. */
const places = (mark: string) =>
  new RegExp(
    String.raw`(?<=^)${mark}(?=${SKIPPED}[${SIGNS}\t\r\n])|(?<=[,;\t|\r\n])${mark}(?=${SKIPPED}[${SIGNS}])`,
    "g",
  );
const TO_PROTECT = places("");
const PROTECTED = places("'");
/** Anything that one of the spreadsheets' separators would make two cells of. */
const SEPARATED = /[,;\t|"\r\n]|^\s|\s$/;

/**
 * Rows as a CSV file: BOM (Excel then reads UTF-8), comma, CRLF, quotes where needed. What a spreadsheet could run as a
 * formula gets an apostrophe in front, without exception; `rowsOf` takes it away again, so every table comes back as it
 * was. That holds for numbers with `+` as well: `'+91 98765 43210` stays text in a spreadsheet, whereas bare
 * digits would be shown and saved again as `9.19877E+11`. `parsePeople` reads either.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "\ufeff";
  const safe = rows.map((row) => row.map((cell) => cell.replace(TO_PROTECT, "'")));
  const quotes = (cell: string) => SEPARATED.test(cell);
  return `\ufeff${Papa.unparse(safe, { newline: "\r\n", quotes })}\r\n`;
}

/**
 * The cells of a CSV or tab-separated text. The delimiter defaults to the one that its first line has most of.
 * An apostrophe before a formula sign, as `toCsv` and others write it, is taken away. Never fails: what is not well
 * formed returns the cells that could be made out.
 */
export function rowsOf(text: string, delimiter = delimiterOf(text)): string[][] {
  const { data, meta } = Papa.parse<string[]>(text.replace(/^\ufeff/, ""), { delimiter });
  // The end of the last line is not the start of another row.
  if (data.at(-1)?.join() === "" && data.at(-1)?.length === 1) data.pop();
  return data.map((row) =>
    row.map((cell, index) => {
      const whole = meta.linebreak === "\n" && index === row.length - 1 ? cell.replace(/\r$/, "") : cell;
      return whole.replace(PROTECTED, "");
    }),
  );
}

/**
 * Comma, semicolon, tab or bar: the one that the first line has most of outside quotes. Where the next line is given, one
 * that cuts both into as many cells comes first: questions of a form have commas of their own.
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
