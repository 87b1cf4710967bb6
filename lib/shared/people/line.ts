import { asciiDigits } from "../text";

/** A normalized line. `at[i]`: original index of character i; absent if both are identical. */
export interface Line {
  text: string;
  at?: Int32Array;
}

/** Whether a text has only white space, separators and invisible characters. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{Cf}\p{Cc},;|،؛、，；]/u.test(text);
}

/** Trims white space and separators. */
export function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && EDGE.test(text[from] ?? "")) from += 1;
  while (to > from && EDGE.test(text[to - 1] ?? "")) to -= 1;
  return text.slice(from, to);
}

const EDGE = /[\s,;|،؛、，；]/u;

/** Counts ASCII digits. */
export function count(text: string): number {
  return text.replace(/\D/g, "").length;
}

/** Maps an index of the cleaned text to the original. */
export function start(at: Int32Array | undefined, index: number): number {
  return at === undefined ? index : (at[index] ?? 0);
}

/** Normalizes a line: ASCII digits and full-width letters, one kind of dash and blank, no invisible characters. */
export function* cleaned(line: string): Generator<undefined, Line> {
  // oxlint-disable-next-line no-control-regex
  if (/^[\t\x20-\x7e]*$/.test(line)) return { text: line };
  const at = new Int32Array(line.length + 1);
  const parts: string[] = [];
  let part = "";
  const plain = new Map<string, string>();
  let length = 0;
  let last = "";
  let rest = 0;
  for (let index = 0; index < line.length;) {
    const code = line.codePointAt(index) ?? 0;
    const sign = String.fromCodePoint(code);
    let as = sign;
    if (code >= 0x7f || code < 0x20) {
      // The Japanese long-vowel mark is a dash only after a digit.
      const known = code === 0x30fc ? undefined : plain.get(sign);
      as = known ?? plainSign(sign, code, last);
      if (known === undefined && code !== 0x30fc) plain.set(sign, as);
    }
    // Maps each unit of a replacement to the original character's start, to cut both alike.
    for (let unit = 0; unit < as.length; unit += 1) at[length + unit] = index + (as === sign ? unit : 0);
    part += as;
    length += as.length;
    last = as.at(-1) ?? last;
    index += sign.length;
    rest += 1;
    if (rest % 4000 !== 0) continue;
    parts.push(part);
    part = "";
    yield;
  }
  at[length] = line.length;
  return { text: parts.join("") + part, at };
}

function plainSign(sign: string, code: number, last: string | undefined): string {
  if (sign === "\t" || (code < 0x2000 && /[\p{L}\p{M}]/u.test(sign) && code !== 0x034f && code !== 0x115f)) return sign;
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCodePoint(code - 0xfee0);
  // Inside a cell, a line break separates.
  if (/[\n\v\f\r\u0085\u2028\u2029]/.test(sign)) return ";";
  if (/\p{Nd}/u.test(sign)) return asciiDigits(sign);
  if (/[\p{Zs}\u2800\u3164\u115f]/u.test(sign)) return " ";
  if (/[\p{Pd}\u2212\u2043\u02d7]/u.test(sign) || (code === 0x30fc && /\d/.test(last ?? ""))) return "-";
  if (/[\p{Cf}\p{Cc}\ufe00-\ufe0f\u20e3\u034f]/u.test(sign)) return "";
  if (/[،、]/.test(sign)) return ",";
  if (sign === "؛") return ";";
  if (/[•▪●◦‣]/.test(sign)) return "|";
  if (/[·․‧∙]/.test(sign)) return ".";
  if (/[⁄∕]/.test(sign)) return "/";
  if (/[\u207a\ufe62\u2795]/u.test(sign)) return "+";
  return sign;
}
