import type { ColumnRole, People } from "./model";
import { cardLines, readCard } from "./people/cards";
import { chatStart } from "./people/chat";
import { recordsOf } from "./people/json";
import { cleaned, isBlank } from "./people/line";
import { areCouplets, areNumbered, readLine } from "./people/lines";
import { countryOf } from "./people/phone";
import { PeopleCollector } from "./people/collector";
import { markupText } from "./people/markup";
import { type Row, readTable } from "./people/table";
import { type Sheet, sheetAt, sheetRows } from "./people/sheet";

/**
 * Turns any pasted text into people and rejects. Includes phone metadata (40 KB compressed), so screens load it on
 * demand.
 *
 * `readLines` separates cards, tables and lines; `lines.ts`, `table.ts` and `cards.ts` read one each; `finds.ts` spots
 * numbers, `run.ts` their limits; `phone.ts` returns an id or a reason.
 *
 * Decisions:
 * - A number without `+` must be valid by the metadata: a stranger in a group is worse than a reject. With `+`, a
 * possible length suffices (metadata lags), unless the number is short and valid in the chosen country, whose code was
 * forgotten.
 * - Bare digits are international from 12 on, or after the chosen country's code. Two valid readings are `ambiguous`.
 * - So is a number with a separate calling code and no `+` (`44 7400 123456`), unless written as at home.
 * - Digits after a complete number and a slash or dash (`98123 45678/79`) end a second number.
 * - If several columns could hold the numbers, the agent chooses (`which-column`).
 * - Numbers of others (fax, parent), in messages or of people who left are offered: a reject with a `person`.
 * - Numbers are sent as given: the Mexican 1, Argentine 9 and Brazilian ninth digit stay.
 * - A hidden id loses its device part (`:12`), which names a phone.
 */

/** How to read a text. */
export interface PeopleOptions {
  /** Two-letter country of numbers without prefix; absent: they are rejected as `no-country`. */
  country?: string;
  /** The agent's column roles, by `PeopleTable.key`. */
  roles?: Readonly<Record<string, ColumnRole[]>>;
}

/**
 * Returns people and rejects in input order. Everything but white space and separators is in exactly one `given`; of
 * tables every row but the header, of vCards every card.
 */
export function parsePeople(text: string, options: PeopleOptions = {}): People {
  const collector = new PeopleCollector(countryOf(options.country));
  for (const _ of readText(collector, text, options));
  return collector.result();
}

/** Like `parsePeople`, about 8 ms at a time. Undefined when aborted. */
export async function parsePeopleAsync(
  text: string,
  options: PeopleOptions,
  signal: AbortSignal,
): Promise<People | undefined> {
  const collector = new PeopleCollector(countryOf(options.country));
  return runInPieces(readText(collector, text, options), () => collector.result(), signal);
}

/** Runs a generator about 8 ms at a time, then `result`. Undefined when aborted. */
export async function runInPieces<T>(
  pieces: Generator<undefined>,
  result: () => T,
  signal: AbortSignal,
): Promise<T | undefined> {
  // Separate from the paste and from loading this module.
  await nextTask();
  if (signal.aborted) return undefined;
  let start = performance.now();
  for (const _ of pieces) {
    if (performance.now() - start < 8) continue;
    await nextTask();
    if (signal.aborted) return undefined;
    start = performance.now();
  }
  return signal.aborted ? undefined : result();
}

/** Resolves in a new task, letting pending events and paints run. */
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

/** Yields after every small piece, for callers to pause. */
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
  const markup = markupText(text);
  // Its tags may put many rows on one line.
  if (markup !== undefined) collector.lastLine = text.split(LINE_END).length;
  yield* readLines(collector, markup ?? text, options);
}

const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

function* readLines(collector: PeopleCollector, text: string, options: PeopleOptions): Generator<undefined> {
  const written = text.replace(/^\ufeff/, "").split(LINE_END);
  const apart = yield* cardLines(written);
  const lines = apart?.lines ?? written;
  const numberOf = (index: number) => apart?.numbers[index] ?? index + 1;
  const first = lines.findIndex((line) => !isBlank(line) && !isSeparatorLine(line));
  const isChat = yield* areMessages(lines, first);
  const isNumbered = areNumbered(lines);
  const isCouplets = !isChat && (yield* areCouplets(lines));
  let card: string[] | undefined;
  let cardStart = 0;
  let depth = 0;
  let above: string | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = /^\s*(BEGIN|END):VCARD\s*$/i.exec(line)?.[1]?.toUpperCase();
    // A nested card is an assistant's after AGENT; otherwise the outer card lacks its END.
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
        yield* readLine(collector, above === undefined ? line : `${above} ${line}`, numberOf(index), {
          isChat,
          isNumbered,
        });
        above = undefined;
      }
    }
    yield;
  }
  if (card) yield* readCard(collector, card, cardStart);
}

/** Whether a text is a chat export: the first line is a message, or half of the first ten. */
function* areMessages(lines: string[], first: number): Generator<undefined, boolean> {
  const some = lines.slice(Math.max(first, 0), first + 10).filter((line) => !isBlank(line));
  let messages = 0;
  for (const [index, line] of some.entries()) {
    if (chatStart((yield* cleaned(line.slice(0, 80))).text) === undefined) continue;
    if (index === 0) return true;
    messages += 1;
  }
  return messages > 1 && messages * 2 >= some.length;
}

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

/** Matches `sep=;`, which tells spreadsheets a file's separator. */
function isSeparatorLine(line: string): boolean {
  return /^sep=.$/i.test(line.trim());
}
