/** Ways in which a passphrase is too weak; each has a sentence in `_locales`. */
export const WEAKNESSES = ["short", "long", "pattern", "word"] as const;

/**
 * Why a passphrase is too weak: `short` has under 12 characters and under four words, `long` is too long to be meant
 * (over 1024), `pattern` is made of the commonest passwords, of a run of neighbours, or of one piece over and over,
 * `word` is one word with a year, a number or signs around it. Undefined when it is good enough.
 */
export type Weakness = (typeof WEAKNESSES)[number];

/** Shortest passphrase, blanks not counted, and fewest words that do instead. */
const LETTERS = 12;
const WORDS = 4;

/** What makes a passphrase too weak, or undefined. */
export function weaknessOf(passphrase: string): Weakness | undefined {
  if (passphrase.length > 1024) return "long";
  const text = passphrase.normalize("NFKC").toLowerCase();
  const letters = Array.from(new Intl.Segmenter().segment(text.replace(/\s+/g, "")), ({ segment }) => segment);
  const words = text.split(/[\s\-_.,]+/).filter((word) => weightOf(word) > 2);
  const isShort = letters.length < LETTERS && words.length < WORDS;
  if (isShort) return "short";
  if (new Set(letters).size < 5 || (new Set(words).size === 1 && words.length > 1)) return "pattern";
  const plain = plainOf(text);
  if (withoutCommon(plain.replace(/[\s\-_.,!?@#$*]+/g, "")).length < 4) return "pattern";
  return isOneWord(withoutCommon(plain)) ? "word" : undefined;
}

/** Letters of a word; an ideograph, a syllable or a kana says as much as two. */
function weightOf(word: string): number {
  return Array.from(word).length + (word.match(/[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}]/gu)?.length ?? 0);
}

/** Signs and digits that stand for a letter, as letters: only between letters, so that a year stays one. */
function plainOf(text: string): string {
  return text.replace(/(?<=\p{L})[@4035$1!](?=\p{L})/gu, (sign) => LETTER_FOR[sign] ?? sign);
}

const LETTER_FOR: Record<string, string> = {
  "@": "a",
  "4": "a",
  "0": "o",
  "3": "e",
  "5": "s",
  $: "s",
  "1": "i",
  "!": "i",
};

/** One run of fewer than twelve letters, with nothing but digits, blanks and signs around it. */
function isOneWord(text: string): boolean {
  const runs = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  return runs.length < 2 && weightOf(runs[0] ?? "") < LETTERS;
}

const COMMON =
  /passphrase|password|passwort|parola|senha|contrasena|qwertyuiop|qwertzuiop|qwerty|qwertz|azerty|1q2w3e4r(?:5t(?:6y)?)?|asdfgh|zxcvbn|letmein|welcome|iloveyou|administrator|admin|wappfy|whatsapp|secret|login|dragon|monkey|master|sunshine|princess|football|baseball|changeme|trustno|p[a@4][s$5]{2}w[o0]rd/g;

/** What is left of a passphrase without common passwords, runs (`12345`, `cba`) and repetitions. */
function withoutCommon(text: string): string {
  let rest = text.replace(COMMON, "").replace(/(.+?)\1+/gu, "$1");
  const codes = Array.from(rest, (letter) => letter.codePointAt(0) ?? 0);
  rest = Array.from(rest)
    .filter((_, i) => {
      const step = (codes[i] ?? 0) - (codes[i - 1] ?? -9);
      const isWrap = codes[i] === 48 && codes[i - 1] === 57;
      return Math.abs(step) > 1 && !isWrap;
    })
    .join("");
  return rest.replace(COMMON, "");
}
