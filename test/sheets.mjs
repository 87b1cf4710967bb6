import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runnerImport } from "vite";
import { root, setUp } from "./setup.mjs";

/**
 * `node test/sheets.mjs`: every screen in every state, in each shape (popup, panel, tab), theme, zoom and language, on one
 * sheet for each of them, to be looked at. `node test/sheets.mjs dark hi` takes those whose name has one of the words.
 * Names the texts that are cut and the screens that did not come, and fails if there are any. Needs a build
 * (`npx wxt build --mode e2e`). The folder is named at the end.
 */

/**
 * A way to show the screens. `width` and `height` in CSS pixels; a zoom is a window that is so much smaller.
 * @typedef {{ name: string, language: string, width: number, height: number, zoom?: number, media?: object }} Look
 */

const POPUP = { width: 400, height: 600 };
const dark = { colorScheme: "dark" };
const languages = readdirSync(join(root, "public", "_locales"));
/** @type {Look[]} */
const LOOKS = [
  { name: "popup-light", language: "en", ...POPUP },
  { name: "popup-dark", language: "en", ...POPUP, media: dark },
  { name: "popup-forced-colours", language: "en", ...POPUP, media: { forcedColors: "active" } },
  { name: "popup-zoom-200", language: "en", width: 400, height: 300, zoom: 2 },
  { name: "popup-zoom-400", language: "en", width: 320, height: 256, zoom: 4 },
  { name: "panel-360", language: "en", width: 360, height: 800 },
  { name: "panel-320", language: "en", width: 320, height: 800 },
  { name: "tab-1280", language: "en", width: 1280, height: 800 },
  { name: "tab-1280-dark", language: "en", width: 1280, height: 800, media: dark },
  { name: "panel-360-dark", language: "en", width: 360, height: 800, media: dark },
  { name: "tab-1280-forced-colours", language: "en", width: 1280, height: 800, media: { forcedColors: "active" } },
  { name: "tab-1600", language: "en", width: 1600, height: 900 },
  { name: "popup-dark-pt_BR", language: "pt_BR", ...POPUP, media: dark },
  { name: "popup-dark-ar", language: "ar", ...POPUP, media: dark },
  ...["pseudo", ...languages]
    .filter((language) => language !== "en")
    .flatMap((language) => [
      { name: `popup-${language}`, language, ...POPUP },
      { name: `panel-360-${language}`, language, width: 360, height: 800 },
      { name: `panel-320-${language}`, language, width: 320, height: 800 },
      { name: `tab-1280-${language}`, language, width: 1280, height: 800 },
    ]),
];
const words = process.argv.slice(2);
const looks = LOOKS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

const { chromium: path } = await setUp({});
process.env.CHROMIUM_PATH = path;
const load = async (/** @type {string} */ file) =>
  (await runnerImport(join(root, file), { root, configFile: false, logLevel: "error" })).module;
const [{ startGateway }, { begin, screens, show }, { cutText }] =
  /** @type {[typeof import("./e2e/app"), typeof import("./e2e/screens"), typeof import("./e2e/cut-text")]} */ (
    await Promise.all([load("test/e2e/app.ts"), load("test/e2e/screens.ts"), load("test/e2e/cut-text.ts")])
  );

const folder = join(root, ".screenshots", "sheets");
mkdirSync(folder, { recursive: true });
const server = await startGateway("guide");
for (const language of new Set(looks.map((look) => look.language))) {
  const browser = await begin(server, language);
  const page = await browser.open("app");
  page.setDefaultTimeout(20_000);
  for (const { name, width, height, zoom = 1, media = {} } of looks.filter((look) => look.language === language)) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none", reducedMotion: "reduce", ...media });
    const shots = [];
    for (const screen of screens) {
      try {
        await show(browser, page, screen);
        await page.waitForTimeout(250); // Until what is read behind has been drawn.
        for (const cut of await cutText(page)) {
          process.exitCode = 1;
          console.log(`${name}, ${screen.name}: ${cut}`);
        }
        shots.push({ title: screen.name, picture: (await page.screenshot()).toString("base64") });
      } catch (error) {
        process.exitCode = 1;
        const why = `${screen.name}: ${String(error).slice(0, 200)}`;
        console.log(`${name}, ${why}`);
        shots.push({ title: why, picture: "" });
      }
    }
    await sheet(browser.context, name, shots, Math.min(width * Math.min(zoom, 1.25), 640));
    console.log(`${name}: ${shots.length} screens`);
  }
  await browser.close();
}
await server.close();
console.log(folder);

/**
 * Puts the pictures of a look on sheets of twelve.
 * @param {import("playwright-core").BrowserContext} context
 * @param {string} name
 * @param {{ title: string, picture: string }[]} shots
 * @param {number} width Of one picture, in CSS pixels.
 */
async function sheet(context, name, shots, width) {
  for (const file of readdirSync(folder)) if (file.startsWith(`${name}-sheet`)) rmSync(join(folder, file));
  const page = await context.newPage();
  for (let at = 0; at < shots.length; at += 12) {
    const figures = shots
      .slice(at, at + 12)
      .map(
        ({ title, picture }) =>
          `<figure><figcaption>${title.replaceAll("<", "&lt;")}</figcaption><img src="data:image/png;base64,${picture}" width="${width}"></figure>`,
      );
    const html = `<!doctype html><meta charset="utf-8"><style>body{margin:8px;display:flex;flex-wrap:wrap;gap:10px;background:#888;font:14px sans-serif}
      figure{margin:0}figcaption{background:#ff8;padding:2px 6px;max-width:${width}px}img{display:block}</style>${figures.join("")}`;
    await page.setViewportSize({ width: Math.ceil(4 * (width + 10) + 16), height: 800 });
    await page.setContent(html);
    writeFileSync(join(folder, `${name}-sheet${at / 12 + 1}.png`), await page.screenshot({ fullPage: true }));
  }
  await page.close();
}
