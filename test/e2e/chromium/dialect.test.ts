import { afterAll, beforeAll, expect, it } from "vitest";
import { OWN_NUMBER, WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { App, commandValue, counted, KEY, local, startGateway, words } from "../app";
import { Chromium } from "../chromium";
import { blindRepeats, isIn, plainGroups } from "../jobs";

/**
 * The reference dialect once through all that an agent does. The dialects differ in `gateway/dialects.ts` alone, where
 * each is tested by itself; the other tests in browsers speak the guide's.
 */

let chromium: Chromium;
let server: TestServer;
beforeAll(async () => {
  chromium = await Chromium.launch();
  // What a gateway answers is not documented, so that this one stands for another way than the others.
  server = await startGateway("reference", { answers: "message", mixed: "refuse" });
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

const { free, free2, seed, private: refusing, absent, blocking } = WORLD_PEOPLE;

it("connects, edits, adds, removes, writes, joins and leaves in the reference dialect", async () => {
  const app = new App(await chromium.open("app", "#/connect"));
  await app.typeGateway(server.origin, "reference");
  await app.press("connect_continue");
  await app.sees(words("connect_key_works"));
  await app.page.getByRole("radio", { name: words("protect_session") }).check();
  await app.press("connect_save");
  await app.sees(counted("groups_count", 60));
  await commandValue(app.page, "saveSettings", { pace: "fast" });

  await app.openGroup(WORLD_GROUPS.alpha);
  await app.press("group_edit");
  await app.field("group_name").fill("Alpha, the second");
  await app.press("group_save");
  await app.page.getByRole("heading", { level: 1, name: "Alpha, the second" }).waitFor();

  await app.openGroup(WORLD_GROUPS.alpha, "add");
  await app.field("input_people").fill([free, free2, seed, refusing, absent, blocking].map(local).join("\n"));
  await app.sees(counted("plan_already_in", 1));
  await app.pressCounted("add_action", 5);
  const rows = async () =>
    Object.fromEntries((await app.results()).map((section) => [section.verdict, section.rows.length]));
  expect(await rows()).toEqual({
    [words("verdict_added")]: 2,
    [words("verdict_already_in")]: 1,
    [words("verdict_not_added")]: 3,
  });

  await app.openGroup(WORLD_GROUPS.alpha, "members");
  const row = app.page.locator(".member", { hasText: /201.555.0142/ });
  await row.getByRole("button", { name: /^Remove / }).click();
  await app.page
    .getByRole("dialog")
    .getByRole("button", { name: words("members_remove") })
    .click();
  await app.openJob(/^Remov(?:e|ing) /u);
  expect(await rows()).toEqual({ [words("verdict_removed")]: 1 });

  await app.openGroup(WORLD_GROUPS.support, "message");
  await app.field("message_text").fill("Doors open at nine.");
  await app.press("message_send");
  expect(await rows()).toEqual({ [words("verdict_queued")]: 1 });

  await app.go("/join");
  await app.field("join_text").fill(`https://chat.whatsapp.com/${WORLD_CODES.sector}`);
  await app.press("confirm_join");
  expect(await rows()).toEqual({ [words("verdict_joined")]: 1 });

  await app.openGroup(WORLD_GROUPS.lobby, "about");
  await app.press("leave_action");
  await app.page
    .getByRole("dialog")
    .getByRole("button", { name: words("leave_action") })
    .click();
  await app.sees(words("leave_done_title", server.world.groups[WORLD_GROUPS.lobby]!.name));

  expect(server.effects.map(({ kind, person }) => `${kind} ${person ?? ""}`.trim()).toSorted()).toEqual(
    [
      `added ${free}`,
      `added ${free2}`,
      `joined ${OWN_NUMBER}`,
      `left ${OWN_NUMBER}`,
      `removed ${free}`,
      "sent",
      "updated",
    ].toSorted(),
  );
  for (const { headers } of server.log) {
    expect([headers["x-api-key"], headers.authorization]).toEqual([undefined, `Bearer ${KEY}`]);
  }
});

it("finds somebody by a part of the number and removes them from all their groups, over a refusal", async () => {
  const app = new App(await chromium.open("app"));
  server.reset();
  // The list of this dialect tells the members, so that reading all of them costs its pages alone.
  await commandValue(app.page, "readMembers", {});
  await app.go("/groups");
  const hit = app.page.locator(`a[href*="#/person/"]`, { hasText: /99999?.?8888/ });
  const search = app.page.locator("[data-search]");
  await expect
    .poll(async () => {
      await search.fill("");
      await search.fill("99998888");
      return hit.count();
    })
    .toBe(1);
  expect(server.log.filter(({ path }) => path.includes("participants"))).toEqual([]);
  await hit.click();
  await app.sees(counted("person_in", 2));
  server.fault({ method: "DELETE" }, { kind: "429", resetIn: 2 });
  await app.press("people_remove");
  const dialog = app.page.getByRole("dialog");
  await dialog.getByRole("button", { name: counted("person_remove_count", 2) }).click();
  await app.openJob(/^Remov(?:e|ing) /u);
  const rows = (await app.results()).map(({ verdict, rows: { length } }) => [verdict, length]);
  expect(rows).toEqual([[words("verdict_removed"), 2]]);
  await app.page.goBack();
  await app.sees(counted("person_in", 0));
  const removed = server.effects.filter(({ kind }) => kind === "removed");
  expect(new Set(removed.map(({ target, person }) => `${target} ${person}`))).toEqual(
    new Set([`${WORLD_GROUPS.alpha} ${seed}`, `${WORLD_GROUPS.support} ${seed}`]),
  );
});

it("adds who is missing in three groups, over a refusal, and removes one of them from all three", async () => {
  const app = new App(await chromium.open("app", "#/groups"));
  server.reset();
  const groups = plainGroups(server).slice(0, 3);
  const people = [free, refusing];
  expect(groups.some((group) => people.some((id) => isIn(server, group, id)))).toBe(false);
  await app.choose(groups.map((id) => server.world.groups[id]!));
  await app.chooseMore(words("chosen_table"));
  await app.field("people_label").fill(people.map(local).join("\n"));
  // The list told the members of each, so that none has to be read first.
  await app.press("table_add", 6);
  const dialog = app.page.getByRole("dialog");
  await dialog.getByRole("button", { name: counted("people_add_count", 6) }).click();
  const tally = async () => Object.fromEntries((await app.results()).map((each) => [each.verdict, each.rows.length]));
  expect(await tally()).toEqual({ [words("verdict_not_added")]: 3, [words("verdict_added")]: 3 });

  await app.go("/several/remove");
  await app.field("people_label").fill(local(free));
  await app.sees(counted("several_removals", 3));
  const totals = `${counted("job_title_remove", 1)} · ${counted("groups_count", 3)}`;
  await app.page.getByRole("button", { name: totals, exact: true }).click();
  await dialog.getByRole("button", { name: counted("members_remove_list_next", 3) }).click();
  await app.page.locator(".job").waitFor();
  expect(await tally()).toEqual({ [words("verdict_removed")]: 3 });
  expect(server.effects.map(({ kind, target, person }) => `${kind} ${target} ${person}`).toSorted()).toEqual(
    ["added", "removed"].flatMap((kind) => groups.map((group) => `${kind} ${group} ${free}`)).toSorted(),
  );
  expect(blindRepeats(server)).toEqual([]);
});
