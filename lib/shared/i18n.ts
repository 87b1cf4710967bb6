import type messages from "../../public/_locales/en/messages.json";
import { ownBrowser } from "./browser";

/** A key of `_locales`. Keys with plural forms go to `plural`, without ending. */
export type MessageKey = keyof typeof messages;

type PluralBase<K> = K extends `${infer Base}_other` ? Base : never;
/** Keys with plural forms: `x_other`, and others as languages need. */
export type PluralKey = PluralBase<MessageKey>;

const i18n = () => ownBrowser().i18n;

/** Returns the message for a key; a missing key itself, to be noticed. Numbers come as `number` writes them. */
export function t(key: MessageKey, ...substitutions: string[]): string {
  return i18n().getMessage(key, isolated(substitutions)) || key;
}

/** Returns a message's plural form for a count; `$1` is the formatted count. */
export function plural(key: PluralKey, count: number, ...substitutions: string[]): string {
  const form = rules().select(count);
  const rest = [number(count), ...isolated(substitutions)];
  return i18n().getMessage(`${key}_${form}`, rest) || i18n().getMessage(`${key}_other`, rest) || key;
}

const MIRRORED = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * Isolates substitutions (FSI, PDI), which may run against the sentence: phone numbers would show reversed groups,
 * names reorder their surroundings.
 */
function isolated(parts: string[]): string[] {
  const isMirrored = parts.length > 0 && direction() === "rtl";
  return parts.map((part) => (isMirrored || MIRRORED.test(part) ? `\u2068${part}\u2069` : part));
}

/** Joins the non-empty parts with dots. */
export function joined(parts: (string | undefined)[]): string {
  return isolated(parts.filter((part): part is string => part !== undefined && part !== "")).join(" · ");
}

/**
 * Returns the BCP 47 tag of the catalogue in use, with the browser's region if languages match. Without a catalogue,
 * texts and rules are English.
 */
export const locale = once(i18n, (api) => {
  const catalogue = t("locale");
  const browser = api.getUILanguage();
  return languageOf(browser) === languageOf(catalogue) ? browser : catalogue;
});

/** Caches a value until its source changes: list rows need it, and making it takes longer than using it. */
function once<From, Value>(from: () => From, make: (from: From) => Value): () => Value {
  let last: { from: From; value: Value } | undefined;
  return () => {
    const next = from();
    if (last?.from !== next) last = { from: next, value: make(next) };
    return last!.value;
  };
}

const rules = once(locale, (tag) => new Intl.PluralRules(tag));
const numbers = once(locale, (tag) => new Intl.NumberFormat(tag));

/** Returns the texts' reading direction. */
export function direction(): "ltr" | "rtl" {
  return ["ar", "fa", "he", "ur"].includes(languageOf(locale())) ? "rtl" : "ltr";
}

const languageOf = (tag: string): string => tag.split("-", 1)[0]!;

/** Formats a count for the language. */
export function number(value: number): string {
  return numbers().format(value);
}

/** Formats a time, with the date unless today. */
export function dateTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const style = isToday ? ({ timeStyle: "short" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(locale(), style).format(at);
}

/** Formats the day of a time. */
export function date(at: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(at);
}

/** Formats a duration in ms as `0:41` or `1:02:05`, rounded up to seconds. */
export function clock(duration: number): string {
  const seconds = Math.max(0, Math.ceil(duration / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  const digits = (part: number, least: number) =>
    new Intl.NumberFormat(locale(), { minimumIntegerDigits: least, useGrouping: false }).format(part);
  return shown.map((part, i) => digits(part, i ? 2 : 1)).join(":");
}
