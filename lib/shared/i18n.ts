import type messages from "../../public/_locales/en/messages.json";

/** A key of `_locales`. A key that only exists with plural endings goes to `plural`, without its ending. */
export type MessageKey = keyof typeof messages;

type PluralBase<K> = K extends `${infer Base}_other` ? Base : never;
/** Keys that have a plural: `x_other` (and `x_one`, `x_few` … where the language needs them). */
export type PluralKey = PluralBase<MessageKey>;

/** The part of `browser.i18n` that is used; a test or a page without it can set another one. */
interface BrowserI18n {
  getMessage(key: string, substitutions?: string[]): string;
  getUILanguage(): string;
}

const i18n = (): BrowserI18n =>
  (globalThis as unknown as { browser?: { i18n: BrowserI18n }; chrome?: { i18n: BrowserI18n } }).browser?.i18n ??
  (globalThis as unknown as { chrome: { i18n: BrowserI18n } }).chrome.i18n;

/** The sentence for a key, with `$1`, `$2` … replaced. A missing key returns itself, so that it is seen. */
export function t(key: MessageKey, ...substitutions: (string | number)[]): string {
  return i18n().getMessage(key, isolated(substitutions)) || key;
}

/** The sentence for a count, in the plural form of the language; `$1` is the count, formatted, then the others. */
export function plural(key: PluralKey, count: number, ...substitutions: (string | number)[]): string {
  const form = new Intl.PluralRules(locale()).select(count);
  const rest = [number(count), ...isolated(substitutions)];
  return i18n().getMessage(`${key}_${form}`, rest) || i18n().getMessage(`${key}_other`, rest) || key;
}

/** Letters that are read from right to left. */
const MIRRORED = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * What goes into a sentence. A part that may run against the sentence is isolated (FSI, PDI): the groups of digits in a
 * phone number would else stand in reversed order, and a name would take the signs and digits beside it along.
 */
function isolated(parts: (string | number)[]): string[] {
  const isMirrored = parts.length > 0 && direction() === "rtl";
  return parts.map((part) => (isMirrored || MIRRORED.test(String(part)) ? `\u2068${part}\u2069` : String(part)));
}

/** Returns the parts that say something in one line, with a dot between them. */
export function joined(parts: (string | undefined)[]): string {
  return isolated(parts.filter((part): part is string => part !== undefined && part !== "")).join(" · ");
}

/**
 * The language of the words, as a BCP 47 tag: that of the catalogue in use. A browser whose language has no catalogue gets
 * English words, and they follow English rules. The region comes from the browser where it speaks the same language.
 */
export function locale(): string {
  const catalogue = t("locale");
  const browser = i18n().getUILanguage();
  return languageOf(browser) === languageOf(catalogue) ? browser : catalogue;
}

/** The direction in which the words are read. */
export function direction(): "ltr" | "rtl" {
  return ["ar", "fa", "he", "ur"].includes(languageOf(locale())) ? "rtl" : "ltr";
}

const languageOf = (tag: string): string => tag.split("-", 1)[0]!;

/** A count in the digits and grouping of the language. */
export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** A time as text: of today the time alone, else with the date. */
export function dateTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const style = isToday ? ({ timeStyle: "short" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(locale(), style).format(at);
}

/** A duration in ms as minutes and seconds, `0:41`; hours when it needs them, `1:02:05`. Digits as in `number`. */
export function clock(duration: number): string {
  const seconds = Math.max(0, Math.ceil(duration / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  const digits = (part: number, least: number) =>
    new Intl.NumberFormat(locale(), { minimumIntegerDigits: least, useGrouping: false }).format(part);
  return shown.map((part, i) => digits(part, i ? 2 : 1)).join(":");
}
