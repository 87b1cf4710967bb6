import { afterEach, expect, it } from "vitest";
import ar from "../../../public/_locales/ar/messages.json";
import { Chromium } from "../chromium";

/** The language of the words decides how they are counted, and from which side they and their screens are read. */

let chromium: Chromium | undefined;
afterEach(() => chromium?.close());

it("shows English words from left to right, with English plurals and numbers, in a browser without words of its own", async () => {
  chromium = await Chromium.launch({ browserLanguage: "he" });
  const page = await chromium.open("app");
  expect(await page.evaluate("chrome.i18n.getUILanguage()")).toBe("he");
  await page.getByRole("button", { name: "Try with sample groups" }).click();
  await page.getByText("60 groups").waitFor();
  const root = page.locator("html");
  expect([await root.getAttribute("lang"), await root.getAttribute("dir")]).toEqual(["en", "ltr"]);
  await expect.poll(() => page.getByRole("status").first().innerText()).toMatch(/as of \d+:\d\d.[AP]M/u);
});

it("is read from right to left in Arabic, where a phone number keeps the order of its digits", async () => {
  chromium = await Chromium.launch({ language: "ar" });
  const page = await chromium.open("popup");
  await page.getByRole("button", { name: ar.connect_sample.message }).click();
  const row = page.locator(".rows a").nth(1);
  const [row_, name] = [await row.boundingBox(), await row.locator("bdi").first().boundingBox()];
  // The name begins after the picture, at the right.
  expect(name!.x + name!.width).toBeGreaterThan(row_!.x + row_!.width / 2);
  await row.click();
  // The arrow of "back" points to where one came from.
  const arrow = page.getByRole("button", { name: ar.action_back.message, exact: true }).locator("svg");
  expect(await arrow.evaluate((arrow) => getComputedStyle(arrow).scale)).toBe("-1 1");
  await page.locator(".member button.icon").first().click();
  const question = page.locator("dialog[open] h2");
  const lefts = await question.evaluate((heading) => {
    const words = [...heading.childNodes].find((node) => node.textContent?.includes("+"))!;
    const text = words.textContent!;
    const leftOf = (at: number) => {
      const range = document.createRange();
      range.setStart(words, at);
      range.setEnd(words, at + 1);
      return range.getBoundingClientRect().left;
    };
    const start = text.indexOf("+");
    const digits = /^\+[\d ]*\d/.exec(text.slice(start))![0].length;
    return Array.from({ length: digits }, (_, i) => leftOf(start + i));
  });
  expect(lefts.length).toBeGreaterThan(8);
  expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
});
