import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Protection } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import { App, command, connect, counted, failureWords, KEY, PASSPHRASE, readStore, startGateway, words } from "../app";
import { Chromium } from "../chromium";

/** From the first page to a connection, in each way of keeping the key; then locking it away. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

const labels = { passphrase: "protect_passphrase", session: "protect_session", none: "protect_none" } as const;

/** Chooses how the key is kept and saves the connection. */
async function protect(app: App, protection: Protection): Promise<void> {
  const preselected = app.page.getByRole("radio", { checked: true, name: words("protect_passphrase") });
  await preselected.waitFor();
  await app.page.getByRole("radio", { name: words(labels[protection]) }).check();
  if (protection === "passphrase") {
    await app.field("protect_new").fill("pass word");
    await app.press("connect_save");
    await app.seesFailure("weak-passphrase");
    expect(await app.field("protect_new").inputValue()).toBe("pass word");
    await app.field("protect_new").fill(PASSPHRASE);
  }
  await app.press("connect_save");
}

describe("a first run", () => {
  let server: TestServer;
  let app: App;
  beforeEach(async () => {
    const page = await chromium.open("app");
    await command(page, "forgetEverything");
    await page.close();
    app = new App(await chromium.open("welcome", "#/welcome"));
  });
  afterEach(async () => {
    await server?.close();
    for (const page of chromium.context.pages().slice(1)) await page.close();
  });

  it.each(["passphrase", "session", "none"] as const)("connects with the key kept as: %s", async (protection) => {
    server = await startGateway("guide");
    await app.page.getByRole("heading", { level: 1, name: words("welcome_title") }).waitFor();
    await app.typeGateway(server.origin, "guide");
    await app.press("connect_continue");
    await app.sees(words("connect_key_works"));
    const offered = await app.page.getByRole("group", { name: words("connect_instance_choose") }).innerText();
    for (const { name } of server.world.instances) expect(offered).toContain(name);
    expect(offered).toContain(words("connect_instance_status", "scan_qr"));
    await protect(app, protection);
    await app.page.getByRole("heading", { name: words("welcome_done") }).waitFor();

    await app.page.getByRole("link", { name: words("welcome_open") }).click();
    await app.sees(counted("groups_count", 60));
    expect(app.page.url()).toMatch(/app\.html/);
    for (const { headers } of server.log) {
      const { "x-api-key": plain, authorization: bearer } = headers;
      expect([plain, bearer]).toEqual([KEY, undefined]);
    }
    expect(JSON.stringify(await readStore(app.page))).not.toContain(KEY);
  });

  it("asks for the instance where the gateway lists none, and keeps what was typed wrong", async () => {
    server = await startGateway("guide", { hasExtras: false });
    await app.typeGateway(server.origin, "guide");
    await app.press("connect_continue");
    const instance = app.field("connect_instance");
    await instance.fill("inst_nowhere");
    await app.page.getByRole("radio", { name: words("protect_session") }).check();
    await app.press("connect_save");
    await app.seesFailure("instance-gone");
    expect(await instance.inputValue()).toBe("inst_nowhere");
    await instance.fill(server.world.instances[0]!.id);
    await app.press("connect_save");
    await app.page.getByRole("heading", { name: words("welcome_done") }).waitFor();
  });
});

describe("locking", () => {
  let server: TestServer;
  let views: App[];
  beforeAll(async () => {
    server = await startGateway("guide");
    const app = new App(await chromium.open("app"));
    await command(app.page, "forgetEverything");
    await app.go("/connect");
    await app.typeGateway(server.origin, "guide");
    await app.press("connect_continue");
    await app.sees(words("connect_key_works"));
    await protect(app, "passphrase");
    views = [
      app,
      new App(await chromium.open("popup", "#/groups")),
      new App(await chromium.open("sidepanel", "#/groups")),
    ];
    for (const view of views) await view.rows().first().waitFor();
  });
  afterAll(() => server?.close());

  const unlock = async (app: App, passphrase: string) => {
    await app.field("unlock_passphrase").fill(passphrase);
    await app.press("unlock_action");
  };

  it("blanks every open view at once, and a wrong passphrase opens none", async () => {
    const name = Object.values(server.world.groups)[0]!.name;
    await views[1]!.press("bar_lock");
    for (const { page } of views) {
      await page.getByRole("heading", { name: words("unlock_title") }).waitFor();
      expect(await page.content()).not.toContain(name);
    }
    server.reset();
    await unlock(views[0]!, "not the passphrase");
    const { sentence, next } = failureWords("wrong-passphrase");
    await views[0]!.sees(`${sentence} ${next}`);
    expect(await command(views[0]!.page, "refreshGroups")).toMatchObject({ ok: false, failure: { code: "locked" } });
    expect(server.log).toEqual([]);

    await unlock(views[2]!, PASSPHRASE);
    for (const view of views) await view.rows().first().waitFor();
  });

  it("is asked for again after a restart of the browser, and nothing else is lost", async () => {
    const { profile } = chromium;
    await chromium.crash();
    const again = await Chromium.launch({ profile });
    try {
      const app = new App(await again.open("app", "#/groups"));
      await app.page.getByRole("heading", { name: words("unlock_title") }).waitFor();
      await unlock(app, PASSPHRASE);
      await app.sees(counted("groups_count", 60));
    } finally {
      await again.close();
    }
  });
});

it("after a restart of the browser an unprotected key works by itself, and one kept until then is asked for again", async () => {
  const server = await startGateway("guide");
  let browser = await Chromium.launch();
  const { profile } = browser;
  const restart = async (route: string) => {
    await browser.crash();
    browser = await Chromium.launch({ profile });
    server.reset();
    return new App(await browser.open("app", route));
  };
  try {
    let app = new App(await browser.open("app", "#/settings"));
    await connect(app.page, server, { protection: "none" });
    app = await restart("#/groups");
    await app.sees(counted("groups_count", 60));
    expect(server.log.length).toBeGreaterThan(0);
    expect(await app.page.getByRole("heading", { name: words("unlock_title") }).count()).toBe(0);

    expect(await command(app.page, "setProtection", { protection: "session" })).toMatchObject({ ok: true });
    expect(await command(app.page, "refreshGroups")).toMatchObject({ ok: true });
    app = await restart("#/groups");
    await app.seesFailure("no-key");
    expect(await command(app.page, "refreshGroups")).toMatchObject({ ok: false, failure: { code: "no-key" } });
    expect(server.log).toEqual([]);
    await app.go("/settings");
    await app.press("settings_new_key");
    await app.page.getByRole("dialog").getByLabel(words("connect_key"), { exact: true }).fill(KEY);
    await app.press("action_save");
    await app.go("/groups");
    await app.sees(counted("groups_count", 60));
    expect(await command(app.page, "refreshGroups")).toMatchObject({ ok: true });
  } finally {
    await browser.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
