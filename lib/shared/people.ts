import { delimiterOf, rowsOf } from "./csv";
import type { People, Person, Reject, RejectReason } from "./model";
import { type Columns, areQuoted, blocks, columnsOf, isHeader, nameIn } from "./people/columns";
import { type Find, findNumbers, isTold } from "./people/finds";
import { cleaned, isBlank, start, trimmed } from "./people/line";
import { nameOf } from "./people/name";
import { type CountryCode, countryOf } from "./people/phone";
import { personKey, toPersonId } from "./person";
import { cleanText } from "./text";
import { cardOf } from "./vcard";

/**
 * Any pasted mess to people and rejects. What reads it carries phone metadata (30 KB
 * compressed), so screens load it when they need it; comparing ids needs only `person.ts`.
 *
 * What is taken: international numbers (`+`, `00`, `011`), national ones of the given country, WhatsApp ids and links,
 * vCards, tables with or without a header, chat exports; digits of every script.
 *
 * Decisions:
 * - A number without `+` must be valid by the metadata: a stranger in a group is worse than a reject that the agent sees.
 *   With `+` it need only be of a possible length, because metadata is older than numbers and numbers of the members list
 *   must paste back; unless it is short and a valid number of the chosen country, whose code was forgotten. Ids and the
 *   `waid` of a vCard are taken by their shape.
 * - Bare digits are international only from 12 on (`5511999998888`, contract, section 4.4). Shorter ones are as often a
 *   national number of another country. If they are valid in both readings, the reject says `no-country`.
 * - What is sent is what was given: the Mexican 1 and the Argentine 9 are neither added nor taken away, the Brazilian
 *   ninth digit neither. Two spellings of one account are a `duplicate` by `personKey`.
 * - A hidden id keeps its digits; a device part (`:12`) goes, because it names a phone and not a person.
 * - Dates, times, prices, cards, e-mail addresses, links of other sites and numbers glued to Latin letters are no numbers.
 */
export interface PeopleOptions {
  /** Two-letter country of numbers without a prefix; without it they are rejected as `no-country`. */
  country?: string;
}

/** Longest `given` and `name` that a command takes. */
const LONGEST = 200;

/**
 * People of a text, in its order, and what is not a person, with the reason and the line. Every piece of a free text that
 * is not white space or a separator is in exactly one `given`; of a table, every row but the header is in one, of
 * vCards, every card.
 */
export function parsePeople(text: string, options: PeopleOptions = {}): People {
  const reading = new Reading(options);
  for (const _ of reading.read(text));
  return { people: reading.people, rejects: reading.rejects };
}

/**
 * The same in slices of about 8 ms, so that the screen stays alive. Undefined when it was aborted.
 */
export async function parsePeopleSliced(
  text: string,
  options: PeopleOptions,
  signal: AbortSignal,
): Promise<People | undefined> {
  const reading = new Reading(options);
  let start = performance.now();
  for (const _ of reading.read(text)) {
    if (performance.now() - start < 8) continue;
    await nextTask();
    if (signal.aborted) return undefined;
    start = performance.now();
  }
  return signal.aborted ? undefined : { people: reading.people, rejects: reading.rejects };
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

class Reading {
  readonly people: Person[] = [];
  readonly rejects: Reject[] = [];
  private readonly keys = new Set<string>();
  private readonly country: CountryCode | undefined;

  constructor(options: PeopleOptions) {
    this.country = countryOf(options.country);
  }

  /** Reads everything; stops after every small piece so that the caller may rest. */
  *read(text: string): Generator<undefined> {
    const lines = text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
    if (areQuoted(lines)) {
      yield* this.readTable(lines, 0);
      return;
    }
    const isCouplets = yield* areCouplets(lines);
    let card: string[] | undefined;
    let cardStart = 0;
    let above: string | undefined;
    for (const [index, line] of lines.entries()) {
      if (/^\s*BEGIN:VCARD\s*$/i.test(line)) {
        if (card) yield* this.readCard(card, cardStart);
        card = [];
        cardStart = index + 1;
      } else if (card && /^\s*END:VCARD\s*$/i.test(line)) {
        yield* this.readCard(card, cardStart);
        card = undefined;
      } else if (card) card.push(line);
      else if (isHeader(lines, index)) {
        // A file that was added below something typed.
        yield* this.readTable(lines, index);
        return;
      } else if (isCouplets && isBlank(line)) continue;
      else if (isCouplets && above === undefined) above = line;
      else {
        yield* this.readLine(above === undefined ? line : `${above} ${line}`, index + 1);
        above = undefined;
      }
      yield;
    }
    if (card) yield* this.readCard(card, cardStart);
  }

  private *readLine(line: string, number: number): Generator<undefined> {
    if (isBlank(line)) return;
    const { text, at } = yield* cleaned(line);
    const finds: Find[] = [];
    const masks: Find[] = [];
    for (const find of findNumbers(text, this.country)) {
      if (find) (isTold(find) ? finds : masks).push(find);
      yield;
    }
    const isChat = CHAT.test(text);
    const hasLetters = /\p{L}/u.test(text);
    const hasPerson = finds.some((find) => find.id !== undefined);
    // A postcode or an age beside a good number is not a broken number.
    const real = finds.filter(
      (find) => !(hasPerson && hasLetters && find.reason === "too-short" && text[find.from] !== "+"),
    );
    if (real.length === 0) {
      this.reject(line, /^[^\p{L}\p{N}]*\d{1,6}[^\p{L}\p{N}]*$/u.test(text) ? "too-short" : "not-a-number", number);
      return;
    }
    const plain = blanked(text, masks);
    const isNameFirst = nameOf(plain.slice(0, real[0]?.from)) !== undefined;
    let from = 0;
    let lastName: string | undefined;
    for (const [index, find] of real.entries()) {
      const next = real[index + 1];
      const to = next ? find.to + cutAt(text.slice(find.to, next.from), isNameFirst) : text.length;
      const before = plain.slice(from, find.from);
      const between = text.slice(real[index - 1]?.to ?? 0, find.from);
      const isSame = index > 0 && /^\s*(?:[/&\t]|or|and|या|और|ou|e|o|y|oder|und)\s*$/iu.test(between);
      const own = nameOf(before) ?? nameOf(plain.slice(find.to, to));
      const name = isChat ? undefined : (own ?? (isSame ? lastName : undefined));
      lastName = name;
      this.place(find, { line, from: start(at, from), to: start(at, to), number, name }, at);
      from = to;
      yield;
    }
  }

  /** Files one find with the part of the line that is its own. */
  private place(
    find: Find,
    part: { line: string; from: number; to: number; number: number; name?: string },
    at: Int32Array | undefined,
  ): void {
    const given = trimmed(part.line.slice(part.from, part.to));
    if (find.id === undefined) {
      this.reject(given, find.reason ?? "not-a-number", part.number);
      return;
    }
    if (given.length <= LONGEST) {
      this.accept(find.id, given, part.number, part.name);
      return;
    }
    // A command takes no longer text: what stands around the number is listed on its own, so that nothing is lost.
    const from = start(at, find.from);
    const to = start(at, find.to);
    const core = part.line.slice(from, to);
    const isLong = core.length > LONGEST;
    this.accept(find.id, isLong ? core.slice(0, LONGEST) : core, part.number, part.name);
    this.reject(part.line.slice(part.from, from), "not-a-number", part.number);
    if (isLong) this.reject(core.slice(LONGEST), "not-a-number", part.number);
    this.reject(part.line.slice(to, part.to), "not-a-number", part.number);
  }

  private accept(id: string, given: string, line: number, name?: string): void {
    const key = personKey(id);
    if (this.keys.has(key)) {
      this.rejects.push({ given, reason: "duplicate", line });
      return;
    }
    this.keys.add(key);
    this.people.push(name === undefined ? { id, given } : { id, given, name });
  }

  private reject(given: string, reason: RejectReason, line: number): void {
    if (!isBlank(given)) this.rejects.push({ given: trimmed(given), reason, line });
  }

  private *readCard(lines: string[], line: number): Generator<undefined> {
    const card = cardOf(lines);
    const name = cleanText(card.name ?? "") || undefined;
    const seen = new Set<string>();
    let hasFind = false;
    for (const { text, waid } of card.numbers) {
      const given = [name, text].filter(Boolean).join(", ");
      const finds: Find[] =
        waid === undefined ? yield* this.cellFinds(text) : [{ from: 0, to: text.length, id: toPersonId(waid) }];
      if (finds.length === 0) this.reject(given, "not-a-number", line);
      hasFind = true;
      this.placeAll(finds, { text, given, line, name, seen });
    }
    if (!hasFind) this.reject(card.name ?? (lines.join("\n").trim() || "BEGIN:VCARD"), "not-a-number", line);
  }

  /** People and rejects of one cell or field. One person twice in one row or card (work and WhatsApp) is no duplicate. */
  private placeAll(
    finds: Find[],
    cell: { text: string; given: string; line: number; name?: string; seen: Set<string> },
  ): void {
    for (const [index, find] of finds.entries()) {
      const own = cell.text.slice(0, LONGEST);
      if (find.id === undefined) this.reject(index === 0 ? cell.given : own, find.reason ?? "not-a-number", cell.line);
      else if (!cell.seen.has(personKey(find.id))) {
        cell.seen.add(personKey(find.id));
        this.accept(find.id, index === 0 && cell.given.length <= LONGEST ? cell.given : own, cell.line, cell.name);
      }
    }
  }

  private *readTable(lines: string[], from: number): Generator<undefined> {
    const text = lines.slice(from).join("\n");
    const delimiter = delimiterOf(lines.slice(from).find((line) => !isBlank(line)) ?? "");
    let columns: Columns | undefined;
    let number = from + 1;
    for (const block of blocks(text)) {
      for (const row of rowsOf(block, delimiter)) {
        const cells = row.map((cell) => cell.trim());
        if (cells.some((cell) => !isBlank(cell))) {
          const next = /\p{Nd}{5}/u.test(row.join()) ? undefined : columnsOf(cells);
          // Two known words make a header, also of a second file further down; the first row needs only one.
          if (next && (next.known > 1 || number === from + 1)) columns = next;
          else yield* this.readRow(cells, columns, number);
        }
        number += row.join("").split("\n").length;
        yield;
      }
      yield;
    }
  }

  private *readRow(cells: string[], columns: Columns | undefined, line: number): Generator<undefined> {
    const whole = cells.filter((cell) => !isBlank(cell)).join(", ");
    const texts: string[] = [];
    for (const cell of cells) texts.push((yield* cleaned(cell)).text);
    const name = columns ? nameIn(cells, columns) : firstDefined(texts, (text) => nameOf(text, /[;|\t]/));
    const seen = new Set<string>();
    let good = 0;
    const bad: { find: Find; text: string }[] = [];
    for (const [index, text] of cells.entries()) {
      const isId = columns?.ids.includes(index) ?? false;
      if (columns && !isId && !columns.phones.includes(index)) continue;
      const finds = (yield* this.cellFinds(text)).filter(
        (find) => !isId || text.includes("@") || find.id !== undefined,
      );
      const people = finds.filter((find) => find.id !== undefined);
      for (const find of finds) if (find.id === undefined) bad.push({ find, text });
      const own = [name, text].filter(Boolean).join(", ");
      this.placeAll(people, { text, given: !columns && good === 0 ? whole : own, line, name, seen });
      good += people.length;
    }
    for (const { find, text } of bad) {
      if (good > 0 && !columns && find.reason === "too-short") continue;
      if (good === 0 && find !== bad[0]?.find) continue;
      this.reject(good === 0 ? whole : [name, text].filter(Boolean).join(", "), find.reason ?? "not-a-number", line);
    }
    if (good > 0 || bad.length > 0) return;
    const isShort = columns?.phones.some((index) => /^[^\p{L}]*\p{Nd}[^\p{L}]*$/u.test(cells[index] ?? "")) ?? false;
    this.reject(whole, isShort ? "too-short" : "not-a-number", line);
  }

  private *cellFinds(cell: string): Generator<undefined, Find[]> {
    const finds: Find[] = [];
    for (const find of findNumbers((yield* cleaned(cell)).text, this.country)) {
      if (find && isTold(find)) finds.push(find);
      yield;
    }
    return finds;
  }
}

/** How a line of a chat export begins, in the forms of Android and iPhone. */
const CHAT = /^\s*\[?\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? +\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.? ?m\.?)?(?:\]| -) /iu;

/** Where the text between two numbers is cut: how much of it belongs to the first. */
function cutAt(between: string, isNameFirst: boolean): number {
  const label = /^\s*\([^)]{0,40}\)/.exec(between)?.[0].length ?? 0;
  const mark = /[,;|\t]/;
  if (isNameFirst) {
    const first = between.search(mark);
    return first < 0 ? label : first + 1;
  }
  const last = Math.max(...[",", ";", "|", "\t"].map((sign) => between.lastIndexOf(sign)));
  return last < 0 ? between.length : last + 1;
}

function blanked(text: string, masks: Find[]): string {
  let out = "";
  let from = 0;
  for (const mask of masks) {
    out += text.slice(from, mask.from) + " ".repeat(mask.to - mask.from);
    from = mask.to;
  }
  return out + text.slice(from);
}

/** Name and number in turns, one a line, from the first line to the last. */
function* areCouplets(lines: string[]): Generator<undefined, boolean> {
  let index = 0;
  for (const line of lines) {
    if (isBlank(line)) continue;
    if (line.length > 300) return false;
    yield;
    const digits = line.match(/\p{Nd}/gu)?.length ?? 0;
    const isName = digits === 0 && line.length <= 80 && nameOf(line, /\t/) !== undefined;
    if (index % 2 === 0 ? !isName : digits < 7 || /\p{L}{3}/u.test(line)) return false;
    index += 1;
  }
  return index > 0 && index % 2 === 0;
}

function firstDefined<T, R>(list: readonly T[], pick: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const value = pick(item);
    if (value !== undefined) return value;
  }
  return undefined;
}
