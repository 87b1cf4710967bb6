import { delimiterOf, rowsOf } from "../csv";
import { cleanText } from "../text";
import { count, isBlank } from "./line";

/** What a table of contacts says in its header, and whether a text is one. */

/** Which columns hold what, by their place. */
export interface Columns {
  phones: number[];
  ids: number[];
  name: number[];
  parts: number[];
  /** How many columns were recognised. */
  known: number;
}

const PHONE_COLUMN =
  /^(?:.{0,20}[ _-])?(?:phones?|mobiles?|cell(?:ular|phone)?|tel|telephone|telefono?|telefone|teléfono|téléphone|whats ?app|handy|mobil(?:telefon)?|celular|móvil|movil|cellulare|rufnummer|numbers?|numbers?|numero|número|msisdn|telepon|ponsel|nomor|hp|फ़ोन|फ़ोन|फोन|मोबाइल|नंबर|नम्बर|संपर्क)(?:[ _-](?:phone|mobile|no|nr|num|number|numbers|numero|número|\d{1,2}|value|wa|hp|नंबर|नम्बर|- value|\d{1,2} - value)){0,2}\.?$/iu;
const NO_PHONE_COLUMN =
  /fax|pager|telex|tty|label|type|country|code|e-?mail|address|order|invoice|account|roll|serial|house|room|pin|isdn$|radio/i;
const ID_COLUMN = /^(?:id|jid|lid|wa ?id|whats ?app id|participant|member|person|chat ?id)$/i;
const NAME_COLUMN =
  /^(?:(?:full|display|contact|customer|member|person)[ _-]?)?name$|^(?:nome|nombre|nama|नाम|fn|nom|имя|姓名|氏名|الاسم)$/iu;
const PART_COLUMN =
  /^(?:(?:first|given|middle|additional|last|family|sur)[ _-]?name|vorname|nachname|sobrenome|apellidos?|cognome|prénom|surname)$/iu;

/** The columns of a header; undefined when no cell of it names numbers or ids. */
export function columnsOf(header: string[]): Columns | undefined {
  const columns: Columns = { phones: [], ids: [], name: [], parts: [], known: 0 };
  for (const [index, cell] of header.entries()) {
    if (cell.length > 60 || count(cell) >= 5) return undefined;
    if (PHONE_COLUMN.test(cell) && !NO_PHONE_COLUMN.test(cell.replace(/ - value$/i, ""))) columns.phones.push(index);
    else if (ID_COLUMN.test(cell)) columns.ids.push(index);
    else if (NAME_COLUMN.test(cell)) columns.name.push(index);
    else if (PART_COLUMN.test(cell)) columns.parts.push(index);
    else continue;
    columns.known += 1;
  }
  return columns.phones.length > 0 || columns.ids.length > 0 ? columns : undefined;
}

/** The name in a row, from one column or put together from several. */
export function nameIn(cells: string[], columns: Columns): string | undefined {
  const pick = (places: number[]) => places.map((index) => cells[index] ?? "").filter((cell) => cell !== "");
  return cleanText(pick(columns.name)[0] ?? pick(columns.parts).join(" ")) || undefined;
}

/** Whether the text is a table without a header that we know: cells in quotes. */
export function areQuoted(lines: string[]): boolean {
  const first =
    lines
      .find((line) => !isBlank(line))
      ?.slice(0, 2000)
      .trim() ?? "";
  return /^"(?:[^"]|"")*"[,;\t]|[,;\t]"(?:[^"]|"")*"(?:[,;\t]|$)/.test(first);
}

/** Whether a line is a header that we know, over a row of its width. */
export function isHeader(lines: string[], index: number): boolean {
  const line = lines[index] ?? "";
  if (line.length > 2000 || /(?:\p{Nd}\P{Nd}{0,3}){7}|^\s*$/u.test(line)) return false;
  const delimiter = delimiterOf(line);
  const header = rowsOf(line, delimiter)[0] ?? [];
  const columns = columnsOf(header.map((cell) => cell.trim()));
  if (columns === undefined) return false;
  let next = index + 1;
  while (next < lines.length && isBlank(lines[next] ?? "")) next += 1;
  const row = lines[next];
  if (row === undefined || (columns.phones.length === 0 && !row.includes("@"))) return false;
  return header.length === 1 || row.includes('"') || row.split(delimiter).length === header.length;
}

/** The text in blocks of whole rows, so that a large file is not read in one task. */
export function* blocks(text: string): Generator<string> {
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
