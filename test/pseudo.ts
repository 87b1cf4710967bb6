/** Messages of a catalogue, as in `_locales`. */
export type Messages = Record<string, { message: string }>;

const ACCENTED: Record<string, string> = {
  a: "á",
  e: "é",
  i: "í",
  o: "ó",
  u: "ú",
  A: "Á",
  E: "É",
  I: "Í",
  O: "Ó",
  U: "Ú",
};

/**
 * Returns a catalogue in a language that nobody speaks: the words of another, each vowel accented and doubled, so that
 * words are about 40 % longer and as high as letters get. What is put in, such as `$1` and `{name}`, stays.
 */
export function pseudo(catalogue: Messages): Messages {
  const fixed = /^(extension_|locale$)/;
  const entries = Object.entries(catalogue).map(([key, { message }]) => [
    key,
    { message: fixed.test(key) ? message : message.replace(/\{\w+\}|[aeiou]/gi, lengthened) },
  ]);
  return Object.fromEntries(entries) as Messages;
}

function lengthened(found: string): string {
  return found.startsWith("{") ? found : ACCENTED[found]!.repeat(2);
}
