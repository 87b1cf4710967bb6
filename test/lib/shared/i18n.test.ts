import { afterEach, describe, expect, it, vi } from "vitest";
import { clock, direction, joined, locale, dateTime, number, plural, t } from "../../../lib/shared/i18n";
import ar from "../../../public/_locales/ar/messages.json";
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
      expect(dateTime(NOON, NOON + 7 * 86_400_000)).toContain("Nov 24, 2026");
    });
  },
);

it("keeps the browser's region where it speaks the language of the words", () => {
  inBrowser("en-GB", en);
  expect(locale()).toBe("en-GB");
  expect(dateTime(NOON, NOON + 7 * 86_400_000)).toContain("24 Nov 2026");
  inBrowser("hi-IN", hi);
  expect([locale(), direction()]).toEqual(["hi-IN", "ltr"]);
  expect(number(1234567)).toBe("12,34,567");
});

it("mirrors a language that is written from right to left", () => {
  inBrowser("ar-EG", { ...en, locale: { message: "ar" } });
  expect([locale(), direction()]).toEqual(["ar-EG", "rtl"]);
});

it("keeps a number and a name whole inside a sentence from right to left", () => {
  const words = { groups_found_other: { message: "$1 من $2" }, remove_title_named: { message: "إزالة $1 من «$2»؟" } };
  inBrowser("ar-EG", { ...en, ...words, locale: { message: "ar" } });
  expect(t("remove_title_named", "+1 202 555 0161", "Project Alpha (2)")).toBe(
    "إزالة \u2068+1 202 555 0161\u2069 من «\u2068Project Alpha (2)\u2069»؟",
  );
  expect(plural("groups_found", 5, "+1")).toBe("٥ من \u2068+1\u2069");
  expect(joined(["Project Alpha", undefined, "", "+1 202 555 0161"])).toBe(
    "\u2068Project Alpha\u2069 · \u2068+1 202 555 0161\u2069",
  );
  inBrowser("en", en);
  expect(t("remove_title_named", "+1 202 555 0161", "Project Alpha (2)")).not.toMatch(/\p{Bidi_Control}/u);
  expect(joined(["Project Alpha", "+1 202 555 0161"])).toBe("Project Alpha · +1 202 555 0161");
});

it("keeps an Arabic name from taking what stands beside it along", () => {
  inBrowser("en", en);
  expect(joined(["دعم العملاء", "3 members"])).toBe("\u2068دعم العملاء\u2069 · 3 members");
  expect(plural("remove_title", 2, "الدعم")).toContain("\u2068الدعم\u2069");
});

it("counts time in the digits of the language", () => {
  inBrowser("ar-EG", { ...en, locale: { message: "ar" } });
  expect(clock(3_725_000)).toBe("١:٠٢:٠٥");
  inBrowser("en", en);
  expect([clock(41_000), clock(3_725_000)]).toEqual(["0:41", "1:02:05"]);
});

it("counts in Arabic in its six forms, one and two of them in words", () => {
  inBrowser("ar", ar);
  expect([0, 1, 2, 3, 11, 100].map((count) => plural("groups_members", count))).toEqual([
    "0 عضو",
    "عضو واحد",
    "عضوان",
    "3 أعضاء",
    "11 عضوًا",
    "100 عضو",
  ]);
});
