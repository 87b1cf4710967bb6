/** Kinds of weak passphrases; each has a sentence in `_locales`. */
export const WEAKNESSES = ["short", "long", "pattern", "word"] as const;

/**
 * `short`: under 12 characters and four words. `long`: over 1024. `pattern`: common passwords, runs or repetitions.
 * `word`: one word among digits and signs.
 */
export type Weakness = (typeof WEAKNESSES)[number];

/** Minimum characters without blanks, or words. */
const LETTERS = 12;
const WORDS = 4;

/** Returns a passphrase's weakness, or undefined. */
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

/** Counts letters; an ideograph, syllable or kana counts twice. */
function weightOf(word: string): number {
  return Array.from(word).length + (word.match(/[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}]/gu)?.length ?? 0);
}

/** Replaces signs and digits between letters by the letters they imitate; years stay. */
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

function isOneWord(text: string): boolean {
  const runs = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  return runs.length < 2 && weightOf(runs[0] ?? "") < LETTERS;
}

const COMMON =
  /passphrase|password|passwort|parola|senha|contrasena|qwertyuiop|qwertzuiop|qwerty|qwertz|azerty|1q2w3e4r(?:5t(?:6y)?)?|asdfgh|zxcvbn|letmein|welcome|iloveyou|administrator|admin|wappfy|whatsapp|secret|login|dragon|monkey|master|sunshine|princess|football|baseball|changeme|trustno|p[a@4][s$5]{2}w[o0]rd/g;

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
