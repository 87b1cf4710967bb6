import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OWN_NUMBER, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import { fictional } from "../../../lib/sandbox/numbers";
import type { Group } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import { App, commandValue, connect, counted, freshApp, local, readStore, startGateway, words } from "../app";
import { Chromium } from "../chromium";

/** The groups themselves: finding, creating, editing, inviting to, writing to and leaving them. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

describe("a list of 620 groups that come by pages in the reference dialect", () => {
  let server: TestServer;
  let app: App;
  beforeAll(async () => {
    server = await startGateway("reference", { groups: 620, paging: "pages" });
    app = await freshApp(chromium);
    await connect(app.page, server, { dialect: "reference" });
    await app.go("/groups");
    await app.sees(counted("groups_count", 620));
  });
  afterAll(async () => {
    await app?.page.close();
    await server?.close();
  });

  const search = async (text: string, count: number) => {
    await app.page.getByRole("searchbox", { name: words("find_label") }).fill(text);
    await app.sees(counted("groups_found", count));
    return app.rows().locator("strong").allInnerTexts();
  };

  it("is read to the end, and every group is there", async () => {
    const ours = Object.values(server.world.groups).filter(({ members }) =>
      members.some(({ id }) => id === OWN_NUMBER),
    );
    // Each page is written down as it comes.
    const readStored = async () => (await readStore(app.page))["groups"] as Group[];
    await expect.poll(async () => (await readStored()).length).toBe(ours.length);
    const stored = await readStored();
    expect(stored.map(({ id }) => id).toSorted()).toEqual(ours.map(({ id }) => id).toSorted());
    expect(server.log.filter(({ path }) => /\/groups(\?|$)/.test(path)).length).toBeGreaterThanOrEqual(7);

    // The last one can be scrolled to, and no row is drawn that is not in sight.
    await app.page.locator(".groups .scroll").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await app.page.locator('[data-at="620"]').waitFor();
    expect(await app.rows().count()).toBeLessThan(60);
  });

  it("is searched without accents, in Hindi, by id and by description", async () => {
    expect(await search("lancamento VERAO", 1)).toEqual(["Lançamento Verão ☀️"]);
    expect(await search("ग्राहक भारत", 1)).toEqual(["ग्राहक सहायता – उत्तर भारत"]);
    expect(await search(WORLD_GROUPS.hidden.slice(0, 18), 1)).toEqual(["Members' circle"]);
    // Only this dialect lists descriptions.
    expect(await search("run by our partners", 1)).toEqual(["Regional partners"]);
    await app.page.getByRole("searchbox").fill("zzz nothing");
    await app.sees(words("groups_not_found_title"));
    await app.press("groups_clear_search");
    await app.sees(counted("groups_count", 620));
  });

  it("is sorted by size", async () => {
    await app.press("groups_sort_size");
    await app.page.locator('[data-at="1"]', { hasText: "Flash sale 🔥 (full)" }).waitFor();
  });

  it("is chosen from with the mouse, and each box shows what is chosen", async () => {
    const boxes = app.page.locator(".choice-row").getByRole("checkbox");
    const shown = () => Promise.all([0, 1, 2, 3].map((at) => boxes.nth(at).isChecked()));
    const press = async (at: number, count: number, modifiers: "Shift"[] = []) => {
      await boxes.nth(at).click({ modifiers });
      await app.sees(counted("picker_chosen", count));
    };
    await press(0, 1);
    await press(1, 2);
    expect(await shown()).toEqual([true, true, false, false]);
    await press(1, 1);
    expect(await shown()).toEqual([true, false, false, false]);
    await press(2, 2);
    await press(3, 3, ["Shift"]);
    expect(await shown()).toEqual([true, false, true, true]);
    // The same again chooses the same.
    await press(3, 3, ["Shift"]);
    expect(await shown()).toEqual([true, false, true, true]);
    await app.press("chosen_clear");
  });
});

describe("a group", () => {
  let server: TestServer;
  let app: App;
  beforeAll(async () => {
    server = await startGateway("guide");
    app = await freshApp(chromium);
    await connect(app.page, server);
    await commandValue(app.page, "saveSettings", { pace: "fast", country: null });
    await app.go("/groups");
    await app.sees(counted("groups_count", 60));
  });
  afterAll(async () => {
    await app?.page.close();
    await server?.close();
  });

  const effectsOn = (group: string, kind: string) =>
    server.effects.filter((effect) => effect.target === group && effect.kind === kind);

  it("is created with a pasted mess of numbers, the first ten at once and the others after them", async () => {
    const { private: refusing, absent, free, free2 } = WORLD_PEOPLE;
    const people = Array.from({ length: 11 }, (_, n) => fictional("us", 310 + n));
    const mess = [
      `Asha Rao <asha@example.com>: ${local(free)};  Bruno ${local(refusing).replace("+", "00")}`,
      `1) ${local(people[0]!)}\n2) ${local(people[1]!)}\t(${local(people[2]!)})`,
      `tel:${local(people[3]!)} , https://wa.me/${people[4]!.split("@")[0]}`,
      ...people.slice(5).map((person) => `• ${local(person)}`),
      `${local(absent)}\n${local(free2)}\n${local(free)}`,
      "+1 202 555 01",
      "call me maybe",
    ].join("\n");
    await app.go("/create");
    await app.field("create_name").fill("Launch crew 🚀");
    await app.field("input_people").fill(mess);
    await app.page.locator("summary", { hasText: counted("input_valid", 15) }).waitFor();
    await app.page.locator("summary", { hasText: counted("input_duplicates", 1) }).waitFor();
    await app.page.locator("summary", { hasText: counted("input_rejects", 2) }).waitFor();
    await app.sees(words("create_in_parts", 10));
    await app.pressCounted("create_with", 15);

    const sections = await app.results();
    const made = Object.fromEntries(sections.map(({ verdict, rows }) => [verdict, rows.length]));
    expect(made).toEqual({
      [words("verdict_created")]: 1,
      [words("verdict_added")]: 9,
      [words("verdict_not_added")]: 1,
    });
    // The rest follows by itself.
    await app.go("/activity");
    await app.page
      .locator("main")
      .getByRole("link", { name: new RegExp(counted("job_title_add", 5)) })
      .click();
    const rest = await app.results();
    expect(Object.fromEntries(rest.map(({ verdict, rows }) => [verdict, rows.length]))).toEqual({
      [words("verdict_added")]: 4,
      [words("verdict_not_added")]: 1,
    });
    expect(rest[0]!.reasons.join()).toContain(words("reason_not_on_whatsapp"));

    const [created, ...others] = server.effects;
    expect(created).toMatchObject({ kind: "created", text: "Launch crew 🚀" });
    const wanted = [...people, free, free2];
    expect(others.map(({ kind, person }) => `${kind} ${person}`).toSorted()).toEqual(
      wanted.map((person) => `added ${person}`).toSorted(),
    );
  });

  it("gets another name and description", async () => {
    await app.openGroup(WORLD_GROUPS.support);
    await app.press("group_edit");
    await app.field("group_name").fill("Support heroes ⭐");
    await app.field("group_description").fill("First line.\nसहायता टीम");
    await app.press("group_save");
    await app.page.getByRole("heading", { level: 1, name: "Support heroes ⭐" }).waitFor();
    await app.page.locator(".description", { hasText: "सहायता टीम" }).waitFor();
    expect(effectsOn(WORLD_GROUPS.support, "updated")).toHaveLength(1);
    expect(server.world.groups[WORLD_GROUPS.support]).toMatchObject({
      name: "Support heroes ⭐",
      description: "First line.\nसहायता टीम",
    });
    await app.press("group_edit");
    await app.field("group_description").fill("");
    await app.press("group_save");
    await app.button("group_edit").waitFor();
    await app.page.locator(".description").waitFor({ state: "detached" });
    expect(server.world.groups[WORLD_GROUPS.support]).toMatchObject({ name: "Support heroes ⭐", description: "" });
  });

  it("is not changed without being an admin: the sentence stands there and the typed text stays", async () => {
    await app.openGroup(WORLD_GROUPS.member);
    await app.press("group_edit");
    await app.field("group_name").fill("Ours now");
    await app.press("group_save");
    const refused = app.page.locator(".notice", { hasText: words("verdict_not_updated") });
    await refused
      .filter({ hasText: words("reason_not_admin") })
      .filter({ hasText: words("reason_not_admin_next") })
      .waitFor();
    expect(await app.field("group_name").inputValue()).toBe("Ours now");
    expect(effectsOn(WORLD_GROUPS.member, "updated")).toEqual([]);
    // Also after the window was closed and opened again.
    await app.page.reload();
    await refused.waitFor();
    await expect.poll(() => app.field("group_name").inputValue()).toBe("Ours now");
    await app.press("action_cancel");
  });

  it("gives its invite to the clipboard and as a QR code", async () => {
    await chromium.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await app.openGroup(WORLD_GROUPS.alpha, "invite");
    const { code } = server.world.groups[WORLD_GROUPS.alpha]!;
    const clipboard = () => app.page.evaluate(() => navigator.clipboard.readText());
    await app.press("invite_copy_link");
    await expect.poll(clipboard).toBe(`https://chat.whatsapp.com/${code}`);
    await app.press("invite_copy_code");
    await expect.poll(clipboard).toBe(code);

    const drawn = app.page.getByRole("img", { name: words("qr_label", "Project Alpha") });
    const path = await drawn.locator("path").getAttribute("d");
    expect(path?.length).toBeGreaterThan(500);
    for (const [key, name] of [
      ["qr_svg_label", "Project Alpha QR.svg"],
      ["qr_png_label", "Project Alpha QR.png"],
    ] as const) {
      const [download] = await Promise.all([app.page.waitForEvent("download"), app.press(key)]);
      expect(download.suggestedFilename()).toBe(name);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      const file = Buffer.concat(chunks);
      if (name.endsWith("svg")) expect(file.toString()).toContain(path);
      else expect(file.subarray(1, 4).toString()).toBe("PNG");
    }
  });

  it("remembers that only admins may read the invite, and asks again only when told to", async () => {
    const isAsked = (path: string) =>
      path.includes("invite-code") && decodeURIComponent(path).includes(WORLD_GROUPS.member);
    const asked = () => server.log.filter(({ path }) => isAsked(path)).length;
    await app.openGroup(WORLD_GROUPS.member, "invite");
    await app.seesFailure("not-admin");
    expect(asked()).toBe(1);
    await app.openGroup(WORLD_GROUPS.member, "members");
    await app.openGroup(WORLD_GROUPS.member, "invite");
    await app.sees(words("invite_refused_title"));
    expect(asked()).toBe(1);
    await app.press("invite_refused_retry");
    await app.seesFailure("not-admin");
    expect(asked()).toBe(2);
  });

  // Side by side, each in a tab of its own: most of their time is the wait in which they can be undone.
  describe.concurrent("with an undo", () => {
    const tab = async (use: (app: App) => Promise<void>) => {
      const page = await chromium.open("app", "#/groups");
      await use(new App(page));
      await page.close();
    };

    it("gets a message once, and none when it was undone in time", () =>
      tab(async (app) => {
        const group = WORLD_GROUPS.support;
        await app.openGroup(group, "message");
        await app.field("message_text").fill("Doors open at nine.");
        await app.press("message_send");
        await app.undo(`${counted("undo_send", 1)} · ${server.world.groups[group]!.name}`);
        await app.results();
        await app.press("message_back");
        expect(await app.field("message_text").inputValue()).toBe("Doors open at nine.");
        expect(server.log.filter(({ body }) => body.includes("Doors open"))).toEqual([]);

        await app.press("message_send");
        const [section] = await app.results();
        expect(section!.verdict).toBe(words("verdict_sent"));
        expect(effectsOn(group, "sent")).toMatchObject([{ text: "Doors open at nine." }]);
        await app.press("message_another");
        expect(await app.field("message_text").inputValue()).toBe("");
      }));

    it("is one of several that get a message", () =>
      tab(async (app) => {
        await app.go("/message");
        await app.field("message_text").fill("Closed on Monday.");
        for (const name of ["Project Alpha", "Old hands"]) {
          await app.page.getByRole("searchbox").fill(name);
          await app.page.getByRole("option", { name, selected: false }).click();
        }
        await app.pressCounted("message_send", 2);
        await app.results();
        for (const id of [WORLD_GROUPS.alpha, WORLD_GROUPS.legacy]) {
          expect(effectsOn(id, "sent")).toMatchObject([{ text: "Closed on Monday." }]);
        }
      }));

    it("is left, with the code that leads back", () =>
      tab(async (app) => {
        const group = WORLD_GROUPS.lobby;
        await app.openGroup(group, "about");
        await app.press("leave_action");
        const dialog = app.page.getByRole("dialog");
        const { code, name } = server.world.groups[group]!;
        await dialog.getByText(code).waitFor();
        await dialog.getByRole("button", { name: words("leave_action") }).click();
        await app.sees(words("leave_done_title", name));
        await app.sees(code);
        expect(effectsOn(group, "left")).toHaveLength(1);
      }));
  });
});
