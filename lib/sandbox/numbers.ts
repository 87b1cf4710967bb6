/** Returns a fictional person id. `n` from 0: at least 30 per country, mostly 1,000, in the US 4,000. */
export function fictional(country: Country, n: number): string {
  return `${NUMBERS[country](n)}@s.whatsapp.net`;
}

export type Country = "us" | "gb" | "de" | "fr" | "au" | "br" | "in" | "sa";

const AREAS =
  "201 202 206 212 213 214 215 216 301 303 305 310 312 313 314 315 401 402 404 405 406 408 410 412 413 415 501 502 503 504 505 507 508 509 510 512 513 515 516 518".split(
    " ",
  );

const AUSTRALIA =
  "570006 570156 570157 570158 570159 570110 570313 570737 571266 571491 571804 572549 572665 572983 573770 573087 574118 574632 575254 575789 576398 576801 577426 577644 578957 578148 578888 579212 579760 579455".split(
    " ",
  );

/** Returns a number's last digits, zero-padded. */
export const digits = (n: number, length: number) => String(n % 10 ** length).padStart(length, "0");

const NUMBERS: Record<Country, (n: number) => string> = {
  us: (n) => `1${AREAS[Math.floor(n / 100) % 40]}55501${digits(n, 2)}`,
  gb: (n) => `447700900${digits(n, 3)}`,
  de: (n) => `4917139200${digits(n, 2)}`,
  fr: (n) => `336399800${digits(n, 2)}`,
  au: (n) => `61491${AUSTRALIA[n % 30]}`,
  br: (n) => `5511900000${digits(n, 3)}`,
  in: (n) => `917000000${digits(n, 3)}`,
  sa: (n) => `966500000${digits(n, 3)}`,
};

/** Returns a person's hidden id, the same in every group, like real ones. */
export function hiddenId(person: string): string {
  let hash = 7;
  for (const char of person) hash = (hash * 31 + char.charCodeAt(0)) % 99_999_999_977;
  return `7${digits(hash, 11)}00@lid`;
}

const CALLED = ["Asha", "Bruno", "Carla", "Dieter", "Esra", "Farid", "Grace", "Hiro", "Inês", "Jamal", "Kiran", "लता"];

/** Returns a person's name. */
export function nameOf(person: string): string {
  const number = Number(person.replace(/\D/g, "").slice(-6));
  return `${CALLED[number % CALLED.length]} ${String.fromCharCode(65 + (number % 26))}.`;
}
