import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { pressJoin } from "../agent";
import { App, command, connect, counted, freshApp, startGateway, words } from "../app";
import { Chromium, PATIENCE } from "../chromium";

/** "This page": the list of the invites on the page in front, in the real popup. */

const link = (code: string) => `https://chat.whatsapp.com/${code}`;
const { sample, market, neighbours, ignored, sector, revoked } = WORLD_CODES;
const gap = '<div style="height:3000px"></div>';

/** Node of the protocol. */
interface Node {
  backendNodeId: number;
  localName: string;
  children?: Node[];
  shadowRoots?: Node[];
}

let chromium: Chromium;
let server: TestServer;
let app: App;
let web: Page;
let popup: App;
beforeAll(async () => {
  chromium = await Chromium.launch();
  server = await startGateway("guide");
  const other = `http://page.test:${server.port}`;
  server.page(
    "/frame",
    `<!doctype html><title>Frame</title><p>Sector residents <a href="${link(sector)}">Join</a></p>`,
  );
  server.page(
    "/page",
    `<!doctype html><title>Page</title><h1>Groups</h1>
    <p>Write to us: ${link(neighbours)} (neighbours of the lake)</p>
    <table><tr><td>Market of Pune<td>Trade<td><a href="${link(market)}">Join group</a></table>
    <iframe src="/frame" width="300" height="80"></iframe>
    <iframe src="https://mail.example/" srcdoc="<p>Letter with an old invite: ${link(revoked)}</p>" width="300" height="80"></iframe>
    <iframe src="${other}/frame" width="300" height="80"></iframe>
    <iframe src="${other}/frame" width="1" height="1"></iframe>${gap}
    <div id="box" style="height:90px;overflow:auto;border:1px solid">${gap}
      <a href="${link(ignored)}"><b>Club</b> of readers</a>${gap}</div>${gap}
    <p>First again: ${link(neighbours)}</p>`,
  );
  server.page(
    "/plain",
    `<!doctype html><title>Plain</title><h2>Sample group</h2><p><a href="${link(sample)}">Join</a></p>
    <p>Another one is ${link(market)}</p>
    <ul><li>Readers <a href="${link(ignored)}">Join</a></li><li>Lake <a href="${link(neighbours)}">Join</a></li></ul>`,
  );
  app = await freshApp(chromium);
  await connect(app.page, server);
  await app.rows().first().waitFor();
  web = await chromium.context.newPage();
});
afterEach(async () => {
  server.reset();
  await popup?.page.close();
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

/** Opens a page and the popup over it, on the list of its invites. */
async function openList(address: string, count: number): Promise<void> {
  await web.goto(address);
  await web.bringToFront();
  popup = new App(await chromium.openPopup());
  await popup.go("/page");
  await popup.sees(counted("page_found", count));
}

const rows = (): Locator => popup.page.getByRole("list", { name: words("page_list") }).getByRole("listitem");
const row = (code: string): Locator => rows().filter({ hasText: code });
/** Number, words and code of each row. */
const texts = () =>
  rows().evaluateAll((all) =>
    all.map((one) => [".place", ".words, .clip", ".mono"].map((part) => one.querySelector(part)?.textContent)),
  );
/** The boxes of the rings on the page: what stands in a closed root and is no button. Scrolls nothing. */
async function ringed(): Promise<{ x: number; y: number }[]> {
  const session = await chromium.context.newCDPSession(web);
  const { root } = (await session.send("DOM.getDocument", { depth: -1, pierce: true })) as { root: Node };
  const outside = root
    .children!.flatMap(({ children = [] }) => children)
    .filter(({ localName }) => localName === "div");
  const rings = outside.flatMap(({ shadowRoots = [] }) => shadowRoots.flatMap(({ children = [] }) => children));
  const found = [];
  for (const { backendNodeId } of rings) {
    const { model } = await session.send("DOM.getBoxModel", { backendNodeId });
    const [left = 0, top = 0, , , right = 0, bottom = 0] = model.border;
    found.push({ x: (left + right) / 2, y: (top + bottom) / 2 });
  }
  await session.detach();
  return found;
}
const write = () => server.log.filter(({ method }) => method !== "GET").length;

it("lists what is on the page and in its frames, in order and with the words around, and names the frames it may not see", async () => {
  await openList(`${server.origin}/page`, 5);
  await expect.poll(texts, { timeout: PATIENCE }).toEqual([
    ["1", "Write to us: (neighbours of the lake)", neighbours],
    ["2", "Market of Pune Trade Join group", market],
    ["3", "Club of readers", ignored],
    ["4", "Sector residents Join", sector],
    ["5", "Letter with an old invite", revoked],
  ]);
  const notice = popup.page.locator(".notice", { hasText: words("page_closed") });
  expect(await notice.getByRole("listitem").allInnerTexts()).toEqual([
    expect.stringContaining(`page.test:${server.port}`),
  ]);
  // What is added to the page comes by itself, at its place.
  await web.evaluate((code) => {
    document.querySelector("h1")!.outerHTML += `<p>New here: <a href="https://chat.whatsapp.com/${code}">join</a></p>`;
  }, sample);
  await expect
    .poll(async () => (await texts())[0], { timeout: PATIENCE })
    .toEqual(["1", "Groups New here: join", sample]);
  // What is taken away is still in the list, and is called so.
  await web.evaluate(() => document.querySelector("table")!.remove());
  await popup.press("command_find_invites");
  await expect
    .poll(async () => (await texts()).at(-1), { timeout: PATIENCE })
    .toEqual(["–", "Market of Pune Trade Join group", market]);
  expect(await row(market).innerText()).toContain(words("page_gone"));
  await popup.sees(counted("page_found", 5));
});

it("tells the words around and the place also where the browser lets only the page script in", async () => {
  await openList(`http://page.test:${server.port}/plain`, 4);
  await expect.poll(texts, { timeout: PATIENCE }).toEqual([
    ["1", "Sample group Join", sample],
    ["2", "Another one is", market],
    ["3", "Readers Join", ignored],
    ["4", "Lake Join", neighbours],
  ]);
  await row(market).hover();
  await expect.poll(ringed, { timeout: PATIENCE }).toHaveLength(1);
});

it("shows where an invite is while the pointer or the keyboard is on its row, and changes nothing of the page", async () => {
  await openList(`${server.origin}/page`, 5);
  await row(ignored).waitFor();
  const before = await tree();
  await row(ignored).hover();
  await expect.poll(ringed, { timeout: PATIENCE }).toHaveLength(1);
  // Chips may still make room, which moves both.
  const distance = async () => {
    const [ring] = await ringed();
    const at = await web.evaluate(() => {
      const { left, right, top, bottom } = document.querySelector("#box a")!.getBoundingClientRect();
      return { x: (left + right) / 2, y: (top + bottom) / 2, isSeen: top >= 0 && bottom <= innerHeight };
    });
    return ring && at.isSeen ? Math.hypot(ring.x - at.x, ring.y - at.y) : Infinity;
  };
  await expect.poll(distance, { timeout: PATIENCE }).toBeLessThan(2);
  expect(await tree()).toBe(before);

  await popup.page.locator("h1").hover();
  await expect.poll(ringed, { timeout: PATIENCE }).toHaveLength(0);
  await row(market).locator("button").focus();
  await expect.poll(ringed, { timeout: PATIENCE }).toHaveLength(1);
  // The list is one stop; arrows lead through it, and to the box that chooses several.
  await popup.page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(), { timeout: PATIENCE }).toContain(ignored);
  await popup.page.keyboard.press("ArrowLeft");
  await popup.page.keyboard.press("Space");
  await popup.page.getByRole("button", { name: counted("join_action", 1) }).waitFor();
  expect(await tree()).toBe(before);
  await popup.page.close();
  await expect.poll(ringed, { timeout: PATIENCE }).toHaveLength(0);
});

it("joins from the list: one question over it, and the row says what became of it", async () => {
  await openList(`${server.origin}/page`, 5);
  const join = row(market).getByRole("button", { name: words("confirm_join") });
  await join.focus();
  await popup.page.keyboard.press("Enter");
  const dialog = popup.page.getByRole("dialog");
  await dialog.getByText(market, { exact: true }).waitFor();
  // Esc leads back to the row, and nothing was sent.
  await popup.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => focusedRow(), { timeout: PATIENCE }).toContain(market);
  expect(await command(app.page, "pendingInvite")).toEqual({ ok: true, value: null });
  await answer(market);
  await row(market).getByText(words("invite_ours")).waitFor({ timeout: PATIENCE });
  expect(server.effects).toMatchObject([{ kind: "joined", target: WORLD_GROUPS.market }]);
  await answer(ignored);
  await row(ignored).getByText(words("invite_pending")).waitFor({ timeout: PATIENCE });
  await answer(revoked);
  await row(revoked).getByText(words("invite_refused")).waitFor({ timeout: PATIENCE });
  await row(revoked).getByText(words("reason_revoked")).waitFor({ timeout: PATIENCE });
  expect(write()).toBe(3);
  expect(await popup.page.evaluate(() => location.hash)).toBe("#/page");
});

/** What stands in the page, without chips that stand in it. */
const tree = () => web.evaluate(() => document.body.outerHTML.replaceAll("<span></span>", ""));
const focusedRow = () => popup.page.evaluate(() => document.activeElement?.closest("li")?.textContent);

/** Presses Join in a row, then Join in the question over it. */
async function answer(code: string): Promise<void> {
  const { page } = popup;
  await row(code)
    .getByRole("button", { name: words("confirm_join") })
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(code, { exact: true }).waitFor();
  await pressJoin(page);
  await dialog.waitFor({ state: "detached" });
}
