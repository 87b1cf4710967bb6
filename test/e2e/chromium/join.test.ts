import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { pressJoin, pressJoinByScript } from "../agent";
import { App, connect, freshApp, startGateway, words } from "../app";
import { Chromium } from "../chromium";

/** Joining: by link, by code, from a page with its chip or its context menu. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

describe("joining", () => {
  let server: TestServer;
  let app: App;
  let web: Page;
  beforeAll(async () => {
    server = await startGateway("guide");
    const links = [WORLD_CODES.neighbours, WORLD_CODES.market]
      .map((code) => `<p>Come in: <a href="https://chat.whatsapp.com/${code}">our group</a></p>`)
      .join("");
    server.page("/links", `<!doctype html><title>Links</title>${links}`);
    app = await freshApp(chromium);
    await connect(app.page, server);
    await app.rows().first().waitFor();
    web = await chromium.context.newPage();
    await web.goto(`http://page.test:${server.port}/links`);
  });
  afterEach(() => server.reset());
  afterAll(async () => {
    await web?.close();
    await app?.page.close();
    await server?.close();
  });

  const writes = () => server.log.filter(({ method }) => method !== "GET");
  const joined = () => server.effects.map(({ kind, target }) => [kind, target]);

  const paste = async (text: string) => {
    await app.page.bringToFront();
    await app.go("/join");
    await app.field("join_text").fill(text);
    await app.button("confirm_join").click();
    const results = await app.results();
    await app.press("join_another");
    return results;
  };

  it("takes a link in any text", async () => {
    const link = `See you there → https://chat.whatsapp.com/${WORLD_CODES.sector}?mode=ac_t`;
    expect(await paste(link)).toMatchObject([{ verdict: words("verdict_joined"), rows: ["सेक्टर 21 निवासी संघ"] }]);
    expect(joined()).toEqual([["joined", WORLD_GROUPS.sector]]);
    await app.openGroup(WORLD_GROUPS.sector);
  });

  it("takes a bare code, and asks the gateway for nothing where we are in already", async () => {
    expect(await paste(WORLD_CODES.sample)).toMatchObject([{ verdict: words("verdict_joined") }]);
    expect(joined()).toEqual([["joined", WORLD_GROUPS.sample]]);
    await app.field("join_text").fill(WORLD_CODES.sample);
    await app.sees(words("invite_ours"));
    expect(await app.button("confirm_join").getAttribute("aria-disabled")).toBe("true");
    await app.field("join_text").fill("");
  });

  it("says that an admin has to approve", async () => {
    const [section] = await paste(WORLD_CODES.ignored);
    expect(section).toMatchObject({ verdict: words("verdict_waiting_approval"), rows: [WORLD_CODES.ignored] });
    expect(joined()).toEqual([["waiting", WORLD_GROUPS.ignored]]);
    await app.field("join_text").fill(WORLD_CODES.ignored);
    await app.sees(words("invite_pending"));
    await app.field("join_text").fill("");
  });

  it("says that a code was revoked, and remembers it", async () => {
    const [section] = await paste(WORLD_CODES.revoked);
    expect(section!.verdict).toBe(words("verdict_not_joined"));
    expect(section!.reasons.join()).toContain(`${words("reason_revoked")} ${words("reason_revoked_next")}`);
    expect(joined()).toEqual([]);
    await app.field("join_text").fill(WORLD_CODES.revoked);
    await app.sees(words("invite_refused"));
    await app.field("join_text").fill("");
  });

  it("goes from a chip on a page to our own question, and only a meant press there joins", async () => {
    await web.bringToFront();
    await chromium.waitForChips(web, 2);
    // A page's own script cannot press it.
    await web.evaluate(() => {
      for (const host of document.querySelectorAll("body *:not(a)"))
        host.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    });
    const popup = new App(await chromium.popupByChip(web));
    await popup.page.getByRole("heading", { level: 1, name: words("title_confirm") }).waitFor();
    const asked = await popup.page.locator("dl.facts").innerText();
    expect(asked).toContain(WORLD_CODES.neighbours);
    expect(asked).toContain(`http://page.test:${server.port}`);
    expect(writes()).toEqual([]);

    // Nor can a press that no mouse led to.
    await pressJoinByScript(popup.page, words("confirm_type", words("confirm_word")));
    expect(writes()).toEqual([]);
    await pressJoin(popup.page);
    expect(await popup.results()).toMatchObject([
      { verdict: words("verdict_joined"), rows: ["Lakeside Neighbours 🏡"] },
    ]);
    expect(joined()).toEqual([["joined", WORLD_GROUPS.neighbours]]);
    await popup.page.close();
  });

  it("goes from the context menu of a link to the same question", async () => {
    const opens = chromium.waitForSurface("popup");
    await chromium.pressMenu("manage-invite", { linkUrl: `https://chat.whatsapp.com/${WORLD_CODES.market}` }, web);
    const popup = new App(await opens);
    await popup.sees(WORLD_CODES.market);
    expect(writes()).toEqual([]);
    await pressJoin(popup.page);
    expect(await popup.results()).toMatchObject([{ verdict: words("verdict_joined") }]);
    expect(joined()).toEqual([["joined", WORLD_GROUPS.market]]);
    await popup.page.close();
  });
});
