import { type CountryCode, getCountryCallingCode, Metadata, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { parsePeople } from "../../lib/shared/people";

/** The 60 countries with the most people. */
const COUNTRIES =
  "IN CN US ID PK NG BR BD RU ET MX JP EG PH CD VN IR TR DE TH TZ GB FR ZA IT KE MM CO KR SD UG ES DZ IQ AR AF YE CA PL MA AO UA UZ MY MZ GH PE SA MG CI NP CM VE NE AU KP TW ML BF SY".split(
    " ",
  ) as CountryCode[];
/** Numbers of each kind of each country: 60 × 2 × 170 are more than 20,000. */
const EACH = 170;

/** A number between 0 and 1, the same row of them in each run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A text that a pattern of the phone metadata fits: digits, classes, groups, alternatives, counts. */
function textOf(pattern: string, random: () => number): string {
  let at = 0;
  const pick = (count: number) => Math.floor(random() * count);
  const alternatives = (): string => {
    const choices: (() => string)[] = [];
    // Each alternative is read as it stands and made only when it is chosen.
    do {
      choices.push(sequence());
      if (pattern[at] !== "|") break;
      at += 1;
    } while (at < pattern.length);
    return choices[pick(choices.length)]!();
  };
  const sequence = (): (() => string) => {
    const parts: (() => string)[] = [];
    while (at < pattern.length && pattern[at] !== "|" && pattern[at] !== ")") {
      const one = atom();
      const count = /^\{(\d+)(?:,(\d+))?\}|^\?/.exec(pattern.slice(at));
      at += count?.[0].length ?? 0;
      const least = count === null ? 1 : count[0] === "?" ? 0 : Number(count[1]);
      const most = count === null || count[0] === "?" ? 1 : Number(count[2] ?? count[1]);
      parts.push(() => Array.from({ length: least + pick(most - least + 1) }, () => one()).join(""));
    }
    return () => parts.map((part) => part()).join("");
  };
  const atom = (): (() => string) => {
    const sign = pattern[at]!;
    if (sign === "(") {
      at += pattern.startsWith("(?:", at) ? 3 : 1;
      const choices = [sequence()];
      while (pattern[at] === "|") {
        at += 1;
        choices.push(sequence());
      }
      at += 1;
      return () => choices[pick(choices.length)]!();
    }
    if (sign === "[") {
      const end = pattern.indexOf("]", at);
      const all = pattern
        .slice(at + 1, end)
        .replace(/(\d)-(\d)/g, (_, low: string, high: string) =>
          Array.from({ length: Number(high) - Number(low) + 1 }, (__, step) => Number(low) + step).join(""),
        );
      at = end + 1;
      return () => all[pick(all.length)]!;
    }
    at += sign === "\\" ? 2 : 1;
    return sign === "\\" ? () => String(pick(10)) : () => sign;
  };
  return alternatives();
}

/** How people write a number: with plus, in groups, as at home, with 00, as bare digits. */
const SPELLINGS: Record<string, (number: NonNullable<ReturnType<typeof parsePhoneNumberFromString>>) => string> = {
  "with plus": (number) => number.number,
  "in groups": (number) => number.formatInternational(),
  "as at home": (number) => number.formatNational(),
  "with 00": (number) => `00${number.number.slice(1)}`,
  "bare, with the country's code": (number) => number.number.slice(1),
};

/** Reads random valid mobile and landline numbers, each in five spellings with its own country chosen. */
export function benchNumbers(
  say: (line: string) => void,
): { what: string; value: number; goal: number; unit: string }[] {
  const random = randomFrom(2026);
  const tally = { numbers: 0, read: 0, right: 0, strangers: 0 };
  const bySpelling = new Map<string, number>();
  const reasons = new Map<string, number>();
  for (const country of COUNTRIES) {
    const metadata = new Metadata();
    metadata.selectNumberingPlan(country);
    const plan = metadata.numberingPlan as unknown as { type: (name: string) => { pattern: () => string } | undefined };
    for (const kind of ["MOBILE", "FIXED_LINE"]) {
      const pattern = plan.type(kind)?.pattern();
      if (pattern === undefined) continue;
      for (let made = 0, tries = 0; made < EACH && tries < EACH * 20; tries += 1) {
        const digits = textOf(pattern, random);
        const number = parsePhoneNumberFromString(`+${getCountryCallingCode(country)}${digits}`, { extract: false });
        // No number has more digits than 15 (E.164), though some patterns have room for it.
        if (!number?.isValid() || number.nationalNumber !== digits || number.number.length > 16) continue;
        made += 1;
        tally.numbers += 1;
        for (const [spelling, write] of Object.entries(SPELLINGS)) {
          const text = write(number);
          const { people, rejects } = parsePeople(text, { country });
          tally.read += 1;
          const wanted = `${number.number.slice(1)}@s.whatsapp.net`;
          if (people.some(({ id }) => id !== wanted)) {
            tally.strangers += 1;
            say(`  stranger: ${country} ${text}: ${people.map(({ id }) => id).join(", ")}`);
          } else if (people.length === 1) tally.right += 1;
          else {
            const why = `${country} ${spelling}: ${rejects[0]?.reason}`;
            reasons.set(why, (reasons.get(why) ?? 0) + 1);
            bySpelling.set(spelling, (bySpelling.get(spelling) ?? 0) + 1);
          }
        }
      }
    }
  }
  say(`  ${tally.numbers} numbers of ${COUNTRIES.length} countries, ${tally.read} spellings`);
  for (const [spelling, count] of bySpelling) say(`  not taken ${spelling}: ${count}`);
  for (const [why, count] of [...reasons].toSorted((a, b) => b[1] - a[1]).slice(0, 12)) say(`    ${count} × ${why}`);
  return [
    { what: "strangers taken", value: tally.strangers, goal: 0, unit: "" },
    { what: "right numbers not taken", value: (1 - tally.right / tally.read) * 100, goal: 0.5, unit: " %" },
  ];
}
