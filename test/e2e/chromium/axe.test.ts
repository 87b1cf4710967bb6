import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { command, commandValue, connect, KEY, PASSPHRASE, startGateway } from "../app";
import { Chromium, PATIENCE, showTheme, type Door } from "../chromium";

/** axe-core on every screen, in both themes and both shapes, with the states that a screen can be in. */

const WAIT = { timeout: PATIENCE };
const { alpha, lobby, member, hidden } = WORLD_GROUPS;
const people = `+${WORLD_PEOPLE.free.split("@")[0]}\n+1 201 555 0143\n12 34\n+${WORLD_PEOPLE.free.split("@")[0]}`;

interface Screen {
  name: string;
  door?: Door;
  route: string;
  /** Something that is only there when the screen is complete. */
  has: string;
  /** Brings it into the state that is looked at, without its words. */
  act?: (page: Page) => Promise<unknown>;
  /** Drawn in another way in a wide tab. */
  isWide?: boolean;
}

const type = (page: Page, selector: string, text: string) => page.locator(selector).last().fill(text);

const screens: Screen[] = [
  { name: "groups", route: "/groups", has: ".rows a", isWide: true },
  {
    name: "groups, nothing found",
    route: "/groups",
    has: ".rows a",
    act: async (page) => {
      await type(page, "[data-search]", "zzz nothing");
      await page.locator(".empty").first().waitFor();
      await type(page, "[data-search]", "");
    },
  },
  { name: "members", route: `/group/${lobby}?tab=members`, has: ".member", isWide: true },
  { name: "hidden members", route: `/group/${hidden}?tab=members`, has: ".member" },
  {
    name: "removing a member",
    route: `/group/${alpha}?tab=members`,
    has: ".member",
    act: (page) => page.locator(".member button.icon").last().click(),
  },
  {
    name: "adding",
    route: `/group/${alpha}?tab=add`,
    has: "#panel-add textarea",
    act: async (page) => {
      await type(page, "#panel-add textarea", people);
      await page.locator(".plan li").first().waitFor();
    },
  },
  { name: "invite", route: `/group/${alpha}?tab=invite`, has: ".qr svg" },
  { name: "invite, refused", route: `/group/${member}?tab=invite`, has: ".notice" },
  { name: "message", route: `/group/${alpha}?tab=message`, has: "#panel-message textarea" },
  { name: "about", route: `/group/${alpha}?tab=about`, has: "dl.facts" },
  {
    name: "leaving",
    route: `/group/${alpha}?tab=about`,
    has: "dl.facts",
    act: async (page) => {
      await page.locator("#panel-about section").last().locator("button").click();
      await page.locator("dialog[open] .code").waitFor();
    },
  },
  { name: "edit", route: `/group/${alpha}?tab=about&edit=1`, has: "form.band" },
  { name: "a group that is not there", route: "/group/12036309999999@g.us", has: ".detail-side .empty, .main .empty" },
  {
    name: "create",
    route: "/create",
    has: "form textarea",
    act: async (page) => {
      await type(page, "form textarea", people);
      await page.locator(".people-preview details").nth(1).waitFor();
    },
  },
  {
    name: "join",
    route: "/join",
    has: "form textarea",
    act: (page) =>
      type(page, "form textarea", `https://chat.whatsapp.com/${WORLD_CODES.revoked} AbCdEfGhIjKlMnX wa.me/1`),
  },
  { name: "message to several", route: "/message", has: "form input.tick" },
  { name: "page", route: "/page", has: ".screen" },
  {
    name: "people",
    route: "/people",
    has: "textarea",
    act: async (page) => {
      await type(page, "textarea", people);
      await page.locator("ul.divided").waitFor();
    },
  },
  { name: "activity", route: "/activity", has: "main a" },
  {
    name: "results",
    route: "/activity",
    has: "main a[href*='activity/']",
    act: async (page) => {
      await page.locator("main a[href*='activity/']").first().click();
      await page.locator(".heap").first().waitFor();
    },
  },
  { name: "settings", route: "/settings", has: "section select" },
  { name: "connect", route: "/connect", has: "form input" },
  { name: "welcome", door: "welcome", route: "/welcome", has: "h1" },
  { name: "options", door: "options", route: "/settings", has: "section select" },
];

/** Opens a browser with a connection and with a job whose people met different fates. */
async function begin(server: TestServer, language?: string): Promise<Chromium> {
  const chromium = await Chromium.launch(language ? { language } : {});
  const page = await chromium.open("app", "#/groups");
  await connect(page, server, { protection: "passphrase", passphrase: PASSPHRASE });
  const given = [WORLD_PEOPLE.private, WORLD_PEOPLE.seed, WORLD_PEOPLE.absent].map((id) => ({ id, given: id }));
  await page.locator(".rows a").first().waitFor();
  await commandValue(page, "startJob", {
    job: { kind: "add", groups: [WORLD_GROUPS.support], people: given, pace: "fast" },
    nonce: crypto.randomUUID(),
  });
  await page.evaluate((hash) => (location.hash = hash), "#/activity");
  await page.locator("main a[href*='activity/']").first().waitFor();
  await page.close();
  return chromium;
}

/** Looks at what a page shows: by all rules in the light theme, and for contrast in the dark one. */
async function faultsOf(chromium: Chromium, page: Page, hasDark = true): Promise<string[]> {
  await showTheme(page, "light");
  const light = await chromium.accessibilityFaults(page);
  if (!hasDark) return light;
  await showTheme(page, "dark");
  const dark = await chromium.accessibilityFaults(page, ["color-contrast"]);
  return [...light, ...dark.map((fault) => `dark: ${fault}`)];
}

describe.each([
  ["English", undefined],
  ["Hindi", "hi"],
] as const)("in %s", (_, language) => {
  let server: TestServer;
  let chromium: Chromium;
  beforeAll(async () => {
    server = await startGateway("guide");
    chromium = await begin(server, language);
  });
  afterAll(async () => {
    await chromium?.close();
    await server?.close();
  });

  /** One page for all screens, in the shape of the popup or of a wide tab. */
  let shared: Page;
  const show = async ({ door, route, has, act }: Screen, page = shared) => {
    await page.goto(chromium.url(door ?? "app", `#${route}`));
    await page.locator(has).first().waitFor();
    await act?.(page);
  };
  beforeAll(async () => {
    shared = await chromium.open("popup", "#/groups");
    shared.setDefaultTimeout(PATIENCE);
  });

  it.each(screens)("$name", async (screen) => {
    await show(screen);
    // Colours are the same in every language.
    await expect.poll(() => faultsOf(chromium, shared, language === undefined), WAIT).toEqual([]);
    if (!screen.isWide || language !== undefined) return;
    await shared.setViewportSize({ width: 1280, height: 800 });
    await expect.poll(() => faultsOf(chromium, shared), WAIT).toEqual([]);
    await shared.setViewportSize({ width: 400, height: 600 });
  });

  it("the keys", async () => {
    await show({ name: "groups", route: "/groups", has: ".rows a" });
    await shared.locator(".rows a").first().focus();
    await shared.keyboard.press("?");
    await shared.locator("dialog[open] kbd").first().waitFor();
    await expect.poll(() => faultsOf(chromium, shared), WAIT).toEqual([]);
    // It lies over every screen until it is closed.
    await shared.keyboard.press("Escape");
    await shared.locator("dialog[open]").waitFor({ state: "detached" });
  });

  it("the invite that waits to be confirmed", async () => {
    const web = await chromium.context.newPage();
    await web.goto(server.origin);
    await chromium.pressMenu("manage-invite", { linkUrl: `https://chat.whatsapp.com/${WORLD_CODES.market}` }, web);
    const popup = await chromium.waitForSurface("popup");
    await popup.locator("dl.facts").waitFor();
    await expect.poll(() => faultsOf(chromium, popup), WAIT).toEqual([]);
    await popup.close();
    await web.close();
  });

  it("a locked view, and the second step of connecting", async () => {
    await command(shared, "lock");
    await shared.locator("input[autocomplete=current-password]").waitFor();
    await expect.poll(() => faultsOf(chromium, shared), WAIT).toEqual([]);
    await command(shared, "forgetEverything");
    await show({ name: "connect", route: "/connect", has: "form input[type=password]" });
    await shared.locator("input[type=password]").fill(KEY);
    await shared.locator("details summary").click();
    await shared.locator("input[inputmode=url]").fill(server.origin);
    await shared.locator("form button[type=submit]").click();
    await shared.locator("input[type=radio]").first().waitFor();
    await expect.poll(() => faultsOf(chromium, shared), WAIT).toEqual([]);
  });
});
