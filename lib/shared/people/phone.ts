import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from "libphonenumber-js/max";
import type { RejectReason } from "../model";
import { digitsOf, toPersonId } from "../person";
import { count } from "./line";

/**
 * An id, or why a number is rejected. `isUnlisted`: only known to have a possible length. `isForeign`: bare digits read
 * as another country's number.
 */
export type PhoneResult =
  | { id: string; isUnlisted?: boolean; isForeign?: boolean; reason?: undefined }
  | { id?: undefined; reason: RejectReason };

export type { CountryCode };

/** Returns a two-letter code's country, or undefined. */
export function countryOf(code: string | undefined): CountryCode | undefined {
  const country = code?.toUpperCase();
  return country !== undefined && isSupportedCountry(country) ? country : undefined;
}

/** Returns a country's calling code. */
export function codeOf(country: CountryCode): string {
  return getCountryCallingCode(country);
}

/** Returns a calling code's country (the largest of several), or undefined. */
export function countryOfCode(code: string): CountryCode | undefined {
  const main = {
    "1": "US",
    "7": "RU",
    "39": "IT",
    "44": "GB",
    "47": "NO",
    "61": "AU",
    "212": "MA",
    "358": "FI",
  } as const;
  if (code === "") return undefined;
  const known: CountryCode | undefined = main[code as keyof typeof main];
  return known ?? getCountries().find((country) => getCountryCallingCode(country) === code);
}

/** Formats a number as `+91 98765 43210`; undefined for a hidden id. */
export function showPerson(id: string): string | undefined {
  const digits = digitsOf(id);
  if (digits === undefined) return undefined;
  return parsePhoneNumberFromString(`+${digits}`, { extract: false })?.formatInternational() ?? `+${digits}`;
}

/** Returns all supported two-letter country codes. */
export function countries(): string[] {
  return getCountries();
}

/** Reads one number. */
export function readPhone(given: string, country: CountryCode | undefined): PhoneResult {
  // Spreadsheets write `9876543210.0`.
  const text = given.replace(/^(\+?\d{7,15})\.0+$/, "$1");
  const all = text.replace(/\D/g, "");
  const digits = text.replace(/\(\s*0\s*\)/, "").replace(/\D/g, "");
  if (/^\D*\+/.test(text) && !/^0[1-9]/.test(digits)) {
    const world = digits.replace(/^00/, "");
    const id = international(world) ?? international(all.replace(/^00/, ""));
    if (id !== undefined) return { id };
    const unlisted = possible(parsePhoneNumberFromString(`+${world}`, { extract: false }));
    // `+8123456789` with a forgotten country code would be a stranger in Japan.
    const isLocal = country !== undefined && world.length <= 11 && national(world, country) !== undefined;
    if (unlisted !== undefined && !isLocal) return { id: unlisted, isUnlisted: true };
    return { reason: lengthReason(`+${world}`, world.length) ?? "invalid" };
  }
  // No national number starts with two zeros.
  const abroad = digits.startsWith("00") ? international(digits.slice(2)) : undefined;
  if (abroad !== undefined) return { id: abroad };
  const local = country === undefined ? undefined : national(all, country);
  const isOwn = country !== undefined && digits.startsWith(getCountryCallingCode(country));
  let world: string | undefined;
  if (digits.startsWith("011") && (country === undefined || isAmerican(country)))
    world = international(digits.slice(3));
  else if (isOwn || (digits.length >= 12 && !digits.startsWith("0"))) world = international(digits);
  // With the country's own code in front, 12 or more digits are not a national number without its 0, even if valid.
  const isCoded = isOwn && digits.length >= 12 && !digits.startsWith("0");
  if (local !== undefined && local !== world && (world !== undefined || isCoded)) return { reason: "ambiguous" };
  // Some countries' landlines are so short that a number without area code looks whole.
  if (
    local !== undefined &&
    world === undefined &&
    all.length <= 8 &&
    lacksZero(all, local) &&
    lacksAreaCode(all, country)
  )
    return { reason: "no-area-code" };
  if (local !== undefined) return { id: local };
  if (world !== undefined) return { id: world, isForeign: !isOwn && !digits.startsWith("0") };
  if (all.length < 7) return { reason: "too-short" };
  if (all.length > 17) return { reason: "too-long" };
  if (country === undefined) return { reason: all.length > 15 ? "too-long" : "no-country" };
  if (lacksAreaCode(all, country)) return { reason: "no-area-code" };
  return { reason: lengthReason(all, all.length, country) ?? "invalid" };
}

/**
 * Returns the id of a foreign number with a separate calling code and no `+` (`44 7400 123456`, `(65) 8123 4567`) that
 * is also the national number `local`; undefined if written like that one.
 */
export function foreignId(text: string, local: string, country: CountryCode | undefined): string | undefined {
  const [code = "", ...rest] = groupsOf(text);
  if (country === undefined || code.startsWith("0") || rest.length === 0 || code === getCountryCallingCode(country))
    return undefined;
  const id = countryOfCode(code) === undefined ? undefined : international(code + rest.join(""));
  if (id === undefined || id === local) return undefined;
  const home = homeGroups(local);
  // The code may be an area code, or a list number before a number in its home groups.
  const isHome = isGrouped(id, rest)
    ? [code, ...rest].join() === home.join()
    : code === home[0] || rest.join() === home.join();
  return isHome ? undefined : id;
}

/** Whether a number is written in its country's groups. */
export function isHomeWritten(text: string, id: string): boolean {
  if (text.startsWith("+")) return groupsOf(text).join() === groupsOf(showPerson(id) ?? "").join();
  return groupsOf(text.replace(/^0/, "")).join() === homeGroups(id).join();
}

function groupsOf(text: string): string[] {
  return text.match(/\d+/g) ?? [];
}

function homeGroups(id: string): string[] {
  const text = parsePhoneNumberFromString(`+${digitsOf(id) ?? ""}`, { extract: false })?.formatNational() ?? "";
  return groupsOf(text.replace(/^\D*0/, ""));
}

function isGrouped(id: string, rest: string[]): boolean {
  return (
    groupsOf(showPerson(id) ?? "")
      .slice(1)
      .join() === rest.join()
  );
}

/** Whether a two- or three-digit area code would make these digits a landline or mobile number. */
function lacksAreaCode(digits: string, country: CountryCode | undefined): boolean {
  if (country === undefined) return false;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const plan = metadata.numberingPlan as unknown as { type: (name: string) => NumberType | undefined };
  const types = ["FIXED_LINE", "MOBILE"].map((name) => plan.type(name)).filter((type) => type !== undefined);
  for (const type of types) {
    const whole = new RegExp(`^(?:${type.pattern()})$`);
    for (const size of [2, 3]) {
      if (!type.possibleLengths().includes(digits.length + size)) continue;
      for (let code = 10 ** (size - 1); code < 10 ** size; code += 1) if (whole.test(`${code}${digits}`)) return true;
    }
  }
  return false;
}

/** Missing from the library's types. */
interface NumberType {
  pattern: () => string;
  possibleLengths: () => number[];
}

function isAmerican(country: CountryCode | undefined): boolean {
  return country !== undefined && getCountryCallingCode(country) === "1";
}

/** Returns a chat link's number; undefined without one. */
export function readLink(link: string, country: CountryCode | undefined): PhoneResult | undefined {
  const number = /\/(?:c\/)?(\+?[\d().\-/ ]{5,})|[?&]phone=([^&#]+)/i.exec(link.replace(/^[a-z]+:\/\/+/i, ""));
  const text = number && decoded(number[2] ?? number[1] ?? "");
  if (!text || count(text) < 5) return undefined;
  const digits = text.replace(/\D/g, "");
  if (digits.startsWith("0")) return readPhone(text, country);
  const local = country && !text.includes("+") && digits.length <= 11 ? national(digits, country) : undefined;
  const world = readPhone(`+${digits}`, country);
  // The country code may be forgotten.
  const isLocal = local !== undefined && local !== world.id && !lacksZero(digits, local);
  return isLocal && world.id !== undefined ? { reason: "ambiguous" } : world;
}

/** Checks a WhatsApp person id by its shape. */
export function readId(user: string, server: string): PhoneResult {
  const kind = server.toLowerCase();
  if (/^(?:g\.us|broadcast|newsletter)$/.test(kind)) return { reason: "group-id" };
  if (!/^\d+$/.test(user)) return { reason: "invalid" };
  if (user.length < 5) return { reason: "too-short" };
  if (kind.endsWith("lid")) return user.length > 20 ? { reason: "too-long" } : { id: `${user}@lid` };
  if (user.length > 15) return { reason: "too-long" };
  return user.startsWith("0") ? { reason: "invalid" } : { id: toPersonId(user) };
}

function international(digits: string): string | undefined {
  // WhatsApp still has accounts with the Mexican mobile prefix, which the metadata dropped.
  const mexican = /^521(\d{10})$/.exec(digits)?.[1];
  if (mexican !== undefined) return international(`52${mexican}`) && toPersonId(digits);
  if (digits.length < 7 || digits.length > 17) return undefined;
  const brazilian = withNine(/^55(\d{10})$/.exec(digits)?.[1]);
  if (brazilian !== undefined) return international(`55${brazilian}`) && toPersonId(digits);
  return valid(parsePhoneNumberFromString(`+${digits}`, { extract: false }));
}

function national(digits: string, country: CountryCode): string | undefined {
  if (digits.length < 4 || digits.length > 20) return undefined;
  // Mexican address books still have prefixes dropped in 2019.
  const text = country === "MX" ? digits.replace(/^(?:01|04[45]|1)(?=\d{10}$)/, "") : digits;
  const brazilian = country === "BR" ? withNine(/^0?(\d{10})$/.exec(digits)?.[1]) : undefined;
  if (brazilian !== undefined) return national(brazilian, country) && toPersonId(`55${digits.slice(-10)}`);
  if (country === "MX" && /^521\d{10}$/.test(text)) return international(text);
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  // Service numbers look like numbers without area code and have no WhatsApp.
  return SERVICES.has(number?.getType() ?? "") ? undefined : valid(number);
}

/**
 * Adds the ninth digit to an old Brazilian mobile number (`31 8765-4321`); undefined for others. WhatsApp accounts may
 * lack it; the metadata requires it.
 */
function withNine(digits: string | undefined): string | undefined {
  const match = /^([1-9]\d)([6-9]\d{7})$/.exec(digits ?? "");
  return match ? `${match[1]}9${match[2]}` : undefined;
}

const SERVICES: ReadonlySet<string> = new Set(["SHARED_COST", "PREMIUM_RATE", "VOICEMAIL", "PAGER", "UAN"]);

/** Whether a landline number lacks its domestic 0. */
export function lacksZero(digits: string, id: string): boolean {
  const number = parsePhoneNumberFromString(`+${digitsOf(id) ?? ""}`, { extract: false });
  return !digits.startsWith("0") && number?.getType() === "FIXED_LINE" && /^\D*0/.test(number.formatNational());
}

type Parsed = ReturnType<typeof parsePhoneNumberFromString>;

function valid(number: Parsed): string | undefined {
  return number?.isValid() ? possible(number) : undefined;
}

function possible(number: Parsed): string | undefined {
  if (!number?.isPossible()) return undefined;
  // In India, other lengths are services, or one digit too many.
  if (number.countryCallingCode === "91" && number.nationalNumber.length !== 10) return undefined;
  const digits = number.number.slice(1);
  // E.164 allows at most 15 digits; some countries' patterns allow more.
  return digits.length < 7 || digits.length > 15 ? undefined : toPersonId(digits);
}

function lengthReason(text: string, length: number, country?: CountryCode): RejectReason | undefined {
  const result = validatePhoneNumberLength(text, country);
  if (result === "TOO_SHORT" || length < 7) return "too-short";
  if (result === "TOO_LONG" || length > 15) return "too-long";
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape: use the digits as they are.
    return text;
  }
}
