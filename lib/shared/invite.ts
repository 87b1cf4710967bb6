/**
 * Text to invite codes: the only place that knows how an invite link looks. No DOM, no state.
 *
 * A real code has 22 characters of base62, begins with `0-9` or `A-L` and has letters of both cases (899 of 899 that were
 * collected from directories and pages). A page is full of placeholders, slugs and samples of the same shape, so reading
 * a page is strict; `readPasted` takes what an agent pasted on purpose and is generous.
 */

/** The sample of the gateway's own guide. Shorter than any real code, and the one that a newcomer tries first. */
const SAMPLE = "AbCdEfGhIjKlMn";
const CODE = `[A-Za-z0-9]{22}|${SAMPLE}`;
/** The widest form that is handed on (product, section 8). */
const WIDE_CODE = "[A-Za-z0-9_-]{10,64}";

// Everything here is bounded, and no two parts that may take the same signs without end stand side by side: a page writes
// these texts, and twice the text must be at most twice the work.

// Each sign of a link as it stands in text: plain, percent-encoded (up to four times), JSON-escaped once or more.
const sign = (plain: string, hex: string) => `(?:${plain}|%(?:25){0,3}${hex}|\\\\u00${hex})`;
const SLASH = sign("\\\\{0,16}/", "2F");
const SLASHES = `${SLASH}{1,16}`;
const COLON = sign(":", "3A");
const QUERY = `${sign("\\?", "3F")}(?:[\\w.%-]{1,40}=[\\w.%-]{0,80}&(?:amp;)?){0,6}code${sign("=", "3D")}`;
/** Signs that take no room and may stand inside a link to let it wrap. */
const SOFT = "[\\u00ad\\u200b-\\u200d\\u2060\\ufeff]{0,16}";

const HOST = `chat\\.whatsapp\\.com(?::443)?${SLASHES}${SOFT}(?:invite${SLASHES}${SOFT})?`;
const WEB = `web\\.whatsapp\\.com${SLASH}(?:[\\w.-]{1,40}${SLASH}){0,3}accept${SLASH}?${QUERY}${SOFT}`;
const APP = `(?:whatsapp|intent)${COLON}(?:${SLASHES})?chat${SLASH}?${QUERY}${SOFT}`;
/** A longer word, a slug or a user name before an @ is not a code. */
const END = "(?![A-Za-z0-9@]|[-_]{1,64}[A-Za-z0-9])";

const forms = (code: string, end: string) => `(${HOST}|${WEB}|${APP})(${code})${end}`;
const STRICT = new RegExp(forms(CODE, END), "gi");
const WIDE = new RegExp(forms(WIDE_CODE, "(?![A-Za-z0-9@_-])"), "gi");

/** At the end of a text, read from there backwards. */
const SCHEME = new RegExp(`$(?<=((?:https?|intent)${COLON}${SLASHES}))`, "i");
/** Everything before the host in an address: nothing, `//`, or schemes, which people double (`https:https://`). */
const ADDRESS = new RegExp(`^(?:(?:(?:https?|intent)${COLON}(?:${SLASHES})?)+|//)?$`, "i");
const BETWEEN = /[\s"'`<>()[\]{}|«»“”„，。、]/;
const OTHER_HOST = /(?<=^|\/\/|[^\w./%-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{1,63}(?=[/?:\\])/gi;

/** Services that only forward, with the paths that do; their target is read from the address and never fetched. */
const REDIRECTORS = new RegExp(
  `^(?:[\\w-]+\\.)*(?:${(
    "facebook.com/l.php facebook.com/flx/warn lm?.instagram.com/ lm?.messenger.com/ lm?.workplace.com/ l.threads.net/ " +
    "l.threads.com/ l.wl.co/l google.[a-z]{2,3}/url google.com?.[a-z]{2}/url youtube.com/redirect vk.com/away " +
    "safelinks.protection.outlook.com/ urldefense.com/ urldefense.proofpoint.com/ slack-redir.net/link out.reddit.com/ " +
    "linkedin.com/safety/go linkedin.com/redir/ t.umblr.com/redirect duckduckgo.com/l/ steamcommunity.com/linkfilter " +
    "disq.us/ exit.sc/ href.li/ web.archive.org/web/"
  )
    .replace(/\./g, "\\.")
    .replace(/ /g, "|")})`,
  "i",
);

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
    if (!isOwnLink(before, scheme, form) || !isIntentOfApp(form, text, match.index)) continue;
    found.push({ code, index: match.index - scheme.length, length: scheme.length + whole.length });
  }
  return found;
}

/**
 * The code that an address leads to by its form, or `null`. Takes the raw attribute (`href`, `action`), not the resolved address,
 * because only the raw one tells `chat.whatsapp.com/…` without a scheme from a path of another host.
 */
export function inviteOfUrl(raw: string): string | null {
  return ofUrl(raw, 0);
}

/** Stands where two texts of a page meet that may be one link: `<wbr>` and emphasis break one into several. */
const SEAM = "\u200b";

/** What may hold an invite, as the page script found it: the attributes of an element, or a text under no name. */
export type Source = [name: string, value: string][];

/**
 * The invites in a candidate of the page script, each once: an element by its attributes, of which the first that leads to
 * an invite counts, or a text under no name.
 */
export function readSource(source: Source, origin?: string): string[] {
  // WhatsApp's own page of an invite repeats it for each language that it can be read in.
  if (origin === "https://chat.whatsapp.com" && source.some(([, value]) => /[?&]lang=/.test(value))) return [];
  let byHandler: string[] = [];
  let byData: string[] = [];
  let hasAddress = false;
  for (const [name, value] of source) {
    if (name === "") {
      const text = value.slice(0, LONGEST);
      const whole = codesIn(text.replaceAll(SEAM, ""));
      return [...new Set([...codesIn(text), ...whole.filter((code) => text.includes(code))])];
    }
    const byAddress = [inviteOfUrl(value) ?? ""].filter((code) => isInvite(code, true));
    if (/^(?:(?:xlink:)?href|(?:form)?action)$/.test(name)) {
      if (byAddress.length) return byAddress;
      hasAddress ||= !/^\s*(?:#|$|javascript:)/i.test(value);
      continue;
    }
    // Script writes a slash as \x2f as well; the other escapes are known to the text forms.
    const [inScript] = codesIn(value.slice(0, LONGEST).replace(/\\x2f/gi, "/"));
    const found = byAddress.length || !inScript ? byAddress : [inScript];
    if (name === "onclick") byHandler = found;
    else if (!byData.length) byData = found;
  }
  if (byHandler.length) return byHandler;
  // A data attribute is the link only where there is no address: a mail link may carry a stale one.
  return hasAddress ? [] : byData;
}

function codesIn(text: string): string[] {
  return findInvites(text).flatMap(({ code }) => (isInvite(code, false) ? [code] : []));
}

/** Why something that was pasted is not an invite to a group. */
export type NoInvite =
  /** A channel: it is followed, not joined. */
  | "channel"
  /** A chat with one number (`wa.me`, `api.whatsapp.com`). */
  | "chat"
  /** A voice or video call. */
  | "call"
  /** The id of a group (`…@g.us`): it names the group and lets nobody in. */
  | "group-id"
  /** A 16-character private invite: sent to one person, dead after 72 h, not joinable by code. */
  | "private"
  /** A WhatsApp link without a code, or a link to another site. */
  | "link";

export interface Pasted {
  /** Each code once, in the order of the text. `isUnusual`: not the 22 characters of the codes in the wild. */
  invites: { code: string; isUnusual: boolean }[];
  rejects: { text: string; why: NoInvite }[];
}

/** What an agent pasted or typed on purpose: links and bare codes, one or many, in any text around them. */
export function readPasted(text: string): Pasted {
  const codes = new Set<string>();
  const rejects = new Map<string, NoInvite>();
  // Links are defanged to pass filters: chat[.]whatsapp[.]com, hxxps://
  const plain = text
    .slice(0, 200_000)
    .replace(/\[\.\]|\(\.\)/g, ".")
    .replace(/\bhxxp(?=s?:)/gi, "http");
  for (const line of plain.split(/[\r\n]+/)) {
    const words = line.split(/[\s,;|<>"'`()«»“”„，。、]+/).filter(Boolean);
    for (const word of words) readWord(word, words.length === 1, codes, rejects);
  }
  return {
    invites: [...codes].map((code) => ({ code, isUnusual: isUnusual(code) })),
    rejects: [...rejects].map(([text, why]) => ({ text, why })),
  };
}

/** Whether a code has not the form of the codes in the wild; it may still be good. */
export function isUnusual(code: string): boolean {
  return !/^[A-Za-z0-9]{22}$/.test(code);
}

/** Nobody writes a longer link; a longer attribute is data or an attack. */
const LONGEST = 4096;

function ofUrl(raw: string, depth: number): string | null {
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
    const isAddress = ADDRESS.test(before) && !isMixed(before, form) && !/^\/+[A-Za-z0-9]/.test(rest);
    if (isAddress && isIntentOfApp(form, url, match.index)) return code;
  }
  const address = /^(?:https?:)?\/\/(.*)$/i.exec(url)?.[1];
  if (depth > 2 || !address || !REDIRECTORS.test(address)) return null;
  for (const part of address.split(/[?&#]|(?=https?(?::|%3A))/i).slice(1)) {
    const code = ofUrl(decode(part.replace(/^[\w-]+=/, "")), depth + 1);
    if (code) return code;
  }
  return null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % makes the whole undecodable; the text forms know the encoded signs themselves.
    return text;
  }
}

/** `https://chat.whatsapp.com%2F…@evil.example/`: with a plain scheme the encoded slash is part of a user name. */
function isMixed(scheme: string, form: string): boolean {
  return scheme.endsWith("/") && /^(?:chat|web)\.whatsapp\.com(?::443)?%/i.test(form);
}

/** `intent://chat?code=` belongs to whatever app the intent names. */
function isIntentOfApp(form: string, text: string, index: number): boolean {
  return !/^intent/i.test(form) || /scheme=whatsapp|package=com\.whatsapp/i.test(text.slice(index, index + 300));
}

/** Whether the text before a form leaves it a link of its own, and not the tail of another host, path or query. */
function isOwnLink(before: string, scheme: string, form: string): boolean {
  if (isMixed(scheme, form)) return false;
  const outside = before.slice(0, before.length - scheme.length);
  const isEscaped = /^\\[nrt]$/.test(outside.slice(-2));
  if (!scheme && !isEscaped) {
    // The word before is glued to the host (`my-chat.whatsapp.com`), or it is a user name, a path or another scheme.
    if (/[A-Za-z0-9._@%\\-]/.test(outside.at(-1) ?? "")) return false;
    if (outside.endsWith("/") && !/(?:^|[^A-Za-z0-9.:/\\_-])\/\/$/.test(outside.slice(-3))) return false;
  }
  const token = outside.slice(outside.length - lengthOfEnd(outside, (sign) => !BETWEEN.test(sign)));
  let host: string | undefined;
  for (const other of token.matchAll(OTHER_HOST)) host = token.slice(other.index);
  if (!host || /^(?:chat|web)\.whatsapp\.com/i.test(host) || REDIRECTORS.test(host)) return true;
  // A link inside the path or query of another address belongs to that address; two that are merely glued do not.
  return !/[=/?#&]/.test(token.at(-1) ?? "") && !/%/.test(scheme + form);
}

/** How many signs at the end of a text are of a kind. A pattern for it would begin anew at each sign of the text. */
function lengthOfEnd(text: string, isOfKind: (sign: string) => boolean): number {
  let length = 0;
  while (length < text.length && isOfKind(text[text.length - 1 - length]!)) length += 1;
  return length;
}

/**
 * Whether what has the form of a code is a code, and not a filler, a sample or words. In a link that somebody made
 * clickable the first character is only a hint, since nobody documents it; in text it decides.
 */
export function isInvite(code: string, isLink: boolean): boolean {
  if (code === SAMPLE) return true;
  if (isUnusual(code) || code.startsWith("0029V") || !/[a-z]/.test(code) || !/[A-Z]/.test(code)) return false;
  if (/(.)\1{3}/.test(code) || isSequence(code) || WORD.test(code)) return false;
  // In words most small letters follow a letter, two of five letters are vowels, and letters of a kind stand together.
  // Names of groups written as one word reach 12 to 20 here, chance -2 with a deviation of 5: one real code of 500 is lost.
  const wordiness =
    count(code, /(?<=[A-Za-z])[a-z]/g) +
    count(code, /[aeiou]/gi) -
    count(code, /(?<=[a-z])[^a-z]|(?<=[A-Z])[^A-Z]|(?<=\d)\D/g);
  if (/^[0-9A-L]/.test(code)) return wordiness < 12;
  return isLink && wordiness < 5 && count(code, /\d/g) > 1;
}

/** Words of placeholders and slugs. By chance one of them is in one code of some thousand. */
const WORD =
  /group|grup|invit|join|link|code|codigo|your|here|example|sample|test|demo|dummy|placehold|later|todo|whats|channel|commun|offici|oficial|chat|2024|2025|2026|2027/i;

/** Whether a code counts up or down, as in `AbCdEf` or `123456`, in one go of five or here and there. */
function isSequence(code: string): boolean {
  const signs = Array.from(code.toLowerCase(), (sign) => sign.charCodeAt(0));
  const steps = signs.map((sign, i) => ({ 1: "+", [-1]: "-" })[sign - (signs[i - 1] ?? NaN)] ?? ".").join("");
  return /\+{4}|-{4}/.test(steps) || count(steps, /\+/g) > 6;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function readWord(word: string, isAlone: boolean, codes: Set<string>, rejects: Map<string, NoInvite>): void {
  const shown = word.slice(0, 200);
  const links = [...word.matchAll(WIDE)].map((match) => match[2] ?? "");
  const target = links.length ? null : inviteOfUrl(word);
  if (target) codes.add(target);
  for (const link of links) {
    // Emphasis marks of the chat (`_…_`) are of the code's alphabet; no code of the wild ends in one.
    const code = /^[A-Za-z0-9]{22}(?=[-_]+$)/.exec(link)?.[0] ?? link;
    const why = noCode(code);
    if (why) rejects.set(shown, why);
    else codes.add(code);
  }
  if (links.length || target) return;
  const begun = word.replace(/^[*_~.:!?]+/, "");
  const bare = begun.slice(0, begun.length - lengthOfEnd(begun, (sign) => /[*_~.:!?…]/.test(sign)));
  const why = noLink(bare);
  if (why) {
    rejects.set(shown, why);
  } else if (/^[A-Za-z0-9_-]{10,64}$/.test(bare) && (isAlone || isInvite(bare, false))) {
    const reason = noCode(bare);
    if (reason) rejects.set(shown, reason);
    else codes.add(bare);
  }
}

function noCode(code: string): NoInvite | undefined {
  if (code.startsWith("0029V") && code.length < 30) return "channel";
  if (/^\d{10,}(?:-\d+)?$/.test(code)) return "group-id";
  if (code.length === 16) return "private";
  return undefined;
}

function noLink(word: string): NoInvite | undefined {
  if (/@g\.us$/i.test(word)) return "group-id";
  if (/whatsapp\.com\/channel\b|@newsletter$/i.test(word)) return "channel";
  if (/(?:^|\/)call\.whatsapp\.com\//i.test(word)) return "call";
  if (/(?:^|\/)wa\.me\/|api\.whatsapp\.com\/|whatsapp:\/\/send/i.test(word)) return "chat";
  if (/^https?:\/\/|whatsapp\.com/i.test(word)) return "link";
  return undefined;
}
