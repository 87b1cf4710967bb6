import type { Page } from "playwright-core";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import type { MessageKey } from "../../lib/shared/i18n";
import type { TestServer } from "../server";
import { goTo } from "./agent";
import { commandValue, connect, PASSPHRASE } from "./app";
import { Chromium, type Door } from "./chromium";

/** Every screen of the app over the sandbox's world, with the states that a screen can be in. */

const { alpha, lobby, member, hidden, support } = WORLD_GROUPS;
const people = `+${WORLD_PEOPLE.free.split("@")[0]}\n+1 201 555 0143\n12 34\n+${WORLD_PEOPLE.free.split("@")[0]}`;

/** The field of a locked view. */
export const PASSWORD = "input[autocomplete=current-password]";

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

/** The words of a key in the language of the page. */
const spoken = (page: Page, key: MessageKey) =>
  page.evaluate((name) => {
    const { chrome } = globalThis as unknown as { chrome: { i18n: { getMessage(key: string): string } } };
    return chrome.i18n.getMessage(name);
  }, key);
/** Shows a part at once: waiting until it stands still would fail where the screen draws it anew. */
const scrollTo = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => element.scrollIntoView({ block: "nearest" }));
const type = (page: Page, selector: string, text: string) => page.locator(selector).last().fill(text);

/** Gives a group that was read a size for each of fifteen days, and a change on the last. */
async function putHistory(page: Page, group: string): Promise<void> {
  await page.evaluate(async (id) => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error!));
      });
    const db = await settled(indexedDB.open("wappfy"));
    const tx = db.transaction(["rosters", "changes"], "readwrite");
    const rosters: { connection: string; group: string; members: { id: string }[]; readAt: number }[] = await settled(
      tx.objectStore("rosters").getAll(),
    );
    const roster = rosters.find((each) => each.group === id)!;
    const size = roster.members.length;
    const sizes = Array.from({ length: 15 }, (_, day) => ({
      day: new Date(roster.readAt - (14 - day) * 86_400_000).toISOString().slice(0, 10),
      size: day === 14 ? size : size + ((day * 7) % 5) - Math.floor(day / 4),
    }));
    const [first, second] = roster.members;
    const change = { joined: [first!.id], left: ["12025550199@s.whatsapp.net"], promoted: [], demoted: [second!.id] };
    const { connection, readAt } = roster;
    await settled(tx.objectStore("rosters").put({ ...roster, sizes }));
    await settled(tx.objectStore("changes").put({ connection, group: id, since: readAt - 1e8, at: readAt, ...change }));
    db.close();
  }, group);
}

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
  {
    name: "invite, as large as the window",
    route: `/group/${alpha}?tab=invite`,
    has: ".qr svg",
    act: async (page) => {
      await page.locator(".qr .button").first().click();
      await page.locator("dialog[open] .qr-large svg").waitFor();
    },
  },
  {
    name: "matching a group to a list",
    route: `/group/${support}?tab=members`,
    has: ".member, #panel-members textarea",
    act: async (page) => {
      const input = page.locator("#panel-members textarea");
      // It may be open from the last time.
      await Promise.any([input.waitFor(), page.getByLabel(await spoken(page, "equal_open")).click()]);
      await input.fill(people);
      await page.locator("#panel-members .side [role=option]").last().click();
      await scrollTo(page, ".lanes");
    },
  },
  { name: "invite, refused", route: `/group/${member}?tab=invite`, has: ".notice" },
  { name: "message", route: `/group/${alpha}?tab=message`, has: "#panel-message textarea" },
  { name: "about", route: `/group/${alpha}?tab=about`, has: "dl.facts" },
  {
    name: "about, after two weeks",
    route: `/group/${alpha}?tab=about`,
    has: "dl.facts",
    act: async (page) => {
      await putHistory(page, alpha);
      await page.reload();
      await page.locator(".change").first().waitFor();
      await scrollTo(page, ".size-line");
    },
  },
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
    name: "create several",
    route: "/create?several",
    has: "form textarea",
    act: async (page) => {
      await type(page, "form textarea", "Lakeside\t+12025550161\nPune buyers\t+919876543210 and 12");
      await page.locator("form ul.divided li").nth(1).waitFor();
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
      await scrollTo(page, ".lanes");
    },
  },
  {
    name: "several, removing",
    route: "/several/remove",
    has: "textarea",
    act: async (page) => {
      await type(page, "textarea", `+${WORLD_PEOPLE.seed.split("@")[0]}`);
      await scrollTo(page, ".lanes");
    },
  },
  {
    name: "several, matching",
    route: "/several/match",
    has: "textarea",
    act: async (page) => {
      await type(page, "textarea", people);
      await page.locator(".match-row").first().waitFor();
      const read = page.locator(".several .notice .button");
      if (await read.count()) await read.first().click();
      await scrollTo(page, ".lanes");
    },
  },
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
    name: "person, adding",
    route: `/person/${encodeURIComponent(WORLD_PEOPLE.free)}`,
    has: ".screen .button.primary",
    act: async (page) => {
      await page.locator(".screen > .row > .button").first().click();
      await page.locator("dialog[open] .tick-row").nth(2).click();
      await scrollTo(page, "dialog[open] .lanes");
    },
  },
  {
    name: "person, removing",
    route: `/person/${encodeURIComponent(WORLD_PEOPLE.seed)}`,
    has: ".screen > .row > .button:nth-child(3)",
    act: async (page) => {
      await page.locator(".screen > .row > .button").last().click();
      await scrollTo(page, "dialog[open] .lanes");
    },
  },
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
  { name: "plan", route: "/plan", has: ".screen .button.primary" },
  { name: "activity", route: "/activity", has: "main a" },
  {
    name: "activity, nothing found",
    route: "/activity",
    has: "main a",
    act: async (page) => {
      await type(page, "[data-search]", "zzz nothing");
      await page.locator("main a").first().waitFor({ state: "detached" });
    },
  },
  {
    name: "activity, what changed",
    route: "/activity",
    has: "main select",
    act: async (page) => {
      await page.locator("main select").selectOption("changes");
      await page.locator("main p.muted, main ul.divided .change").first().waitFor();
    },
  },
  {
    name: "results",
    route: "/activity",
    has: "main select",
    act: async (page) => {
      await page.locator("main select").selectOption("all");
      await page.locator("main a[href*='activity/']").first().click();
      await page.locator(".verdict-section").first().waitFor();
    },
  },
  { name: "settings", route: "/settings", has: "section select" },
  { name: "connect", route: "/connect", has: "form input" },
  { name: "welcome", door: "welcome", route: "/welcome", has: "h1" },
  { name: "options", door: "options", route: "/settings", has: "section select" },
  {
    name: "the keys",
    route: "/activity",
    has: "main a",
    act: async (page) => {
      await page.locator("main a").first().focus();
      await page.keyboard.press("?");
      await page.locator("dialog[open] kbd").first().waitFor();
    },
  },
  { name: "an invite to confirm", route: `/join/${WORLD_CODES.market}`, has: ".confirm dl.facts" },
  {
    name: "a message that can be undone",
    route: "/activity",
    has: "main a",
    act: async (page) => {
      await commandValue(page, "startJob", {
        job: { kind: "send", chats: [alpha], text: "The boats leave at nine.", pace: "fast" },
        nonce: crypto.randomUUID(),
      });
      await page.locator(".undo .button").first().waitFor();
    },
  },
  {
    name: "locked",
    route: "/groups",
    has: ".rows a",
    act: async (page) => {
      await commandValue(page, "lock");
      await page.locator(PASSWORD).waitFor();
    },
  },
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

/** Leaves the state of the screen that a page shows: what is locked, asked or may be undone. */
export async function leave(page: Page): Promise<void> {
  if (await page.locator(PASSWORD).count()) {
    await page.locator(PASSWORD).fill(PASSPHRASE);
    await page.keyboard.press("Enter");
    await page.locator(PASSWORD).waitFor({ state: "detached" });
  }
  const waiting = page.locator(".undo .button, .confirm .row .button");
  // The time to undo may end in this moment, and its button goes with it.
  if (await waiting.count())
    await waiting
      .first()
      .click({ timeout: 5000 })
      .catch(() => undefined);
  // A question of the screen before lies over this one, which may be another state of the same.
  const question = page.locator("dialog[open]");
  if (await question.count()) await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await page.evaluate(() => {
    for (const search of document.querySelectorAll<HTMLInputElement>("[data-search]")) {
      if (search.value === "") continue;
      search.value = "";
      search.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  });
}

/** Shows a screen on a page of ours, in its state. */
export async function show(chromium: Chromium, page: Page, { door, route, has, act }: Screen): Promise<void> {
  await leave(page);
  const url = chromium.url(door ?? "app");
  // Behind the same door, the screen before is there until the page has heard of the new one.
  if (page.url().split("#", 1)[0] === url) await goTo(page, route);
  else await page.goto(`${url}#${route}`);
  await page.locator(has).first().waitFor();
  await act?.(page);
}
