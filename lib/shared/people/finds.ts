import { type CountryCode, isHomeWritten, type PhoneResult, readId, readLink, readPhone } from "./phone";
import type { Find } from "./find";
import { count } from "./line";
import { type RunHints, runFinds } from "./run";

/** Length of the parts in which long texts are searched. */
const PART = 4000;
/** Characters before a part that help classify its first number. */
const CONTEXT = 40;

/** Yields people, rejects and masks in a cleaned text, left to right; undefined is a chance to pause. */
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

/** Where a text can be cut without splitting a number. */
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

function* findIn(text: string, begin: number, hints: RunHints): Generator<Find | undefined> {
  const { country } = hints;
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
      // In `wa.me/+91 98765 43210`, read the digits after the slash as a number.
      const rest = judged === undefined && / \d/.test(text.slice(to, to + 2)) ? /\+?\d*$/.exec(match[0]) : null;
      yield { from, to: rest ? from + rest.index : to, ...judged };
      if (rest) marks.lastIndex = from + rest.index;
    } else if (groups["science"] !== undefined) yield { from, to, ...readScience(groups["science"], country) };
    else if (groups["run"] === undefined && !isHomeNumber(groups["address"], country)) yield { from, to };
    else {
      const end = yield* runFinds(text, from, runEnd(text, from, to), hints);
      marks.lastIndex = Math.max(end, from + 1);
      yield undefined;
    }
  }
}

/** Whether what looks like a machine's address is a number as written at home: `212.234.56.78` in Turkey. */
function isHomeNumber(text: string | undefined, country: CountryCode | undefined): boolean {
  const id = text === undefined ? undefined : readPhone(text, country).id;
  return id !== undefined && isHomeWritten(text ?? "", id);
}

/** Returns where a run ends: before a date or time after a blank, once it has seven digits. */
function runEnd(text: string, from: number, to: number): number {
  // The last digits may be a date's first.
  const run = text.slice(from, to + 10);
  for (const { index } of run.matchAll(NEXT_WHEN)) {
    if (from + index < to && count(run.slice(0, index)) >= 7) return from + index;
  }
  return to;
}

function marksFor(text: string): RegExp {
  const fitting = MARKS.filter((mark) => mark.needs?.test(text) ?? true);
  return new RegExp(fitting.map((mark) => mark.source).join("|"), "giu");
}

/** After a number only. */
const SUM =
  "rupees?|rupiah|dollars?|euros?|reais|pesos?|naira|shillings?|dirhams?|riyals?|baht|ringgit|taka|руб(?:лей|ля|ль)?|zł|грн|元|円|원";
const MONEY =
  "rs|inr|usd|eur|gbp|brl|mxn|aed|idr|rp|rm|sgd|cad|aud|kes|ksh|ngn|zar|egp|pkr|bdt|lkr|thb|vnd|myr|ghs|ugx|tzs|clp|rub|uah|pln|czk|huf|sar|qar|kwd|omr|cny|jpy|krw";
const DAY = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const DATE = String.raw`(?:(?:19|20)\d\d(?<a>[-/.])(?:0?[1-9]|1[0-2])\k<a>${DAY}|${DAY}(?<b>[-/.])${DAY}\k<b>(?:(?:19|20)\d\d|\d\d))(?![\d]|[-/.]\d)`;
const TIME = String.raw`\d{1,2}:\d\d(?::\d\d)?(?!\d)`;
const BYTE = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|\d\d?)`;
const NEXT_WHEN = new RegExp(String.raw`(?<=\d)[ ()[\]\-]{0,4}[ (](?=${DATE}|${TIME})`, "g");

/** The first match at the leftmost position wins. `needs` is a cheap pre-filter. */
const MARKS: readonly { needs?: RegExp; source: string }[] = [
  {
    needs: /@/,
    source: String.raw`(?<![\p{L}\d])\+?(?<user>\d{1,30}(?:-\d{1,30})?)(?:[_.]\d{1,3})?(?::\d{1,4})?@(?<server>s\.whatsapp\.net|c\.us|g\.us|lid|hosted\.lid|hosted|broadcast|newsletter)(?![\w-])`,
  },
  {
    needs: /wa\.me\/|whatsapp/i,
    source: String.raw`(?<link>(?:https?:\/\/)?(?:www\.)?wa\.me\/[^\s,;|<>"]*|(?:https?:\/\/)?(?:api|web|www)\.whatsapp\.com\/(?:send|resolve)[^\s,;|<>"]*|whatsapp:\/\/send[^\s,;|<>"]*)`,
  },
  // Other links, e-mail addresses, IBANs.
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
  // Scientific notation from a spreadsheet.
  { needs: /\dE\+?\d/i, source: String.raw`(?<science>(?<![\d.])\d(?:[.,]\d+)?E\+?\d{1,3}(?!\d))` },
  // Dates, times, list numbers, card and tax numbers.
  {
    needs: /\d[-/.]\d/,
    source: String.raw`(?<![\d.])${DATE}(?:T\d\d:\d\d\S{0,12})?`,
  },
  { needs: /\d:\d/, source: String.raw`(?<!\d)${TIME}(?: ?(?:[ap]\.?m\b\.?|Uhr\b))?` },
  { needs: /^\s*\d\d?[.)]\s/, source: String.raw`^\s*[1-9]\d?[.)]\s(?=.*\d)` },
  {
    needs: /[\s,;|]\d{1,3}[).:]/,
    source: String.raw`(?<=[\s,;|])[1-9]\d{0,2}(?:\) ?|[.:] )(?=[+(\[]{0,3}\d|\p{L})`,
  },
  {
    needs: /\d{4}[ -]\d{4}[ -]\d{4}/,
    source: String.raw`(?<![+\d])[1-9]\d{3}(?<c>[ -])\d{4}\k<c>\d{4}(?:\k<c>\d{4})?(?![\d]|[ -]\d)`,
  },
  { needs: /\.\d{3}-\d\d/, source: String.raw`(?<!\d)\d{3}\.\d{3}\.\d{3}-\d\d(?!\d)` },
  {
    needs: new RegExp(String.raw`[₹$€£¥₩₽₦₺฿₫₱%]|\/-|(?<![a-z])(?:${MONEY})(?![a-z])|${SUM}`, "i"),
    source: String.raw`(?:[₹$€£¥₩₽₦₺฿₫₱]|(?<!\p{L})(?:${MONEY})\b\.?) ?\d[\d.,']{0,30}|(?<![\d+])\d[\d.,']{0,30} ?(?:[€₹£$%]|\/-|(?:${MONEY}|${SUM})(?!\p{L}))(?!\.? ?\d)`,
  },
  // A machine's address, but `50.123.45.67` is a number of Ukraine.
  {
    needs: /\d\.\d{1,3}\.\d{1,3}\.\d/,
    source: String.raw`(?<![\d.+])(?<address>(?!0|\d\d\.\d{2,3}\.\d\d\.\d\d(?!\d))(?:${BYTE}\.){3}${BYTE})(?!\d|\.\d)`,
  },
  // Bounded: longer runs cannot be numbers.
  { source: String.raw`(?<run>(?:\+[ ()\[]{0,3})?\d(?:[ ()\[\].\-/'’]{0,5}\d){0,79})` },
];

/** Reads scientific notation (`2.015550101E9`) if no digits were lost. */
function readScience(text: string, country: CountryCode | undefined): PhoneResult {
  const [mantissa = "", exponent] = text.toLowerCase().split("e");
  const digits = mantissa.replace(/\D/g, "");
  return digits.length === Number(exponent) + 1 ? readPhone(digits, country) : { reason: "shortened" };
}
