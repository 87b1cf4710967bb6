import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../../server";
import { startGateway } from "../app";
import { PATIENCE, type Chromium } from "../chromium";
import { begin, leave, screens, show } from "../screens";

/**
 * Each screen brings its own style sheets, so what it looks like must not depend on which screens were open before: no rule
 * of a sheet that it does not load may match anything on it.
 */

const folder = join(".output", "chrome-mv3-e2e", "assets");
const sheets = readdirSync(folder)
  .filter((name) => name.endsWith(".css"))
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

/** Selectors of sheets that a page did not load and that match something on it, in windows of its size. */
async function foreignRules(page: Page): Promise<string[]> {
  return page.evaluate((all) => {
    const loaded = new Set([...document.styleSheets].map(({ href }) => href?.split("/").at(-1)));
    const rulesOf = (rules: CSSRuleList): CSSStyleRule[] =>
      [...rules].flatMap((rule) => {
        if (rule instanceof CSSStyleRule) return rule;
        if (rule instanceof CSSMediaRule && !matchMedia(rule.conditionText).matches) return [];
        return rule instanceof CSSGroupingRule ? rulesOf(rule.cssRules) : [];
      });
    return all
      .filter(({ name }) => !loaded.has(name))
      .flatMap(({ name, text }) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return rulesOf(sheet.cssRules)
          .map(({ selectorText }) => selectorText)
          .filter((selector) =>
            document.querySelector(selector.replace(/:(?:hover|focus-visible|focus|active)\b/g, ":is(*)")),
          )
          .map((selector) => `${name}: ${selector}`);
      });
  }, sheets);
}

describe("styles", () => {
  let server: TestServer;
  let chromium: Chromium;
  let page: Page;
  beforeAll(async () => {
    server = await startGateway("guide");
    chromium = await begin(server);
    page = await chromium.open("app", "#/groups");
    page.setDefaultTimeout(PATIENCE);
    await page.setViewportSize({ width: 400, height: 600 });
  });
  afterAll(async () => {
    await chromium?.close();
    await server?.close();
  });

  it("are in several sheets", () => expect(sheets.length).toBeGreaterThan(5));

  it.each(screens)("of $name are its own", async (screen) => {
    await show(chromium, page, screen);
    expect(await foreignRules(page)).toEqual([]);
    await leave(page);
    // The next screen begins without any sheet.
    await page.goto("about:blank");
  });
});
