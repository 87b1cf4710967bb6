import type { RejectReason } from "../model";
import type { Find } from "./find";
import { count } from "./line";
import { LABELS } from "./name";
import { type CountryCode, readPhone } from "./phone";

/** Which numbers a run of digits and signs holds. */

/** Most digits of a number with an international prefix in front. */
const LONGEST_RUN = 18;

/** Reads the numbers at the start of a run of digits and signs; returns where to go on. */
export function* runFinds(
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

/** What was found in a run. `short`: the rest of it is a second number of which only the last digits are written. */
interface Found {
  begin: number;
  stop: number;
  id?: string;
  reason?: RejectReason;
  short?: { stop: number; id?: string };
}

/** The number in a run of digits and signs, given the signs after it; undefined when no part of it is one. */
function numberIn(run: string, after: string, country: CountryCode | undefined): Found | undefined {
  let unlisted: Found | undefined;
  if (count(run) < 5) return undefined;
  for (const begin of beginnings(run)) {
    const pair = shortened(run, begin, country);
    if (pair) return pair;
    for (const stop of ends(run, begin, after)) {
      // A digit or two too many make another number of it, unless they belong to what follows.
      const rest = count(run.slice(stop));
      if (rest > 0 && rest < 5 && !NEXT_ITEM.test(run.slice(stop) + after) && !BELONGS.test(after)) continue;
      const text = run.slice(begin, stop);
      const judged = readPhone(text, country);
      if (judged.id === undefined) continue;
      if (judged.isForeign === true) {
        // Nobody writes a number of another country without its + and then the last digits of a second one.
        if (/\/\d{1,4}$|-\d{1,2}$/.test(text)) continue;
        if (beginsComplete(text, country)) return { begin, stop, reason: "ambiguous" };
      }
      const found = { begin, stop, id: judged.id };
      if (judged.isUnlisted !== true) return found;
      // The metadata knows none of this length, but perhaps a shorter one.
      unlisted ??= found;
    }
  }
  return unlisted;
}

/** The last digits of a second number after the first: `98912 34567/89`, `9876543210-11`, `2345 6789/90/91`. */
const SHORT = /^(?: ?\/ ?\d{1,4}| ?- ?\d{2,4})+(?![\d/-])/;

/** A complete number and the last digits of a second one; undefined where that is not what stands there. */
function shortened(run: string, begin: number, country: CountryCode | undefined): Found | undefined {
  const text = run.slice(begin);
  for (const { index } of text.matchAll(/ ?[/-] ?(?=\d)/g)) {
    const rest = count(text.slice(0, index)) < 7 ? undefined : SHORT.exec(text.slice(index))?.[0];
    const first = text.slice(0, index);
    const head = rest === undefined ? undefined : complete(first, country);
    if (rest === undefined || head === undefined || complete(rest, country) !== undefined) continue;
    const whole = complete(first + rest, country);
    const isSlash = rest.includes("/");
    // A slash or a dash that only groups the digits, or the extension of a German company.
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

/** The id of a number that needs nothing more: valid, and not of another country by mere length. */
function complete(text: string, country: CountryCode | undefined): string | undefined {
  const judged = readPhone(text, country);
  return judged.id === undefined || judged.isUnlisted === true || judged.isForeign === true ? undefined : judged.id;
}

/** Whether a piece at the start is a complete number of the chosen country already, with a few digits after it. */
function beginsComplete(text: string, country: CountryCode | undefined): boolean {
  return [...text.matchAll(/[ /-]/g)].some(
    ({ index }) => count(text.slice(index)) < 7 && complete(text.slice(0, index), country) !== undefined,
  );
}

/** The number of the next item of a list on the same line: `2) ` in `1) 8123456789 2) 8123456780`. */
const NEXT_ITEM = /^\s+[1-9]\d{0,2}(?:\)\s?|[.:]\s)(?:[+([]{0,3}\d|\p{L})/u;
/** The digits before it are not the end of a number. */
const BELONGS = /^\s{0,3}[\p{L}:%€₹$£]/u;
const GLUE = /[A-Za-z\u00c0-\u024f@]/;
const GLUE_BEFORE = /[A-Za-z\u00c0-\u024f]+$/;
const EXTENSION =
  /^(?:[\s,;]{0,3}(?:ext(?:ension|n)?|extn|x|poste|доб|ramal|interno|int|anexo|durchwahl)[.:= ]{0,3}#?\d{1,7}(?![\d\p{L}])|(?:[pw]|,{2,5}|[,;]+(?=\d{1,8}#))\d{1,8}#?(?![\d\p{L}])|#\d{1,6}(?!\d)|;(?:ext|isub|phone-context)=[^\s,;]{1,20}|\?(?:body|text)=\S{0,400})/iu;
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
  // After a 0 in front, the blank stands behind an area code.
  const last = run.startsWith("0") ? 0 : run.trimEnd().lastIndexOf(" ") + 1;
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
