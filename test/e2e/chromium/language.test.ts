import { afterAll, beforeAll, expect, it } from "vitest";
import { Chromium } from "../chromium";

/** A browser in a language that has no catalogue: what it shows is English, and nothing of it is mirrored or counted otherwise. */

let chromium: Chromium;
beforeAll(async () => {
  chromium = await Chromium.launch({ browserLanguage: "ar" });
});
afterAll(() => chromium?.close());

it("shows English words from left to right, with English plurals and numbers, in an Arabic browser", async () => {
  const page = await chromium.open("app");
  expect(await page.evaluate("chrome.i18n.getUILanguage()")).toBe("ar");
  await page.getByRole("button", { name: "Try with sample groups" }).click();
  await page.getByText("60 groups").waitFor();
  const root = page.locator("html");
  expect([await root.getAttribute("lang"), await root.getAttribute("dir")]).toEqual(["en", "ltr"]);
  expect(await page.getByRole("status").first().innerText()).toMatch(/as of \d+:\d\d.[AP]M/u);
});
