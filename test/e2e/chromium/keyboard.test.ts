import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { MessageKey } from "../../../lib/shared/i18n";
import type { Job } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import {
  App,
  command,
  commandValue,
  connect,
  counted,
  freshApp,
  local,
  PASSPHRASE,
  readStore,
  startGateway,
  words,
} from "../app";
import { Chromium, PATIENCE } from "../chromium";
import { jobEnds, Keyboard, screen } from "../keyboard";

/** A whole day's work without a mouse: nothing here clicks, and nothing calls `focus`. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

const message = (key: MessageKey) => words(key);

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
    // What was offered for the first letters goes a moment later.
    await expect.poll(() => keys.page.locator("a.list-row").first().innerText()).toMatch(/support/i);
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
    await keys.isAt({ href: row.href });
  });

  /** The list in a popup, with its search selected. */
  const listInPopup = async () => {
    const popup = new Keyboard(await chromium.open("popup", "#/groups"));
    await new App(popup.page).sees(/groups?( found)?/);
    await popup.press("/");
    await popup.press("Control+a");
    return popup;
  };
  const closePopup = async ({ page }: Keyboard) => {
    await page.close();
    await chromium.bringToFront(keys.page);
  };

  it("does the same in the popup, where the group takes the place of the list", async () => {
    const popup = await listInPopup();
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
    await popup.isAt({ href: row.href });
    await closePopup(popup);
  });

  it("comes back to the row of a search in the popup, and stays there when the search is back", async () => {
    const popup = await listInPopup();
    await popup.type("support team");
    await expect
      .poll(() =>
        popup.page
          .locator("a.list-row")
          .allInnerTexts()
          .then((rows) => rows.join()),
      )
      .toMatch(/^[^,]*support[^,]*$/i);
    await popup.press("ArrowDown");
    const row = await popup.stop();
    expect(row).toMatchObject({ tag: "a", isVisible: true });
    await popup.press("Enter");
    await screen(popup, /^Support Team$/i);
    await popup.press("Escape");
    await screen(popup, "title_groups");
    await popup.isAt({ href: row.href });
    const search = popup.page.getByRole("searchbox", { name: words("find_label") });
    await expect.poll(() => search.inputValue()).toBe("support team");
    await popup.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await popup.isAt({ href: row.href });
    await popup.press("/");
    await popup.press("Control+a");
    await popup.press("Delete");
    await closePopup(popup);
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
    await keys.isAt({ name: words("join_text") });
    await keys.press("Escape");
    await screen(keys, "title_groups");
    // The palette leads into its screen from outside of the screens, too.
    await keys.tabTo(words("nav_settings"));
    await keys.find("new");
    await screen(keys, "title_create");
    await keys.isAt({ name: words("create_name") });
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
    await keys.isAt({ name: words("find_label") });
  });

  it("creates a group with two people and opens it", async () => {
    await keys.find("new");
    await screen(keys, "title_create");
    await keys.isAt({ name: words("create_name") });
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
    await keys.tabTo(/^\+\d/);
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
    await keys.page.locator(".job-line", { hasText: words("verdict_removed") }).waitFor({ timeout: PATIENCE });
  });

  it("adds a person, and goes from part to part with the arrows", async () => {
    await keys.tabTo(words("group_tab_members"), "Shift+Tab");
    await keys.press("ArrowRight");
    expect(await keys.stop()).toMatchObject({ name: words("group_tab_add"), isVisible: true });
    // The part comes a moment after its tab; the place in the navigation has the same name as the field.
    await keys.page.locator("textarea").waitFor();
    await keys.tabTo(/^People/);
    await keys.type(local(WORLD_PEOPLE.private));
    await keys.page.locator("summary", { hasText: counted("input_valid", 1) }).waitFor();
    await keys.use(counted("add_action", 1));
    await jobEnds(keys);
  });

  it("copies the invite", async () => {
    await keys.tabTo(words("group_tab_add"), "Shift+Tab");
    await keys.press("ArrowRight");
    await app.button("invite_copy_link").waitFor();
    await keys.use(words("invite_copy_link"));
    await app.sees(words("action_copied"));
    expect((await keys.stop()).isLost).toBe(false);
  });

  it("shows the QR code as large as the window, and comes back to where it was", async () => {
    await keys.use(words("qr_large"));
    const code = keys.page.locator("dialog[open] .qr-large svg");
    const { width, height } = (await code.boundingBox())!;
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(240);
    expect(await keys.stop()).toMatchObject({ name: words("action_close"), isVisible: true });
    await keys.press("Escape");
    await code.waitFor({ state: "detached" });
    expect(await keys.stop()).toMatchObject({ name: words("qr_large"), isVisible: true });
  });

  it("sends a message", async () => {
    await keys.tabTo(words("group_tab_invite"), "Shift+Tab");
    await keys.press("ArrowRight");
    await app.field("message_text").waitFor();
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
    await keys.page.getByRole("button", { name: words("settings_forget"), exact: true }).waitFor();
    const stops = await keys.stops();
    expect(stops.length).toBeGreaterThan(10);
    await keys.tabTo(words("settings_forget"));
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

  it("keeps in sight what has the focus when something above it comes late", async () => {
    await app.go("/create");
    await keys.tabTo(words("input_open"));
    // What goes out of sight just after a scroll was scrolled away.
    await keys.page.evaluate(() => new Promise((next) => requestAnimationFrame(() => setTimeout(next, 500))));
    await keys.page.evaluate(() => {
      const late = document.createElement("div");
      late.style.height = "2000px";
      late.style.flex = "none";
      document.querySelector("main form")!.prepend(late);
    });
    await keys.isAt({ name: words("input_open"), isVisible: true });
    await keys.page.reload();
    await app.button("input_open").waitFor();
  });
});

describe("with two hundred groups at a gateway", () => {
  let server: TestServer;
  let app: App;
  let keys: Keyboard;
  beforeAll(async () => {
    server = await startGateway("guide", { groups: 200 });
    app = await freshApp(chromium);
    await connect(app.page, server);
    await app.sees(counted("groups_count", 200));
    for (const group of [WORLD_GROUPS.alpha, WORLD_GROUPS.support]) {
      await command(app.page, "refreshGroup", { group });
    }
    keys = new Keyboard(app.page);
  });
  afterAll(async () => {
    await app?.page.close();
    await server?.close();
  });
  const isAt = (name: string) => keys.isAt({ name });
  const jobs = async () => (await readStore(app.page, ["jobs"]))["jobs"] as Job[];
  const newest = async () => (await jobs()).toSorted((a, b) => b.createdAt - a.createdAt)[0];
  /** Takes back what waits, once the screen says that it does. */
  /** What the newest job does, unless it was taken back: the one before may be alike. */
  const begun = async () => {
    const job = await newest();
    return job?.state === "cancelled" ? undefined : job?.input;
  };
  const undo = async () => {
    await app.sees(words("action_undo"));
    // In a field the keys undo typing: the form goes a moment after the job has begun.
    const isTyping = () => keys.page.evaluate(() => document.activeElement?.matches("input, textarea"));
    await expect.poll(isTyping).toBe(false);
    await keys.press("Control+z");
    await expect.poll(async () => (await newest())?.state).toBe("cancelled");
    // Its line goes a moment later, and what of it has the focus.
    await keys.page.locator(".job-line.undo").waitFor({ state: "detached" });
  };

  it("writes to groups of a picker, from which the button is four Tabs away at most, and takes it back", async () => {
    await keys.find(words("groups_message"));
    await screen(keys, "title_message");
    await isAt(words("message_text"));
    await keys.type("The gate is open.");
    await keys.tabTo(words("groups_search"));
    await keys.tabTo(words("title_groups"), "Tab", 3);
    await keys.press("End");
    await keys.press("Space");
    await keys.press("Shift+ArrowUp");
    await keys.press("Shift+ArrowUp");
    await app.sees(counted("picker_chosen", 3));
    await keys.tabTo(counted("message_send", 3), "Tab", 4);
    await keys.press("Control+Enter");
    await expect.poll(begun).toMatchObject({ kind: "send", text: "The gate is open." });
    await undo();
    expect(server.effects).toEqual([]);
  });

  it("joins by a code", async () => {
    await keys.find("join");
    await screen(keys, "title_join");
    await isAt(words("join_text"));
    await keys.type(WORLD_CODES.neighbours);
    await keys.press("Control+Enter");
    await expect.poll(() => server.effects.map(({ kind }) => kind)).toEqual(["joined"]);
  });

  it("removes a person from the groups that are ticked", async () => {
    await keys.find(local(WORLD_PEOPLE.seed));
    await screen(keys, "title_person");
    await keys.use(words("people_remove"));
    const dialog = keys.page.getByRole("dialog");
    await keys.tabTo(words("person_groups"), "Tab", 3);
    const groups = dialog.getByRole("listbox", { name: words("person_groups") });
    expect(await groups.getByRole("option", { selected: true }).count()).toBe(2);
    await keys.press("Space");
    await dialog.getByRole("button", { name: counted("person_remove_count", 1) }).waitFor();
    await keys.press("Control+Enter");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(begun).toMatchObject({ kind: "remove", groups: [expect.any(String)] });
    await undo();
  });

  it("matches a group to a list", async () => {
    await keys.find("Project Alpha");
    await screen(keys, /Project Alpha/);
    await keys.use(words("equal_open"));
    await isAt(words("equal_label"));
    await keys.type(local(WORLD_PEOPLE.seed));
    // Half of it was another number, who would be added.
    await keys.page.getByRole("heading", { name: counted("equal_add", 0) }).waitFor();
    await keys.page.getByRole("listbox", { name: /to remove$/ }).waitFor();
    await keys.tabTo(/to remove$/);
    await keys.press("End");
    await keys.press("Space");
    await keys.press("Control+Enter");
    await keys.page.getByRole("dialog").waitFor();
    await keys.press("Control+Enter");
    await keys.page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(begun).toMatchObject({ kind: "remove", groups: [WORLD_GROUPS.alpha] });
    await undo();
  });

  it("opens a job of Activity", async () => {
    await keys.use(words("nav_activity"));
    await screen(keys, "title_activity");
    await keys.tabTo(/^Remove/);
    await keys.press("Enter");
    await app.sees(words("job_state_cancelled"));
    await keys.press("Escape");
    await screen(keys, "title_activity");
  });

  it("joins from This page", async () => {
    server.page(
      "/page",
      `<!doctype html><title>Page</title><ul>${[WORLD_CODES.ignored, WORLD_CODES.market]
        .map((code) => `<li>Join <a href="https://chat.whatsapp.com/${code}">${code}</a></li>`)
        .join("")}</ul>`,
    );
    const web = await chromium.context.newPage();
    await web.goto(`${server.origin}/page`);
    await web.bringToFront();
    const popup = new Keyboard(await chromium.openPopup());
    await popup.use(words("nav_page"));
    await screen(popup, "title_page");
    await new App(popup.page).sees(counted("page_found", 2));
    const rows = popup.page.getByRole("list", { name: words("page_list") }).getByRole("listitem");
    const row = rows.filter({ hasText: WORLD_CODES.market });
    const hasFocus = () => row.evaluate((element) => element.contains(document.activeElement));
    await popup.tabTo(words("confirm_join"));
    // The list is one stop; it may be read again meanwhile, so that the focus is on either row.
    if (!(await hasFocus())) await popup.press("ArrowDown");
    await expect.poll(hasFocus).toBe(true);
    await popup.press("Enter");
    const dialog = popup.page.getByRole("dialog");
    await dialog.getByText(WORLD_CODES.market, { exact: true }).waitFor();
    const join = dialog.locator("button.join:not([aria-disabled])");
    // What is new in the question makes a Tab from before it count no more, and what comes after the Tab does, too.
    const joins = async () => {
      if (await join.count()) {
        await popup.tabTo(words("confirm_join"), "Tab", 4);
        await popup.press("Enter");
      }
      return dialog.waitFor({ state: "detached", timeout: 4000 }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(joins).toBe(true);
    await row.getByText(words("invite_ours")).waitFor({ timeout: PATIENCE });
    expect(server.effects.at(-1)).toMatchObject({ kind: "joined", target: WORLD_GROUPS.market });
    expect((await popup.settle()).isLost).toBe(false);
    await popup.page.close();
    await web.close();
    await keys.page.bringToFront();
  });

  it("chooses a range of the table with Shift and the arrows, and leaves it out with Esc", async () => {
    await keys.use(words("nav_groups"));
    await screen(keys, "title_groups");
    await keys.press("/");
    await isAt(words("find_label"));
    const rows = keys.page.locator(".table .rows [role=row]");
    await rows.nth(4).waitFor();
    const at = (place: number) =>
      expect
        .poll(() => keys.page.evaluate(() => document.activeElement?.closest("[data-at]")?.getAttribute("data-at")))
        .toBe(String(place));
    const chosen = () =>
      rows.evaluateAll((all) =>
        all.filter((row) => row.ariaSelected === "true").map((row) => Number(row.getAttribute("data-at"))),
      );
    await keys.press("ArrowDown");
    await at(1);
    for (const [key, place, range] of [
      ["ArrowDown", 2, []],
      ["Shift+ArrowDown", 3, [2, 3]],
      ["Shift+ArrowDown", 4, [2, 3, 4]],
      ["Shift+ArrowUp", 3, [2, 3]],
      ["ArrowDown", 4, [2, 3]],
      ["x", 4, [2, 3, 4]],
    ] as const) {
      await keys.press(key);
      await at(place);
      await expect.poll(chosen, { message: key }).toEqual(range);
      expect((await keys.stop()).isVisible, key).toBe(true);
    }
    const count = await keys.page.locator(".table").evaluate((table) => Number(table.ariaRowCount) - 1);
    await keys.press("Shift+End");
    await at(count);
    await app.sees(counted("picker_chosen", count - 1));
    await keys.press("Escape");
    await keys.page.locator(".chosen-bar").waitFor({ state: "detached" });
  });

  it("comes back from a job of the bar to where it was opened", async () => {
    await keys.find("Project Alpha");
    await screen(keys, /Project Alpha/);
    const id = WORLD_PEOPLE.private;
    await commandValue(app.page, "startJob", {
      job: { kind: "add", groups: [WORLD_GROUPS.support], people: [{ id, given: local(id) }], pace: "fast" },
      nonce: crypto.randomUUID(),
    });
    await keys.page.locator(".job-line.warn").waitFor({ timeout: PATIENCE });
    await keys.tabTo(/^Add .* · Support Team/);
    await keys.press("Enter");
    await screen(keys, "title_activity");
    await jobEnds(keys);
    await keys.press("Escape");
    await screen(keys, /Project Alpha/);
  });

  it("comes back from the protection of the key to the button that opened it", async () => {
    await keys.use(words("nav_settings"));
    await screen(keys, "title_settings");
    await keys.use(words("action_change"));
    await keys.page.getByRole("dialog").waitFor();
    await keys.press("Escape");
    await keys.page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await keys.stop()).name).toBe(words("action_change"));
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
    await keys.isAt({ name: words("unlock_passphrase") });
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
    await keys.use(words("settings_forget_all"));
    const dialog = app.page.getByRole("dialog");
    await dialog.waitFor();
    for (let round = 0; round < 3; round += 1) await keys.press("Enter");
    await keys.use(words("settings_forget_all"));
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
