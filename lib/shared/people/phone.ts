import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from "libphonenumber-js/min";
import type { RejectReason } from "../model";
import { digitsOf, toPersonId } from "../person";
import { count } from "./line";

/**
 * A number as it was read: the id that is sent, or why there is none. `isUnlisted`: the metadata knows no such number, it
 * is only of a length that is possible there.
 */
export type Judged =
  | { id: string; isUnlisted?: boolean; reason?: undefined }
  | { id?: undefined; reason: RejectReason };

export type { CountryCode };

/** The country of a two-letter code; undefined when it is none. */
export function countryOf(code: string | undefined): CountryCode | undefined {
  const country = code?.toUpperCase();
  return country !== undefined && isSupportedCountry(country) ? country : undefined;
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
  const local = country === undefined ? undefined : national(all, country);
  let world: string | undefined;
  if (digits.startsWith("00")) world = international(digits.slice(2));
  else if (digits.startsWith("011") && (local === undefined || isAmerican(country)))
    world = international(digits.slice(3));
  else if (digits.length >= 12 && !digits.startsWith("0")) world = international(digits);
  const id = local ?? world;
  if (id !== undefined) return local && world && local !== world ? { reason: "no-country" } : { id };
  if (all.length < 7) return { reason: "too-short" };
  if (all.length > 17) return { reason: "too-long" };
  if (country === undefined) return { reason: all.length > 15 ? "too-long" : "no-country" };
  return { reason: lengthReason(all, all.length, country) ?? "invalid" };
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
  return valid(parsePhoneNumberFromString(`+${digits}`, { extract: false }));
}

function national(digits: string, country: CountryCode): string | undefined {
  if (digits.length < 4 || digits.length > 20) return undefined;
  // Mexican address books still have the prefixes that were dropped in 2019.
  const text = country === "MX" ? digits.replace(/^(?:01|04[45]|1)(?=\d{10}$)/, "") : digits;
  if (country === "MX" && /^521\d{10}$/.test(text)) return international(text);
  return valid(parsePhoneNumberFromString(text, { defaultCountry: country, extract: false }));
}

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
