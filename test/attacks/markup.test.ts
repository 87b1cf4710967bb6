import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import { createWorld } from "../../lib/sandbox/seed";
import { App, command, commandValue, connect, startGateway, words } from "../e2e/app";
import { Chromium, type Door } from "../e2e/chromium";
import type { TestServer } from "../server";

/** Markup and code as names, descriptions, people and errors: all of it is text, on every surface. */

/** What each of them would do: report to a server that writes everything down, and leave a mark. */
const HIT = "http://h.test/api/h";
const RUN = "top.hit=1,alert(1)";
const VECTORS = [
  `<img src=${HIT} onerror=${RUN}>`,
  `<script>${RUN}</script>`,
  `<script src=${HIT}></script>`,
  `<svg onload=${RUN}>`,
  `<iframe src=${HIT}></iframe>`,
  `<iframe srcdoc="<script>${RUN}</script>">`,
  `<body onload=${RUN}>`,
  `<a href="javascript:${RUN}">open</a>`,
  `javascript:${RUN}`,
  `<details open ontoggle=${RUN}>`,
  `<input autofocus onfocus=${RUN}>`,
  `<style>@import '${HIT}';</style>`,
  `<link rel=stylesheet href=${HIT}>`,
  `<meta http-equiv=refresh content="0;url=${HIT}">`,
  `<form action=${HIT}><button autofocus>`,
  `<object data=${HIT}></object>`,
  `<video><source onerror=${RUN}></video>`,
  `<p style="background:url(${HIT})">`,
  `<template shadowrootmode=open><img src=${HIT}>`,
  `{{constructor.constructor('${RUN}')()}}`,
];
/** Alone, out of an attribute, and out of what holds raw text. */
const NAMES = ["", '">', "</title></textarea>"].flatMap((before) => VECTORS.map((vector) => before + vector));

/** Invites of groups that we are in none of. */
const CODES = [WORLD_CODES.neighbours, WORLD_CODES.sector, WORLD_CODES.market, WORLD_CODES.arabic, WORLD_CODES.gated];
const nameOf = (i: number) => NAMES[i % NAMES.length]!;

let chromium: Chromium;
let server: TestServer;
let app: App;
let web: Page;
/** What went wrong on any page of ours. */
const said: string[] = [];
const pages = new Set<Page>();

const watch = (page: Page): Page => {
  pages.add(page);
  page.on("dialog", (dialog) => void dialog.dismiss().then(() => said.push("a dialog")));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith("chrome-extension://")) said.push(`a request to ${request.url()}`);
  });
  return page;
};
const show = async (door: Door, hash: string) => new App(watch(await chromium.open(door, hash)));

beforeAll(async () => {
  const world = createWorld();
  for (const [i, id] of Object.keys(world.groups).entries()) {
    const description = `${nameOf(i)}\n${nameOf(i + 7)}`;
    world.groups[id] = { ...world.groups[id]!, name: nameOf(i), description };
  }
  server = await startGateway("guide");
  server.world.groups = world.groups;
  const around = NAMES.slice(0, CODES.length).map((text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
  server.page(
    "/links",
    `<!doctype html><title>${around[0]}</title>${around
      .map((text, i) => `<p>${text} <a href="https://chat.whatsapp.com/${CODES[i]!}">${text}</a></p>`)
      .join("")}`,
  );
  chromium = await Chromium.launch();
  app = await show("app", "#/settings");
  await connect(app.page, server, { name: NAMES[0]!, protection: "session" });
  web = await chromium.context.newPage();
});
afterEach(async () => {
  // Whatever a surface showed, nothing of it became an element, ran, or called anybody.
  for (const page of pages) {
    if (page.isClosed()) continue;
    const found = await page.evaluate(() => ({
      isHit: "hit" in globalThis,
      elements: [
        ...document.querySelectorAll("script, iframe, object, style, link, meta, template, video, img, form, a"),
      ]
        .map((element) => element.outerHTML)
        .filter((html) => /h\.test|javascript:|alert/.test(html.replaceAll(/title="[^"]*"|>[^<]*</g, ""))),
      handlers: [...document.querySelectorAll("*")].filter((element) =>
        element.getAttributeNames().some((name) => name.startsWith("on")),
      ).length,
    }));
    expect(found).toEqual({ isHit: false, elements: [], handlers: 0 });
  }
  expect(said).toEqual([]);
  expect(server.log.filter(({ path }) => path.startsWith("/api/h"))).toEqual([]);
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

/** As a list shows it: on one line, with at most 100 characters. */
const shown = (name: string) => (name.length > 100 ? `${name.slice(0, 100)}…` : name);

it.each(["app", "popup", "sidepanel"] as const)(
  "T50 the list of groups in the %s shows names as text",
  async (door) => {
    const view = await show(door, "#/groups");
    await view.rows().first().waitFor();
    const search = view.page.locator("[data-search]");
    const list = view.page.locator(".scroll").first();
    const seen = new Set<string>();
    const look = async () => {
      // Where the door before left off is kept, in search and scroll, and may come back late.
      if (await search.inputValue()) await search.fill("");
      for (const name of await view.page.locator(".rows .list-row strong").allTextContents()) seen.add(name.trim());
      // From the top again at the end: rows may be drawn later than the list is scrolled.
      await list.evaluate((list) => {
        const isEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 1;
        list.scrollTop = isEnd ? 0 : list.scrollTop + list.clientHeight;
      });
      return seen.size;
    };
    await expect.poll(look).toBe(NAMES.length);
    expect([...seen].toSorted()).toEqual(NAMES.map(shown).toSorted());
    // Also where it is searched for.
    await search.fill(NAMES[0]!);
    await view.sees(NAMES[0]!);
    if (door !== "app") await view.page.close();
  },
);

it("T50 a group and everything that is done with it shows its name as text", async () => {
  const { name, description } = server.world.groups[WORLD_GROUPS.alpha]!;
  await app.page.bringToFront();
  for (const tab of ["members", "add", "invite", "message", "about"] as const) {
    await app.openGroup(WORLD_GROUPS.alpha, tab);
    await app.page.getByRole("heading", { level: 1, name: shown(name), exact: true }).waitFor();
  }
  await app.sees(description!.split("\n")[1]!);
  await app.press("group_edit");
  expect(await app.field("group_name").inputValue()).toBe(name);
  await app.press("action_cancel");
  await app.press("leave_action");
  await app.page.getByRole("dialog").waitFor();
  await app.page.keyboard.press("Escape");
  for (const route of ["/create", "/join", "/message", "/people", "/activity", "/settings"]) {
    await app.go(route);
    await app.page.locator("main").waitFor();
  }
  await app.sees(NAMES[0]!);
});

it("T50 what a gateway says of people and of errors shows as text", async () => {
  const group = server.world.groups[WORLD_GROUPS.alpha]!;
  const people = NAMES.map((id) => ({ id, phone: id, name: id, pushName: id, role: "member", admin: id }));
  for (const status of [200, 400, 403, 404, 422, 500]) {
    for (const message of [NAMES[0]!, NAMES.slice(0, 20).join(" ")]) {
      server.fault(
        { method: "GET", path: "/groups/" },
        {
          kind: "answer",
          status,
          body: JSON.stringify(
            status === 200
              ? { success: true, data: { ...group, group_id: WORLD_GROUPS.alpha, participants: people } }
              : {
                  success: false,
                  error: { code: message, message, details: { [message]: message } },
                  meta: { requestId: message },
                },
          ),
        },
      );
      await command(app.page, "refreshGroup", { group: WORLD_GROUPS.alpha });
    }
  }
  await app.openGroup(WORLD_GROUPS.alpha, "members");
  server.fault(
    { method: "GET", times: 6 },
    {
      kind: "answer",
      status: 400,
      body: JSON.stringify({ success: false, error: { code: "X", message: NAMES.join(" ") } }),
    },
  );
  await app.page.getByRole("button", { name: words("group_refresh"), exact: true }).click();
  await app.page.locator(".notice").first().waitFor();
  server.reset();

  // Results of a job, one person for each of them.
  server.fault(
    { method: "POST" },
    {
      kind: "answer",
      status: 200,
      body: JSON.stringify({
        success: true,
        data: [{ id: WORLD_PEOPLE.free, status: NAMES[1], code: NAMES[2], message: NAMES[0], error: NAMES[0] }],
      }),
    },
  );
  server.fault(
    { method: "POST", path: "/messages" },
    { kind: "answer", status: 400, body: JSON.stringify({ error: { code: NAMES[3], message: NAMES.join(" ") } }) },
  );
  const nonce = () => crypto.randomUUID();
  const given = NAMES[0]!;
  const { id } = await commandValue(app.page, "startJob", {
    job: {
      kind: "add",
      groups: [WORLD_GROUPS.alpha],
      people: [{ id: WORLD_PEOPLE.free, given, name: NAMES[4]! }],
      pace: "fast",
    },
    nonce: nonce(),
  });
  await app.go(`/activity/${id}`);
  await app.results();
  const sent = await commandValue(app.page, "startJob", {
    job: { kind: "send", chats: [WORLD_GROUPS.alpha], text: NAMES[0]!, pace: "fast" },
    nonce: nonce(),
  });
  await app.go(`/activity/${sent.id}`);
  await app.results();
  await app.go("/activity");
  await app.page.locator("main a[href^='#/activity/']").first().waitFor();
});

it("T50 typed people and what stands around an invite on a page show as text", async () => {
  await app.openGroup(WORLD_GROUPS.alpha, "add");
  await app.field("input_people").fill(NAMES.join("\n"));
  await app.page.locator(".people-preview").first().waitFor();
  await app.field("input_people").fill("");
  await web.goto(`${server.origin}/links`);
  await chromium.waitForChips(web, CODES.length);
  const panel = await show("sidepanel", "#/page");
  await web.bringToFront();
  // The build for tests may read this host, so that no press of the button is needed for looking through the page.
  expect(await command(panel.page, "findOnPage")).toMatchObject({
    ok: true,
    value: { invites: CODES.map((code) => ({ code })) },
  });
  await panel.sees(CODES[0]!);
  await panel.sees(NAMES[1]!);
});
