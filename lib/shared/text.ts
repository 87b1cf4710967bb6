/** Text as it is compared, cleaned and counted; the same everywhere. */

/**
 * A form for searching and sorting: without case, accents and compatibility differences. Only the Latin, Greek and
 * Cyrillic combining marks go; the vowel signs of Indic scripts are letters and stay.
 */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
}

/** Whether somebody typed one of these words, in whatever case; of the two Hindi spellings of a nasal either will do. */
export function isWord(typed: string, ...words: string[]): boolean {
  const plain = (text: string) => fold(text.trim()).replaceAll("\u0901", "\u0902");
  return words.some((word) => plain(typed) === plain(word));
}

/**
 * A name from elsewhere made safe to show on one line: control characters, bidi controls and
 * zero-width characters go, white space becomes one blank, and at most `max` user-visible characters are kept.
 */
export function cleanText(text: string, max = 100): string {
  const clean = text
    .normalize("NFC")
    .replace(/[\s\u2028\u2029]+/g, " ")
    // The zero-width joiners (U+200C, U+200D) stay: Hindi, Persian and emoji need them.
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    .trim();
  return cut(clean, max);
}

/** The same for text of several lines, such as a description: line breaks stay. */
export function cleanLines(text: string, max: number): string {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => cleanText(line, max));
  return cut(lines.join("\n"), max);
}

/** Length in user-visible characters (grapheme clusters). */
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
    // A single cluster can hide thousands of marks; what is beyond 16 code units is not a letter any more.
    if (segment.length > 16) return `${text.slice(0, end)}…`;
    end += segment.length;
    count += 1;
  }
  return text;
}

/** The text with the digits of every script as 0 to 9. */
export function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    // Digits of a script stand in tens in a row (Unicode, chapter 4.6), some scripts' rows side by side.
    const code = digit.codePointAt(0) ?? 0;
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
    return String((code - first) % 10);
  });
}
