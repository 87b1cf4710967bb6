import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import {
  type App,
  commandValue,
  connect,
  counted,
  freshApp,
  local,
  startGateway,
  type VerdictSection,
  words,
} from "../app";
import { Chromium } from "../chromium";

/** Adding and removing people: what becomes of each, and that the gateway did just that. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

const GROUP = WORLD_GROUPS.alpha;
const { private: refusing, absent, free, free2, seed: member, blocking } = WORLD_PEOPLE;
/** The digits in a row's title, which is a number with spaces. */
const digits = (rows: string[]) => rows.map((row) => row.replace(/\D/g, ""));
const section = (sections: VerdictSection[], key: Parameters<typeof words>[0]) =>
  sections.find(({ verdict }) => verdict === words(key));

describe("people of a group", () => {
  let server: TestServer;
  let app: App;
  beforeAll(async () => {
    server = await startGateway("guide", { answers: "per-person", mixed: "apply" });
    app = await freshApp(chromium);
    await connect(app.page, server);
    await commandValue(app.page, "saveSettings", { pace: "fast" });
    await app.openGroup(GROUP);
  });
  afterAll(async () => {
    await app?.page.close();
    await server?.close();
  });

  const members = () => server.world.groups[GROUP]!.members.map(({ id }) => id);
  const effects = () => server.effects.map(({ kind, person }) => `${kind} ${person}`).toSorted();

  it("are added, each with a verdict: new, in already, refusing, not on WhatsApp, malformed", async () => {
    await app.openGroup(GROUP, "add");
    const typed = [local(free), "12 34", local(refusing), local(member), local(absent), local(blocking), local(free2)];
    await app.field("input_people").fill(typed.join("\n"));
    const unusable = app.page.locator("details", { hasText: counted("input_rejects", 1) });
    await unusable.getByText("12 34").waitFor();
    await app.sees(counted("plan_already_in", 1));
    await app.pressCounted("add_action", 5);

    const sections = await app.results();
    expect(digits(section(sections, "verdict_added")!.rows).toSorted()).toEqual(
      [free, free2].map((id) => local(id).slice(1)).toSorted(),
    );
    expect(digits(section(sections, "verdict_already_in")!.rows)).toEqual([local(member).slice(1)]);
    const refused = section(sections, "verdict_not_added")!;
    expect(digits(refused.rows).toSorted()).toEqual(
      [refusing, absent, blocking].map((id) => local(id).slice(1)).toSorted(),
    );
    const reasons = refused.reasons.join(" ");
    for (const key of ["reason_privacy", "reason_not_on_whatsapp", "reason_blocked"] as const)
      expect(reasons).toContain(words(key));
    expect(effects()).toEqual([free, free2].map((id) => `added ${id}`).toSorted());
    server.effects.length = 0;
  });

  it("are ticked with the mouse, and a range that is pressed twice stays ticked", async () => {
    await app.openGroup(GROUP, "members");
    const boxes = app.page.locator(".member").getByRole("checkbox");
    await boxes.nth(0).click();
    for (let press = 0; press < 2; press += 1) {
      await boxes.nth(2).click({ modifiers: ["Shift"] });
      await app.sees(counted("members_selected", 3));
      expect(await Promise.all([0, 1, 2].map((at) => boxes.nth(at).isChecked()))).toEqual([true, true, true]);
    }
    await app.field("members_clear_selection").click();
  });

  it("begin near the top of a popup, as the groups do, and are reached in a window of 320 × 256", async () => {
    const { page } = app;
    const first = page.locator(".member").first();
    const boxOf = async (selector: string) => (await page.locator(selector).first().boundingBox())!;
    const window = page.viewportSize()!;
    await page.setViewportSize({ width: 400, height: 600 });
    await app.openGroup(GROUP, "members");
    await first.waitFor();
    // The screen takes its new size some time after the window.
    await expect.poll(async () => (await boxOf(".member")).y).toBeLessThanOrEqual(180);
    for (const part of [".bar", ".group-head .avatar", "[role=tablist]", "[data-search]", ".nav"]) {
      const isSeen = async () => {
        const { y, height } = await boxOf(part);
        return y >= 0 && y + height <= 600;
      };
      await expect.poll(isSeen, { message: part }).toBe(true);
    }
    await app.go("/groups");
    await app.rows().first().waitFor();
    const rows = async () => (await boxOf(".groups .scroll")).height / (await boxOf(".rows [data-at]")).height;
    await expect.poll(rows).toBeGreaterThanOrEqual(8.5);

    await page.setViewportSize({ width: 320, height: 256 });
    await expect.poll(rows).toBeGreaterThanOrEqual(2);
    await app.openGroup(GROUP, "members");
    await first.getByRole("checkbox").click();
    await app.sees(counted("members_selected", 1));
    const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
    await expect.poll(scrollWidth).toBeLessThanOrEqual(320);
    await app.button("members_remove").click({ trial: true });
    await first.getByRole("checkbox").click();
    await page.setViewportSize(window);
  });

  it("have three rows of a picker in sight in a window of 320 × 256, with a job in the bar", async () => {
    const { page } = app;
    const window = page.viewportSize()!;
    await commandValue(page, "startJob", {
      job: { kind: "add", groups: [GROUP], people: [{ id: refusing, given: local(refusing) }], pace: "fast" },
      nonce: crypto.randomUUID(),
    });
    await app.go("/message");
    await page.locator(".job-line.warn").waitFor();
    await page.setViewportSize({ width: 320, height: 256 });
    const list = page.getByRole("listbox", { name: words("title_groups") });
    const inSight = async () => {
      await list.scrollIntoViewIfNeeded();
      return list.getByRole("option").evaluateAll((all) => {
        const edges = document.querySelector("main")!.getBoundingClientRect();
        const isWhole = (option: Element) => {
          const { top, bottom, left } = option.getBoundingClientRect();
          const isOver = option.contains(document.elementFromPoint(left + 8, (top + bottom) / 2));
          return top >= edges.top && bottom <= edges.bottom && isOver;
        };
        return all.filter(isWhole).length;
      });
    };
    await expect.poll(inSight).toBeGreaterThanOrEqual(3);
    await page.setViewportSize(window);
    await app.press("job_put_away");
  });

  it("are left only after a question, whose buttons are in sight in a window of 320 × 256 below a long text", async () => {
    const { page } = app;
    const window = page.viewportSize()!;
    await page.setViewportSize({ width: 320, height: 256 });
    await app.openGroup(GROUP, "about");
    await app.press("leave_action");
    const dialog = page.getByRole("dialog");
    const isHidden = (button: Element) => {
      button.closest("dialog")!.scrollTop = 0;
      const { left, right, top, bottom } = button.getBoundingClientRect();
      return !button.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    };
    for (const key of ["action_cancel", "leave_action"] as const) {
      const button = dialog.getByRole("button", { name: words(key), exact: true });
      await expect.poll(() => button.evaluate(isHidden)).toBe(false);
    }
    expect(await dialog.evaluate(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)).toBe(true);
    await dialog.getByRole("button", { name: words("action_cancel"), exact: true }).click();
    await page.setViewportSize(window);
  });

  it("are removed, unless it is undone in time", async () => {
    await app.openGroup(GROUP, "members");
    const row = app.page.locator(".member", { hasText: /201.555.0142/ });
    const press = async () => {
      await row.getByRole("button", { name: /^Remove / }).click();
      await app.page
        .getByRole("dialog")
        .getByRole("button", { name: words("members_remove") })
        .click();
    };
    const before = server.log.length;
    await press();
    await app.undo(/^Removing .*\d/u);
    await app.openJob(/^Remove .*\d/u);
    await app.results();
    expect(server.log.slice(before).filter(({ method }) => method !== "GET")).toEqual([]);
    expect(members()).toContain(free);

    await app.openGroup(GROUP, "members");
    await press();
    // The one that was undone may stand there still.
    await app.openJob(new RegExp(`^Remov(?:e|ing) (?!.*${words("job_state_cancelled")}).*\\d`, "u"));
    const sections = await app.results();
    expect(digits(section(sections, "verdict_removed")!.rows)).toEqual([local(free).slice(1)]);
    expect(effects()).toEqual([`removed ${free}`]);
    expect(members()).not.toContain(free);
    expect(members()).toContain(free2);
    await app.openGroup(GROUP, "members");
    await row.waitFor({ state: "detached" });
    server.effects.length = 0;
  });

  it("are made equal to a list: the missing are added, and only who was ticked is removed", async () => {
    await app.openGroup(GROUP, "members");
    const before = members();
    // Everybody in the group but two, and somebody who is not in it.
    const staying = before.filter((id) => id !== free2 && id !== member);
    await app.press("equal_open");
    await app.field("equal_label").fill([...staying.map(local), local(free)].join("\n"));
    const side = (key: "equal_add" | "equal_remove", count: number) =>
      app.page.getByRole("region", { name: counted(key, count), exact: true });
    const removing = side("equal_remove", 2);
    await removing.waitFor();
    await side("equal_add", 1).getByRole("option", { selected: true }).waitFor();
    expect(await removing.getByRole("option", { selected: false }).count()).toBe(2);
    await removing.getByRole("option", { name: free2.split("@")[0]!.slice(-5) }).click();
    await app.press("equal_action", 1, 1);
    await app.page
      .getByRole("dialog")
      .getByRole("button", { name: words("members_remove"), exact: true })
      .click();
    await app.page
      .locator(".job .tag", { hasText: words("job_state_done") })
      .nth(1)
      .waitFor();
    expect(effects()).toEqual([`added ${free}`, `removed ${free2}`].toSorted());
    expect(members().toSorted()).toEqual([...before.filter((id) => id !== free2), free].toSorted());
    server.effects.length = 0;
  });

  it("are not removed without being an admin, and the sentence says so", async () => {
    await app.openGroup(WORLD_GROUPS.member, "members");
    await app.page
      .getByRole("button", { name: /^Remove \+/ })
      .last()
      .click();
    await app.page
      .getByRole("dialog")
      .getByRole("button", { name: words("members_remove") })
      .click();
    // The job before, in another group, may stand there still.
    await app.openJob(new RegExp(`^Remov(?:e|ing) .*${server.world.groups[WORLD_GROUPS.member]!.name}`, "u"));
    await app.page.locator(".job .notice", { hasText: words("failure_not_admin") }).waitFor();
    expect(server.effects).toEqual([]);
  });
});
