import { type CellValue, type ReadOptions, type Workbook, readOds } from "hucre/ods";
import { readXlsx } from "hucre/xlsx";

/** A workbook's sheet names, and one sheet's cells as text. */
export interface BookText {
  sheets: string[];
  rows: string[][];
}

/** Reads the visible sheet at an index of an .xlsx or .ods file. Undefined when unreadable, locked or missing. */
export async function readWorkbook(bytes: Uint8Array, at: number): Promise<BookText | undefined> {
  const sheets = new Map<number, string>();
  const options: ReadOptions = {
    sheets: ({ name, index, hidden, veryHidden }) => {
      if (hidden === true || veryHidden === true) return false;
      sheets.set(index, name);
      return [...sheets.keys()].indexOf(index) === at;
    },
  };
  // An .ods starts with an uncompressed file that names its type.
  const isOds = String.fromCharCode(...bytes.slice(30, 90)).includes("opendocument");
  let book: Workbook;
  try {
    book = await (isOds ? readOds(bytes, options) : readXlsx(bytes, options));
  } catch {
    // Unreadable, whatever the cause.
    return undefined;
  }
  const rows = book.sheets[0]?.rows;
  return rows === undefined ? undefined : { sheets: [...sheets.values()], rows: rows.map((row) => row.map(textOf)) };
}

function textOf(value: CellValue): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  // Spreadsheets lose digits of such numbers; this form is reported as `shortened`.
  if (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    return value.toExponential(5).toUpperCase();
  return String(value);
}
