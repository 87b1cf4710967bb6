import { afterAll, beforeAll, expect, it } from "vitest";
import { OWN_NUMBER, WORLD_CODES, WORLD_GROUPS } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { KEY, startGateway, words } from "../app";
import { PATIENCE } from "../chromium";
import { Firefox, type FirefoxPage } from "../firefox";
import { pressJoin, sendFrom } from "../firefox-app";

/** "This page" in Firefox, in the panel's own document: the list, the place on the page, and a join from it. */

const WAIT = { timeout: PATIENCE };
const { market, ignored, sector, revoked, neighbours } = WORLD_CODES;
const link = (code: string) => `https://chat.whatsapp.com/${code}`;

let firefox: Firefox;
let server: TestServer;
let web: FirefoxPage;
let panel: FirefoxPage;
beforeAll(async () => {
  server = await startGateway("guide");
  firefox = await Firefox.launch();
  const welcome = await firefox.waitForSurface("welcome");
  // The panel, which Firefox opens at the installation, would be asked instead.
  await firefox.evaluateInBrowser("SidebarController.hide()");
  const input = {
    name: "Test gateway",
    origin: server.origin,
    instance: server.world.instances[0]!.id,
    dialect: "guide",
    auth: "api-key",
    key: KEY,
    protection: "session",
    ownNumber: OWN_NUMBER,
  } as const;
  await sendFrom(welcome, "addConnection", input);
  server.page(
    "/frame",
    `<!doctype html><title>Frame</title><p>Sector residents <a href="${link(sector)}">Join</a></p>`,
  );
  server.page("/other", `<!doctype html><title>Other</title><p>Another site: ${link(neighbours)}</p>`);
  server.page(
    "/page",
    `<!doctype html><title>Page</title><p>Market of Pune: ${link(market)}</p>
    <iframe src="/frame" width="300" height="80"></iframe>
    <iframe srcdoc="<p>Letter with an old invite: ${link(revoked)}</p>" width="300" height="80"></iframe>
    <iframe src="http://page.test:${server.port}/other" width="300" height="80"></iframe>
    <iframe src="http://page.test:1/" width="300" height="80"></iframe>
    <div style="height:4000px"></div><p>Readers <a href="${link(ignored)}">Join</a></p><div style="height:4000px"></div>`,
  );
  web = await firefox.open(new URL(`${server.origin}/page`));
  panel = await firefox.open("sidepanel", "#/page");
  await web.activate();
});
afterAll(async () => {
  await firefox?.close();
  await server?.close();
});

const row = (code: string) =>
  `[...document.querySelectorAll(".invite-row")].find((row) => row.textContent.includes("${code}"))`;
const point = (code: string, type: "mouseenter" | "mouseleave") =>
  panel.evaluate(`${row(code)}.dispatchEvent(new MouseEvent("${type}"))`);
/** What stands on the page beside its head and body, and how far it was scrolled. */
const shown = () =>
  web.evaluate<[string[], boolean]>(
    `[[...document.documentElement.children].slice(2).map(({ localName }) => localName).filter((name) => name === "div"), scrollY > 3000]`,
  );

it("lists the page with its frames in order, shows where an invite is, and joins from the list", async () => {
  const texts = `[...document.querySelectorAll(".invite-row")].map((row) =>
    [".place", ".words, .clip", ".mono"].map((part) => row.querySelector(part)?.textContent))`;
  await expect
    .poll(() => panel.evaluate(texts), WAIT)
    .toEqual([
      ["1", "Market of Pune", market],
      ["2", "Readers Join", ignored],
      ["3", "Sector residents Join", sector],
      ["4", "Letter with an old invite", revoked],
      ["5", "Another site", neighbours],
    ]);
  // Firefox lets us into frames of other sites as well; one that shows an error page stays closed.
  expect(
    await panel.evaluate(`[...document.querySelectorAll(".notice li")].map((one) => one.innerText.trim())`),
  ).toEqual([expect.stringContaining("page.test:1")]);

  await point(ignored, "mouseenter");
  await expect.poll(shown, WAIT).toEqual([["div"], true]);
  await point(ignored, "mouseleave");
  await expect.poll(shown, WAIT).toEqual([[], true]);

  await panel.evaluate(`${row(market)}.querySelector("button").click() ?? null`);
  await panel.click("dialog dl.facts");
  await pressJoin(panel, "!document.querySelector('dialog')");
  await web.activate();
  await panel.waitFor(`${row(market)}?.textContent.includes(${JSON.stringify(words("invite_ours"))})`);
  expect(server.effects).toMatchObject([{ kind: "joined", target: WORLD_GROUPS.market }]);
  expect(server.log.filter(({ method }) => method !== "GET")).toHaveLength(1);
});
