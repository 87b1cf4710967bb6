import type { RejectReason } from "../model";
import type { Find } from "./find";
import { count } from "./line";
import { LABELS } from "./name";
import { codeOf, type CountryCode, foreignId, isHomeWritten, lacksZero, readPhone } from "./phone";
import { thingLength } from "./things";
import { beginsComplete, complete, isTorn, thingEnd } from "./whole";

/** Digits of the longest number with international prefix. */
const LONGEST_RUN = 18;

/** `isList`: the text has no words. */
export interface RunHints {
  isList: boolean;
  country: CountryCode | undefined;
}

/** Yields the numbers at the start of a run; returns where to continue. */
export function* runFinds(
  text: string,
  from: number,
  to: number,
  { isList, country }: RunHints,
): Generator<Find, number> {
  const hasPlus = text[from] === "+";
  // The rest of an overlong run.
  if (!hasPlus && /\d/.test(text[from - 1] ?? "")) {
    yield { from, to, reason: "too-long" };
    return to;
  }
  const extension = EXTENSION.exec(text.slice(to, to + 40))?.[0].length ?? 0;
  let end = to;
  // Digits glued to Latin letters or @ belong to something else, unless an extension follows.
  if (extension === 0 && GLUE.test(text[to] ?? "")) {
    const cut = from + Math.max(text.slice(from, to).lastIndexOf(" "), text.slice(from, to).lastIndexOf("/"));
    end = cut > from ? cut : from;
  }
  if (end <= from) {
    const rest = /^[\w@.-]{0,100}/.exec(text.slice(to))?.[0].length ?? 0;
    yield { from, to: to + rest };
    return to + rest;
  }
  const before = text.slice(Math.max(0, from - 48), from);
  if (!hasPlus) {
    const thing = thingLength(before);
    const word = thing > 0 ? thing : gluedLength(before);
    if (word > 0) {
      const stop = from + thingEnd(text.slice(from, end), thing > 0 ? 4 : 1, country);
      yield { from: from - word, to: stop };
      return stop;
    }
  }
  const run = text.slice(from, end);
  const best = numberIn(run, text.slice(end, end + 6), country);
  if (best) {
    const { begin, stop, id, reason, short } = best;
    const before = run.slice(0, begin);
    if (count(before) >= 5) yield { from, to: from + begin, reason: readPhone(before, country).reason ?? "invalid" };
    const isLast = count(run.slice(short?.stop ?? stop)) === 0;
    const to = from + stop + (isLast && !short ? extension : 0);
    yield { from: from + begin, to, id, reason };
    if (!short) return to;
    const last = from + short.stop + (isLast ? extension : 0);
    yield { from: to, to: last, reason: "abbreviated", id: short.id };
    return last;
  }
  const around = `${before.trimEnd().at(-1) ?? ""}${text.slice(end, end + 4).trimStart()[0] ?? ""}`;
  if (count(run) >= 5 || (isList && from > 0 && /[,;|]/.test(around))) {
    yield { from, to: end + extension, reason: readPhone(run, country).reason ?? "invalid" };
  }
  return end + extension;
}

/** Length of a `#` or of letters that are no label glued to a number: `A402`. */
function gluedLength(before: string): number {
  const glued = GLUE_BEFORE.exec(before)?.[0] ?? "";
  return LABELS.has(glued.toLowerCase()) || /^[mtpw]$/i.test(glued) ? 0 : glued.length;
}

/** `short`: a second number abbreviated to its last digits. */
interface Found {
  begin: number;
  stop: number;
  id?: string;
  reason?: RejectReason;
  short?: { stop: number; id?: string };
}

function numberIn(run: string, after: string, country: CountryCode | undefined): Found | undefined {
  if (count(run) < 5) return undefined;
  const tail = afterFirst(run, after, country);
  if (!tail) return firstIn(run, after, country);
  return isForeign(run, tail, country) ? { begin: 0, stop: tail.stop, ...TWO } : tail;
}

/** Returns the first number, which may begin with digits that belong to something else. */
function firstIn(run: string, after: string, country: CountryCode | undefined): Found | undefined {
  let unlisted: Found | undefined;
  const whole = firstOfTwo(run, country);
  if (whole && !isForeign(run, whole, country)) return whole;
  for (const begin of beginnings(run, country)) {
    const pair = shortened(run, begin, country);
    if (pair) return isForeign(run, pair, country) ? { begin: 0, stop: pair.short?.stop ?? pair.stop, ...TWO } : pair;
    const first = beforeLast(run.slice(begin), after, country);
    if (first)
      return isForeign(run, first, country)
        ? { begin: 0, stop: run.length, ...TWO }
        : { ...first, begin, stop: begin + first.stop };
    for (const stop of ends(run, begin, after)) {
      // One to four left-over digits would make it another number, unless they belong to what follows.
      const rest = count(run.slice(stop));
      if (rest > 0 && rest < 5 && !NEXT_ITEM.test(run.slice(stop) + after) && !BELONGS.test(after)) continue;
      const text = run.slice(begin, stop);
      if (isTwo(text)) continue;
      const judged = readPhone(text, country);
      if (judged.id === undefined) continue;
      if (judged.isForeign === true) {
        // Nobody abbreviates a second number after a foreign one without `+`.
        if (/\/\d{1,4}$|-\d{1,2}$/.test(text)) continue;
        if (beginsComplete(text, country)) return { begin, stop, reason: "ambiguous" };
      }
      const found = { begin, stop, id: judged.id };
      if (isTorn(text, run.slice(stop), judged.id, country)) return { begin: 0, stop: run.length, ...TWO };
      if (isForeign(run, found, country)) return { begin: 0, stop, ...TWO };
      if (judged.isUnlisted !== true) return found;
      // A shorter one may be listed.
      unlisted ??= found;
    }
  }
  return unlisted;
}

const TWO = { reason: "ambiguous" } as const;

/** Whether a find is also another country's number, calling code in front and no `+`. */
function isForeign(run: string, { stop, id, short }: Found, country: CountryCode | undefined): boolean {
  if (id === undefined || run.startsWith("+")) return false;
  return foreignId(run.slice(0, short?.stop ?? stop), id, country) !== undefined;
}

/** Last digits of further numbers: `98912 34567/89`, `2345 6789/90/91`. */
const SHORT = /^(?: ?\/ ?\d{1,4}| ?- ?\d{2,4})+(?![\d/-]|\.\d)/;

function shortened(run: string, begin: number, country: CountryCode | undefined): Found | undefined {
  const text = run.slice(begin);
  for (const { index } of text.matchAll(/ ?[/-] ?(?=\d)/g)) {
    const rest = count(text.slice(0, index)) < 7 ? undefined : SHORT.exec(text.slice(index))?.[0];
    const first = text.slice(0, index);
    const head = rest === undefined ? undefined : complete(first, country);
    if (rest === undefined || head === undefined || complete(rest, country) !== undefined) continue;
    // A whole second number, itself in groups: `06 12 34 56 78 / 06 12 34 56 79`.
    const [next = ""] = text
      .slice(index)
      .replace(/^ ?[/-] ?/, "")
      .split(/ ?\/ ?/);
    if (/ /.test(next) && complete(next, country) !== undefined) continue;
    const whole = complete(first + rest, country);
    const isSlash = rest.includes("/");
    // The slash or dash may only group digits, or precede a German or Austrian extension.
    const isGrouped = first.includes(isSlash ? "/" : "-");
    const isExtension = !isSlash && (rest.length > 3 || /^(?:49|43)/.test(whole ?? ""));
    if (whole !== undefined && isExtension) return undefined;
    if (whole !== undefined && !isSlash && isGrouped) return undefined;
    const stop = begin + index + rest.length;
    if (whole !== undefined && (isGrouped || !isSlash)) return { begin, stop, reason: "ambiguous" };
    const last = rest
      .split(isSlash ? "/" : "-")
      .slice(1)
      .map((part) => part.replace(/\D/g, ""));
    const digits = first.replace(/\D+$/, "");
    const second = last.length === 1 ? digits.slice(0, -(last[0]?.length ?? 0)) + last[0] : undefined;
    return {
      begin,
      stop: begin + index,
      id: head,
      short: { stop, id: second === undefined ? undefined : complete(second, country) },
    };
  }
  return undefined;
}

/**
 * Returns the number that begins with 0, a bracket or after ` - ` or `.` behind a postcode or a place in a list (`75011 06 12
 * 34 56 78`, `2 - (11) 96123-4567`), unless these digits belong to it.
 */
function afterFirst(run: string, after: string, country: CountryCode | undefined): Found | undefined {
  const head = /^\d{1,6}[ .)\]/-]*(?=\((?!\s*0\s*\))|(?<=\D)0|(?<=^0?\d ?[.)-] )\d)/.exec(run)?.[0].length;
  if (head === undefined || country === undefined) return undefined;
  const rest = run.slice(head);
  const found = count(rest) < 5 ? undefined : firstIn(rest, after, country);
  if (found?.id === undefined || found.begin > 0 || found.id !== complete(rest.slice(0, found.stop), country))
    return undefined;
  // No area code is so short that the domestic 0 could follow it.
  const hasZero =
    /^\d\d?\D/.test(run) &&
    rest.startsWith("0") &&
    found.id.startsWith(codeOf(country) + rest.replace(/\D/g, "").slice(1, 3));
  if (!hasZero && isHomeFirst(run, country)) return undefined;
  const whole = complete(run, country);
  if (whole !== undefined && !hasZero && !lacksZero(run, whole)) return undefined;
  const short = found.short && { ...found.short, stop: head + found.short.stop };
  return { ...found, begin: head, stop: head + found.stop, short };
}

/**
 * Returns the number before one or two last digits apart from it (`98123 45678 25`, `… (2)`), unless the whole is
 * written as at home. It is taken if the digits belong to what follows, else offered.
 */
function beforeLast(text: string, after: string, country: CountryCode | undefined): Found | undefined {
  const head = /^(.*\d{4}|\S*\d)[ ()[\]-]*[ ([][ ()[\]-]*\d{1,2}$/.exec(text)?.[1];
  const id = head === undefined ? undefined : complete(head, country);
  if (head === undefined || id === undefined || NEXT_ITEM.test(text.slice(head.length) + after)) return undefined;
  const whole = readPhone(text, country).id;
  if (whole !== undefined && isHomeWritten(text, whole)) return undefined;
  const found = { begin: 0, stop: head.length, id };
  if (/[([]\d+$/.test(text)) return found;
  // The digits may end a landline number: `030 123456 78 Hans`.
  const isLonger = whole !== undefined && !whole.startsWith(text.replace(/\D/g, "")) && !/\d{7}$/.test(head);
  return /^ ?\p{L}/u.test(after) && !isLonger ? found : { ...found, ...TWO };
}

/** Returns the first of two whole numbers that together may look like a longer one. */
function firstOfTwo(run: string, country: CountryCode | undefined): Found | undefined {
  if (run.startsWith("+") || count(run) < 14) return undefined;
  for (const { 0: mark, index } of run.matchAll(/ ?[/-]+ ?| /g)) {
    const first = run.slice(0, index);
    const rest = run.slice(index + mark.length);
    if (count(first) < 7 || count(rest) < 7) continue;
    const id = complete(first, country);
    const isWhole = id !== undefined && ends(rest, 0, "").some((stop) => complete(rest.slice(0, stop), country));
    if (isWhole) return { begin: 0, stop: index, id };
  }
  return undefined;
}

/** Whether a slash beside a blank separates two numbers rather than following an area code. */
function isTwo(text: string): boolean {
  return [...text.matchAll(/ \/|\/ /g)].some(({ index }) => count(text.slice(0, index)) > 5);
}

/** The next item of a list: `2) ` in `1) 8123456789 2) 8123456780`. */
const NEXT_ITEM = /^\s+[1-9]\d{0,2}(?:\)\s?|[.:]\s)(?:[+([]{0,3}\d|\p{L})/u;
/** Text to which the digits before it belong. */
const BELONGS = /^\s{0,3}[\p{L}:%€₹$£]/u;
const GLUE = /[A-Za-z\u00c0-\u024f@]/;
const GLUE_BEFORE = /(?:[A-Za-z\u00c0-\u024f]+|#)$/;
const EXTENSION =
  /^(?:[\s,;]{0,3}(?:ext(?:ension|n)?|extn|x|poste|доб|ramal|interno|int|anexo|durchwahl)[.:= ]{0,3}#?\d{1,7}(?![\d\p{L}])|(?:[pw]|,{2,5}|[,;]+(?=\d{1,8}#))\d{1,8}#?(?![\d\p{L}])|#\d{1,6}(?!\d)|;(?:ext|isub|phone-context)=[^\s,;]{1,20}|\?(?:body|text)=\S{0,400})/iu;

/**
 * Returns where a number may begin: at the start, or at the last piece after a blank (`12345 8123456789`); parts of two
 * numbers would make a third. Skips the list number in `1 81234 56789`.
 */
function beginnings(run: string, country: CountryCode | undefined): number[] {
  if (run.startsWith("+")) return [0];
  const item = /^[1-9]\d? (?=\d)/.exec(run)?.[0] ?? "";
  // The country's own code is not a place in a list.
  const isCode = country !== undefined && item.trim() === codeOf(country);
  const index = item === "" || isCode || isHomeFirst(run, country) ? 0 : item.length;
  // After a leading 0, the blank follows an area code.
  const last = run.startsWith("0") ? 0 : run.trimEnd().lastIndexOf(" ") + 1;
  const after = index > 0 && count(run.slice(index)) >= 10 ? [index] : [];
  return [...new Set([...after, 0, count(run.slice(last)) >= 7 ? last : 0])];
}

/**
 * Whether a run begins with a number in its country's groups: `34 41 23 45` in Denmark, where 34 is not a place in a
 * list.
 */
function isHomeFirst(run: string, country: CountryCode | undefined): boolean {
  return ends(run, 0, "").some((stop) => {
    const text = run.slice(0, stop);
    const id = isTwo(text) ? undefined : complete(text, country);
    return id !== undefined && isHomeWritten(text, id);
  });
}

/** Returns where a number may end: before a list's next item (`2)`), then longest first. */
function ends(run: string, begin: number, after: string): number[] {
  const stops = [run.length];
  let digits = 0;
  for (let index = begin; index < run.length && digits <= LONGEST_RUN; index += 1) {
    const sign = run[index] ?? "";
    if (/\d/.test(sign)) digits += 1;
    else if (digits >= 7 && /[ /-]/.test(sign) && /\d/.test(run[index - 1] ?? "")) stops.unshift(index);
  }
  const sorted = stops
    .toSorted((a, b) => b - a)
    .filter((stop) => stop === run.length || count(run.slice(begin, stop)) <= LONGEST_RUN);
  const isItem = (stop: number) =>
    /^\s+\d{1,3}\)/.test(run.slice(stop) + after) && !run.slice(begin, stop).includes("(");
  const items = /\)/.test(run + after) ? sorted.filter((stop) => stop < run.length && isItem(stop)) : [];
  return [...new Set([...items, ...sorted])];
}
