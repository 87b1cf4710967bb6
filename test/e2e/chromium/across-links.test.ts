import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { OWN_NUMBER, WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import { inviteLink } from "../../../lib/shared/ids";
import type { GatewayNotes } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import {
  type App,
  command,
  commandValue,
  connect,
  counted,
  failureWords,
  freshApp,
  local,
  readStore,
  startGateway,
  words,
} from "../app";
import { Chromium } from "../chromium";
import { endedJobs, orderedJob, plainGroups, strangers } from "../jobs";

/**
 * Links, messages and notes of several groups, as an agent handles them on the screens: each through a refusal, a worker
 * that dies while the gateway works, and a rate limit.
 */

let chromium: Chromium;
let server: TestServer;
let app: App;
beforeAll(async () => {
  chromium = await Chromium.launch();
  await chromium.context.grantPermissions(["clipboard-read", "clipboard-write"]);
});
afterAll(() => chromium?.close());
beforeEach(async () => {
  server = await startGateway("guide");
  app = await freshApp(chromium);
  await connect(app.page, server);
  await commandValue(app.page, "saveSettings", { pace: "fast" });
  await app.rows().first().waitFor();
  return async () => {
    await app.page.close();
    await server.close();
  };
});

const { alpha, support, lobby, member } = WORLD_GROUPS;
/** Three whose links can be had, and one whose admins alone may read it. */
const four = [alpha, support, lobby, member];
const links = { [alpha]: WORLD_CODES.alpha, [support]: WORLD_CODES.support, [lobby]: WORLD_CODES.lobby };

const nameOf = (id: string) => server.world.groups[id]!.name;
const groupsOf = (ids: string[]) => ids.map((id) => server.world.groups[id]!);
const dialog = () => app.page.getByRole("dialog");
const inDialog = (name: string) => dialog().getByRole("button", { name, exact: true });
const limit = (path: string | RegExp, nth = 1) => server.fault({ path, nth }, { kind: "429", resetIn: 2 });

/** Ends the worker while the gateway works on the request that is held. A sign of life wakes the next one at once. */
async function dieDuring(held: ReturnType<TestServer["hold"]>): Promise<void> {
  await held.reached;
  await chromium.killWorker();
  held.release();
  await command(app.page, "pageView");
}

/** Each verdict of the job on the screen, with how many have it. */
const tally = async () => Object.fromEntries((await app.results()).map((each) => [each.verdict, each.rows.length]));

/** What was sent, by chat. */
const sent = () =>
  Object.fromEntries(server.effects.flatMap(({ kind, target, text }) => (kind === "sent" ? [[target, text]] : [])));

it("copies the links of several groups, and shows their QR codes as a sheet that is printed alone", async () => {
  await app.choose(groupsOf(four));
  await app.chooseMore(words("chosen_invites"));
  const reading = server.hold({ path: "/invite-code", nth: 2 }, "received");
  await app.pressCounted("several_invites_read", 4);
  const limited = limit("/invite-code", 2);
  await dieDuring(reading);
  await app.pressCounted("several_invites_copy", 3);
  await app.sees(words("action_copied"));
  expect(limited.hits()).toBe(1);
  await app.sees(`${nameOf(member)}: ${failureWords("not-admin").sentence}`);
  const copied = await app.page.evaluate(() => navigator.clipboard.readText());
  const lines = Object.entries(links).map(([id, code]) => `${nameOf(id)}\n${inviteLink(code)}`);
  expect(copied.split("\n\n").toSorted()).toEqual(lines.toSorted());

  await app.press("several_sheet");
  const sheet = app.page.getByRole("region", { name: words("several_sheet") });
  await expect.poll(() => sheet.getByRole("img").count()).toBe(3);
  const code = app.page.getByRole("img", { name: words("qr_label", nameOf(alpha)) }).locator("path");
  const inSheet = await code.getAttribute("d");
  await app.page.emulateMedia({ media: "print" });
  const printed = (await app.page.locator("body").innerText()).split("\n").filter((line) => line.trim() !== "");
  const wanted = lines.flatMap((each) => each.replace("https://", "").split("\n"));
  expect(printed.toSorted()).toEqual(wanted.toSorted());
  await app.page.emulateMedia({ media: null });
  await app.openGroup(alpha, "invite");
  expect(await code.getAttribute("d")).toBe(inSheet);
});

it("sends each group of a saved set its own name and link from a template, and none twice", async () => {
  await app.choose(groupsOf(four));
  await app.chooseMore(words("chosen_save"));
  await dialog().getByLabel(words("set_name")).fill("Stores");
  await inDialog(words("action_save")).click();
  await app.press("chosen_clear");

  await app.go("/message");
  await app.field("message_text").fill("Welcome to {group}: {link}");
  await app.press("template_save");
  await dialog().getByLabel(words("template_name")).fill("Welcome");
  await inDialog(words("action_save")).click();
  await dialog().waitFor({ state: "detached" });
  await app.field("message_text").fill("");
  await app.field("template_choose").selectOption("");
  await app.field("template_choose").selectOption("Welcome");
  await app.field("filter_label_list").selectOption("set:Stores");
  await app.press("chosen_all", 4);
  const reading = server.hold({ path: "/invite-code" }, "received");
  const limited = limit("/invite-code", 3);
  await app.pressCounted("message_preview", 4);
  await dieDuring(reading);
  await dialog().getByText(counted("send_each_refused", 1)).waitFor();
  expect(limited.hits()).toBe(1);
  for (const id of Object.keys(links))
    await dialog()
      .getByText(`Welcome to ${nameOf(id)}: https`)
      .waitFor();
  const second = server.hold({ path: "messages/send", nth: 2 }, "after-apply");
  const limitedSending = limit("messages/send", 3);
  await inDialog(counted("message_send", 3)).click();
  await dieDuring(second);
  await endedJobs(chromium, app.page);
  expect(await tally()).toEqual({ [words("verdict_unconfirmed")]: 1, [words("verdict_sent")]: 2 });
  expect(limitedSending.hits()).toBe(1);
  expect(server.effects).toHaveLength(3);
  expect(sent()).toEqual(
    Object.fromEntries(
      Object.entries(links).map(([id, code]) => [id, `Welcome to ${nameOf(id)}: ${inviteLink(code)}`]),
    ),
  );
});

it("writes to who refused by name, with the link of the group, and to nobody twice", async () => {
  const people = { [WORLD_PEOPLE.private]: "Asha Rao", [WORLD_PEOPLE.private2]: "Bruno Lima" };
  await app.openGroup(alpha, "add");
  const list = Object.entries(people).map(([id, name]) => `${name}, ${local(id)}`);
  await app.field("input_people").fill([...list, local(WORLD_PEOPLE.free)].join("\n"));
  await app.pressCounted("add_action", 3);
  expect(await tally()).toEqual({ [words("verdict_not_added")]: 2, [words("verdict_added")]: 1 });
  const reading = server.hold({ path: "/invite-code" }, "received");
  const limitedReading = limit("/invite-code", 2);
  await app.pressCounted("job_invite", 2);
  await dieDuring(reading);
  // The limit is waited for here and below: nothing is pressed again.
  await dialog().getByText(WORLD_CODES.alpha).first().waitFor();
  expect(limitedReading.hits()).toBe(1);
  await dialog().getByLabel(words("invite_instead_template")).fill("Hello {name}, this is {group}: {link}");
  const first = server.hold({ path: "messages/send" }, "after-apply");
  const limited = limit("messages/send", 2);
  const limitedLink = limit("/invite-code");
  await inDialog(counted("invite_instead_send", 2)).click();
  await dieDuring(first);
  expect(limitedLink.hits()).toBe(1);
  await endedJobs(chromium, app.page, await orderedJob(chromium, app.page, "send"));
  await expect.poll(tally).toEqual({ [words("verdict_unconfirmed")]: 1, [words("verdict_sent")]: 1 });
  expect(limited.hits()).toBe(1);
  expect(server.effects.filter(({ kind }) => kind === "sent")).toHaveLength(2);
  const text = (name: string) => `Hello ${name}, this is ${nameOf(alpha)}: ${inviteLink(WORLD_CODES.alpha)}`;
  expect(sent()).toEqual(Object.fromEntries(Object.entries(people).map(([id, name]) => [id, text(name)])));
});

it("leaves several groups after a typed word, and none that the gateway refuses to let go", async () => {
  const groups = [lobby, support, ...plainGroups(server).slice(0, 2)];
  await app.choose(groupsOf(groups));
  await app.chooseMore(counted("job_title_leave", 4));
  for (const id of groups) await dialog().getByText(nameOf(id)).waitFor();
  expect(await inDialog(counted("job_title_leave", 4)).getAttribute("aria-disabled")).toBe("true");
  await dialog().getByRole("textbox").fill(words("final_word"));
  const leave = (at: number) => `${groups[at]!}/leave`;
  server.fault({ path: leave(0) }, { kind: "answer", status: 422, body: "{}" });
  const second = server.hold({ path: leave(1) }, "after-apply");
  const limited = limit(leave(2));
  await inDialog(counted("job_title_leave", 4)).click();
  await dieDuring(second);
  await endedJobs(chromium, app.page, await orderedJob(chromium, app.page, "leave"));
  expect(await tally()).toEqual({ [words("verdict_not_left")]: 1, [words("verdict_left")]: 3 });
  expect(limited.hits()).toBe(1);
  expect(server.effects.map(({ kind, target, person }) => `${kind} ${target} ${person}`)).toEqual(
    expect.arrayContaining(groups.slice(1).map((id) => `left ${id} ${OWN_NUMBER}`)),
  );
  expect(server.effects).toHaveLength(3);
  // They are gone from the list, and what leads back is kept.
  await app.go("/groups");
  await app.page.locator("[data-search]").fill(nameOf(support));
  await app.sees(words("groups_not_found_title"));
});

it("tells what changed since the last reading, and keeps a label, a note and a name through a dead worker", async () => {
  const { page } = app;
  const groups = plainGroups(server).slice(0, 4);
  const [newcomer] = strangers(1);
  await app.choose(groupsOf(groups));
  const endedAt = async () =>
    ((await readStore(page, ["gateways"]))["gateways"] as GatewayNotes[])[0]?.members?.endedAt ?? 0;
  const readAgain = async () => {
    const before = await endedAt();
    await app.chooseMore(words("chosen_read"));
    await expect.poll(endedAt).toBeGreaterThan(before);
  };
  await readAgain();
  const first = server.world.groups[groups[0]!]!;
  server.world.groups[first.id] = { ...first, members: [...first.members, { id: newcomer!.id, role: "member" }] };
  server.fault({ path: groups[3]!, times: Infinity }, { kind: "answer", status: 403, body: "{}" });
  const reading = server.hold({ path: groups[1]! }, "received");
  const limited = limit(groups[2]!);
  await Promise.all([readAgain(), dieDuring(reading)]);
  expect(limited.hits()).toBe(1);
  await app.sees(`${nameOf(groups[3]!)}: ${failureWords("not-admin").sentence}`);

  await app.openGroup(first.id, "about");
  await app.field("labels_field").fill("Leeds");
  await app.field("labels_note").fill("Ask Asha");
  await chromium.killWorker();
  await app.press("action_save");
  await app.sees(words("labels_saved"));
  await app.go(`/person/${encodeURIComponent(newcomer!.id)}`);
  await app.press("person_name_give");
  await dialog().getByLabel(words("person_name")).fill("Asha Rao");
  await chromium.killWorker();
  await inDialog(words("action_save")).click();
  await page.getByRole("heading", { name: "Asha Rao" }).waitFor();
  await app.go("/activity");
  await app.field("activity_filter").selectOption("changes");
  const change = page.getByRole("list", { name: words("changes_label") }).getByRole("listitem");
  await expect.poll(() => change.count()).toBe(1);
  // The name is read beside the change.
  await expect.poll(() => change.innerText()).toContain(`${counted("changes_joined", 1)} Asha Rao`);
  await app.go("/groups");
  await app.press("chosen_clear");
  await app.field("filter_label_list").selectOption("label:Leeds");
  await expect.poll(() => app.rows().locator("bdi").allInnerTexts()).toEqual([first.name]);
});
