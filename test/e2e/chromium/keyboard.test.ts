import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { MessageKey } from "../../../lib/shared/i18n";
import type { TestServer } from "../../server";
import { App, command, connect, counted, freshApp, PASSPHRASE, startGateway, words } from "../app";
import { Chromium } from "../chromium";

/** A whole day's work without a mouse: nothing here clicks, and nothing calls `focus`. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

/** What has the focus, as an agent sees and a screen reader says it. */
interface Stop {
  /** Accessible name, as far as these screens need one. */
  name: string;
  tag: string;
  /** Where it leads, if it is a link. */
  href: string | null;
  /** Whether something on the screen shows that it has the focus. */
  isVisible: boolean;
  /** Whether it is the body, which means that the focus is lost. */
  isLost: boolean;
}

/** A keyboard, and eyes that check after each key where the focus went. */
class Keyboard {
  constructor(readonly page: Page) {}

  async stop(): Promise<Stop> {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const labels = "labels" in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
      const name = element.getAttribute("aria-label") ?? labels.map(({ innerText }) => innerText).join(" ") ?? "";
      // A box around a control may show the focus in its stead, and what a link draws over its row.
      const shows = (at: Element | null): boolean =>
        [null, "::after"].some((part) => {
          if (!at) return false;
          const { content, outlineStyle, outlineWidth } = getComputedStyle(at, part);
          const isDrawn = part === null || content !== "none";
          return isDrawn && outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
        });
      // Whether the middle of what the window shows of it is not clipped away and not under something else.
      const box = element.getBoundingClientRect();
      const x = (Math.max(0, box.left) + Math.min(innerWidth, box.right)) / 2;
      const y = (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2;
      const isInView = element.contains(document.elementFromPoint(x, y));
      return {
        name: (name || element.innerText || "").trim().replaceAll(/\s+/g, " "),
        tag: element.tagName.toLowerCase(),
        href: element.getAttribute("href"),
        isVisible: isInView && (shows(element) || shows(element.closest("label, .search"))),
        isLost: element === document.body,
      };
    });
  }

  /** Presses a key. */
  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  /** Types a text, key by key. */
  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Does a command of the palette, which Ctrl K opens over every screen. */
  async find(name: string): Promise<void> {
    await this.press("Control+k");
    await this.page.getByRole("combobox", { name: words("find_label") }).waitFor();
    await this.type(name);
    await this.press("Enter");
  }

  /** Waits until the focus is on something other than the body, and gives it. */
  async settle(): Promise<Stop> {
    await chromium.waitUntil(async () => !(await this.stop()).isLost, "the focus to be somewhere");
    return this.stop();
  }

  /** Presses Tab until the stop with this name has the focus. Each stop on the way has to be visible. */
  async tabTo(name: string | RegExp, key = "Tab", most = 60): Promise<Stop> {
    const passed: string[] = [];
    const isIt = (stop: Stop) => (typeof name === "string" ? stop.name === name : name.test(stop.name));
    for (let count = 0; count < most; count += 1) {
      await this.press(key);
      const stop = await this.stop();
      // Past the last stop the browser's own controls have the focus.
      if (stop.isLost) continue;
      expect(stop, `after ${passed.join(" → ")}`).toMatchObject({ isVisible: true });
      passed.push(`${stop.tag} “${stop.name}”`);
      if (isIt(stop)) return stop;
    }
    throw new Error(`Tab never came to ${String(name)}: ${passed.join(" → ")}`);
  }

  /** Tabs to a control of this name and presses it. */
  async use(name: string | RegExp, key = "Enter"): Promise<void> {
    await this.tabTo(name);
    await this.press(key);
  }

  /** Names of all stops from here to the end of the page, in the order of Tab. */
  async stops(): Promise<string[]> {
    const names: string[] = [];
    const first = await this.stop();
    for (let count = 0; count < 80; count += 1) {
      await this.press("Tab");
      const stop = await this.stop();
      if (stop.isLost && names.length === 0) continue;
      if (stop.isLost) break;
      if (names.length > 0 && stop.name === first.name && stop.tag === first.tag) break;
      expect(stop, `after ${names.join(" → ")}`).toMatchObject({ isVisible: true });
      names.push(stop.name);
    }
    return names;
  }
}

const message = (key: MessageKey) => words(key);
const local = (person: string) => `+${person.split("@")[0]}`;

/** Waits for a new screen under its heading, with the focus somewhere on it. */
async function screen(keys: Keyboard, title: MessageKey | RegExp): Promise<Stop> {
  const name = typeof title === "string" ? words(title) : title;
  await keys.page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  return keys.settle();
}

/** Waits until the job on the screen has ended. */
async function jobEnds(keys: Keyboard): Promise<void> {
  await new App(keys.page).results();
  expect((await keys.stop()).isLost).toBe(false);
}

describe("with sample groups, from the welcome page on", () => {
  let keys: Keyboard;
  let app: App;

  it("connects on the welcome page and opens the app", async () => {
    keys = new Keyboard(await chromium.waitForSurface("welcome"));
    await keys.use(message("connect_sample"));
    await keys.page.getByRole("heading", { name: words("welcome_done") }).waitFor();
    await keys.settle();
    await keys.use(message("welcome_open"));
    await keys.page.waitForURL(/app\.html/);
    app = new App(keys.page);
    await app.sees(/^\d+ groups/);
  });

  it("has one stop for the list, and comes to everything else in the order of the screen", async () => {
    expect((await keys.stop()).name).toBe(words("find_label"));
    const stops = await keys.stops();
    const at = (name: string) => stops.indexOf(name);
    const order = [
      at(words("groups_new")),
      at(words("groups_join")),
      at(words("groups_message")),
      at(words("groups_refresh")),
      at(words("groups_sort_name")),
      at(words("groups_columns")),
      at(words("nav_groups")),
      at(words("nav_settings")),
    ];
    expect(order, stops.join(" → ")).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
    // The rows are one stop, between the head of the table and the places.
    expect(at(words("nav_groups")) - at(words("groups_columns"))).toBe(2);
  });

  it("finds a group with / and the arrows, opens it with Enter, and comes back to its row with Esc", async () => {
    // Tab may have come round to the search itself, where / is a letter.
    await keys.tabTo(words("groups_refresh"));
    await keys.press("/");
    await keys.type("support");
    await app.sees(counted("groups_found", 3));
    await keys.page.locator(".rows a", { hasText: "Support Team" }).waitFor();
    await keys.press("ArrowDown");
    const row = await keys.stop();
    expect(row).toMatchObject({ tag: "a", isVisible: true });
    expect(row.name.toLowerCase()).toContain("support");
    await keys.press("ArrowUp");
    expect((await keys.stop()).name).toBe(words("find_label"));
    await keys.press("ArrowDown");
    await keys.press("Enter");
    await screen(keys, /support/i);
    await keys.press("Escape");
    await screen(keys, "title_groups");
    await chromium.waitUntil(async () => (await keys.stop()).href === row.href, "the focus to be on the row again");
  });

  it("does the same in the popup, where the group takes the place of the list", async () => {
    const popup = new Keyboard(await chromium.open("popup", "#/groups"));
    await new App(popup.page).sees(/groups?( found)?/);
    await popup.press("/");
    await popup.press("Control+a");
    await popup.press("Delete");
    await popup.page.locator(".rows a").nth(3).waitFor();
    for (let row = 0; row < 3; row += 1) await popup.press("ArrowDown");
    const row = await popup.stop();
    expect(row).toMatchObject({ tag: "a", isVisible: true });
    await popup.press("Enter");
    await screen(popup, new RegExp(row.name.split(" ")[0]!));
    expect((await popup.stop()).tag).toBe("h1");
    await popup.tabTo(words("group_tab_members"));
    await popup.press("Escape");
    await screen(popup, "title_groups");
    await chromium.waitUntil(async () => (await popup.stop()).href === row.href, "the focus to be on the row again");
    await popup.page.close();
    await keys.page.bringToFront();
  });

  it("shows the keys with ?, and each of them works", async () => {
    const before = await keys.stop();
    await keys.press("?");
    const dialog = keys.page.getByRole("dialog", { name: words("settings_keys") });
    await dialog.waitFor();
    expect((await keys.stop()).name).toBe(words("action_close"));
    const listed = await dialog.locator("kbd").allInnerTexts();
    expect(listed).toEqual(["Ctrl K", "/", "↑ ↓", "Enter", "Esc", "a", "m", "i", "p", "x", "Ctrl A", "?"]);
    await keys.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect((await keys.stop()).name).toBe(before.name);

    await keys.find("join");
    await screen(keys, "title_join");
    await chromium.waitUntil(async () => (await keys.stop()).name === words("join_text"), "the field of the codes");
    await keys.press("Escape");
    await screen(keys, "title_groups");
    await keys.find("new");
    await screen(keys, "title_create");
    await chromium.waitUntil(async () => (await keys.stop()).name === words("create_name"), "the field of the name");
    await keys.type("n/j?");
    expect(await app.field("create_name").inputValue()).toBe("n/j?");
    await keys.press("Control+a");
    await keys.press("Delete");
    await keys.press("Escape");
    await screen(keys, "title_groups");
    // From a screen without a search, / leads to the one of the groups.
    await keys.press("/");
    await keys.press("Control+a");
    await keys.press("Delete");
    await keys.use(words("nav_settings"));
    await screen(keys, "title_settings");
    await keys.press("/");
    await screen(keys, "title_groups");
    await chromium.waitUntil(async () => (await keys.stop()).name === words("find_label"), "the search");
  });

  it("creates a group with two people and opens it", async () => {
    await keys.find("new");
    await screen(keys, "title_create");
    await chromium.waitUntil(async () => (await keys.stop()).name === words("create_name"), "the field of the name");
    await keys.type("Night shift");
    await keys.tabTo(/^People/);
    await keys.type(`${local(WORLD_PEOPLE.free)} ${local(WORLD_PEOPLE.free2)}`);
    await keys.page.locator("summary", { hasText: counted("input_valid", 2) }).waitFor();
    await keys.use(counted("create_with", 2));
    await jobEnds(keys);
    await keys.use(words("create_open"));
    await screen(keys, /^Night shift$/);
  });

  it("removes a member with the box before its name", async () => {
    await keys.tabTo(words("group_tab_members"));
    await keys.tabTo(new RegExp(`^${words("members_select", "\\+?\\d.*")}$`));
    await keys.press("ArrowDown");
    expect((await keys.stop()).isVisible).toBe(true);
    await keys.press("Space");
    await app.sees(counted("members_selected", 1));
    await keys.tabTo(words("members_remove"), "Shift+Tab");
    await keys.press("Enter");
    const dialog = keys.page.getByRole("dialog");
    await dialog.waitFor();
    // A question begins with the way out.
    expect((await keys.stop()).name).toBe(words("action_cancel"));
    await keys.use(words("members_remove"));
    await dialog.waitFor({ state: "detached" });
    expect((await keys.settle()).isLost).toBe(false);
    await jobEnds(keys);
  });

  it("adds a person, and goes from part to part with the arrows", async () => {
    await keys.tabTo(words("group_tab_members"), "Shift+Tab");
    await keys.press("ArrowRight");
    expect(await keys.stop()).toMatchObject({ name: words("group_tab_add"), isVisible: true });
    await keys.tabTo(/^People/);
    await keys.type(local(WORLD_PEOPLE.private));
    await keys.page.locator("summary", { hasText: counted("input_valid", 1) }).waitFor();
    await keys.use(counted("add_action", 1));
    await jobEnds(keys);
  });

  it("copies the invite", async () => {
    await keys.tabTo(words("group_tab_add"), "Shift+Tab");
    await keys.press("ArrowRight");
    await keys.use(words("invite_copy_link"));
    await app.sees(words("action_copied"));
    expect((await keys.stop()).isLost).toBe(false);
  });

  it("sends a message", async () => {
    await keys.tabTo(words("group_tab_invite"), "Shift+Tab");
    await keys.press("ArrowRight");
    await keys.tabTo(words("message_text"));
    await keys.type("The night is quiet.");
    await keys.use(words("message_send"));
    await jobEnds(keys);
  });

  it("leaves the group, and comes back to the list", async () => {
    await keys.tabTo(words("group_tab_message"), "Shift+Tab");
    await keys.press("ArrowRight");
    await keys.use(words("leave_action"));
    await keys.page.getByRole("dialog").waitFor();
    expect((await keys.stop()).name).toBe(words("action_cancel"));
    await keys.use(words("leave_action"));
    await app.sees(words("leave_done_title", "Night shift"));
    await keys.settle();
    await keys.press("Escape");
    await screen(keys, "title_groups");
  });

  it("goes through the settings", async () => {
    await keys.use(words("nav_settings"));
    await screen(keys, "title_settings");
    await keys.page.getByRole("button", { name: words("action_change") }).waitFor();
    const stops = await keys.stops();
    expect(stops.length).toBeGreaterThan(10);
    await keys.tabTo(words("action_change"));
    await keys.press("Enter");
    await keys.page.getByRole("dialog").waitFor();
    await keys.press("Escape");
    await keys.page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await keys.stop()).name).toBe(words("action_change"));
    await keys.tabTo(words("settings_forget"), "Shift+Tab");
    await keys.press("Enter");
    await keys.page.getByRole("dialog").waitFor();
    expect((await keys.stop()).name).toBe(words("final_type", words("final_word")));
    await keys.use(words("action_cancel"));
    await keys.page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await keys.stop()).name).toBe(words("settings_forget"));
  });

  it("shows in a low window, too, what has the focus", async () => {
    const size = keys.page.viewportSize()!;
    await keys.page.setViewportSize({ width: 400, height: 420 });
    for (const [route, last] of [
      ["/create", "input_open"],
      ["/settings", "settings_forget_all"],
    ] as const) {
      await app.go(route);
      await app.button(last).waitFor();
      await keys.settle();
      expect(await keys.stops()).toContain(words(last));
    }
    await keys.page.setViewportSize(size);
  });
});

describe("with a passphrase", () => {
  let server: TestServer;
  afterAll(() => server?.close());

  it("locks, and opens again where the agent was", async () => {
    server = await startGateway("guide");
    const app = await freshApp(chromium);
    await connect(app.page, server, { protection: "passphrase", passphrase: PASSPHRASE });
    await app.page.reload();
    await app.sees(counted("groups_count", 60));
    const keys = new Keyboard(app.page);
    await keys.use(words("bar_lock"));
    await app.page.getByRole("heading", { name: words("unlock_title") }).waitFor();
    await chromium.waitUntil(async () => (await keys.stop()).name === words("unlock_passphrase"), "the passphrase");
    await keys.type("not this one");
    await keys.press("Enter");
    await app.seesFailure("wrong-passphrase");
    expect((await keys.stop()).name).toBe(words("unlock_passphrase"));
    await keys.press("Control+a");
    await keys.type(PASSPHRASE);
    await keys.press("Enter");
    await app.sees(counted("groups_count", 60));
    expect((await keys.settle()).isLost).toBe(false);
  });

  it("removes everything after a typed word, and never for Tab, Space and Enter alone", async () => {
    const app = new App(await chromium.open("app", "#/groups"));
    const keys = new Keyboard(app.page);
    await app.sees(counted("groups_count", 60));
    await keys.use(words("bar_lock"));
    await screen(keys, "unlock_title");
    await keys.use(words("unlock_forgot"));
    await keys.use(words("unlock_forget"));
    const dialog = app.page.getByRole("dialog");
    await dialog.waitFor();
    for (let round = 0; round < 3; round += 1) await keys.press("Enter");
    await keys.use(words("unlock_forget"));
    await keys.press("Space");
    await dialog.waitFor();
    expect(await command(app.page, "refreshGroups")).toMatchObject({ ok: false, failure: { code: "locked" } });

    await keys.tabTo(words("final_type", words("final_word")), "Shift+Tab");
    await keys.type(` ${words("final_word").toLowerCase()}`);
    await keys.press("Enter");
    await app.page.getByRole("heading", { name: words("title_connect") }).waitFor();
    expect(await command(app.page, "unlock", { passphrase: PASSPHRASE })).toMatchObject({
      failure: { code: "no-key" },
    });
  });
});
