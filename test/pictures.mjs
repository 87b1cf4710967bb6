import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runnerImport } from "vite";
import { root, setUp } from "./setup.mjs";

/**
 * `node test/pictures.mjs`: each surface with the sample groups, in light and dark, in English and Hindi, and in the
 * room that a zoom of 200 % leaves, and from them the picture of the README; then each page of `test/pages/store` with its
 * buttons, wide and narrow, in light and dark, for the listing in a store. `node test/pictures.mjs pages` takes these alone,
 * `node test/pictures.mjs readme` the README's two pictures, `node test/pictures.mjs chip` that of a chip. Needs a build (`npx wxt build`). The folders are named at the end.
 */

const { chromium: path } = await setUp({});
process.env.CHROMIUM_PATH = path;
/** @type {typeof import("./e2e/chromium")} */
const { Chromium, BUILD } = (
  await runnerImport(join(root, "test/e2e/chromium.ts"), { root, configFile: false, logLevel: "error" })
).module;

const folder = join(root, ".screenshots", "surfaces");
const pages = join(root, ".screenshots", "pages");
for (const each of [folder, pages]) mkdirSync(each, { recursive: true });

const only = process.argv[2];
for (const language of only === "readme" ? ["en"] : only ? [] : ["en", "hi"]) {
  const browser = await Chromium.launch({ dir: BUILD, language });
  /** @param {import("playwright-core").Page} page @param {string} name */
  const take = async (page, name) => {
    // Until what is read behind has been drawn and nothing moves any more.
    await page.mouse.move(0, 0); // Nothing looks pointed at.
    await page.waitForTimeout(700);
    await browser.screenshot(page, join(folder, `${name}-${language}`));
  };
  const welcome = await browser.waitForSurface("welcome");
  await take(welcome, "welcome");
  await welcome.locator("section.card button").click();
  await welcome.locator("a.button.primary").waitFor();

  const popup = await browser.open("popup", "#/groups");
  await popup.locator(".rows a").first().waitFor();
  await take(popup, "popup-groups");
  const group = await popup.locator(".rows a").nth(1).getAttribute("href");
  for (const [name, hash] of [
    ["popup-group", group ?? ""],
    ["popup-group-add", `${group}?tab=add`],
    ["popup-group-invite", `${group}?tab=invite`],
    ["popup-group-message", `${group}?tab=message`],
    ["popup-group-about", `${group}?tab=about`],
    ["popup-group-edit", `${group}?edit=1`],
    ["popup-message", "#/message"],
    ["popup-create", "#/create"],
    ["popup-join", "#/join"],
    ["popup-page", "#/page"],
    ["popup-people", "#/people"],
    ["popup-activity", "#/activity"],
    ["popup-settings", "#/settings"],
    ["popup-connect", "#/connect"],
  ]) {
    await popup.goto(browser.url("popup", hash));
    await take(popup, name);
  }
  await popup.goto(browser.url("popup", "#/create"));
  await popup.locator("form input").first().fill("Project Alpha");
  await popup.locator("textarea").fill("Asha: +1 202 555 0161\nBo +44 20 7946 0018\n+1 201 555 0143\nroom 12");
  await take(popup, "popup-create-filled");
  await popup.locator("form button[type=submit]").click();
  // The offer to open the group comes when every person has a verdict.
  await popup.locator(".screen > .row .button.primary").waitFor({ timeout: 60_000 });
  await take(popup, "popup-result");

  await popup.goto(browser.url("popup", "#/activity"));
  await take(popup, "popup-activity-one");
  await popup.goto(browser.url("popup", "#/groups"));
  await popup.locator("[data-search]").fill("zzz");
  await take(popup, "popup-groups-none");
  await popup.locator("[data-search]").fill("");
  await popup.locator("h1").press("?");
  await take(popup, "popup-keys");
  await popup.keyboard.press("Escape");
  const panel = await browser.open("sidepanel", group ?? "");
  await take(panel, "sidepanel-group");
  await panel.setViewportSize({ width: 200, height: 300 });
  for (const [name, hash] of [
    ["sidepanel-zoom-groups", "#/groups"],
    ["sidepanel-zoom-group", group ?? ""],
    ["sidepanel-zoom-create", "#/create"],
    ["sidepanel-zoom-settings", "#/settings"],
    ["sidepanel-zoom-connect", "#/connect"],
  ]) {
    await panel.goto(browser.url("sidepanel", hash));
    await take(panel, name);
  }
  const tab = await browser.open("app", group ?? "");
  await take(tab, "app-group");
  await tab.setViewportSize({ width: 640, height: 400 });
  await take(tab, "app-group-zoom-200");
  const options = await browser.open("options", "#/settings");
  await take(options, "options");
  if (language === "en") await takeReadme(browser);
  await browser.close();
}

if (only === undefined || only === "pages") await takePages();
if (only !== "pages") await takeChip();
console.log(`Pictures: ${folder} and ${pages}`);

/** Each page of the folder with the buttons on it, and the list of the first one's invites beside it. */
async function takePages() {
  /** @type {typeof import("./server")} */
  const { startServer } = (
    await runnerImport(join(root, "test/server.ts"), { root, configFile: false, logLevel: "error" })
  ).module;
  const server = await startServer();
  const browser = await Chromium.launch({ dir: BUILD });
  const welcome = await browser.waitForSurface("welcome");
  await welcome.locator("section.card button").click();
  await welcome.locator("a.button.primary").waitFor();
  const page = await browser.context.newPage();
  for (const name of readdirSync(join(root, "test/pages/store")).map((file) => file.replace(".html", ""))) {
    for (const [size, width, height] of /** @type {const} */ ([
      ["", 1280, 800],
      ["-narrow", 390, 844],
    ])) {
      await page.setViewportSize({ width, height });
      await page.goto(`http://page.test:${server.port}/store/${name}.html`);
      const links = page.locator("a[href*='chat.whatsapp.com']");
      const link = links.or(page.getByText("chat.whatsapp.com")).first();
      await link.scrollIntoViewIfNeeded();
      await browser.waitForChips(page);
      // The driver scrolled to each button.
      await page.evaluate(() => scrollTo(0, 0));
      await link.scrollIntoViewIfNeeded();
      // Until the last answer has come and nothing moves any more.
      await page.waitForTimeout(1000);
      await browser.screenshot(page, join(pages, `${name}${size}`));
    }
  }
  const panel = await browser.open("sidepanel", "#/page");
  await page.bringToFront();
  await panel.locator(".invite-row").first().waitFor();
  await panel.waitForTimeout(700);
  await browser.screenshot(panel, join(folder, "sidepanel-page-en"));
  await browser.close();
  await server.close();
}

/** Takes the picture of chips on a page for the README. */
async function takeChip() {
  /** @type {typeof import("./server")} */
  const { startServer } = (
    await runnerImport(join(root, "test/server.ts"), { root, configFile: false, logLevel: "error" })
  ).module;
  const server = await startServer();
  const browser = await Chromium.launch({ dir: BUILD });
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: 900, height: 420 });
  await page.goto(`http://page.test:${server.port}/store/forum.html`);
  await browser.waitForChips(page);
  await page.evaluate(() => scrollTo(0, 0));
  // Until the last answer has come and nothing moves any more.
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(root, ".github", "chip.png") });
  await browser.close();
  await server.close();
}

/** Puts the list, a filled form and a result side by side into the picture of the README. */
async function takeReadme(/** @type {import("./e2e/chromium").Chromium} */ browser) {
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: 3 * 402 + 4 * 24, height: 602 + 2 * 24 });
  const images = ["popup-groups-en-light", "popup-create-filled-en-light", "popup-result-en-dark"].map((name) => {
    const data = readFileSync(join(folder, `${name}.png`)).toString("base64");
    return `<img src="data:image/png;base64,${data}">`;
  });
  await page.setContent(`<style>
    body { display: flex; justify-content: space-evenly; align-items: center; height: 100vh; margin: 0; background: #dfe8e6 }
    img { border: 1px solid #c3cfcc }
  </style>${images.join("")}`);
  await page.screenshot({ path: join(root, ".github", "popup.png") });
}
