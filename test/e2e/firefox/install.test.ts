import { afterAll, beforeAll, expect, it } from "vitest";
import { sentFrom, type Sender } from "../../../lib/background/page/sender";
import { startServer, type TestServer } from "../../server";
import { PATIENCE, type Door } from "../chromium";
import { Firefox, type FirefoxPage } from "../firefox";
import { pressChip, sendFrom } from "../firefox-app";

let firefox: Firefox;
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  firefox = await Firefox.launch();
});
afterAll(async () => {
  await firefox?.close();
  await server?.close();
});

/** Opens a page of a web site. */
const openSite = (path: string) => firefox.open(new URL(`http://page.test:${server.port}${path}`));

/** The chips of a page, for an expectation that comes true in time. */
const chipsOf = (web: FirefoxPage) => expect.poll(() => web.chips(), { timeout: PATIENCE });

/** The invite that waits for an answer; `app` is one of our pages. */
async function pendingInvite(app: FirefoxPage) {
  const reply = await sendFrom(app, "pendingInvite");
  return reply.ok ? reply.value : null;
}

/** Presses the chip of a page until its invite waits for an answer. */
const askByChip = (web: FirefoxPage, app: FirefoxPage) =>
  pressChip(web, async () => (await pendingInvite(app))?.code === "AbCdEfGhIjKlMn");

it("installs and opens the welcome page", async () => {
  const welcome = await firefox.waitForSurface("welcome");
  await welcome.waitFor("document.querySelector('h1')");
  expect(await welcome.text()).toContain("Manage WhatsApp groups");
});

it.each<Door>(["popup", "sidepanel", "app", "options"])("opens the %s page", async (door) => {
  const page = await firefox.open(door);
  // The frame comes first, then the screen in it.
  await expect.poll(async () => (await page.text()).length, { timeout: PATIENCE }).toBeGreaterThan(20);
});

it("T62 a script on a page cannot reach the store, and finds nothing in the storage that it can reach", async () => {
  const page = await firefox.open("app");
  await page.waitFor("document.querySelector('#root > *')");
  expect(await page.evaluate("browser.storage.local.get()")).toEqual({});
  const web = await openSite("/plain.html");
  expect(await web.evaluate("indexedDB.databases().then((all) => all.length)")).toBe(0);
});

it("T07 tells one of our pages in a tab by what this browser really says of a sender", async () => {
  // Two pages of ours: one hears what the browser says of the other.
  const hearing = await firefox.open("options");
  const speaking = await firefox.open("app");
  await hearing.evaluate(
    "browser.runtime.onMessage.addListener((message, sender) => { if (message.from) globalThis.heard = sender; }) ?? null",
  );
  await speaking.evaluate("browser.runtime.sendMessage({ from: 'app' }).catch(() => null) && null");
  await hearing.waitFor("globalThis.heard");
  const sender = await hearing.evaluate<Sender>("globalThis.heard");
  const origin = new URL(firefox.url("app")).href.replace(/\/app\.html$/, "");
  expect(sentFrom(sender, { id: "groups@wappfy.example", origin })).toBe("extension");
});

const INVITE = '<p id="words">group and <a id="a" href="https://chat.whatsapp.com/AbCdEfGhIjKlMn">words</a></p>';

it("T15 synthetic presses, patched prototypes and a hooked attachShadow ask for nothing", async () => {
  server.page(
    "/attack",
    `<!doctype html><title>Attack</title><script>
      window.roots = [];
      const attach = Element.prototype.attachShadow;
      Element.prototype.attachShadow = function (init) {
        const root = attach.call(this, { ...init, mode: "open" });
        roots.push(root);
        return root;
      };
      Object.defineProperty(Event.prototype, "isTrusted", { get: () => true });
    </script>${INVITE}`,
  );
  const web = await openSite("/attack");
  await expect.poll(async () => (await web.chips()).length, { timeout: PATIENCE }).toBe(1);
  const roots = await web.evaluate(`(() => {
    const host = document.querySelector("html > span");
    const { left, top, width, height } = host.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    for (const target of [host, there, document.querySelector("#a").parentElement]) {
      for (const type of ["pointerdown", "mousedown", "mouseup", "click", "keydown", "keyup"]) {
        const Kind = type.startsWith("key") ? KeyboardEvent : type === "pointerdown" ? PointerEvent : MouseEvent;
        const at = { clientX: left + 5, clientY: top + 5, button: 0, detail: 1 };
        target.dispatchEvent(new Kind(type, { bubbles: true, composed: true, cancelable: true, key: "Enter", ...at }));
      }
      target.click();
    }
    return roots.length;
  })()`);
  expect(roots).toBe(0);
  const app = await firefox.open("app");
  expect(await sendFrom(app, "pendingInvite")).toEqual({ ok: true, value: null });
});

it("T32 looking into a chip gives nothing but its constant words", async () => {
  server.page("/look", `<!doctype html><title>Look</title>${INVITE}`);
  const web = await openSite("/look");
  await expect.poll(async () => (await web.chips()).length, { timeout: PATIENCE }).toBe(1);
  const found = await web.evaluate(`(() => {
    const host = document.querySelector("html > span");
    getSelection().selectAllChildren(document.body);
    const find = (text) => window.find(text, false, false, true);
    return [host.shadowRoot, host.innerText, host.textContent, host.getAttributeNames(),
      String(getSelection()).trim(), find("in it"), find("pending"), find("Pune")];
  })()`);
  expect(found).toEqual([null, "", "", [], "group and words", false, false, false]);
});

it("T27 a press on a chip asks about its invite, which waits where neither a popup nor a window opens", async () => {
  const app = await firefox.open("app");
  await sendFrom(app, "addSandbox");
  server.page(
    "/one",
    '<!doctype html><title>One</title><p><a href="https://chat.whatsapp.com/AbCdEfGhIjKlMn">Join us</a></p>',
  );
  const web = await openSite("/one");
  await askByChip(web, app);
  const asked = await pendingInvite(app);
  expect(asked).toMatchObject({ code: "AbCdEfGhIjKlMn", origin: `http://page.test:${server.port}` });

  await sendFrom(app, "dismissInvite", { id: asked!.id });
  await app.evaluate(`browser.runtime.getBackgroundPage().then(({ browser }) => {
    browser.action.openPopup = () => Promise.reject(new Error("no popup"));
    browser.windows.create = () => Promise.reject(new Error("no window"));
  })`);
  // The bucket of a tab has room again after two seconds.
  await new Promise((wait) => setTimeout(wait, 2100));
  await askByChip(web, app);
  await expect.poll(() => app.evaluate("browser.action.getBadgeText({})"), { timeout: PATIENCE }).toBe("!");
});

it("T84 a paused site has no chip at once and none after a reload; resumed, it is back", async () => {
  const app = await firefox.open("app");
  const web = await openSite("/one");
  const pause = (isPaused: boolean) =>
    sendFrom(app, "pauseSite", { origin: `http://page.test:${server.port}`, isPaused });
  await chipsOf(web).toHaveLength(1);
  await pause(true);
  await chipsOf(web).toHaveLength(0);
  await web.evaluate("location.reload()");
  // By then the page script, if it ran, has looked at the page twice.
  await new Promise((wait) => setTimeout(wait, 1500));
  await chipsOf(web).toHaveLength(0);
  await pause(false);
  await chipsOf(web).toHaveLength(1);
});

it("T83 an update leaves one chip behind an invite, and it works", async () => {
  const web = await openSite("/one");
  await chipsOf(web).toHaveLength(1);
  const old = await web.chips();
  await firefox.install();
  const isNew = (now: string[]) => now.length === 1 && now[0] !== old[0];
  await expect.poll(async () => isNew(await web.chips()), { timeout: PATIENCE }).toBe(true);
  const app = await firefox.open("app");
  expect(await pendingInvite(app)).toBeNull();
  await askByChip(web, app);
});

it("T84 without access to sites there is no chip, and we say what to do about it", async () => {
  const app = await firefox.open("app");
  const web = await openSite("/one");
  await chipsOf(web).toHaveLength(1);
  expect(await app.evaluate(`browser.permissions.remove({ origins: ["*://*/*"] })`)).toBe(true);
  await web.evaluate("location.reload()");
  // By then the page script, if it ran, has looked at the page twice.
  await new Promise((wait) => setTimeout(wait, 1500));
  expect(await web.chips()).toHaveLength(0);
  const pending = await pendingInvite(app);
  if (pending) await sendFrom(app, "dismissInvite", { id: pending.id });
  await app.evaluate("location.hash = '#/page'");
  const find = "[...document.querySelectorAll('button')].find((button) => /Find invites on/.test(button.textContent))";
  await app.waitFor(find);
  await app.evaluate(`${find}.click()`);
  await app.waitFor("/does not let the extension look into this page/.test(document.body.textContent)");
});

it("what a page throws or writes as an error fails a test that does not expect it", async () => {
  const page =
    "<!doctype html><title>x</title><script>console.error('said'); setTimeout(() => { throw Error('thrown'); })</script>";
  server.page("/errors", page);
  await openSite("/errors");
  const seen: string[] = [];
  const ask = async () => seen.push(...firefox.pageErrors.take()) === 2 || undefined;
  await firefox.waitUntil(ask, "two errors");
  expect(seen.toSorted()).toEqual([
    expect.stringMatching(/: said$/),
    expect.stringMatching(/: uncaught Error: thrown$/),
  ]);
});
