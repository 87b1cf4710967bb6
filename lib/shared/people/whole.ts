import { count } from "./line";
import { type CountryCode, isHomeWritten, readPhone } from "./phone";

/** Whether a number's last group rather begins another: `23456 98765 43210`, `80331 0151 2345678`. */
export function isTorn(text: string, rest: string, id: string, country: CountryCode | undefined): boolean {
  const last = text.slice(text.lastIndexOf(" ") + 1);
  if (last === text || count(rest) < 5) return false;
  if (last.startsWith("0")) return !/^[+0]/.test(text) && !isHomeWritten(text, id);
  const other = complete(last + rest, country);
  return other !== undefined && isHomeWritten(last + rest, other);
}

/** Returns a valid number's id, except of foreign bare digits. */
export function complete(text: string, country: CountryCode | undefined): string | undefined {
  const judged = readPhone(text, country);
  return judged.id === undefined || judged.isUnlisted === true || judged.isForeign === true ? undefined : judged.id;
}

/** Whether the text is a complete number of the chosen country plus a few digits. */
export function beginsComplete(text: string, country: CountryCode | undefined): boolean {
  return [...text.matchAll(/[ /-]/g)].some(
    ({ index }) => count(text.slice(index)) < 7 && complete(text.slice(0, index), country) !== undefined,
  );
}

/** Length of a thing's number, up to a person's number behind its first `least` digits: `ID 12345 98123 45678`. */
export function thingEnd(run: string, least: number, country: CountryCode | undefined): number {
  const mark = / (?:- )?(?=[(\d])/.exec(run);
  if (!mark || count(run.slice(0, mark.index)) < least || complete(run, country) !== undefined) return run.length;
  const rest = run.slice(mark.index + mark[0].length);
  const id = complete(rest, country);
  // Digits in other groups are more of the thing's.
  const isPhone = id !== undefined && (/^[(0]|^\d+$/.test(rest) || isHomeWritten(rest, id));
  return isPhone ? mark.index : run.length;
}
