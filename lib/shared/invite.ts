import { targetsOf } from "./redirect";

/**
 * Reads invite codes out of texts and addresses: the only place that knows how an invite link looks. No DOM, no state.
 *
 * A real code has 22 characters of base62, begins with `0-9` or `A-L` and has letters of both cases (899 of 899 that were
 * collected from directories and pages). A page is full of placeholders, slugs and samples of the same shape, so reading
 * a page is strict; `readPasted` (pasted.ts) takes what an agent pasted on purpose and is generous.
 */

/** The sample of the gateway's own guide. Shorter than any real code, and the one that a newcomer tries first. */
const SAMPLE = "AbCdEfGhIjKlMn";
const CODE = `[A-Za-z0-9]{22}|${SAMPLE}`;
/** The widest form that is handed on. */
const WIDE_CODE = "[A-Za-z0-9_-]{10,64}";

// Every pattern here is bounded, and no two parts that can match the same characters without end stand side by side. A page
// writes these texts: twice the text must be at most twice the work.

// Each character of a link as it stands in text: plain, percent-encoded (up to four times), as script or as HTML escapes it.
const sign = (plain: string, hex: string) =>
  `(?:${plain}|%(?:25){0,3}${hex}|\\\\(?:u00|x)${hex}|&#(?:x${hex}|${parseInt(hex, 16)});)`;
const SLASH = sign("\\\\{0,16}/", "2F");
const SLASHES = `${SLASH}{1,16}`;
const COLON = sign("\\\\{0,2}:", "3A");
const QUERY = `${sign("\\?", "3F")}(?:[\\w.%-]{1,40}=[\\w.%-]{0,80}&(?:amp;)?){0,6}code${sign("=", "3D")}`;
/** Characters that take no room: they let a link wrap, or tell in which direction it is written. */
const UNSEEN =
  "\\u00ad\\u034f\\u061c\\u180b-\\u180e\\ufe00-\\ufe0f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff";
const SOFT = `(?:[${UNSEEN}]|%E2%8[01]%[8-9A]\\w){0,16}`;

/** A host may end in a dot, and name the port that it has anyway. */
const COM = "\\.whatsapp\\.com\\.?(?::(?:443|80))?";
const HOST = `chat${COM}${SLASHES}${SOFT}(?:invite${SLASHES}${SOFT})?`;
const WEB = `web${COM}${SLASH}(?:[\\w.%-]{1,40}${SLASH}){0,3}accept${SLASH}?${QUERY}${SOFT}`;
const APP = `(?:whatsapp(?:-smb|-consumer)?|intent)${COLON}(?:${SLASHES})?chat${SLASH}?${QUERY}${SOFT}`;
/** A longer word, a slug or a user name before an @ is not a code; the scheme of a second link that is glued to it is none. */
const END = `(?:(?=https?${COLON})|(?![A-Za-z0-9@]|[-_]{1,64}[A-Za-z0-9]))`;

const forms = (code: string, end: string) => `(${HOST}|${WEB}|${APP})(${code})${end}`;
const STRICT = new RegExp(forms(CODE, END), "gi");
/** The same with codes of any length, as they are pasted. */
export const WIDE = new RegExp(forms(WIDE_CODE, "(?![A-Za-z0-9@_-])"), "gi");

/** At the end of a text, read from there backwards. People forget the colon (`https//`). */
const SCHEME = new RegExp(`$(?<=((?:https?|intent)(?:${COLON})?${SLASHES}))`, "i");
/**
 * Everything before the host in an address: nothing, `//`, or schemes, which people double (`https:https://`), as they do
 * the beginning of the link.
 */
const BEGINNING = `(?:(?:https?|intent)(?:${COLON}(?:${SLASHES})?|${SLASHES}))`;
const ADDRESS = new RegExp(
  `^(?:${BEGINNING}{0,4}chat${COM}${SLASHES}(?:invite${SLASHES})?)?(?:${BEGINNING}{1,9}|//)?$`,
  "i",
);
const BETWEEN = /[\s"'`<>()[\]{}|«»“”„，。、]/;
const OTHER_HOST = /(?<=^|\/\/|[^\w./%-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{1,63}(?=[/?:\\])/gi;

/** An invite in a text: its code, where its link begins and how long the link is up to the end of the code. */
export interface TextInvite {
  code: string;
  index: number;
  length: number;
}

/**
 * The links in a text of a page that have the form of an invite, in order: bare ones with and without scheme,
 * percent-encoded, JSON-escaped and inside known redirectors; not those of other hosts. `isInvite` judges their codes.
 */
export function findInvites(text: string): TextInvite[] {
  const found: TextInvite[] = [];
  for (const match of text.matchAll(STRICT)) {
    const [whole, form = "", code = ""] = match;
    const before = text.slice(Math.max(0, match.index - 300), match.index);
    const scheme = SCHEME.exec(before)?.[1] ?? "";
    const after = /^[^\s"'<>]{0,300}/.exec(
      text.slice(match.index + whole.length, match.index + whole.length + 300),
    )![0];
    if (!isOwnLink(before, scheme, form, code + after) || !isIntentOfApp(form, text, match.index)) continue;
    found.push({ code, index: match.index - scheme.length, length: scheme.length + whole.length });
  }
  return found;
}

/**
 * The code that an address leads to by its form, or `null`. Takes the raw attribute (`href`, `action`), not the resolved
 * address, because only the raw one tells `chat.whatsapp.com/…` without a scheme from a path of another host. `origin` is
 * that of the document: what a relative address belongs to.
 */
export function inviteOfUrl(raw: string, origin?: string): string | null {
  return ofUrl(raw, 0, origin);
}

/**
 * What may hold an invite, as the page script found it. Either the attributes of an element, or a text in two parts, both
 * under no name: what stands before a link, and the link with what follows. Where the page has several texts in one line,
 * a zero-width space stands between them, since `<wbr>` and emphasis break one link into several; a line break stands
 * between two lines.
 */
export type Source = [name: string, value: string][];

/** Attributes whose value is an address that a press goes to. */
const ADDRESSES = /^(?:(?:xlink:)?href|(?:form)?action)$/i;
/** Attributes whose value is script that a press runs, as frameworks name them: `@click`, `x-on:click`, `ng-click`, `on`. */
const HANDLERS = /^(?:on|@|_$|\(|jsaction$)|(?:^|[:.-])(?:on|click|tap|press)(?:$|[:.-])/i;
/** Attributes that are read, searched or sent, and lead nowhere. */
const WORDS = /^(?:title|alt|src|srcset|value|content|placeholder|style|class|id|name|label|cite|aria-.*)$/i;

/**
 * The invites in a candidate of the page script, each once: those of a text that end in its second part, or the one that an
 * element leads to: by its address, else by its handler, else by its data. `origin` is that of the page.
 */
export function readSource(source: Source, origin?: string): string[] {
  if (source[0]?.[0] === "") return readText(source.map(([, value]) => value));
  // WhatsApp's own page of an invite repeats it for each language that it can be read in.
  if (origin === "https://chat.whatsapp.com" && source.some(([, value]) => /[?&]lang=/.test(value))) return [];
  const codes: { handler?: string; data?: string } = {};
  let hasAddress = false;
  for (const [name, value] of source) {
    const isScript = HANDLERS.test(name) || /^\s*javascript:/i.test(value);
    if (isScript) codes.handler ??= codeOfUrl(value, origin) ?? codeInScript(value);
    else if (ADDRESSES.test(name)) {
      const code = codeOfUrl(value, origin);
      if (code) return [code];
      hasAddress ||= !/^\s*(?:#|$)/.test(value);
    } else if (!WORDS.test(name)) codes.data ??= codeOfUrl(value, origin) ?? codeInScript(value);
  }
  // A data attribute is the link only where there is no address: a mail link may carry a stale one.
  const code = codes.handler ?? (hasAddress ? undefined : codes.data);
  return code === undefined ? [] : [code];
}

function codeOfUrl(value: string, origin: string | undefined): string | undefined {
  const code = inviteOfUrl(value, origin);
  return code !== null && isInvite(code, true) ? code : undefined;
}

/** The code of the link in a script or in data, if it is a single one: many are a list that belongs to no press. */
function codeInScript(value: string): string | undefined {
  // Script also writes a link in parts.
  const script = value.slice(0, LONGEST).replace(/["'`]\s{0,9}\+\s{0,9}["'`]/g, "");
  const [code, other] = new Set(codesIn(script));
  return other === undefined ? code : undefined;
}

const ALL_UNSEEN = new RegExp(`[${UNSEEN}]{1,99}`, "g");
/**
 * A link that goes on in the next line, which may be quoted, indented, a comment, or in a frame of lines. The tail of its
 * code must be the end of a word.
 */
const WRAP =
  /(chat\.whatsapp\.com(?:\/{1,9}(?:invite\/{1,9})?[a-z0-9]{0,21})?)[=\\ │|]{0,4}[\r\n][\s>#*│|;]{0,40}(?:\/\/\s{1,9})?(?=\/|[a-z0-9]{1,22}(?![a-z0-9]))/gi;

function readText(parts: string[]): string[] {
  const [first = "", second] = parts.map((part) => part.slice(0, LONGEST));
  const [before, rest] = second === undefined ? ["", first] : [first, second];
  const joined = rest.replace(ALL_UNSEEN, "");
  return [
    ...new Set([
      ...codesIn(rest, before),
      ...codesOfService(rest, before),
      ...codesIn(joined, before.replace(ALL_UNSEEN, "")),
      // Twice: a code may run over three lines.
      ...codesIn(joined.replace(WRAP, "$1").replace(WRAP, "$1"), before),
    ]),
  ];
}

/** The code to which the address leads that runs over the end of `before`: services encode it in ways of their own. */
function codesOfService(text: string, before: string): string[] {
  const word = before.slice(before.length - lengthOfEnd(before, (sign) => !BETWEEN.test(sign)));
  const begin = word.search(/https?:\/\//i);
  const address = begin < 0 ? "" : word.slice(begin) + /^[^\s"'<>]*/.exec(text)![0];
  const code = inviteOfUrl(address);
  return code !== null && text.includes(code) && isInvite(code, false) ? [code] : [];
}

/** The codes of the invites in a text; `before` is what stands before it. */
function codesIn(text: string, before = ""): string[] {
  return findInvites(before + text)
    .filter(({ code, index, length }) => index + length > before.length && isInvite(code, false))
    .map(({ code }) => code);
}

/** Whether a code has not the form of the codes in the wild; it may still be good. */
export function isUnusual(code: string): boolean {
  return !/^[A-Za-z0-9]{22}$/.test(code);
}

/** Nobody writes a longer link; a longer attribute is data or an attack. */
const LONGEST = 4096;

function ofUrl(raw: string, depth: number, origin?: string): string | null {
  const url = raw
    .slice(0, LONGEST)
    .trim()
    .replace(/[\t\r\n]/g, "")
    .replace(/\\+\/?/g, "/");
  const [match] = url.matchAll(STRICT);
  if (match) {
    const [whole, form = "", code = ""] = match;
    const before = url.slice(0, match.index);
    const rest = url.slice(match.index + whole.length);
    const isAddress = ADDRESS.test(before) && !isMixed(before, form) && !/^\/+(?!https?:)[A-Za-z0-9]/.test(rest);
    if (isAddress && isIntentOfApp(form, url, match.index)) return code;
  }
  if (depth > 2) return null;
  for (const target of targetsOf(url, origin)) {
    const code = ofUrl(target, depth + 1);
    if (code) return code;
  }
  return null;
}

/** `https://chat.whatsapp.com%2F…@evil.example/`: with a plain scheme the encoded slash is part of a user name. */
function isMixed(scheme: string, form: string): boolean {
  return scheme.endsWith("/") && /^(?:chat|web)\.whatsapp\.com\.?(?::\d+)?%/i.test(form);
}

/** `intent://chat?code=` belongs to whatever app the intent names. */
function isIntentOfApp(form: string, text: string, index: number): boolean {
  return !/^intent/i.test(form) || /scheme=whatsapp|package=com\.whatsapp/i.test(text.slice(index, index + 300));
}

/**
 * Whether the text before a form leaves it a link of its own, and not the tail of another host, path or query; `rest` is
 * what follows the form up to the end of the word.
 */
function isOwnLink(before: string, scheme: string, form: string, rest: string): boolean {
  if (isMixed(scheme, form)) return false;
  const outside = before.slice(0, before.length - scheme.length);
  const isEscaped = /^\\[nrt]$/.test(outside.slice(-2));
  if (!scheme && !isEscaped) {
    // The word before is glued to the host (`my-chat.whatsapp.com`), or it is a user name, a path or another scheme.
    if (/[A-Za-z0-9._@%\\-]/.test(outside.at(-1) ?? "")) return false;
    if (outside.endsWith("/") && !/(?:^|[^A-Za-z0-9.:/\\_-])\/\/$/.test(outside.slice(-3))) return false;
  }
  const token = outside.slice(outside.length - lengthOfEnd(outside, (sign) => !BETWEEN.test(sign)));
  const hosts = [...token.matchAll(OTHER_HOST)];
  const host = hosts.length ? token.slice(hosts.at(-1)!.index) : "";
  if (!host || /^(?:chat|web)\.whatsapp\.com/i.test(host)) return true;
  // A link inside the path or query of another address belongs to that address, which may only forward to it; two that are
  // merely glued do not.
  if (!/[=/?#&_]/.test(token.at(-1) ?? "") && !/%/.test(scheme + form)) return true;
  return ofUrl(`https://${host}${scheme}${form}${rest}`, 0) !== null;
}

/** How many characters at the end of a text are of a kind. A pattern for it would begin anew at each of them. */
export function lengthOfEnd(text: string, isOfKind: (sign: string) => boolean): number {
  let length = 0;
  while (length < text.length && isOfKind(text[text.length - 1 - length]!)) length += 1;
  return length;
}

/**
 * Whether what has the form of a code is a code, and not a filler, a sample or words. In a link that somebody made
 * clickable, words are no reason against it: the worst is a question about a group that does not exist. In text they are.
 */
export function isInvite(code: string, isLink: boolean): boolean {
  if (code === SAMPLE) return true;
  if (isUnusual(code) || code.startsWith("0029V") || !/[a-z]/.test(code) || !/[A-Z]/.test(code)) return false;
  if (WORD.test(code) || isFiller(code, isLink ? 5 : 3)) return false;
  // In words most small letters follow a letter, two of five letters are vowels, and letters of a kind stand together.
  // Names of groups written as one word reach 12 to 20 here, chance -2 with a deviation of 5: one real code of 500 is lost.
  const wordiness =
    count(code, /(?<=[A-Za-z])[a-z]/g) +
    count(code, /[aeiou]/gi) -
    count(code, /(?<=[a-z])[^a-z]|(?<=[A-Z])[^A-Z]|(?<=\d)\D/g);
  if (/^[0-9A-L]/.test(code)) return isLink || wordiness < 12;
  // Nobody documents the first character, so that it decides in text alone.
  return isLink && wordiness < 5 && count(code, /\d/g) > 1;
}

/** Words of placeholders and slugs. By chance one of them is in one code of some thousand. */
const WORD =
  /group|grup|invit|join|link|code|codigo|your|here|example|sample|test|demo|dummy|placehold|later|todo|whats|channel|commun|offici|oficial|chat|2024|2025|2026|2027/i;

/** Whether a code repeats a character, or counts up or down as in `AbCdEf` or `123456`: so many times in one go, or often. */
function isFiller(code: string, times: number): boolean {
  const signs = Array.from(code.toLowerCase(), (sign) => sign.charCodeAt(0));
  const steps = signs.map((sign, i) => ({ 1: "+", [-1]: "-" })[sign - (signs[i - 1] ?? NaN)] ?? ".").join("");
  const goes = ["+", "-"].some((step) => steps.includes(step.repeat(times + 1)));
  return goes || count(steps, /\+/g) > times + 3 || new RegExp(`(.)\\1{${times}}`).test(code);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
