import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from "libphonenumber-js/min";
import { delimiterOf, rowsOf } from "./csv";
import type { People, Person, Reject, RejectReason } from "./model";
import { digitsOf, personKey, toPersonId } from "./person";
import { cleanText } from "./text";
import { cardOf } from "./vcard";

/**
 * Any pasted mess to people and rejects: the only place that knows phone numbers. It carries phone metadata (30 KB
 * compressed), so screens load it when they need it; comparing ids needs only `person.ts`.
 *
 * What is taken: international numbers (`+`, `00`, `011`), national ones of the given country, WhatsApp ids and links,
 * vCards, tables with or without a header, chat exports; digits of every script.
 *
 * Decisions:
 * - A number must be possible and valid by the metadata, also with `+`: a stranger in a group is worse than a reject that
 *   the agent sees. Who knows better writes the id (`digits@s.whatsapp.net`); ids and the `waid` of a vCard are taken by
 *   their shape.
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

/** Most digits of a number with an international prefix in front. */
const LONGEST_NUMBER = 18;
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

/**
 * A number as people write it, `+91 98765 43210`; plain `+digits` where the metadata knows no format. Undefined for a
 * hidden id: the screen has a word for that.
 */
export function showPerson(id: string): string | undefined {
  const digits = digitsOf(id);
  if (digits === undefined) return undefined;
  return parsePhoneNumberFromString(`+${digits}`, { extract: false })?.formatInternational() ?? `+${digits}`;
}

/** Two-letter codes of the countries whose numbers can be read. */
export function countries(): string[] {
  return getCountries();
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

/** A place in a line, cleaned: a person, something that should have been one, or (neither) what must not be read. */
interface Find {
  from: number;
  to: number;
  id?: string;
  reason?: RejectReason;
}

/** Whether it goes into people or rejects, rather than only hiding what must not be read. */
function isTold(find: Find): boolean {
  return find.id !== undefined || find.reason !== undefined;
}

type Judged = { id: string; reason?: undefined } | { id?: undefined; reason: RejectReason };

class Reading {
  readonly people: Person[] = [];
  readonly rejects: Reject[] = [];
  private readonly keys = new Set<string>();
  private readonly country: CountryCode | undefined;
  private readonly expressions = new Map<string, RegExp>();

  constructor(options: PeopleOptions) {
    const country = options.country?.toUpperCase();
    this.country = country !== undefined && isSupportedCountry(country) ? country : undefined;
  }

  /** Reads everything; stops after every small piece so that the caller may rest. */
  *read(text: string): Generator<undefined> {
    const lines = text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
    if (areQuoted(lines)) {
      yield* this.readTable(lines, 0);
      return;
    }
    const isCouplets = areCouplets(lines);
    let card: string[] | undefined;
    let cardStart = 0;
    let above: string | undefined;
    for (const [index, line] of lines.entries()) {
      if (/^\s*BEGIN:VCARD\s*$/i.test(line)) {
        if (card) this.readCard(card, cardStart);
        card = [];
        cardStart = index + 1;
      } else if (card && /^\s*END:VCARD\s*$/i.test(line)) {
        this.readCard(card, cardStart);
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
    if (card) this.readCard(card, cardStart);
  }

  private *readLine(line: string, number: number): Generator<undefined> {
    if (isBlank(line)) return;
    const { text, at } = cleaned(line);
    const finds: Find[] = [];
    const masks: Find[] = [];
    for (const find of this.finds(text)) {
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

  private readCard(lines: string[], line: number): void {
    const card = cardOf(lines);
    const name = cleanText(card.name ?? "") || undefined;
    const seen = new Set<string>();
    let hasFind = false;
    for (const { text, waid } of card.numbers) {
      const given = [name, text].filter(Boolean).join(", ");
      const finds: Find[] =
        waid === undefined ? this.cellFinds(text) : [{ from: 0, to: text.length, id: toPersonId(waid) }];
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
          else this.readRow(cells, columns, number);
        }
        number += row.join("").split("\n").length;
        yield;
      }
      yield;
    }
  }

  private readRow(cells: string[], columns: Columns | undefined, line: number): void {
    const whole = cells.filter((cell) => !isBlank(cell)).join(", ");
    const name = columns ? nameIn(cells, columns) : firstDefined(cells, (cell) => nameOf(cleaned(cell).text, /[;|\t]/));
    const seen = new Set<string>();
    let good = 0;
    const bad: { find: Find; text: string }[] = [];
    for (const [index, text] of cells.entries()) {
      const isId = columns?.ids.includes(index) ?? false;
      if (columns && !isId && !columns.phones.includes(index)) continue;
      const finds = this.cellFinds(text).filter((find) => !isId || text.includes("@") || find.id !== undefined);
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

  private cellFinds(cell: string): Find[] {
    return [...this.finds(cleaned(cell).text)].filter((find) => find !== undefined).filter(isTold);
  }

  /**
   * Everything in a cleaned text that is a number, looks like one, or must not be taken for one, from left to right.
   * Undefined is only a chance to rest.
   */
  private *finds(text: string): Generator<Find | undefined> {
    const marks = this.marksFor(text);
    const isList = !/\p{L}/u.test(text);
    marks.lastIndex = 0;
    for (;;) {
      const match = marks.exec(text);
      if (!match) return;
      const from = match.index;
      const to = from + match[0].length;
      const groups = match.groups ?? {};
      if (groups["server"] !== undefined) yield { from, to, ...judgeId(groups["user"] ?? "", groups["server"]) };
      else if (groups["link"] !== undefined) {
        const judged = this.judgeLink(groups["link"]);
        // `wa.me/+91 98765 43210`, typed with blanks: what follows the slash is read as a number.
        const rest = judged === undefined && / \d/.test(text.slice(to, to + 2)) ? /\+?\d*$/.exec(match[0]) : null;
        yield { from, to: rest ? from + rest.index : to, ...judged };
        if (rest) marks.lastIndex = from + rest.index;
      } else if (groups["science"] !== undefined) yield { from, to, reason: "invalid" };
      else if (groups["run"] === undefined) yield { from, to };
      else {
        const end = yield* this.runFinds(text, from, to, isList);
        marks.lastIndex = Math.max(end, from + 1);
        yield undefined;
      }
    }
  }

  private marksFor(text: string): RegExp {
    const fitting = MARKS.map((mark) => ((mark.needs?.test(text) ?? true) ? mark.source : "")).filter(
      (source) => source,
    );
    const all = fitting.join("|");
    let expression = this.expressions.get(all);
    if (expression === undefined) this.expressions.set(all, (expression = new RegExp(all, "giu")));
    return new RegExp(expression);
  }

  /** Numbers at the start of a run of digits and signs; gives where to go on. */
  private *runFinds(text: string, from: number, to: number, isList: boolean): Generator<Find, number> {
    const hasPlus = text[from] === "+";
    const extension = EXTENSION.exec(text.slice(to, to + 40))?.[0].length ?? 0;
    let end = to;
    // Glued to Latin letters or to an @ it is a part of something else, unless the word says what it is.
    if (extension === 0 && GLUE.test(text[to] ?? "")) {
      const cut = Math.max(text.lastIndexOf(" ", to), text.lastIndexOf("/", to));
      end = cut > from ? cut : from;
    }
    if (end <= from) {
      const rest = /^[\w@.-]{0,100}/.exec(text.slice(to))?.[0].length ?? 0;
      yield { from, to: to + rest };
      return to + rest;
    }
    const before = text.slice(Math.max(0, from - 32), from);
    if (!hasPlus) {
      const glued = GLUE_BEFORE.exec(before)?.[0];
      if (
        before.endsWith("#") ||
        OTHER_ID.test(before) ||
        (glued !== undefined && !LABELS.has(glued.toLowerCase()) && !/^[mtpw]$/i.test(glued))
      ) {
        yield { from, to: end };
        return end;
      }
    }
    const run = text.slice(from, end);
    for (const begin of beginnings(run)) {
      for (const stop of ends(run, begin)) {
        // A digit or two too many make another number of it, unless they belong to a word that follows.
        const rest = count(run.slice(stop));
        if (count(run) < 5) break;
        if (rest > 0 && rest < 5 && !/^\s*[\p{L}:%€₹$£]/u.test(text.slice(end, end + 4))) continue;
        const judged = this.judge(run.slice(begin, stop));
        if (judged.id === undefined) continue;
        const before = run.slice(0, begin);
        if (count(before) >= 5) yield { from, to: from + begin, reason: this.judge(before).reason ?? "invalid" };
        const to = from + stop + (rest === 0 ? extension : 0);
        yield { from: from + begin, to, id: judged.id };
        return to;
      }
    }
    const around = `${before.trimEnd().at(-1) ?? ""}${text.slice(end, end + 4).trimStart()[0] ?? ""}`;
    if (count(run) >= 5 || (isList && from > 0 && /[,;|]/.test(around))) {
      yield { from, to: end + extension, reason: this.judge(run).reason ?? "invalid" };
    }
    return end + extension;
  }

  private judgeLink(link: string): Judged | undefined {
    const number = /\/(?:c\/)?(\+?[\d().\-/ ]{5,})|[?&]phone=([^&#]+)/i.exec(link.replace(/^[a-z]+:\/\/+/i, ""));
    const text = number && decoded(number[2] ?? number[1] ?? "");
    if (!text || count(text) < 5) return undefined;
    const digits = text.replace(/\D/g, "");
    return digits.startsWith("0") ? this.judge(text) : this.judge(`+${digits}`);
  }

  /** One number as it stands: the id, or why not. */
  private judge(given: string): Judged {
    // `9876543210.0` is what a table program makes of a number.
    const text = given.replace(/^(\+?\d{7,15})\.0+$/, "$1");
    const all = text.replace(/\D/g, "");
    const digits = text.replace(/\(\s*0\s*\)/, "").replace(/\D/g, "");
    if (/^\D*\+/.test(text) && !/^0[1-9]/.test(digits)) {
      const world = digits.replace(/^00/, "");
      const id = international(world) ?? international(all.replace(/^00/, ""));
      return id === undefined ? { reason: lengthReason(`+${world}`, world.length) ?? "invalid" } : { id };
    }
    const local = this.country === undefined ? undefined : national(all, this.country);
    let world: string | undefined;
    if (digits.startsWith("00")) world = international(digits.slice(2));
    else if (digits.startsWith("011") && (local === undefined || this.isAmerican()))
      world = international(digits.slice(3));
    else if (digits.length >= 12 && !digits.startsWith("0")) world = international(digits);
    const id = local ?? world;
    if (id !== undefined) return local && world && local !== world ? { reason: "no-country" } : { id };
    if (all.length < 7) return { reason: "too-short" };
    if (all.length > 17) return { reason: "too-long" };
    if (this.country === undefined) return { reason: all.length > 15 ? "too-long" : "no-country" };
    return { reason: lengthReason(all, all.length, this.country) ?? "invalid" };
  }

  private isAmerican(): boolean {
    return this.country !== undefined && getCountryCallingCode(this.country) === "1";
  }
}

function international(digits: string): string | undefined {
  // The metadata of today has no Mexican mobile prefix any more; WhatsApp still has accounts with it.
  const mexican = /^521(\d{10})$/.exec(digits)?.[1];
  if (mexican !== undefined) return international(`52${mexican}`) && toPersonId(digits);
  if (digits.length < 7 || digits.length > 17) return undefined;
  return valid(parsePhoneNumberFromString(`+${digits}`, { extract: false }));
}

function national(digits: string, country: CountryCode): string | undefined {
  if (digits.length < 4 || digits.length > 20) return undefined;
  // Mexican address books still have the prefixes that were dropped in 2019.
  const text = country === "MX" ? digits.replace(/^(?:01|04[45]|1)(?=\d{10}$)/, "") : digits;
  if (country === "MX" && /^521\d{10}$/.test(text)) return international(text);
  return valid(parsePhoneNumberFromString(text, { defaultCountry: country, extract: false }));
}

function valid(number: ReturnType<typeof parsePhoneNumberFromString>): string | undefined {
  if (!number?.isPossible() || !number.isValid()) return undefined;
  // India: what begins with 1 and has not ten digits is a service, or a number with one digit too many.
  if (number.countryCallingCode === "91" && number.nationalNumber.length !== 10) return undefined;
  const digits = number.number.slice(1);
  // E.164 has no longer ones, though some countries' patterns would let them through.
  return digits.length > 15 ? undefined : toPersonId(digits);
}

function lengthReason(text: string, length: number, country?: CountryCode): RejectReason | undefined {
  const result = validatePhoneNumberLength(text, country);
  if (result === "TOO_SHORT" || length < 7) return "too-short";
  if (result === "TOO_LONG" || length > 15) return "too-long";
  return undefined;
}

function judgeId(user: string, server: string): Judged {
  const kind = server.toLowerCase();
  if (/^(?:g\.us|broadcast|newsletter)$/.test(kind)) return { reason: "group-id" };
  if (!/^\d+$/.test(user)) return { reason: "invalid" };
  if (user.length < 5) return { reason: "too-short" };
  if (kind.endsWith("lid")) return user.length > 20 ? { reason: "too-long" } : { id: `${user}@lid` };
  if (user.length > 15) return { reason: "too-long" };
  return user.startsWith("0") ? { reason: "invalid" } : { id: toPersonId(user) };
}

/* What stands in a line. The first that fits at the leftmost place counts; all on cleaned text. */
const MONEY = "rs|inr|usd|eur|gbp|brl|mxn|aed|idr|rp|rm|sgd|cad|aud";
const DAY = String.raw`(?:0?[1-9]|[12]\d|3[01])`;

/** `needs` saves the search in texts that cannot have it: most lines are a name and a number. */
const MARKS: readonly { needs?: RegExp; source: string }[] = [
  {
    needs: /@/,
    source: String.raw`(?<![\p{L}\d])\+?(?<user>\d{1,30}(?:-\d{1,30})?)(?:_\d{1,3})?(?::\d{1,4})?@(?<server>s\.whatsapp\.net|c\.us|g\.us|lid|hosted\.lid|hosted|broadcast|newsletter)(?![\w-])`,
  },
  {
    needs: /wa\.me\/|whatsapp/i,
    source: String.raw`(?<link>(?:https?:\/\/)?(?:www\.)?wa\.me\/[^\s,;|<>"]*|(?:https?:\/\/)?(?:api|web|www)\.whatsapp\.com\/(?:send|resolve)[^\s,;|<>"]*|whatsapp:\/\/send[^\s,;|<>"]*)`,
  },
  // Other links, e-mail addresses, account numbers of banks.
  { needs: /:\/\/|www\./i, source: String.raw`(?<!\p{L})(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)[^\s<>"]+` },
  {
    needs: /[a-z]\//i,
    source: String.raw`(?<![\p{L}\d.-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12}\/[^\s<>"]*`,
  },
  { needs: /@/, source: String.raw`[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63}){0,6}` },
  {
    needs: /[a-z]{2}\d\d/i,
    source: String.raw`(?<![\p{L}\d])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![\p{L}\d])`,
  },
  // What a spreadsheet makes of a number: the digits are gone.
  { needs: /\dE\+?\d/i, source: String.raw`(?<science>(?<![\d.])\d(?:[.,]\d+)?E\+?\d{1,3}(?!\d))` },
  // Dates, times, the number of a list, cards and tax numbers.
  {
    needs: /\d[-/.]\d/,
    source: String.raw`(?<![\d.])(?:(?:19|20)\d\d(?<a>[-/.])(?:0?[1-9]|1[0-2])\k<a>${DAY}|${DAY}(?<b>[-/.])${DAY}\k<b>(?:(?:19|20)\d\d|\d\d))(?![\d]|[-/.]\d)(?:T\d\d:\d\d\S{0,12})?`,
  },
  { needs: /\d:\d/, source: String.raw`(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)` },
  { needs: /^\s*\d\d?[.)]\s/, source: String.raw`^\s*[1-9]\d?[.)]\s(?=.*\d)` },
  {
    needs: /\d{4}[ -]\d{4}[ -]\d{4}/,
    source: String.raw`(?<![+\d])\d{4}(?<c>[ -])\d{4}\k<c>\d{4}(?:\k<c>\d{4})?(?![\d]|[ -]\d)`,
  },
  { needs: /\.\d{3}-\d\d/, source: String.raw`(?<!\d)\d{3}\.\d{3}\.\d{3}-\d\d(?!\d)` },
  {
    needs: new RegExp(String.raw`[₹$€£¥₩₽₦₺฿₫₱%]|\/-|(?<![a-z])(?:${MONEY})(?![a-z])`, "i"),
    source: String.raw`(?:[₹$€£¥₩₽₦₺฿₫₱]|(?<!\p{L})(?:${MONEY})\b\.?) ?\d[\d.,']{0,30}|(?<![\d+])\d[\d.,']{0,30} ?(?:[€₹£$%]|\/-|(?:${MONEY})\b)(?!\.? ?\d)`,
  },
  // Digits with what is written between them. Bounded: a longer one is no number anyway.
  { source: String.raw`(?<run>(?:\+[ ()\[]{0,3})?\d(?:[ ()\[\].\-/'’]{0,5}\d){0,79})` },
];

const GLUE = /[A-Za-z\u00c0-\u024f@]/;
const GLUE_BEFORE = /[A-Za-z\u00c0-\u024f]+$/;
const EXTENSION =
  /^(?:[\s,;]{0,3}(?:ext(?:ension|n)?|extn|x|poste|доб|ramal|interno|int|anexo|durchwahl)[.:= ]{0,3}#?\d{1,7}(?![\d\p{L}])|#\d{1,6}(?!\d)|;(?:ext|isub|phone-context)=[^\s,;]{1,20}|\?(?:body|text)=\S{0,400})/iu;
const OTHER_ID =
  /(?<!\p{L})(?:order|invoice|inv|ref|id|a\/c|account|acct|pin|pincode|zip|otp|awb|tracking|ticket|bill|gst|aadhaar|aadhar|pan|iban|imei|txn|utr|isbn|vat|pedido|fatura|factura|rechnung|bestellung|konto|cpf|cnpj|dni|nif|rfc|आधार|खाता|ऑर्डर)(?: ?(?:no|nr|id|number|num|नंबर))?[ .:#=-]{0,4}$/iu;

const LABELS: ReadonlySet<string> = new Set(
  (
    "tel tél telephone telefon telefono teléfono telefone téléphone phone ph mob mobile mobil móvil movil cell cel " +
    "celular handy home work office main private personal whatsapp whats wa wp fax no nr num number numero número " +
    "contact ext call sms smsto callto hp घर कार्यालय मोबाइल फ़ोन फ़ोन फोन नंबर नम्बर काम тел моб هاتف جوال تلفن موبایل " +
    "電話 电话 手机 携帯 โทร"
  ).split(" "),
);
/** Words that make a text a sentence and not a name. */
const SENTENCE: ReadonlySet<string> = new Set(
  (
    "add please pls kindly call hi hello dear the this these is are was my your and to for from with in at on group into " +
    "will new or ou oder und persons people members joined left added removed favor bitte para कृपया को में का की है या और"
  ).split(" "),
);

/** How a line of a chat export begins, in the forms of Android and iPhone. */
const CHAT = /^\s*\[?\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? +\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.? ?m\.?)?(?:\]| -) /iu;

function nameOf(text: string, mark = /[,;|\t]/): string | undefined {
  if (!/\p{L}/u.test(text)) return undefined;
  for (const piece of text.split(mark)) {
    const open = piece.replace(/[(["{][^)\]}"]*[)\]}"]/g, (inner) =>
      nameOf(inner.slice(1, -1)) === undefined ? " " : inner,
    );
    const words = open.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    while (isLabel(words[0])) words.shift();
    while (isLabel(words.at(-1))) words.pop();
    const name = words
      .join(" ")
      .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}.)]+$/gu, "")
      .replace(/^([^(]*)\)+$/, "$1");
    const isName = /\p{L}/u.test(name) && words.length <= 6 && name.length <= 80;
    if (isName && !words.some((word) => SENTENCE.has(bare(word)))) return cleanText(name);
  }
  return undefined;
}

function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, "").toLowerCase();
}

/** `Mob.No.:`, `tel:`, `(home)`, and `M:` for mobile, but not the initial of `M Rao`. Bare digits are none either. */
function isLabel(word: string | undefined): boolean {
  if (word === undefined) return false;
  if (/^[^\p{L}]*$|^[mtpw][.:]+$/iu.test(word)) return true;
  return word.split(/[^\p{L}\p{M}]+/u).every((part) => part === "" || LABELS.has(part.toLowerCase()));
}

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

/**
 * Where in a run a number may begin: at its start, or at its last piece without a blank (`12345 8123456789`). Never in
 * between, where the end of one number and the start of the next would make a third. In `1 81234 56789` the number of a
 * list is passed over when what follows is whole without it.
 */
function beginnings(run: string): number[] {
  if (run.startsWith("+")) return [0];
  const index = /^[1-9]\d? (?=\d)/.exec(run)?.[0].length ?? 0;
  const last = run.trimEnd().lastIndexOf(" ") + 1;
  const after = index > 0 && count(run.slice(index)) >= 10 ? [index] : [];
  return [...new Set([...after, 0, count(run.slice(last)) >= 7 ? last : 0])];
}

/** Where a number that begins there may end, the longest first: at the end, a blank, a slash, a dash. */
function ends(run: string, begin: number): number[] {
  const stops = [run.length];
  let digits = 0;
  for (let index = begin; index < run.length && digits <= LONGEST_NUMBER; index += 1) {
    const sign = run[index] ?? "";
    if (/\d/.test(sign)) digits += 1;
    else if (digits >= 7 && /[ /-]/.test(sign) && /\d/.test(run[index - 1] ?? "")) stops.unshift(index);
  }
  return stops
    .toSorted((a, b) => b - a)
    .filter((stop) => stop === run.length || count(run.slice(begin, stop)) <= LONGEST_NUMBER);
}

function count(text: string): number {
  return text.replace(/\D/g, "").length;
}

function start(at: Int32Array | undefined, index: number): number {
  return at === undefined ? index : (at[index] ?? 0);
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape: the digits that can be read will do.
    return text;
  }
}

/** Nothing to see: white space, separators and invisible characters only. */
function isBlank(text: string): boolean {
  return !/[^\s\p{Cf}\p{Cc},;|،؛、，；]/u.test(text);
}

function trimmed(text: string): string {
  return text.replace(/^[\s,;|،؛、，；]+/u, "").replace(/[\s,;|،؛、，；]+$/u, "");
}

/**
 * The line as it is searched: digits of every script as 0 to 9, full width as ASCII, every dash and blank as one, without
 * invisible characters. `at[i]` is the place of character i in the line; absent when they are the same.
 */
function cleaned(line: string): { text: string; at?: Int32Array } {
  // oxlint-disable-next-line no-control-regex
  if (/^[\t\x20-\x7e]*$/.test(line)) return { text: line };
  const at = new Int32Array(line.length + 1);
  let text = "";
  for (let index = 0; index < line.length;) {
    const code = line.codePointAt(index) ?? 0;
    const sign = String.fromCodePoint(code);
    const as = code < 0x7f && code >= 0x20 ? sign : plainSign(sign, code, text.at(-1));
    // One UTF-16 unit or more of the same character, so that both texts can be cut at the same places.
    for (let unit = 0; unit < as.length; unit += 1) at[text.length + unit] = index + (as === sign ? unit : 0);
    text += as;
    index += sign.length;
  }
  at[text.length] = line.length;
  return { text, at };
}

function plainSign(sign: string, code: number, last: string | undefined): string {
  if (sign === "\t" || (code < 0x2000 && /[\p{L}\p{M}]/u.test(sign) && code !== 0x034f && code !== 0x115f)) return sign;
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCodePoint(code - 0xfee0);
  if (/\p{Nd}/u.test(sign)) return digitOf(code);
  if (/[\p{Zs}\u2800\u3164\u115f]/u.test(sign)) return " ";
  if (/[\p{Pd}\u2212\u2043\u02d7]/u.test(sign) || (code === 0x30fc && /\d/.test(last ?? ""))) return "-";
  if (/[\p{Cf}\p{Cc}\ufe00-\ufe0f\u20e3\u034f]/u.test(sign)) return "";
  if (/[،、]/.test(sign)) return ",";
  if (sign === "؛") return ";";
  if (/[•▪●◦‣]/.test(sign)) return "|";
  if (/[·․‧∙]/.test(sign)) return ".";
  if (/[⁄∕]/.test(sign)) return "/";
  if (/[\u207a\ufe62\u2795]/u.test(sign)) return "+";
  return sign;
}

/** Digits of a script stand in tens in a row (Unicode, chapter 4.6), some scripts' rows side by side. */
function digitOf(code: number): string {
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** Name and number in turns, one a line, from the first line to the last. */
function areCouplets(lines: string[]): boolean {
  let index = 0;
  for (const line of lines) {
    if (isBlank(line)) continue;
    const digits = line.match(/\p{Nd}/gu)?.length ?? 0;
    const isName = digits === 0 && line.length <= 80 && nameOf(line, /\t/) !== undefined;
    if (index % 2 === 0 ? !isName : digits < 7 || /\p{L}{3}/u.test(line)) return false;
    index += 1;
  }
  return index > 0 && index % 2 === 0;
}

/* Tables. */

interface Columns {
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

function columnsOf(header: string[]): Columns | undefined {
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

function nameIn(cells: string[], columns: Columns): string | undefined {
  const pick = (places: number[]) => places.map((index) => cells[index] ?? "").filter((cell) => cell !== "");
  return cleanText(pick(columns.name)[0] ?? pick(columns.parts).join(" ")) || undefined;
}

/** Whether the text is a table without a header that we know: cells in quotes. */
function areQuoted(lines: string[]): boolean {
  const first = lines.find((line) => !isBlank(line))?.trim() ?? "";
  return /^"(?:[^"]|"")*"[,;\t]|[,;\t]"(?:[^"]|"")*"(?:[,;\t]|$)/.test(first);
}

/** Whether a line is a header that we know, over a row of its width. */
function isHeader(lines: string[], index: number): boolean {
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

function firstDefined<T, R>(list: readonly T[], pick: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const value = pick(item);
    if (value !== undefined) return value;
  }
  return undefined;
}
