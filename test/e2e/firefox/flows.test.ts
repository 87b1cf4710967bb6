import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { CommandName } from "../../../lib/shared/commands";
import type { MessageKey } from "../../../lib/shared/i18n";
import type { Dialect, Step } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import { AUTH, counted, KEY, local, PASSPHRASE, startGateway, words } from "../app";
import { PATIENCE } from "../chromium";
import { Firefox, type FirefoxPage } from "../firefox";
import {
  at,
  control,
  field,
  pressChip,
  pressJoin,
  readResults,
  sendFrom,
  type Sent,
  whenStopped,
} from "../firefox-app";

/** Whole flows in Firefox, whose background page is an event page that stops after a second without work. */

let firefox: Firefox;
let server: TestServer;
/** The page after the installation, later the app in the same tab. */
let app: FirefoxPage;
beforeAll(async () => {
  server = await startGateway("guide");
  firefox = await Firefox.launch({ preferences: { "extensions.background.idle.timeout": 1000 } });
  app = await firefox.waitForSurface("welcome");
});
afterAll(async () => {
  await firefox?.close();
  await server?.close();
});

const WAIT = { timeout: PATIENCE };
const writes = () => server.log.filter(({ method }) => method !== "GET");

const press = (key: MessageKey) => app.click(control(words(key)));
const sees = (text: string) => expect.poll(() => app.text(), WAIT).toContain(text);
const go = (route: string) => app.evaluate(`(location.hash = ${JSON.stringify(route)})`);
const stopped = () => whenStopped(app);
const results = () => readResults(app);
const command = <Name extends CommandName>(...sent: Sent<Name>) => sendFrom(app, ...sent);

/** Chooses in a list box by typing the beginning of an option, as one does with the keyboard. */
async function choose(key: MessageKey, beginning: string, value: string): Promise<void> {
  await app.waitFor(field(key));
  await app.evaluate(`${field(key)}.focus() ?? null`);
  await app.type(beginning);
  await app.waitFor(`${field(key)}.value === ${JSON.stringify(value)}`);
}

/** Fills in every field of a connection and saves it. */
async function connect(dialect: Dialect, protection: "protect_none" | "protect_passphrase"): Promise<void> {
  await app.fill(field("connect_key"), KEY);
  await app.click(at(`//summary[normalize-space()="${words("connect_more")}"]`));
  await app.fill(field("connect_address"), server.origin);
  await choose("connect_dialect", words(`connect_dialect_${dialect}`).slice(0, 3), dialect);
  await choose("connect_auth", dialect === "guide" ? "X" : "A", AUTH[dialect]);
  await stopped();
  await press("connect_continue");
  await sees(words("connect_key_works"));
  await sees(server.world.instances[0]!.name);
  await app.click(at(`//label[starts-with(normalize-space(), "${words(protection)}")]`));
  if (protection === "protect_passphrase") await app.fill(field("protect_new"), PASSPHRASE);
  await stopped();
  await press("connect_save");
}

describe("an agent's first day, with an event page that stops at every pause", () => {
  beforeEach(() => stopped());

  it("begins on the welcome page, and connects with a key that is not protected", async () => {
    await sees(words("welcome_title"));
    await connect("guide", "protect_none");
    await sees(words("welcome_done"));
    await press("welcome_open");
    await app.waitFor(`location.href.startsWith(${JSON.stringify(firefox.url("app"))})`);
    await sees(counted("groups_count", 60));
    for (const { headers } of server.log) expect(headers["x-api-key"]).toBe(KEY);
  });

  it("finds a group by its name", async () => {
    const { name } = server.world.groups[WORLD_GROUPS.support]!;
    await app.fill("[data-search]", name.toLocaleUpperCase());
    await sees(counted("groups_found", 1));
    const rows = "[...document.querySelectorAll('.rows a.list-row bdi')].map(({ textContent }) => textContent)";
    expect(await app.evaluate(rows)).toEqual([name]);
  });

  it("creates a group and sees what became of each person", async () => {
    server.reset();
    const { free, free2, private: refusing } = WORLD_PEOPLE;
    await go("/create");
    await app.fill(field("create_name"), "Launch crew 🚀");
    await app.fill(field("input_people"), [free, free2, refusing].map(local).join(", "));
    // Half-typed things outlive the page that would have kept them.
    await stopped();
    await app.click(control(counted("create_with", 3)));
    const rows = await results();
    expect(Object.entries(rows).map(([verdict, { length }]) => [verdict, length])).toEqual(
      expect.arrayContaining([
        [words("verdict_created"), 1],
        [words("verdict_added"), 2],
        [words("verdict_not_added"), 1],
      ]),
    );
    await sees(words("reason_no_effect"));
    expect(server.effects.map(({ kind, person }) => [kind, person])).toEqual([
      ["created", undefined],
      ["added", free],
      ["added", free2],
    ]);
    expect(writes()).toHaveLength(1);
  });

  it("finds somebody by a part of the number and removes them from all their groups", async () => {
    server.reset();
    await command("readMembers", { groups: [WORLD_GROUPS.alpha, WORLD_GROUPS.support] });
    await go("/groups");
    await app.waitFor("document.querySelector('[data-search]')");
    const hit = at('//a[contains(@href, "#/person/")]');
    const isFound = async () => {
      await app.fill("[data-search]", "");
      await app.fill("[data-search]", "99998888");
      return app.evaluate(`${hit} !== null`);
    };
    await expect.poll(isFound, { ...WAIT, interval: 500 }).toBe(true);
    await app.click(hit);
    await sees(counted("person_in", 2));
    await stopped();
    await press("people_remove");
    await app.click(at(`//dialog//button[normalize-space()="${counted("person_remove_count", 2)}"]`));
    await sees(counted("person_in", 0));
    await app.click(".job-line a");
    expect(await results()).toEqual({ [words("verdict_removed")]: [expect.any(String), expect.any(String)] });
    const { seed } = WORLD_PEOPLE;
    expect(server.effects.map(({ kind, person }) => [kind, person])).toEqual([
      ["removed", seed],
      ["removed", seed],
    ]);
    expect(writes()).toHaveLength(2);
  });

  it("goes from a chip on a page to the question in the popup, and a meant press joins once", async () => {
    server.reset();
    const link = `<a href="https://chat.whatsapp.com/${WORLD_CODES.neighbours}">Join us</a>`;
    server.page("/link", `<!doctype html><title>Link</title><p>${link}</p>`);
    // The panel, which Firefox opens at the installation, would be asked instead.
    await firefox.evaluateInBrowser("SidebarController.hide()");
    const web = await firefox.open(new URL(`http://page.test:${server.port}/link`));
    await expect.poll(() => web.chips(), WAIT).toHaveLength(1);
    await stopped();
    const popup = "browser.extension.getViews({ type: 'popup' })[0]?.document.body.innerText ?? ''";
    await pressChip(web, async () => (await app.evaluate<string>(popup)).includes(words("title_confirm")));
    await expect.poll(() => app.evaluate(popup), WAIT).toContain(WORLD_CODES.neighbours);
    expect(await app.evaluate(popup)).toContain(`http://page.test:${server.port}`);

    // The protocol has no mouse in the popup. Every view of ours asks the same question.
    await stopped();
    await app.click("dl.facts");
    // Again and again: what changes in between locks Join anew. A press of a script joins nothing, and offers the other way.
    const typed = JSON.stringify(words("confirm_type", words("confirm_word")));
    await app.waitFor(`(document.querySelector('button.join')?.click(), document.body.innerText.includes(${typed}))`);
    expect(writes()).toEqual([]);
    await app.waitFor("document.querySelector('button.join:not([aria-disabled])')");
    // The screen behind the question shows the job before.
    const before = await app.evaluate("location.hash");
    await pressJoin(app, `location.hash.startsWith('#/activity/') && location.hash !== ${JSON.stringify(before)}`);
    expect(await results()).toEqual({ [words("verdict_joined")]: ["Lakeside Neighbours 🏡"] });
    await stopped();
    expect(await command("pendingInvite")).toEqual({ ok: true, value: null });
    expect(server.effects).toMatchObject([{ kind: "joined", target: WORLD_GROUPS.neighbours }]);
    expect(writes()).toHaveLength(1);
  });
});

it("T67 an event page that stops while the gateway works proves what was done, and sends nothing again", async () => {
  server.reset();
  const adding = server.hold({ method: "POST", path: "participants" }, "after-apply");
  const people = [{ id: WORLD_PEOPLE.free, given: local(WORLD_PEOPLE.free) }];
  const job = { kind: "add" as const, groups: [WORLD_GROUPS.alpha], people, pace: "fast" as const };
  const started = await command("startJob", { job, nonce: crypto.randomUUID() });
  expect(started).toMatchObject({ ok: true });
  await adding.reached;
  await stopped();
  adding.release();
  await go(`/activity/${started.ok ? started.value.id : ""}`);
  expect(await results()).toMatchObject({ [words("verdict_added")]: [expect.any(String)] });
  expect(server.effects).toMatchObject([{ kind: "added", person: WORLD_PEOPLE.free }]);
  expect(writes()).toHaveLength(1);
});

it("is not stopped under a question that it has not answered yet", async () => {
  server.reset();
  const instance = server.world.instances[0]!.id;
  const probe = { origin: server.origin, key: KEY, auth: "api-key", dialect: "guide", instance } as const;
  const asking = server.hold({ method: "GET" }, "received");
  const reply = command("probeConnection", probe);
  await asking.reached;
  // Three times as long as an idle event page has.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  asking.release();
  expect(await reply).toMatchObject({ ok: true });
});

describe("with a passphrase", () => {
  it("connects in the other dialect, with the key in the other header", async () => {
    await command("forgetEverything");
    await server.close();
    server = await startGateway("reference");
    app = await firefox.open("app", "#/connect");
    await connect("reference", "protect_passphrase");
    await sees(counted("groups_count", 60));
  });

  it("keeps the key open while the event page stops, and asks for the passphrase after locking", async () => {
    await stopped();
    server.reset();
    expect(await command("refreshGroups")).toMatchObject({ ok: true });
    for (const { headers } of server.log) expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await command("lock")).toMatchObject({ ok: true });
    await stopped();
    server.reset();
    await sees(words("unlock_title"));
    expect(await command("refreshGroups")).toMatchObject({ ok: false, failure: { code: "locked" } });
    expect(server.log).toEqual([]);
    await app.fill(field("unlock_passphrase"), PASSPHRASE);
    await press("unlock_action");
    await sees(counted("groups_count", 60));
  });

  it("T62 the world of the page script has nothing of ours in any storage", async () => {
    await firefox.open(new URL(`${server.origin}/plain.html`));
    // The key that opens the vault is there to be found, so an empty answer means something.
    const ours = await app.evaluate("browser.storage.session.get().then((all) => Object.keys(all))");
    expect(ours).toContain("vault");
    const read = `async () => ({
      local: await browser.storage.local.get(),
      sync: await browser.storage.sync.get(),
      session: typeof browser.storage.session,
      databases: await indexedDB.databases(),
      caches: await globalThis.caches?.keys() ?? [],
      web: Object.keys({ ...localStorage, ...sessionStorage }),
      pages: typeof browser.extension.getViews,
    })`;
    const found = await app.evaluate(
      `browser.tabs.query({ url: "http://127.0.0.1/*" }).then(([tab]) =>
        browser.scripting.executeScript({ target: { tabId: tab.id }, func: ${read} })).then(([frame]) => frame.result)`,
    );
    expect(found).toEqual({
      local: {},
      sync: {},
      session: "undefined",
      databases: [],
      caches: [],
      web: [],
      pages: "undefined",
    });
  });

  it("T45 follows no redirect: the other server hears nothing, of a reading and of a change", async () => {
    const other = await startGateway("reference");
    try {
      const instance = server.world.instances[0]!.id;
      const probe = { origin: server.origin, key: KEY, auth: "bearer", dialect: "reference", instance } as const;
      const people = [{ id: WORLD_PEOPLE.free2, given: local(WORLD_PEOPLE.free2) }];
      const job = { kind: "add" as const, groups: [WORLD_GROUPS.alpha], people, pace: "fast" as const };
      for (const status of [301, 302, 303, 307, 308] as const) {
        for (const to of [`${other.origin}/api/x`, `http://localhost:${other.port}/api/x`, `${server.origin}/api/x`]) {
          server.reset();
          server.fault({ times: Infinity }, { kind: "redirect", status, to });
          const reply = await command("probeConnection", probe);
          expect(reply, `${status} to ${to}`).toMatchObject({ ok: false, failure: { code: "redirected" } });
          expect(server.log.filter(({ path }) => path === "/api/x")).toEqual([]);
        }
      }
      server.reset();
      server.fault({ method: "POST" }, { kind: "redirect", status: 307, to: `${other.origin}/api/x` });
      const started = await command("startJob", { job, nonce: crypto.randomUUID() });
      await go(`/activity/${started.ok ? started.value.id : ""}`);
      await expect.poll(() => writes().length, WAIT).toBeGreaterThan(0);
      await expect.poll(async () => (await steps()).every(({ state }) => state !== "sending"), WAIT).toBe(true);
      expect(other.log).toEqual([]);

      // What the refusal is worth: the browser itself would have gone there.
      server.fault({ path: "/api/y" }, { kind: "redirect", status: 307, to: `${other.origin}/api/x` });
      await app.evaluate(`fetch("${server.origin}/api/y").then(() => null)`);
      expect(other.log).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});

/** The steps of all jobs, as they lie in the store. */
async function steps(): Promise<Step[]> {
  return app.evaluate(`new Promise((resolve, reject) => {
    const open = indexedDB.open("wappfy");
    open.onerror = reject;
    open.onsuccess = () => {
      const all = open.result.transaction("steps").objectStore("steps").getAll();
      all.onsuccess = () => (open.result.close(), resolve(all.result));
    };
  })`);
}
