import { join } from "node:path";
import { runnerImport } from "vite";
import { launchChromium as launch } from "../chromium.mjs";
import { root } from "../setup.mjs";

/**
 * The two browsers behind one face, each with the extension or without.
 *
 * @typedef {{
 *   evaluate(expression: string): Promise<any>,
 *   click(selector: string, count?: number): Promise<void>,
 *   type(text: string): Promise<void>,
 *   press(key: string): Promise<void>,
 *   chips(): Promise<number>,
 *   messages(): string[],
 *   close(): Promise<void>,
 *   page?: import("playwright-core").Page,
 * }} Tab `messages`: what the page said on its console as a warning or an error, and what it threw and nobody caught.
 * @typedef {{ open(address: string): Promise<Tab>, close(): Promise<void> }} Browser
 */

/** @returns {Promise<Browser>} A Chromium, with the extension of a folder or with none. */
export async function launchChromium(/** @type {string | undefined} */ extension) {
  const context = await launch(extension, { width: 1000, height: 900 });
  return {
    async open(address) {
      const page = await context.newPage();
      const messages = /** @type {string[]} */ ([]);
      page.on("pageerror", (error) => messages.push(`uncaught ${error.message}`));
      page.on("console", (message) => {
        if (/error|warning/.test(message.type())) messages.push(`${message.type()} ${message.text()}`);
      });
      await page.goto(address);
      return {
        page,
        evaluate: (expression) => page.evaluate(expression),
        click: (selector, count = 1) =>
          page
            .locator(selector)
            .last()
            .click({ position: { x: 8, y: 8 }, clickCount: count, timeout: 10_000 }),
        type: (text) => page.keyboard.type(text),
        press: (key) => page.keyboard.press(key),
        chips: () => buttonsIn(page),
        messages: () => messages,
        close: () => page.close(),
      };
    },
    close: () => context.close(),
  };
}

/** @returns {Promise<Browser>} A Firefox, with the extension of a folder or with none; one tab at a time. */
export async function launchFirefox(/** @type {string | undefined} */ extension) {
  const options = { root, configFile: /** @type {const} */ (false), logLevel: /** @type {const} */ ("error") };
  const { module } = await runnerImport(join(root, "test/e2e/firefox.ts"), options);
  const { Firefox } = /** @type {typeof import("../e2e/firefox")} */ (module);
  const firefox = await Firefox.launch({ dir: extension ?? null });
  return {
    async open(address) {
      firefox.pageErrors.take();
      const page = await firefox.open(new URL(address));
      await page.resize(1000, 900);
      return {
        evaluate: (expression) => page.evaluate(expression),
        click: (selector) => {
          const all = `document.querySelectorAll(${JSON.stringify(selector)})`;
          return page.click(`${all}[${all}.length - 1]`);
        },
        type: (text) => page.type(text),
        // Keys with Control are left out: what is typed by `type` has no such key.
        press: (key) => page.type({ End: "\uE010", Enter: "\uE007" }[key] ?? ""),
        chips: async () => (await page.chips()).length,
        messages: () => firefox.pageErrors.take(),
        close: () => page.close(),
      };
    },
    close: () => firefox.close(),
  };
}

/** How many buttons stand in closed roots: our chips. */
async function buttonsIn(/** @type {import("playwright-core").Page} */ page) {
  const session = await page.context().newCDPSession(page);
  const { root: document } = await session.send("DOM.getDocument", { depth: -1, pierce: true });
  await session.detach();
  /** @returns {number} */
  const count = (/** @type {typeof document} */ node, isInside = false) =>
    Number(isInside && node.localName === "button") +
    [...(node.children ?? []), ...(node.shadowRoots ?? [])].reduce(
      (sum, child) => sum + count(child, isInside || child.shadowRootType === "closed"),
      0,
    );
  return count(document);
}
