import { chromium } from "playwright-core";

/**
 * Starts a Chromium for a command, with the extension of a folder or with none, and returns its context when the extension's
 * worker runs.
 * @param {string | undefined} extension
 * @param {{ width?: number, height?: number, args?: string[] }} [options] Size of its pages in CSS px, further arguments.
 * @returns {Promise<import("playwright-core").BrowserContext>}
 */
export async function launchChromium(extension, { width = 1280, height = 800, args = [] } = {}) {
  // Without a folder, the driver makes a profile and removes it.
  const context = await chromium.launchPersistentContext("", {
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    headless: true,
    viewport: { width, height },
    ignoreDefaultArgs: ["--disable-extensions"],
    args: [
      ...(extension ? [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`] : []),
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      ...args,
    ],
  });
  if (extension && !context.serviceWorkers().length) await context.waitForEvent("serviceworker");
  return context;
}
