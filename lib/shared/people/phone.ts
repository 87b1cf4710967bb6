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
 * A number as it was read: the id that is sent, or why there is none. `isUnlisted`: the metadata knows no such number, it
 * is only of a length that is possible there. `isForeign`: bare digits were read as a number of another country than the
 * chosen one.
 */
export type Judged =
  | { id: string; isUnlisted?: boolean; isForeign?: boolean; reason?: undefined }
  | { id?: undefined; reason: RejectReason };

export type { CountryCode };

/** The country of a two-letter code; undefined when it is none. */
export function countryOf(code: string | undefined): CountryCode | undefined {
  const country = code?.toUpperCase();
  return country !== undefined && isSupportedCountry(country) ? country : undefined;
}

/** The country that a calling code stands for, the largest where several share it; undefined when it is none. */
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

/**
 * A number as people write it, `+91 98765 43210`; plain `+digits` where the metadata knows no format. Undefined for a
 * hidden id: the screen has a word for that.
 */
export function showPerson(id: string): string | undefined {
  const digits = digitsOf(id);
  if (digits === undefined) return undefined;
  return parsePhoneNumberFromString(`+${digits}`, { extract: false })?.formatInternational() ?? `+${digits}`;
}

/** Two-letter codes of the countries whose numbers can be read. */
export function countries(): string[] {
  return getCountries();
}

/** One number as it stands: the id, or why not. */
export function readPhone(given: string, country: CountryCode | undefined): Judged {
  // `9876543210.0` is what a table program makes of a number.
  const text = given.replace(/^(\+?\d{7,15})\.0+$/, "$1");
  const all = text.replace(/\D/g, "");
  const digits = text.replace(/\(\s*0\s*\)/, "").replace(/\D/g, "");
  if (/^\D*\+/.test(text) && !/^0[1-9]/.test(digits)) {
    const world = digits.replace(/^00/, "");
    const id = international(world) ?? international(all.replace(/^00/, ""));
    if (id !== undefined) return { id };
    const unlisted = possible(parsePhoneNumberFromString(`+${world}`, { extract: false }));
    // `+8123456789`: a number of the chosen country whose code was forgotten. It would be somebody in Japan.
    const isLocal = country !== undefined && world.length <= 10 && national(world, country) !== undefined;
    if (unlisted !== undefined && !isLocal) return { id: unlisted, isUnlisted: true };
    return { reason: lengthReason(`+${world}`, world.length) ?? "invalid" };
  }
  // Nothing at home begins with two zeros.
  const abroad = digits.startsWith("00") ? international(digits.slice(2)) : undefined;
  if (abroad !== undefined) return { id: abroad };
  const local = country === undefined ? undefined : national(all, country);
  const isOwn = country !== undefined && digits.startsWith(getCountryCallingCode(country));
  let world: string | undefined;
  if (digits.startsWith("011") && (local === undefined || isAmerican(country))) world = international(digits.slice(3));
  else if (isOwn || (digits.length >= 12 && !digits.startsWith("0"))) world = international(digits);
  // So many digits with the own code in front are not meant as a number without its 0, even where that would be valid.
  const isCoded = isOwn && digits.length >= 12 && !digits.startsWith("0");
  if (local !== undefined && local !== world && (world !== undefined || isCoded)) return { reason: "ambiguous" };
  if (local !== undefined) return { id: local };
  if (world !== undefined) return { id: world, isForeign: !isOwn && !digits.startsWith("0") };
  if (all.length < 7) return { reason: "too-short" };
  if (all.length > 17) return { reason: "too-long" };
  if (country === undefined) return { reason: all.length > 15 ? "too-long" : "no-country" };
  if (lacksAreaCode(all, country)) return { reason: "no-area-code" };
  return { reason: lengthReason(all, all.length, country) ?? "invalid" };
}

/** Whether an area code of two or three digits in front makes a landline or mobile number of these. */
function lacksAreaCode(digits: string, country: CountryCode): boolean {
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

/** What the metadata knows of landlines or mobile numbers of a country; its own types leave it out. */
interface NumberType {
  pattern: () => string;
  possibleLengths: () => number[];
}

function isAmerican(country: CountryCode | undefined): boolean {
  return country !== undefined && getCountryCallingCode(country) === "1";
}

/** The number of a link to a chat; undefined when it has none. */
export function readLink(link: string, country: CountryCode | undefined): Judged | undefined {
  const number = /\/(?:c\/)?(\+?[\d().\-/ ]{5,})|[?&]phone=([^&#]+)/i.exec(link.replace(/^[a-z]+:\/\/+/i, ""));
  const text = number && decoded(number[2] ?? number[1] ?? "");
  if (!text || count(text) < 5) return undefined;
  const digits = text.replace(/\D/g, "");
  return digits.startsWith("0") ? readPhone(text, country) : readPhone(`+${digits}`, country);
}

/** The id of a person as WhatsApp forms it, by its shape alone. */
export function readId(user: string, server: string): Judged {
  const kind = server.toLowerCase();
  if (/^(?:g\.us|broadcast|newsletter)$/.test(kind)) return { reason: "group-id" };
  if (!/^\d+$/.test(user)) return { reason: "invalid" };
  if (user.length < 5) return { reason: "too-short" };
  if (kind.endsWith("lid")) return user.length > 20 ? { reason: "too-long" } : { id: `${user}@lid` };
  if (user.length > 15) return { reason: "too-long" };
  return user.startsWith("0") ? { reason: "invalid" } : { id: toPersonId(user) };
}

function international(digits: string): string | undefined {
  // The metadata of today has no Mexican mobile prefix any more; WhatsApp still has accounts with it.
  const mexican = /^521(\d{10})$/.exec(digits)?.[1];
  if (mexican !== undefined) return international(`52${mexican}`) && toPersonId(digits);
  if (digits.length < 7 || digits.length > 17) return undefined;
  const brazilian = withNine(/^55(\d{10})$/.exec(digits)?.[1]);
  if (brazilian !== undefined) return international(`55${brazilian}`) && toPersonId(digits);
  return valid(parsePhoneNumberFromString(`+${digits}`, { extract: false }));
}

function national(digits: string, country: CountryCode): string | undefined {
  if (digits.length < 4 || digits.length > 20) return undefined;
  // Mexican address books still have the prefixes that were dropped in 2019.
  const text = country === "MX" ? digits.replace(/^(?:01|04[45]|1)(?=\d{10}$)/, "") : digits;
  const brazilian = country === "BR" ? withNine(/^0?(\d{10})$/.exec(digits)?.[1]) : undefined;
  if (brazilian !== undefined) return national(brazilian, country) && toPersonId(`55${digits.slice(-10)}`);
  if (country === "MX" && /^521\d{10}$/.test(text)) return international(text);
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  // Short service numbers look like a number without its area code, and nobody has WhatsApp there.
  return SERVICES.has(number?.getType() ?? "") ? undefined : valid(number);
}

/**
 * A Brazilian mobile number from before the ninth digit, with it: `31 8765-4321`. WhatsApp still has accounts without it,
 * and the metadata of today does not know them. Undefined for every other number.
 */
function withNine(digits: string | undefined): string | undefined {
  const match = /^([1-9]\d)([6-9]\d{7})$/.exec(digits ?? "");
  return match ? `${match[1]}9${match[2]}` : undefined;
}

const SERVICES: ReadonlySet<string> = new Set(["SHARED_COST", "PREMIUM_RATE", "VOICEMAIL", "PAGER", "UAN"]);

type Parsed = ReturnType<typeof parsePhoneNumberFromString>;

function valid(number: Parsed): string | undefined {
  return number?.isValid() ? possible(number) : undefined;
}

function possible(number: Parsed): string | undefined {
  if (!number?.isPossible()) return undefined;
  // India: what begins with 1 and has not ten digits is a service, or a number with one digit too many.
  if (number.countryCallingCode === "91" && number.nationalNumber.length !== 10) return undefined;
  const digits = number.number.slice(1);
  // E.164 has no longer ones, though some countries' patterns would let them through.
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
    // A broken escape: the digits that can be read will do.
    return text;
  }
}
