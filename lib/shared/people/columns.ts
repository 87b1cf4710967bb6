import type { ColumnRole } from "../model";
import { asciiDigits, fold } from "../text";
import { isPerson } from "./find";
import { findNumbers } from "./finds";
import { type Heading, headingOf } from "./header";
import { count } from "./line";
import type { CountryCode } from "./phone";

/** Guessed column roles. `isUnsure`: several could hold the number, none was chosen. */
export interface Columns {
  roles: ColumnRole[];
  headings: Heading[];
  isUnsure: boolean;
}

interface Content {
  filled: number;
  valid: number;
  long: number;
  ids: number;
  words: number;
  isDistinct: boolean;
  /** Mostly rises in small steps, like row or order numbers. */
  isSequence: boolean;
}

/** Guesses column roles from the header and the first rows. */
export function columnsOf(header: string[] | undefined, rows: string[][], country: CountryCode | undefined): Columns {
  const width = Math.max(header?.length ?? 0, ...rows.map((row) => row.length));
  const headings = Array.from({ length: width }, (_, index) => headingOf(header?.[index] ?? ""));
  const contents = headings.map((_, index) =>
    contentOf(
      rows.map((row) => row[index] ?? ""),
      country,
    ),
  );
  const roles = headings.map((heading, index) => roleOf(heading, contents[index]));
  const isUnsure = !choosePhones(roles, headings, contents);
  chooseNames(roles, headings, contents);
  return { roles, headings, isUnsure };
}

/** Counts columns by content: people's numbers, words, and numbers in sequence. */
export function numberColumns(
  rows: string[][],
  country: CountryCode | undefined,
): { numbers: number; words: number; sequences: number } {
  const width = Math.max(...rows.map((row) => row.length));
  const contents = Array.from({ length: width }, (_, index) =>
    contentOf(
      rows.map((row) => row[index] ?? ""),
      country,
    ),
  );
  return {
    numbers: contents.filter(holdsNumbers).length,
    words: contents.filter(({ words, filled }) => words > 0 && words * 2 >= filled).length,
    sequences: contents.filter((each) => holdsNumbers(each) && each.isSequence).length,
  };
}

function holdsNumbers({ valid, filled }: Content): boolean {
  return valid > 0 && valid * 2 >= filled;
}

function contentOf(cells: string[], country: CountryCode | undefined): Content {
  const full = cells.filter((cell) => cell !== "").map(asciiDigits);
  const digits = full.map((cell) => cell.replace(/\D/g, "")).filter((cell) => cell !== "");
  const steps = digits.slice(1).map((cell, index) => Number(cell) - Number(digits[index]));
  const small = steps.filter((step) => step > 0 && step <= 10).length;
  return {
    filled: full.length,
    valid: full.filter((cell) => holdsNumber(cell, country)).length,
    long: full.filter((cell) => count(cell) >= 3).length,
    ids: full.filter((cell) => /\d@(?:s\.whatsapp\.net|c\.us|lid|hosted)/i.test(cell)).length,
    words: full.filter((cell) => /\p{L}{2}/u.test(cell) && !/[\d@]/.test(cell)).length,
    isDistinct: new Set(full.map((cell) => fold(cell))).size >= full.length * 0.8,
    isSequence: steps.length >= 2 && small >= steps.length * 0.6,
  };
}

function holdsNumber(cell: string, country: CountryCode | undefined): boolean {
  for (const find of findNumbers(cell.slice(0, 100), country)) if (find && isPerson(find)) return true;
  return false;
}

/** The heading's role, unless the cells contradict it. */
function roleOf(heading: Heading, content: Content | undefined): ColumnRole {
  const { role } = heading;
  if (!content || heading.isWeak === true) return "none";
  if ((role === "phone" || role === "others") && content.filled > 0 && content.long + content.ids === 0) return "none";
  if ((role === "code" || role === "area") && content.valid * 2 > content.filled) return "none";
  if (role === "name" && content.filled > 0 && content.words === 0) return "none";
  if (role === "id" && content.ids === 0) return "none";
  return role;
}

/** False when several columns qualify. */
function choosePhones(roles: ColumnRole[], headings: Heading[], contents: Content[]): boolean {
  const at = (test: (heading: Heading, content: Content) => boolean) =>
    headings.flatMap((heading, index) => {
      const content = contents[index];
      return content && test(heading, content) ? [index] : [];
    });
  const take = (indexes: number[]) => {
    for (const index of indexes) roles[index] = "phone";
    return true;
  };
  if (roles.includes("phone")) return true;
  const hasArea = roles.includes("area") || roles.includes("code");
  const fits = (content: Content) =>
    holdsNumbers(content) || (hasArea && content.long > 0 && content.long === content.filled);
  const weak = at((heading, content) => heading.isWeak === true && heading.role === "phone" && fits(content));
  if (weak.length === 1) return take(weak);
  const main = weak.filter((index) => headings[index]?.isAlternate !== true);
  if (weak.length > 0 && main.length === 1) return take(weak);
  const relatives = at((heading) => heading.only === true && heading.role === "others").filter(
    (index) => roles[index] === "others",
  );
  if (weak.length === 0 && relatives.length > 0) return take(relatives);
  if (weak.length === 0 && roles.includes("id")) return true;
  const free = at(
    (heading, content) =>
      (heading.role === "none" || heading.role === "phone") &&
      heading.isDenied !== true &&
      fits(content) &&
      !content.isSequence,
  ).filter((index) => roles[index] === "none");
  if (free.length === 1) return take(free);
  const ids = at((heading, content) => heading.role === "id" && fits(content) && !content.isSequence);
  if (free.length === 0 && ids.length === 1) return take(ids);
  const likely = free.filter((index) => contents[index]?.isDistinct);
  if (likely.length === 1) return take(likely);
  return free.length === 0 && weak.length === 0 && ids.length === 0;
}

/** Keeps one source of names: the full name, its parts, or the first column of distinct words. */
function chooseNames(roles: ColumnRole[], headings: Heading[], contents: Content[]): void {
  const isWhole = headings.map(
    ({ stem }, index) => roles[index] === "name" && /\b(?:names?|fn|display|full)\b/.test(stem),
  );
  if (isWhole.includes(true)) {
    for (const [index, role] of roles.entries())
      if (role === "part" || (role === "name" && !isWhole[index])) roles[index] = "none";
    return;
  }
  if (roles.includes("name") || roles.includes("part")) return;
  const index = contents.findIndex(
    ({ words, filled, isDistinct }, place) =>
      roles[place] === "none" &&
      headings[place]?.isDenied !== true &&
      headings[place]?.role !== "country" &&
      filled > 2 &&
      words >= filled * 0.8 &&
      isDistinct,
  );
  const member = headings.findIndex(
    ({ role }, place) => role === "id" && roles[place] === "none" && (contents[place]?.words ?? 0) > 0,
  );
  if (member >= 0 || index >= 0) roles[member >= 0 ? member : index] = "name";
}
