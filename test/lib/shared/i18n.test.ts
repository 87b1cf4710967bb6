import { afterEach, describe, expect, it, vi } from "vitest";
import { direction, locale, moment, number, plural } from "../../../lib/shared/i18n";
import en from "../../../public/_locales/en/messages.json";
import hi from "../../../public/_locales/hi/messages.json";

/** A browser with a language of its own, in which the words come from a catalogue. */
function inBrowser(language: string, catalogue: Record<string, { message: string }>): void {
  const getMessage = (key: string, values: string[] = []) =>
    (catalogue[key]?.message ?? "").replace(/\$(\d)/g, (_, at: string) => values[Number(at) - 1] ?? "");
  vi.stubGlobal("browser", { i18n: { getMessage, getUILanguage: () => language } });
}
afterEach(() => vi.unstubAllGlobals());

const NOON = Date.UTC(2026, 10, 24, 12);

describe.each(["ar", "fa-IR", "he", "ur", "fr", "pt-BR", "ja", "ru", "de-CH"])(
  "English words in a browser in %s",
  (ui) => {
    it("follow English rules", () => {
      inBrowser(ui, en);
      expect([locale(), direction()]).toEqual(["en", "ltr"]);
      expect([0, 1, 2, 5].map((count) => plural("groups_members", count))).toEqual([
        "0 members",
        "1 member",
        "2 members",
        "5 members",
      ]);
      expect(number(1234567.5)).toBe("1,234,567.5");
      expect(moment(NOON, NOON + 7 * 86_400_000)).toContain("Nov 24, 2026");
    });
  },
);

it("keeps the browser's region where it speaks the language of the words", () => {
  inBrowser("en-GB", en);
  expect(locale()).toBe("en-GB");
  expect(moment(NOON, NOON + 7 * 86_400_000)).toContain("24 Nov 2026");
  inBrowser("hi-IN", hi);
  expect([locale(), direction()]).toEqual(["hi-IN", "ltr"]);
  expect(number(1234567)).toBe("12,34,567");
});

it("mirrors a language that is written from right to left", () => {
  inBrowser("ar-EG", { ...en, locale: { message: "ar" } });
  expect([locale(), direction()]).toEqual(["ar-EG", "rtl"]);
});
