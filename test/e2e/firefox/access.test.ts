import { afterAll, beforeAll, expect, it } from "vitest";
import { WORLD_INSTANCES } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { counted, KEY, startGateway, words } from "../app";
import type { Door } from "../chromium";
import { Firefox, type FirefoxPage } from "../firefox";
import { sendFrom } from "../firefox-app";

/** In Firefox the agent can take back every access at any time. The place that says so gives it back. */

let firefox: Firefox;
let server: TestServer;
let app: FirefoxPage;
beforeAll(async () => {
  server = await startGateway("guide");
  server.page(
    "/one",
    '<!doctype html><title>One</title><a href="https://chat.whatsapp.com/AbCdEfGhIjKlMn">Join us</a>',
  );
  firefox = await Firefox.launch();
  app = await firefox.open("app");
  await app.waitFor("document.querySelector('#root > *')");
  const input = {
    name: "Desk",
    origin: server.origin,
    key: KEY,
    auth: "api-key",
    dialect: "guide",
    instance: WORLD_INSTANCES.main,
    protection: "none",
  } as const;
  await sendFrom(app, "addConnection", input);
});
afterAll(async () => {
  await firefox?.close();
  await server?.close();
});

/** Takes back everything, as the agent can on the browser's page of extensions. */
const takeBack = () =>
  app.evaluate("browser.permissions.getAll().then(({ origins }) => browser.permissions.remove({ origins }))");
const button = `[...document.querySelectorAll(".notice button")].find((one) => one.textContent === ${JSON.stringify(words("access_allow"))})`;
const within = (title: string) =>
  `document.evaluate(${JSON.stringify(`//*[contains(@class, "notice")][contains(., "${title}")]//button[.="${words("access_allow")}"]`)}, document, null, 9, null).singleNodeValue`;
const isGranted = (pattern: string) =>
  app.evaluate<boolean>(`browser.permissions.contains({ origins: [${JSON.stringify(pattern)}] })`);
/** Presses the button under a sentence, and waits until the browser grants the pattern. */
async function allow(page: FirefoxPage, title: string, pattern: string): Promise<void> {
  await page.click(within(title));
  await firefox.waitUntil(async () => (await isGranted(pattern)) || undefined, `${pattern} to be granted`);
}
const saying = (text: string) => `document.body.innerText.includes(${JSON.stringify(text)})`;

it.each<Door>(["popup", "sidepanel", "app"])(
  "the %s asks for gateway and pages where it says that they are closed",
  async (door) => {
    await takeBack();
    const page = await firefox.open(door, "#/groups");
    await page.waitFor(saying(words("failure_no_permission")));
    await page.waitFor(saying(words("access_pages")));
    await allow(page, words("failure_no_permission"), "http://127.0.0.1/*");
    // Nothing else is pressed: the list is read again by itself.
    await page.waitFor(`!${saying(words("failure_no_permission"))}`);
    await page.waitFor(saying(counted("groups_count", 60)));
    await allow(page, words("access_pages"), "*://*/*");
    await page.waitFor(`!${button}`);
    const web = await firefox.open(new URL(`http://page.test:${server.port}/one`));
    await expect.poll(() => web.chips()).toHaveLength(1);
  },
);

it.each<Door>(["options", "welcome"])("the %s page asks for pages", async (door) => {
  await takeBack();
  const page = await firefox.open(door, door === "options" ? "#/settings" : "#/welcome");
  await allow(page, words("access_pages"), "*://*/*");
  await page.waitFor(`!${saying(words("access_pages"))}`);
});

it("the settings ask for the gateway of each connection, and heal when the browser grants it elsewhere", async () => {
  await takeBack();
  const page = await firefox.open("options", "#/settings");
  await allow(page, words("failure_no_permission"), "http://127.0.0.1/*");
  await page.waitFor(`!${saying(words("failure_no_permission"))}`);
});
