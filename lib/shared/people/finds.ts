import type { RejectReason } from "../model";
import { count } from "./line";
import { LABELS } from "./name";
import { type CountryCode, readId, readLink, readPhone } from "./phone";

/** Most digits of a number with an international prefix in front. */
const LONGEST_RUN = 18;

/** A place in a line, cleaned: a person, something that should have been one, or (neither) what must not be read. */
export interface Find {
  from: number;
  to: number;
  id?: string;
  reason?: RejectReason;
}

/** Whether it goes into people or rejects, rather than only hiding what must not be read. */
export function isTold(find: Find): boolean {
  return find.id !== undefined || find.reason !== undefined;
}

/** Longer texts are searched part by part, in letters. */
const PART = 4000;
/** So much of the text before a part tells what its first number is. */
const CONTEXT = 40;

/**
 * Everything in a cleaned text that is a number, looks like one, or must not be taken for one, from left to right.
 * Undefined is only a chance to rest.
 */
export function* findNumbers(text: string, country: CountryCode | undefined): Generator<Find | undefined> {
  const isList = !/\p{L}/u.test(text);
  for (let from = 0; from < text.length;) {
    const to = partEnd(text, from);
    const before = Math.max(0, from - CONTEXT);
    for (const find of findIn(text.slice(before, to), from - before, { isList, country })) {
      yield find && { ...find, from: find.from + before, to: find.to + before };
    }
    yield undefined;
    from = to;
  }
}

/** Where two numbers surely part: a separator, a blank between words, a blank between long numbers or before a +. */
const SEAM = /[,;|\t]|(?<=\p{L}) (?=\p{L})|(?<=\d{7}) (?=\d{7})|(?<=\d) (?=\+\d)/gu;

function partEnd(text: string, from: number): number {
  for (const size of [PART, 8 * PART]) {
    if (text.length - from <= size) return text.length;
    const start = from + size / 2;
    const seam = [...text.slice(start, from + size).matchAll(SEAM)].at(-1);
    if (seam) return start + seam.index + 1;
  }
  return text.length;
}

function* findIn(
  text: string,
  begin: number,
  { isList, country }: { isList: boolean; country: CountryCode | undefined },
): Generator<Find | undefined> {
  const marks = marksFor(text);
  marks.lastIndex = begin;
  for (;;) {
    const match = marks.exec(text);
    if (!match) return;
    const from = match.index;
    const to = from + match[0].length;
    const groups = match.groups ?? {};
    if (groups["server"] !== undefined) yield { from, to, ...readId(groups["user"] ?? "", groups["server"]) };
    else if (groups["link"] !== undefined) {
      const judged = readLink(groups["link"], country);
      // `wa.me/+91 98765 43210`, typed with blanks: what follows the slash is read as a number.
      const rest = judged === undefined && / \d/.test(text.slice(to, to + 2)) ? /\+?\d*$/.exec(match[0]) : null;
      yield { from, to: rest ? from + rest.index : to, ...judged };
      if (rest) marks.lastIndex = from + rest.index;
    } else if (groups["science"] !== undefined) yield { from, to, reason: "invalid" };
    else if (groups["run"] === undefined) yield { from, to };
    else {
      const end = yield* runFinds(text, from, to, { isList, country });
      marks.lastIndex = Math.max(end, from + 1);
      yield undefined;
    }
  }
}

function marksFor(text: string): RegExp {
  const fitting = MARKS.filter((mark) => mark.needs?.test(text) ?? true);
  return new RegExp(fitting.map((mark) => mark.source).join("|"), "giu");
}

/** Numbers at the start of a run of digits and signs; gives where to go on. */
function* runFinds(
  text: string,
  from: number,
  to: number,
  { isList, country }: { isList: boolean; country: CountryCode | undefined },
): Generator<Find, number> {
  const hasPlus = text[from] === "+";
  // The rest of more digits than any number has.
  if (/\d/.test(text[from - 1] ?? "")) {
    yield { from, to, reason: "too-long" };
    return to;
  }
  const extension = EXTENSION.exec(text.slice(to, to + 40))?.[0].length ?? 0;
  let end = to;
  // Glued to Latin letters or to an @ it is a part of something else, unless the word says what it is.
  if (extension === 0 && GLUE.test(text[to] ?? "")) {
    const cut = from + Math.max(text.slice(from, to).lastIndexOf(" "), text.slice(from, to).lastIndexOf("/"));
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
  const best = numberIn(run, text.slice(end, end + 6), country);
  if (best) {
    const { begin, stop, id } = best;
    const before = run.slice(0, begin);
    if (count(before) >= 5) yield { from, to: from + begin, reason: readPhone(before, country).reason ?? "invalid" };
    const to = from + stop + (count(run.slice(stop)) === 0 ? extension : 0);
    yield { from: from + begin, to, id };
    return to;
  }
  const around = `${before.trimEnd().at(-1) ?? ""}${text.slice(end, end + 4).trimStart()[0] ?? ""}`;
  if (count(run) >= 5 || (isList && from > 0 && /[,;|]/.test(around))) {
    yield { from, to: end + extension, reason: readPhone(run, country).reason ?? "invalid" };
  }
  return end + extension;
}

/** The number in a run of digits and signs, given the signs after it; undefined when no part of it is one. */
function numberIn(
  run: string,
  after: string,
  country: CountryCode | undefined,
): { begin: number; stop: number; id: string } | undefined {
  let unlisted: { begin: number; stop: number; id: string } | undefined;
  if (count(run) < 5) return undefined;
  for (const begin of beginnings(run)) {
    for (const stop of ends(run, begin, after)) {
      // A digit or two too many make another number of it, unless they belong to what follows.
      const rest = count(run.slice(stop));
      if (rest > 0 && rest < 5 && !NEXT_ITEM.test(run.slice(stop) + after) && !BELONGS.test(after)) continue;
      const judged = readPhone(run.slice(begin, stop), country);
      if (judged.id === undefined) continue;
      const found = { begin, stop, id: judged.id };
      if (judged.isUnlisted !== true) return found;
      // The metadata knows none of this length, but perhaps a shorter one.
      unlisted ??= found;
    }
  }
  return unlisted;
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
    needs: /[\s,;|]\d{1,3}[).:]/,
    source: String.raw`(?<=[\s,;|])[1-9]\d{0,2}(?:\) ?|[.:] )(?=[+(\[]{0,3}\d|\p{L})`,
  },
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

/** The number of the next item of a list on the same line: `2) ` in `1) 8123456789 2) 8123456780`. */
const NEXT_ITEM = /^\s+[1-9]\d{0,2}(?:\)\s?|[.:]\s)(?:[+([]{0,3}\d|\p{L})/u;
/** The digits before it are not the end of a number. */
const BELONGS = /^\s{0,3}[\p{L}:%€₹$£]/u;
const GLUE = /[A-Za-z\u00c0-\u024f@]/;
const GLUE_BEFORE = /[A-Za-z\u00c0-\u024f]+$/;
const EXTENSION =
  /^(?:[\s,;]{0,3}(?:ext(?:ension|n)?|extn|x|poste|доб|ramal|interno|int|anexo|durchwahl)[.:= ]{0,3}#?\d{1,7}(?![\d\p{L}])|#\d{1,6}(?!\d)|;(?:ext|isub|phone-context)=[^\s,;]{1,20}|\?(?:body|text)=\S{0,400})/iu;
const OTHER_ID =
  /(?<!\p{L})(?:order|invoice|inv|ref|id|a\/c|account|acct|pin|pincode|zip|otp|awb|tracking|ticket|bill|gst|aadhaar|aadhar|pan|iban|imei|txn|utr|isbn|vat|pedido|fatura|factura|rechnung|bestellung|konto|cpf|cnpj|dni|nif|rfc|आधार|खाता|ऑर्डर)(?: ?(?:no|nr|id|number|num|नंबर))?[ .:#=-]{0,4}$/iu;

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

/**
 * Where a number that begins there may end, the longest first: at the end, a blank, a slash, a dash. Where the next item
 * of a list begins with a bracket (`2)`), that is tried before everything else.
 */
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
