import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../../server";
import { command, KEY, rawKeys, startGateway } from "../app";
import { PATIENCE, PSEUDO, showTheme, type Chromium } from "../chromium";
import { cutText } from "../cut-text";
import { PASSWORD, begin, screens, show } from "../screens";

/**
 * axe-core on every screen, in both themes and both shapes, with the states that a screen can be in, and whether text is cut
 * or a key stands in its place there: in words longer than the English ones, and in Hindi.
 */

const WAIT = { timeout: PATIENCE };
/** Boxes and radio buttons that give less than 24 × 24 CSS pixels to press (WCAG 2.5.8), the label around them counted. */
async function smallTargets(page: Page): Promise<string[]> {
  return page.locator("input:is([type=checkbox], [type=radio]):not([inert]):visible").evaluateAll((inputs) =>
    inputs.flatMap((input) => {
      const { width, height } = (input.closest("label") ?? input).getBoundingClientRect();
      return width < 24 || height < 24 ? [`too small to press, ${width} × ${height}: ${input.outerHTML}`] : [];
    }),
  );
}

/** Looks at what a page shows by all rules in the light theme, and for contrast in the dark one; or not for contrast at all. */
async function faultsOf(chromium: Chromium, page: Page, hasContrast = true): Promise<string[]> {
  await showTheme(page, "light");
  const rules = { "color-contrast": { enabled: hasContrast } };
  const light = [...(await chromium.accessibilityFaults(page, { rules })), ...(await smallTargets(page))];
  if (!hasContrast) return light;
  await showTheme(page, "dark");
  const dark = await chromium.accessibilityFaults(page, { runOnly: ["color-contrast"] });
  return [...light, ...dark.map((fault) => `dark: ${fault}`)];
}

describe.each([PSEUDO, "hi"])("in %s", (language) => {
  let server: TestServer;
  let chromium: Chromium;
  beforeAll(async () => {
    server = await startGateway("guide");
    chromium = await begin(server, language);
  });
  afterAll(async () => {
    await chromium?.close();
    await server?.close();
  });

  /** One page for all screens, in the shape of the popup or of a wide tab. */
  let shared: Page;
  beforeAll(async () => {
    shared = await chromium.open("popup", "#/groups");
    shared.setDefaultTimeout(PATIENCE);
  });

  it.each(screens)("$name", async (screen) => {
    await show(chromium, shared, screen);
    // Colours are the same in every language.
    await expect.poll(() => faultsOf(chromium, shared, language === PSEUDO), WAIT).toEqual([]);
    await expect.poll(async () => [...(await cutText(shared)), ...(await rawKeys(shared))], WAIT).toEqual([]);
    await shared.setViewportSize({ width: 320, height: 600 });
    await expect.poll(() => cutText(shared), WAIT).toEqual([]);
    await shared.setViewportSize({ width: 400, height: 600 });
    if (!screen.isWide || language !== PSEUDO) return;
    await shared.setViewportSize({ width: 1280, height: 800 });
    await expect.poll(() => faultsOf(chromium, shared), WAIT).toEqual([]);
    await shared.setViewportSize({ width: 400, height: 600 });
  });

  it("the second step of connecting", async () => {
    await command(shared, "forgetEverything");
    // The screen before was locked.
    await shared.locator(PASSWORD).waitFor({ state: "detached" });
    await show(chromium, shared, { name: "connect", route: "/connect", has: "form input[type=password]" });
    await shared.locator("input[type=password]").fill(KEY);
    await shared.locator("details summary").click();
    await shared.locator("input[inputmode=url]").fill(server.origin);
    await shared.locator("form button[type=submit]").click();
    await shared.locator("input[type=radio]").first().waitFor();
    await expect.poll(() => faultsOf(chromium, shared), WAIT).toEqual([]);
  });
});
