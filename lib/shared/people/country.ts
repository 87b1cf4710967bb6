import { fold } from "../text";
import { type CountryCode, countries, countryOf, countryOfCode } from "./phone";

const LANGUAGES = ["en", "es", "pt", "fr", "de", "it", "id", "hi", "ar", "ru"];
const SHORT: Readonly<Record<string, string>> = {
  usa: "US",
  uk: "GB",
  uae: "AE",
  england: "GB",
  "u s a": "US",
  ksa: "SA",
};

/** Returns the country a cell names by calling code, two letters, or name in one of ten languages. */
export function countryNamed(cell: string): CountryCode | undefined {
  if (/^\d+$/.test(cell)) return countryOfCode(cell);
  const text = fold(cell.replace(/[^\p{L}\p{M} ]/gu, " ").trim());
  if (text === "") return undefined;
  if (text.length === 2) return countryOf(SHORT[text] ?? text);
  if (SHORT[text] !== undefined) return countryOf(SHORT[text]);
  for (const language of LANGUAGES) {
    const names = new Intl.DisplayNames([language], { type: "region" });
    const code = countries().find((each) => fold(names.of(each) ?? "") === text);
    if (code !== undefined) return countryOf(code);
  }
  return undefined;
}
