import { type CellValue, type ReadOptions, type Workbook, readOds } from "hucre/ods";
import { readXlsx } from "hucre/xlsx";

/** The sheets of a workbook, by name, and the cells of one as text. */
export interface BookText {
  sheets: string[];
  rows: string[][];
}

/**
 * Reads one sheet of an .xlsx or .ods file; hidden sheets do not count. Undefined when it is no such file, is broken, is
 * locked with a password, or has no such sheet.
 */
export async function readWorkbook(bytes: Uint8Array, at: number): Promise<BookText | undefined> {
  const sheets = new Map<number, string>();
  const options: ReadOptions = {
    sheets: ({ name, index, hidden, veryHidden }) => {
      if (hidden === true || veryHidden === true) return false;
      sheets.set(index, name);
      return [...sheets.keys()].indexOf(index) === at;
    },
  };
  // The first file of an .ods names its type, uncompressed.
  const isOds = String.fromCharCode(...bytes.slice(30, 90)).includes("opendocument");
  let book: Workbook;
  try {
    book = await (isOds ? readOds(bytes, options) : readXlsx(bytes, options));
  } catch {
    // Whatever is wrong with it: there is nothing to read.
    return undefined;
  }
  const rows = book.sheets[0]?.rows;
  return rows === undefined ? undefined : { sheets: [...sheets.values()], rows: rows.map((row) => row.map(textOf)) };
}

function textOf(value: CellValue): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  // More digits than a spreadsheet keeps: the last ones are lost, and the reader of people says so.
  if (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    return value.toExponential(5).toUpperCase();
  return String(value);
}
