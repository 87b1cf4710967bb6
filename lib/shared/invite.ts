import { targetsOf } from "./redirect";

/**
 * Finds invite codes in texts and addresses: the only place with the forms of invite links.
 *
 * Real codes have 22 base62 characters in both cases and start with `0-9` or `A-L` (899 of 899 collected). Pages are
 * full of similar placeholders, so they are read strictly; `readPasted` is generous.
 */

/** The gateway guide's sample, which newcomers try first. */
const SAMPLE = "AbCdEfGhIjKlMn";
const CODE = `[A-Za-z0-9]{22}|${SAMPLE}`;
const WIDE_CODE = "[A-Za-z0-9_-]{10,64}";

// For page texts: bounded patterns whose adjacent parts do not overlap, so work grows no faster than the text.

// A plain, percent-encoded (up to four times) or escaped (script, HTML) character.
const sign = (plain: string, hex: string) =>
  `(?:${plain}|%(?:25){0,3}${hex}|\\\\(?:u00|x)${hex}|&#(?:x${hex}|${parseInt(hex, 16)});)`;
const SLASH = sign("\\\\{0,16}[/／]", "2F");
const SLASHES = `${SLASH}{1,16}`;
const COLON = sign("\\\\{0,2}[:：]", "3A");
const QUERY = `${sign("\\?", "3F")}(?:[\\w.%-]{1,40}=[\\w.%-]{0,80}&(?:amp;)?){0,6}code${sign("=", "3D")}`;
/** Invisible characters for wrapping or text direction. */
const UNSEEN =
  "\\u00ad\\u034f\\u061c\\u180b-\\u180e\\ufe00-\\ufe0f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff";
const SOFT = `(?:[${UNSEEN}]|%E2%8[01]%[8-9A]\\w){0,16}`;

/** The host may end in a dot and name its default port. */
const COM = "\\.whatsapp\\.com\\.?(?::(?:443|80))?";
const HOST = `(?:www\\.)?chat${COM}${SLASHES}${SOFT}(?:invite${SLASHES}${SOFT})?`;
const WEB = `web${COM}${SLASH}(?:[\\w.%-]{1,40}${SLASH}){0,3}accept${SLASH}?${QUERY}${SOFT}`;
const APP = `(?:whatsapp(?:-smb|-consumer)?|intent)${COLON}(?:${SLASHES})?chat${SLASH}?${QUERY}${SOFT}`;
/** Not in a longer word or slug, nor a user name before @. A second link may be glued on. */
const END = `(?:(?=https?${COLON})|(?![A-Za-z0-9@]|[-_]{1,64}[A-Za-z0-9]))`;

const forms = (code: string, end: string) => `(${HOST}|${WEB}|${APP})(${code})${end}`;
const STRICT = new RegExp(forms(CODE, END), "gi");
/** Invite links with codes of any length, as pasted. */
export const WIDE = new RegExp(forms(WIDE_CODE, "(?![A-Za-z0-9@_-])"), "gi");

/** As people copy and type it: `ttps`, `htps`, `htttps`. */
const HTTP = "(?:h?t{2,3}|ht)ps?";
/** Read backwards from the end. People forget the colon (`https//`). */
const SCHEME = new RegExp(`$(?<=((?:${HTTP}|intent)(?:${COLON})?${SLASHES}))`, "i");
/** What may precede an address's host: nothing, `//`, or schemes. People double schemes and the link's start. */
const BEGINNING = `(?:(?:${HTTP}|intent)(?:${COLON}(?:${SLASHES})?|${SLASHES}))`;
const ADDRESS = new RegExp(
  `^(?:${BEGINNING}{0,4}chat${COM}${SLASHES}(?:invite${SLASHES})?)?(?:${BEGINNING}{1,9}|//)?$`,
  "i",
);
const BETWEEN = /[\s"'`<>()[\]{}|«»“”„，。、]/;
const OTHER_HOST = /(?<=^|\/\/|[^\w./%-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{1,63}(?=[/?:\\])/gi;

/** An invite in a text. `length`: of its link, up to the code's end. */
export interface TextInvite {
  code: string;
  index: number;
  length: number;
}

/**
 * Returns the invite links in a page's text, bare, encoded, escaped or in known redirectors, but not other hosts'.
 * `isInvite` judges their codes.
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
 * Returns the code an address leads to, or `null`. Takes the raw attribute: resolved, a schemeless
 * `chat.whatsapp.com/…` looks like a path of the page. `origin` is the document's.
 */
export function inviteOfUrl(raw: string, origin?: string): string | null {
  return ofUrl(raw, 0, origin);
}

/**
 * A possible invite on a page: an element's attributes, or a text in two unnamed parts, before a link and from it on.
 * In texts, zero-width spaces separate what may be one link (`<wbr>`, emphasis), line breaks separate lines.
 */
export type Source = [name: string, value: string][];

const ADDRESSES = /^(?:(?:xlink:)?href|(?:form)?action)$/i;
/** A text pasted as an address: `Join my group: https://…`, `“https://…”`, `/https://…`. No scheme precedes it. */
const TEXT_AS_ADDRESS =
  /^(?:[^\t\r\n:/?#]{0,200}(?:[ \u00a0"'“”„«]|%2[027]|%E2%80%9)|\.{0,2}\/https?:\/\/chat\.whatsapp\.com\/)/i;
/** Attributes with script, as frameworks name them: `@click`, `x-on:click`, `ng-click`. */
const HANDLERS = /^(?:on|@|_$|\(|jsaction$)|(?:^|[:.-])(?:on|click|tap|press)(?:$|[:.-])/i;
/** Attributes that are read or sent, and lead nowhere. */
const WORDS = /^(?:title|alt|src(?:set|doc)?|value|content|placeholder|style|class|id|name|label|cite|aria-.*)$/i;

/**
 * Returns a candidate's distinct invites: those of a text that end in its second part, or an element's one, by address,
 * else handler, else data.
 */
export function readSource(source: Source, origin?: string): string[] {
  if (source[0]?.[0] === "") return readText(source.map(([, value]) => value));
  // WhatsApp's invite page repeats itself per language.
  if (origin === "https://chat.whatsapp.com" && source.some(([, value]) => /[?&]lang=/.test(value))) return [];
  const codes: { handler?: string; data?: string } = {};
  let hasAddress = false;
  for (const [name, value] of source) {
    const isScript = HANDLERS.test(name) || /^\s*javascript:/i.test(value);
    if (isScript) codes.handler ??= codeOfUrl(value, origin) ?? codeInScript(value);
    else if (ADDRESSES.test(name)) {
      const code = codeOfUrl(value, origin) ?? (TEXT_AS_ADDRESS.test(value.trim()) ? codeInScript(value) : undefined);
      if (code) return [code];
      hasAddress ||= !/^\s*(?:#|$)/.test(value);
    } else if (!WORDS.test(name)) codes.data ??= codeOfUrl(value, origin) ?? codeInScript(value);
  }
  // Data counts only without an address: mail links may carry a stale invite.
  const code = codes.handler ?? (hasAddress ? undefined : codes.data);
  return code === undefined ? [] : [code];
}

function codeOfUrl(value: string, origin: string | undefined): string | undefined {
  const code = inviteOfUrl(value, origin);
  return code !== null && isInvite(code, true) ? code : undefined;
}

/** Returns the only code in script or data; several are a list. */
function codeInScript(value: string): string | undefined {
  // Joins concatenated strings.
  const script = value.slice(0, LONGEST).replace(/["'`]\s{0,9}\+\s{0,9}["'`]/g, "");
  const [code, other] = new Set(codesIn(script));
  return other === undefined ? code : undefined;
}

/** A blank between the slash and a whole code. */
const BLANK = /(chat\.whatsapp\.com\/(?:invite\/)?) {1,3}(?=[A-Za-z0-9]{22}(?![A-Za-z0-9]))/gi;
const ALL_UNSEEN = new RegExp(`[${UNSEEN}]{1,99}`, "g");
/** A link continued on the next line, perhaps quoted, indented, commented or framed. */
const WRAP =
  /(chat\.whatsapp\.com(?:\/{1,9}(?:invite\/{1,9})?[a-z0-9]{0,21})?)[ \u00a0]{0,40}[=\\│║┃┊|]?[\r\n][\s>#*│║┃┊|;]{0,40}(?:\/\/\s{1,9})?(?=\/|[a-z0-9]{1,22}(?![a-z0-9]))/gi;

function readText(parts: string[]): string[] {
  const [first = "", second] = parts.map((part) => part.slice(0, LONGEST));
  const [before, rest] = second === undefined ? ["", first] : [first, second];
  const joined = rest.replace(ALL_UNSEEN, "");
  const split = [
    ...codesIn(joined, before.replace(ALL_UNSEEN, "")),
    // Twice: a code may span three lines.
    ...codesIn(joined.replace(BLANK, "$1").replace(WRAP, "$1").replace(WRAP, "$1"), before),
  ].filter((code) => !endsInWord(code, rest));
  return [...new Set([...codesIn(rest, before), ...codesOfService(rest, before), ...split])];
}

/**
 * Whether a split code's last piece is a word: it then follows a shorter code, and the two are no invite. One split code
 * in a hundred ends like that by chance.
 */
function endsInWord(code: string, text: string): boolean {
  const [split = ""] = new RegExp(`${Array.from(code).join("\\W{0,99}")}[À-ɏ]?`).exec(text) ?? [];
  const [, piece = ""] = /[^A-Za-zÀ-ɏ\d]([A-Za-zÀ-ɏ]+)$/.exec(split) ?? [];
  return /[À-ɏ]$/.test(piece) || (/^(?:[A-Za-z][a-z]{2,}|[A-Z]{4,})$/.test(piece) && /[aeiouy]/i.test(piece));
}

/** Returns the code behind the service address that spans the end of `before`. */
function codesOfService(text: string, before: string): string[] {
  const word = before.slice(before.length - lengthOfEnd(before, (sign) => !BETWEEN.test(sign)));
  const begin = word.search(OTHER_HOST);
  const address = begin < 0 ? "" : `https://${word.slice(begin)}${/^[^\s"'<>]*/.exec(text)![0]}`;
  const code = inviteOfUrl(address);
  return code !== null && text.includes(code) && isInvite(code, false) ? [code] : [];
}

function codesIn(text: string, before = ""): string[] {
  return findInvites(before + text)
    .filter(({ code, index, length }) => index + length > before.length && isInvite(code, false))
    .map(({ code }) => code);
}

/** Whether a code differs from the usual 22 characters; it may still work. */
export function isUnusual(code: string): boolean {
  return !/^[A-Za-z0-9]{22}$/.test(code);
}

/** Longer values are data or an attack. */
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

/** `https://chat.whatsapp.com%2F…@evil.example/`: after a plain scheme, the encoded slash belongs to a user name. */
function isMixed(scheme: string, form: string): boolean {
  return scheme.endsWith("/") && /^(?:(?:www\.)?chat|web)\.whatsapp\.com\.?(?::\d+)?%/i.test(form);
}

/** `intent://chat?code=` belongs to the app that the intent names. */
function isIntentOfApp(form: string, text: string, index: number): boolean {
  return !/^intent/i.test(form) || /scheme=whatsapp|package=com\.whatsapp/i.test(text.slice(index, index + 300));
}

/** Whether a match is a link of its own, not the tail of another host, path or query. `rest`: the remaining word. */
function isOwnLink(before: string, scheme: string, form: string, rest: string): boolean {
  if (isMixed(scheme, form)) return false;
  // Emphasis, a dash or dots before a link are not part of it.
  const outside = before.slice(0, before.length - scheme.length).replace(/(?<![\w.%@\\/-])[-_.]{1,3}$/, "");
  const isEscaped = /^\\[nrt]$/.test(outside.slice(-2));
  if (!scheme && !isEscaped) {
    // Glued to the host (`my-chat.whatsapp.com`), or a user name, path or other scheme.
    if (/[A-Za-z0-9._@%\\-]/.test(outside.at(-1) ?? "")) return false;
    if (outside.endsWith("/") && !/(?:^|[^A-Za-z0-9.:/\\_-])\/\/$/.test(outside.slice(-3))) return false;
  }
  const token = outside.slice(outside.length - lengthOfEnd(outside, (sign) => !BETWEEN.test(sign)));
  const hosts = [...token.matchAll(OTHER_HOST)];
  const host = hosts.length ? token.slice(hosts.at(-1)!.index) : "";
  if (!host || /^(?:(?:www\.)?chat|web)\.whatsapp\.com[/?:\\]/i.test(host)) return true;
  // In another address's path or query, a link counts only if that address forwards to it; glued links count.
  if (!/[=/?#&_]/.test(token.at(-1) ?? "") && !/%/.test(scheme + form)) return true;
  return ofUrl(`https://${host}${scheme}${form}${rest}`, 0) !== null;
}

/** Counts trailing characters of a kind; a regex would restart at each. */
export function lengthOfEnd(text: string, isOfKind: (sign: string) => boolean): number {
  let length = 0;
  while (length < text.length && isOfKind(text[text.length - 1 - length]!)) length += 1;
  return length;
}

/**
 * Whether something like a code is not filler, a sample or words. Links pass more easily: at worst, one raises a
 * question about a nonexistent group.
 */
export function isInvite(code: string, isLink: boolean): boolean {
  if (code === SAMPLE) return true;
  if (isUnusual(code) || code.startsWith("0029V") || !/[a-z]/.test(code) || !/[A-Z]/.test(code)) return false;
  if (WORD.test(code) || isFiller(code, isLink ? 5 : 3)) return false;
  // In words, most small letters follow a letter, two of five are vowels, and kinds of characters cluster. Group names
  // score 12 to 20, random codes -2 (deviation 5): one code in 500 is lost.
  const wordiness =
    count(code, /(?<=[A-Za-z])[a-z]/g) +
    count(code, /[aeiou]/gi) -
    count(code, /(?<=[a-z])[^a-z]|(?<=[A-Z])[^A-Z]|(?<=\d)\D/g);
  if (/^[0-9A-L]/.test(code)) return isLink || wordiness < 12;
  // The first character is undocumented, so it decides in text only.
  return isLink && wordiness < 5 && count(code, /\d/g) > 1;
}

/** Words of placeholders and slugs; one random code in some thousands has one. */
const WORD =
  /group|grup|invit|join|link|code|codigo|your|here|example|sample|test|demo|dummy|placehold|later|todo|whats|channel|commun|offici|oficial|chat|2024|2025|2026|2027/i;

/** Whether a code repeats or counts, `times` in a row or often, or takes letters and digits in turn. */
function isFiller(code: string, times: number): boolean {
  const signs = Array.from(code.toLowerCase(), (sign) => sign.charCodeAt(0));
  const steps = signs.map((sign, i) => ({ 1: "+", [-1]: "-" })[sign - (signs[i - 1] ?? NaN)] ?? ".").join("");
  const goes = ["+", "-"].some((step) => steps.includes(step.repeat(times + 1)));
  const isInTurn = /(?:[a-z]\d){6}/i.test(code);
  return goes || isInTurn || count(steps, /\+/g) > times + 3 || new RegExp(`(.)\\1{${times}}`).test(code);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
