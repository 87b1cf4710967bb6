import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run, say, setUp } from "./setup.mjs";

/**
 * `npm start`: sets up what is missing, builds the extension, and opens a browser with it and its sample groups beside a
 * local page full of invite links. Where there is no display (or with `--headless`) it takes the tour by itself, prints
 * what it saw, and leaves pictures in a folder that it names. Ends with a code other than 0 if a step did not happen.
 */

const hasDisplay = process.platform !== "linux" || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
const isHeadless = !hasDisplay || process.argv.includes("--headless");

try {
  const browsers = await setUp({});
  process.env.CHROMIUM_PATH = browsers.chromium;
  await build();
  // Only now are the dependencies there.
  const { runnerImport } = await import("vite");
  /** @type {<T>(path: string) => Promise<T>} */
  const load = async (path) =>
    (await runnerImport(join(root, path), { root, configFile: false, logLevel: "error" })).module;
  const [{ Chromium, BUILD }, { startServer }, { tour }] = await Promise.all([
    /** @type {Promise<typeof import("./e2e/chromium")>} */ (load("test/e2e/chromium.ts")),
    /** @type {Promise<typeof import("./server")>} */ (load("test/server.ts")),
    /** @type {Promise<typeof import("./tour")>} */ (load("test/tour.ts")),
  ]);
  const server = await startServer();
  const chromium = await Chromium.launch({
    dir: BUILD,
    isHeaded: !isHeadless,
    args: isHeadless ? [] : ["--window-size=1440,900"],
  });
  try {
    if (isHeadless) {
      const day = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
      const shots = join(root, ".screenshots", `tour-${day}`);
      mkdirSync(shots, { recursive: true });
      console.log(hasDisplay ? "The tour, headless:" : "There is no display here, so this is the tour, headless:");
      try {
        await tour({ chromium, server, shots, say: (line) => console.log(line) });
      } finally {
        console.log(`Pictures: ${shots}`);
      }
    } else {
      await show(chromium, server);
    }
  } finally {
    // A browser that the agent has closed is closed already.
    await chromium.close().catch(() => undefined);
    await server.close();
  }
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.message);
  process.exit(1);
}

/** Builds the extension for Chrome, without what an earlier build left. */
async function build() {
  say("Building the extension");
  rmSync(join(root, ".output", "chrome-mv3"), { recursive: true, force: true });
  const wxt = join(root, "node_modules", "wxt", "bin", "wxt.mjs");
  for (const args of [["prepare"], ["build"]]) {
    const { code, output } = await run(process.execPath, [wxt, ...args], { limit: 300_000 });
    if (code !== 0) throw new Error(`The extension does not build:\n${output}`);
  }
}

/**
 * Shows the extension with its sample groups beside the page, until the window is closed.
 * @param {import("./e2e/chromium").Chromium} chromium
 * @param {import("./server").TestServer} server
 */
async function show(chromium, server) {
  const welcome = await chromium.waitForSurface("welcome");
  await welcome.getByRole("button", { name: "Try with sample groups" }).click();
  await welcome.getByText("Ready", { exact: true }).waitFor();
  const blank = chromium.context.pages().find((each) => each.url() === "about:blank");
  await welcome.goto(chromium.url("app"));
  const page = await chromium.context.newPage();
  await page.goto(`http://lakeside.test:${server.port}/`);
  await blank?.close();
  // The panel opens for a press alone, and the button for it is in the popup; here that is a tab for a moment.
  const popup = await chromium.context.newPage();
  await popup.goto(chromium.url("popup"));
  await popup.getByRole("button", { name: "Open in the side panel" }).click();
  await chromium.waitForSurface("sidepanel");
  await popup.close().catch(() => undefined); // it closes itself, sooner or later than this
  await page.bringToFront();
  console.log(`The extension is in this browser, with sample groups: nothing is sent to WhatsApp.
- On the page in front, press “Manage via Wappfy” beside an invite. The panel beside it has your groups.
- Press the extension's button in the toolbar (or Alt+Shift+G) for the same in a popup; the other tab has it in full width.
Close the window, or press Ctrl+C here, to end.`);
  await new Promise((resolve) => {
    chromium.context.once("close", resolve);
    process.once("SIGINT", resolve);
  });
}
