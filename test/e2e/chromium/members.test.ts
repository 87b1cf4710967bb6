import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { type App, commandValue, connect, counted, freshApp, type VerdictSection, startGateway, words } from "../app";
import { Chromium } from "../chromium";

/** Adding and removing people: what becomes of each, and that the gateway did just that. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

const GROUP = WORLD_GROUPS.alpha;
const { private: refusing, absent, free, free2, seed: member, blocking } = WORLD_PEOPLE;
const local = (person: string) => `+${person.split("@")[0]}`;
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
    await app.results();
    expect(server.log.slice(before).filter(({ method }) => method !== "GET")).toEqual([]);
    expect(members()).toContain(free);

    await app.press("job_put_away");
    await press();
    const sections = await app.results();
    expect(digits(section(sections, "verdict_removed")!.rows)).toEqual([local(free).slice(1)]);
    expect(effects()).toEqual([`removed ${free}`]);
    expect(members()).not.toContain(free);
    expect(members()).toContain(free2);
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
    expect(await side("equal_add", 1).getByRole("checkbox").last().isChecked()).toBe(true);
    for (const box of await removing.getByRole("checkbox").all()) expect(await box.isChecked()).toBe(false);
    await removing
      .locator(".side-row", { hasText: free2.split("@")[0]!.slice(-5) })
      .getByRole("checkbox")
      .check();
    await app.press("equal_action", 1, 1);
    await app.page
      .getByRole("dialog")
      .getByRole("button", { name: words("members_remove"), exact: true })
      .click();
    await app.page
      .locator(".job .tag", { hasText: words("job_state_done") })
      .nth(1)
      .waitFor({ timeout: 40_000 });
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
    await app.page.locator(".job .notice", { hasText: words("failure_not_admin") }).waitFor({ timeout: 15_000 });
    expect(server.effects).toEqual([]);
  });
});
