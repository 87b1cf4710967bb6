import { afterEach, expect, it } from "vitest";
import { startServer } from "../../server";
import { words } from "../app";
import { Firefox } from "../firefox";
import { sendFrom } from "../firefox-app";

/** Places of Firefox in which a page of ours has no store, or another one: it says so, and the way on works. */

let firefox: Firefox | undefined;
afterEach(async () => {
  await firefox?.close();
  firefox = undefined;
});

/** Lets the extension into private windows, as the agent can on the browser's page of extensions. */
const ALLOW = `(async () => {
  const { ExtensionPermissions } = ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs");
  const { AddonManager } = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
  const id = "groups@wappfy.example";
  await ExtensionPermissions.add(id, { permissions: ["internal:privateBrowsingAllowed"], origins: [] });
  const addon = await AddonManager.getAddonByID(id);
  await addon.reload();
})()`;

it("in a container tab it says that nothing is lost, and opens outside of it", async () => {
  firefox = await Firefox.launch();
  const app = await firefox.open("app");
  await app.waitFor("document.querySelector('#root > *')");
  await sendFrom(app, "addSandbox");
  const { userContext } = await firefox.send<{ userContext: string }>("browser.createUserContext", {});
  const contained = await firefox.open("app", "#/people", userContext);
  await expect.poll(() => contained.text()).toContain(words("failure_store_elsewhere"));
  // Nothing is left there that would look like an empty store the next time.
  expect(await contained.evaluate("indexedDB.databases()")).toEqual([]);
  const before = (await firefox.pages()).length;
  await contained.click("#root button");
  await expect.poll(async () => (await firefox!.pages()).length).toBe(before + 1);
  const { page } = (await firefox.pages()).at(-1)!;
  await page.waitFor("document.querySelector('nav')");
  expect(await page.evaluate("location.hash")).toBe("#/people");
  expect(await page.text()).not.toContain(words("failure_store_elsewhere"));
});

it("where history is never remembered it does not run, puts nothing on pages, and no page of ours is blank", async () => {
  const server = await startServer();
  try {
    server.page(
      "/one",
      '<!doctype html><title>One</title><a href="https://chat.whatsapp.com/AbCdEfGhIjKlMn">Join us</a>',
    );
    firefox = await Firefox.launch({ preferences: { "browser.privatebrowsing.autostart": true } });
    await firefox.evaluateInBrowser(ALLOW);
    const web = await firefox.open(new URL(`http://page.test:${server.port}/one`));
    // As long as the page script waits before it looks, and then some.
    await new Promise((wait) => setTimeout(wait, 2000));
    expect(await web.chips()).toEqual([]);
    const app = await firefox.open("popup");
    const shown = "getComputedStyle(document.getElementById('root'), '::before')";
    await app.waitFor(`document.querySelector('#root > *') || ${shown}.opacity === "1"`);
    expect(await app.evaluate(`document.querySelector('#root > *')?.textContent ?? ${shown}.content`)).toContain(
      words("unstarted"),
    );
    await firefox.close();
    firefox = undefined;
  } finally {
    await server.close();
  }
});
