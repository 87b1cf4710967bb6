/** Normalizes text for search and sorting: no case, accents or compatibility differences. Indic vowel signs stay. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
}

/** Whether somebody typed one of these words, in any case; either Hindi nasal sign matches. */
export function isWord(typed: string, ...words: string[]): boolean {
  const plain = (text: string) => fold(text.trim()).replaceAll("\u0901", "\u0902");
  return words.some((word) => plain(typed) === plain(word));
}

/**
 * Makes foreign text safe for one line: no control, bidi or zero-width characters, single blanks, at most `max`
 * user-visible characters.
 */
export function cleanText(text: string, max = 100): string {
  const clean = text
    .normalize("NFC")
    .replace(/[\s\u2028\u2029]+/g, " ")
    // Zero-width joiners (U+200C, U+200D) stay: Hindi, Persian and emoji need them.
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    .trim();
  return cut(clean, max);
}

/** Like `cleanText`, but keeps line breaks. */
export function cleanLines(text: string, max: number): string {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => cleanText(line, max));
  return cut(lines.join("\n"), max);
}

/** Counts user-visible characters (grapheme clusters). */
export function graphemes(text: string): number {
  let count = 0;
  for (const _ of new Intl.Segmenter().segment(text)) count += 1;
  return count;
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  let count = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (count === max) return `${text.slice(0, end)}…`;
    // A cluster can hide thousands of marks; none needs more than 16 code units.
    if (segment.length > 16) return `${text.slice(0, end)}…`;
    end += segment.length;
    count += 1;
  }
  return text;
}

/** Converts digits of every script to 0–9. */
export function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    // Digits come in consecutive tens (Unicode, chapter 4.6); some rows adjoin.
    const code = digit.codePointAt(0) ?? 0;
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
    return String((code - first) % 10);
  });
}
