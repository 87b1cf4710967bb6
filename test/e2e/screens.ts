import type { Page } from "playwright-core";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import type { TestServer } from "../server";
import { commandValue, connect, PASSPHRASE } from "./app";
import { Chromium, type Door } from "./chromium";

/** Every screen of the app over the sandbox's world, with the states that a screen can be in. */

const { alpha, lobby, member, hidden } = WORLD_GROUPS;
const people = `+${WORLD_PEOPLE.free.split("@")[0]}\n+1 201 555 0143\n12 34\n+${WORLD_PEOPLE.free.split("@")[0]}`;

/** A screen in one of its states. */
export interface Screen {
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

/** All of them, in the order in which they can be visited. */
export const screens: Screen[] = [
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
  {
    name: "groups, three chosen",
    route: "/groups",
    has: ".rows a",
    isWide: true,
    act: async (page) => {
      await page.locator(".rows a").first().focus();
      for (let n = 0; n < 3; n += 1) {
        await page.keyboard.press("x");
        await page.keyboard.press("ArrowDown");
      }
    },
  },
  {
    name: "several, adding",
    route: "/several/add",
    has: "textarea",
    act: async (page) => {
      await type(page, "textarea", people);
      await page.locator(".plan, .people-preview").first().waitFor();
    },
  },
  { name: "several, matching", route: "/several/match", has: "textarea" },
  { name: "several, table", route: "/several/table", has: "textarea" },
  { name: "several, invites", route: "/several/invites", has: "nav.tasks" },
  {
    // The choice outlives the screen.
    name: "groups, none chosen any more",
    route: "/groups",
    has: ".rows a",
    act: async (page) => {
      await page.locator(".rows a").first().press("Escape");
      await page.locator(".choice-row.on").first().waitFor({ state: "detached" });
    },
  },
  { name: "page", route: "/page", has: ".screen" },
  { name: "person", route: `/person/${encodeURIComponent(WORLD_PEOPLE.seed)}`, has: ".screen h2, .screen strong" },
  {
    name: "palette",
    route: "/people",
    has: "textarea",
    act: async (page) => {
      await page.keyboard.press("ControlOrMeta+k");
      await page.locator("dialog[open]").waitFor();
    },
  },
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
      await page.locator(".verdict-section").first().waitFor();
    },
  },
  { name: "settings", route: "/settings", has: "section select" },
  { name: "connect", route: "/connect", has: "form input" },
  { name: "welcome", door: "welcome", route: "/welcome", has: "h1" },
  { name: "options", door: "options", route: "/settings", has: "section select" },
];

/** Opens a browser with a connection and with a job whose people met different fates. */
export async function begin(server: TestServer, language?: string): Promise<Chromium> {
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

/** Shows a screen on a page of ours, in its state. */
export async function show(chromium: Chromium, page: Page, { door, route, has, act }: Screen): Promise<void> {
  // A question of the screen before lies over this one, which may be another state of the same.
  const question = page.locator("dialog[open]");
  if (await question.count()) await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await page.goto(chromium.url(door ?? "app", `#${route}`));
  await page.locator(has).first().waitFor();
  await act?.(page);
}
