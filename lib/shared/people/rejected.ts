import { toCsv } from "../csv";
import type { ColumnRole, People, Reject } from "../model";

/** The file's headings, and a sentence per reason. */
export interface RejectedWords {
  number: string;
  name: string;
  reason: string;
  because: (reject: Reject) => string;
}

/**
 * Returns the rejected rows in their own shape with reasons, as a file to correct and reopen, without duplicates and
 * people the agent can accept. Undefined if empty.
 */
export function rejectedFile(
  { rejects, table }: Pick<People, "rejects" | "table">,
  words: RejectedWords,
): { extension: "csv" | "vcf"; text: string } | undefined {
  const wrong = rejects.filter(({ reason, person }) => reason !== "duplicate" && person === undefined);
  if (wrong.length === 0) return undefined;
  const rows = byRow(wrong, words);
  const isCards = rows.every(({ source }) => isCard(source));
  if (isCards) {
    const cards = rows.map(({ source, reason }) => [
      ...source.slice(0, -1),
      `NOTE:${reason.replace(/[\\,;]/g, "\\$&")}`,
      "END:VCARD",
    ]);
    return { extension: "vcf", text: `${cards.flat().join("\r\n")}\r\n` };
  }
  if (table === undefined) {
    return {
      extension: "csv",
      text: toCsv([[words.number, words.reason], ...rows.map(({ given, reason }) => [given, reason])]),
    };
  }
  const header = table.header.length > 0 ? table.header : table.roles.map((role, index) => heading(role, index, words));
  // A file exported before already has the column.
  const width = header.at(-1) === words.reason ? header.length - 1 : header.length;
  const phone = Math.max(table.roles.indexOf("phone"), 0);
  const body = rows.map(({ source, given, reason }) => {
    const cells = Array.from({ length: width }, (_, index) => (isCard(source) ? "" : (source[index] ?? "")));
    if (source.length === 0 || isCard(source)) cells[phone] = given;
    return [...cells, reason];
  });
  return { extension: "csv", text: toCsv([[...header.slice(0, width), words.reason], ...body]) };
}

interface WrongRow {
  given: string;
  source: string[];
  reason: string;
}

function byRow(wrong: Reject[], { because }: RejectedWords): WrongRow[] {
  const rows = new Map<unknown, WrongRow>();
  for (const reject of wrong) {
    const key = reject.source ?? reject;
    const row = rows.get(key);
    const reason = because(reject);
    if (row === undefined) rows.set(key, { given: reject.given, source: reject.source ?? [], reason });
    else if (!row.reason.includes(reason)) row.reason += ` ${reason}`;
  }
  return [...rows.values()];
}

function isCard(source: string[]): boolean {
  return source[0] === "BEGIN:VCARD";
}

function heading(role: ColumnRole, index: number, words: RejectedWords): string {
  if (role === "phone") return words.number;
  return role === "name" ? words.name : String(index + 1);
}
