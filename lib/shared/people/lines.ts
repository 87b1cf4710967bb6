import { type ChatRole, chatRole, chatStart } from "./chat";
import { asciiDigits } from "../text";
import { type Find, isPerson, isReported } from "./find";
import { findNumbers } from "./finds";
import { isFaxAt } from "./label";
import { cleaned, isBlank, start, trimmed } from "./line";
import { isSelf, nameOf } from "./name";
import { type CountryCode, isHomeWritten, readPhone } from "./phone";
import { LONGEST, type Place, type PeopleCollector } from "./collector";

/** `isChat`: the text is a chat export, undated lines included. `isNumbered`: its lines count up. */
export interface LineOptions {
  isChat: boolean;
  isNumbered: boolean;
}

/** Reads a line of free text; each number gets its part of the line. */
export function* readLine(
  collector: PeopleCollector,
  line: string,
  number: number,
  options: LineOptions,
): Generator<undefined> {
  if (isBlank(line)) return;
  const place: Place = { line: number };
  const { text, at } = yield* cleaned(line);
  const begin = chatStart(text);
  // A message's date and time, and a place in a list, are not numbers.
  const skip = begin ?? (options.isNumbered ? itemLength(text, collector.country) : 0);
  const body = " ".repeat(skip) + text.slice(skip);
  const finds: Find[] = [];
  const masks: Find[] = [];
  for (const find of findNumbers(body, collector.country)) {
    if (find) (isReported(find) ? finds : masks).push(find);
    yield;
  }
  const isChat = options.isChat || begin !== undefined;
  const hasLetters = /\p{L}/u.test(text);
  const hasPerson = finds.some((find) => find.id !== undefined);
  // A postcode or age beside a valid number is not a broken number.
  const real = finds.filter(
    (find) => !(hasPerson && hasLetters && find.reason === "too-short" && text[find.from] !== "+"),
  );
  if (real.length === 0) {
    collector.reject(line, /^[^\p{L}\p{N}]*\d{1,6}[^\p{L}\p{N}]*$/u.test(text) ? "too-short" : "not-a-number", place);
    return;
  }
  const plain = blanked(begin === undefined ? body : text, masks);
  const hasNames = !isChat && !isMemberLine(plain, real);
  const isNameFirst = nameOf(plain.slice(0, real[0]?.from)) !== undefined;
  let from = 0;
  let lastName: string | undefined;
  for (const [index, find] of real.entries()) {
    const next = real[index + 1];
    const to = next ? find.to + cutAt(text.slice(find.to, next.from), isNameFirst) : text.length;
    const before = plain.slice(from, find.from);
    const between = text.slice(real[index - 1]?.to ?? 0, find.from);
    const isSame = index > 0 && /^\s*(?:[/&\t]|or|and|या|और|ou|e|o|y|oder|und)?\s*$/iu.test(between);
    // The name of both may follow the second number's last digits.
    const tail = next?.reason === "abbreviated" ? plain.slice(next.to, real[index + 2]?.from) : "";
    const own = nameOf(before) ?? nameOf(plain.slice(find.to, to)) ?? nameOf(tail);
    const name = hasNames ? (own ?? (isSame ? lastName : undefined)) : undefined;
    lastName = name;
    const role = isChat ? chatRole(text, begin ?? text.length, find, index === 0) : undefined;
    const isFax = !isChat && isFaxAt(between, text.slice(find.to), text);
    file(collector, find, { line, from: start(at, from), to: start(at, to), place, name, role, isFax }, at);
    from = to;
    yield;
  }
}

function file(
  collector: PeopleCollector,
  find: Find,
  part: { line: string; from: number; to: number; place: Place; name?: string; role?: ChatRole; isFax?: boolean },
  at: Int32Array | undefined,
): void {
  const { place, name } = part;
  const given = trimmed(part.line.slice(part.from, part.to));
  if (find.id === undefined) {
    collector.reject(given, find.reason ?? "not-a-number", place);
    return;
  }
  const said = part.role === "written" ? "in-message" : part.role === "left" ? "left" : undefined;
  const reason = find.reason ?? said ?? (part.isFax ? "not-theirs" : undefined);
  if (reason !== undefined) {
    if (reason === "left") collector.leave(find.id);
    collector.offer(find.id, given, reason, place, name);
    return;
  }
  if (given.length <= LONGEST) {
    collector.accept(find.id, given, place, name);
    return;
  }
  // Commands take no longer text: list the rest separately, so nothing is lost.
  const from = start(at, find.from);
  const to = start(at, find.to);
  const core = part.line.slice(from, to);
  const isLong = core.length > LONGEST;
  collector.accept(find.id, isLong ? core.slice(0, LONGEST) : core, place, name);
  collector.reject(part.line.slice(part.from, from), "not-a-number", place);
  if (isLong) collector.reject(core.slice(LONGEST), "not-a-number", place);
  collector.reject(part.line.slice(to, part.to), "not-a-number", place);
}

/** Whether a line is WhatsApp's member list (`Ana, Beto, +55 …, +55 …, You`), whose names belong to no number. */
function isMemberLine(text: string, finds: Find[]): boolean {
  const pieces = text
    .split(",")
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
  if (pieces.length > 1 && isSelf(pieces.at(-1) ?? "")) return true;
  const first = pieces.findIndex((piece) => nameOf(piece) === undefined);
  return (
    first >= 2 &&
    finds.length >= 2 &&
    pieces.slice(first).every((piece) => /^\+[\d ()-]+(?:\p{L}+ \d+ .*)?$/u.test(piece))
  );
}

/** Length of the text between two numbers that belongs to the first. */
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

/** A line's place in a list: `1. `, `02)`, `3.- `, `#4 `, `5 - `, `6 `. */
const ITEM =
  /^\s*[#([]?(?<place>\d{1,3})(?:[.)\]:\u00b0\u00ba\u00aa]\s?[-\u2013]?|\s?[-\u2013]|(?=\s))\s*(?=[+(\p{L}\d])/u;

/** Length of the place in a list at the start of a line, before a name or a complete number. */
function itemLength(text: string, country: CountryCode | undefined): number {
  const item = ITEM.exec(text);
  const length = item?.[0].length ?? 0;
  const rest = text.slice(length);
  if (!item || /^\p{L}/u.test(rest)) return length;
  // A number's own beginning: `34 41 23 45` in Denmark, `391 0975887` in Italy.
  const whole = /^[\d\s().-]*\d/.exec(text)?.[0].trim() ?? "";
  const judged = readPhone(whole, country);
  const isOwn = judged.id !== undefined && judged.isForeign !== true;
  if (isOwn && (isHomeWritten(whole, judged.id) || (item.groups?.["place"]?.length ?? 0) > 2)) return 0;
  for (const find of findNumbers(rest, country)) {
    if (find) return isPerson(find) && /^[ ([]*$/.test(rest.slice(0, find.from)) ? length : 0;
  }
  return 0;
}

/** Whether two consecutive lines begin with consecutive numbers: `7 98…`, `8 98…`. */
export function areNumbered(lines: string[]): boolean {
  let last = Number.NaN;
  for (const line of lines) {
    if (isBlank(line)) continue;
    const digits = ITEM.exec(asciiDigits(line))?.groups?.["place"];
    if (digits !== undefined && Number(digits) === last + 1) return true;
    last = digits === undefined ? Number.NaN : Number(digits);
  }
  return false;
}

/** Whether lines alternate between a name and a number. */
export function* areCouplets(lines: string[]): Generator<undefined, boolean> {
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
