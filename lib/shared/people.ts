import type { ColumnRole, People } from "./model";
import { cardLines, readCard } from "./people/cards";
import { chatStart } from "./people/chat";
import { recordsOf } from "./people/json";
import { isBlank } from "./people/line";
import { areCouplets, readLine } from "./people/lines";
import { countryOf } from "./people/phone";
import { PeopleCollector } from "./people/collector";
import { type Row, readTable } from "./people/table";
import { type Sheet, sheetAt, sheetRows } from "./people/sheet";

/**
 * Any pasted mess to people and rejects. What reads it carries phone metadata (40 KB compressed), so screens load it when
 * they need it; comparing ids needs only `person.ts`.
 *
 * The way of a typed number: `readLines` (below) tells cards, tables and lines apart; `lines.ts`, `table.ts` or `cards.ts`
 * takes one piece; `finds.ts` finds what looks like a number in it and `run.ts` where each one begins and ends; `phone.ts`
 * says who it is, or why it is nobody; `collector.ts` collects both.
 *
 * What is taken: international numbers (`+`, `00`, `011`), national ones of the given country, WhatsApp ids and links,
 * vCards, tables with or without a header, JSON, chat exports; digits of every script.
 *
 * Decisions:
 * - A number without `+` must be valid by the metadata: a stranger in a group is worse than a reject that the agent sees.
 *   With `+` it need only be of a possible length, because metadata is older than numbers and numbers of the members list
 *   must paste back; unless it is short and a valid number of the chosen country, whose code was forgotten. Ids and the
 *   `waid` of a vCard are taken by their shape.
 * - Bare digits are international from 12 on (`5511999998888`), or with the chosen country's own
 *   code in front. If two readings of them are valid and differ, nobody is taken: `ambiguous`.
 * - Digits after the slash or dash behind a complete number are the end of a second one (`98123 45678/79`). They are never
 *   added to the first; the second is offered.
 * - Of a table only the columns are read that hold numbers, by the words over them and by what stands in them. Where
 *   several could be it, nobody is taken until the agent chose (`which-column`).
 * - Somebody else's number (fax, assistant, parent), a number inside a message and who left the chat are offered and not
 *   taken: a reject with a `person`.
 * - What is sent is what was given: the Mexican 1 and the Argentine 9 are neither added nor taken away, the Brazilian
 *   ninth digit neither. Two spellings of one account are a `duplicate` by `personKey`.
 * - A hidden id keeps its digits; a device part (`:12`) goes, because it names a phone and not a person.
 * - Dates, times, prices, cards, e-mail addresses, links of other sites and numbers glued to Latin letters are no numbers.
 */
export interface PeopleOptions {
  /** Two-letter country of numbers without a prefix; without it they are rejected as `no-country`. */
  country?: string;
  /** What the agent chose for the columns of tables, by `PeopleTable.key`; else it is guessed. */
  roles?: Readonly<Record<string, ColumnRole[]>>;
}

/**
 * People of a text, in its order, and what is not a person, with the reason and the line. Every piece of a free text that
 * is not white space or a separator is in exactly one `given`; of a table, every row but the header is in one, of
 * vCards, every card.
 */
export function parsePeople(text: string, options: PeopleOptions = {}): People {
  const collector = new PeopleCollector(countryOf(options.country));
  for (const _ of readText(collector, text, options));
  return collector.result();
}

/**
 * The same in slices of about 8 ms, so that the screen stays alive. Undefined when it was aborted.
 */
export async function parsePeopleSliced(
  text: string,
  options: PeopleOptions,
  signal: AbortSignal,
): Promise<People | undefined> {
  const collector = new PeopleCollector(countryOf(options.country));
  let start = performance.now();
  for (const _ of readText(collector, text, options)) {
    if (performance.now() - start < 8) continue;
    await nextTask();
    if (signal.aborted) return undefined;
    start = performance.now();
  }
  return signal.aborted ? undefined : collector.result();
}

/** Turns a task into two: whatever waits (a key press, a paint) comes in between. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

/** Reads everything; stops after every small piece so that the caller may rest. */
function* readText(collector: PeopleCollector, text: string, options: PeopleOptions): Generator<undefined> {
  const records = recordsOf(text);
  if (records) {
    for (const { header, rows } of records.tables) {
      const all = rows.map((cells): Row => ({ cells, line: 1 }));
      yield* readTable(collector, header, all, { chosen: options.roles, isList: false });
    }
    for (const card of records.cards) yield* readLines(collector, card, options);
    return;
  }
  yield* readLines(collector, text, options);
}

/** Reads line by line: cards, a table from its header on, lines of a list or a chat. */
function* readLines(collector: PeopleCollector, text: string, options: PeopleOptions): Generator<undefined> {
  const written = text.replace(/^\ufeff/, "").split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
  const apart = yield* cardLines(written);
  const lines = apart?.lines ?? written;
  const numberOf = (index: number) => apart?.numbers[index] ?? index + 1;
  const first = lines.findIndex((line) => !isBlank(line) && !isSeparatorLine(line));
  const isChat = chatStart(lines[first] ?? "") !== undefined;
  const isCouplets = !isChat && (yield* areCouplets(lines));
  let card: string[] | undefined;
  let cardStart = 0;
  let depth = 0;
  let above: string | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = /^\s*(BEGIN|END):VCARD\s*$/i.exec(line)?.[1]?.toUpperCase();
    // A card inside a card is that of an assistant; without its AGENT, the one before has no end.
    const isInner = card !== undefined && /^(?:[\w-]+\.)?AGENT\b.*:\s*$/i.test(card.at(-1) ?? "");
    if (mark === "BEGIN" && (isInner || depth > 0)) {
      depth += 1;
      card?.push(line);
    } else if (mark === "END" && depth > 0) {
      depth -= 1;
      card?.push(line);
    } else if (mark !== undefined) {
      if (card) yield* readCard(collector, card, cardStart);
      card = mark === "BEGIN" ? [] : undefined;
      cardStart = numberOf(index);
    } else if (card) card.push(line);
    else {
      const sheet: Sheet | undefined = isChat ? undefined : sheetAt(lines, index, index === first, collector.country);
      if (sheet) {
        yield* readSheets(collector, lines, index, sheet, options);
        return;
      }
      if ((isCouplets && isBlank(line)) || isSeparatorLine(line)) continue;
      if (isCouplets && above === undefined) above = line;
      else {
        yield* readLine(collector, above === undefined ? line : `${above} ${line}`, numberOf(index), { isChat });
        above = undefined;
      }
    }
    yield;
  }
  if (card) yield* readCard(collector, card, cardStart);
}

/** Reads the table that begins at a line, and others below it. */
function* readSheets(
  collector: PeopleCollector,
  lines: string[],
  from: number,
  sheet: Sheet,
  { roles }: PeopleOptions,
): Generator<undefined> {
  let header: string[] | undefined;
  let rows: Row[] = [];
  for (const step of sheetRows(lines, from, sheet)) {
    if (step?.isHeader === true) {
      yield* readTable(collector, header, rows, { chosen: roles, isList: sheet.isList && header === undefined });
      header = step.cells;
      rows = [];
    } else if (step) rows.push(step);
    yield;
  }
  yield* readTable(collector, header, rows, { chosen: roles, isList: sheet.isList && header === undefined });
}

/** `sep=;`: a file's own word to spreadsheets for its separator. */
function isSeparatorLine(line: string): boolean {
  return /^sep=.$/i.test(line.trim());
}
