import { afterAll, beforeAll, expect, it } from "vitest";
import { WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { GatewayNotes, Job, Person } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import { type App, commandValue, connect, counted, freshApp, local, readStore, startGateway, words } from "../app";
import { Chromium } from "../chromium";
import { endedJobs, plainGroups, readJobs, strangers } from "../jobs";
import { Keyboard, screen } from "../keyboard";

/** People across groups without a mouse: nothing here clicks, and nothing calls `focus`. */

let chromium: Chromium;
let server: TestServer;
let app: App;
let keys: Keyboard;
/** Three groups in which nothing unusual happens. */
let groups: { id: string; name: string }[];
/** A plan that somebody else might have saved. */
let plan: Buffer;
const { seed } = WORLD_PEOPLE;
const [asha, ben, chen, dora, elin] = strangers(5) as [Person, Person, Person, Person, Person];

beforeAll(async () => {
  chromium = await Chromium.launch();
  await chromium.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  server = await startGateway("guide");
  app = await freshApp(chromium);
  keys = new Keyboard(app.page);
  await connect(app.page, server);
  await commandValue(app.page, "saveSettings", { pace: "fast" });
  await app.rows().first().waitFor();
  groups = plainGroups(server)
    .slice(0, 3)
    .map((id) => server.world.groups[id]!);
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

const dialog = () => app.page.getByRole("dialog");
const isClosed = () => dialog().waitFor({ state: "detached" });
const notes = async () => ((await readStore(app.page, ["gateways"]))["gateways"] as GatewayNotes[])[0]!;
const readAt = async () => (await notes()).members?.endedAt ?? 0;

/** Goes to the list of groups, with nothing typed into its search. */
async function list(): Promise<void> {
  await keys.use(words("nav_groups"));
  await screen(keys, "title_groups");
  await search("");
}

/** Types into the search of the list of groups, in place of what is there. */
async function search(text: string): Promise<void> {
  await keys.press("/");
  await keys.isAt({ name: words("find_label") });
  await keys.press("Control+a");
  await keys.press("Delete");
  await keys.type(text);
}

/** Chooses the three groups, and no others, in the list. */
async function choose(): Promise<void> {
  await list();
  if (await app.page.locator(".chosen-bar").count()) await keys.press("Escape");
  await app.page.locator(".chosen-bar").waitFor({ state: "detached" });
  for (const { id, name } of groups) {
    await search(name);
    const row = app.page.locator(".rows a").first();
    await expect.poll(() => row.getAttribute("href")).toContain(encodeURIComponent(id));
    await keys.press("ArrowDown");
    await keys.isAt({ href: `#/group/${encodeURIComponent(id)}` });
    await keys.press("x");
  }
  await search("");
  await app.sees(counted("picker_chosen", 3));
}

/** Presses what stands under "More" for the chosen groups. */
async function more(label: string): Promise<void> {
  await keys.use(words("chosen_more"));
  await dialog().waitFor();
  await keys.use(label);
}

/** Types people into the field of a task for several groups. */
async function people(...ids: string[]): Promise<void> {
  // The place in the navigation has the same name.
  await app.page.locator("textarea").waitFor();
  await keys.tabTo(/^People/);
  await keys.press("Control+a");
  await keys.type(ids.map(local).join(" "));
  await app.page.locator("summary", { hasText: counted("input_valid", ids.length) }).waitFor();
}

/** The jobs that were there before the last form was sent. */
let before = new Set<string>();

/** Sends the form that has the focus, once its button is on: what a form would do is worked out first. */
async function submit(): Promise<void> {
  const isOn = () =>
    app.page.evaluate(() => {
      const button = document.activeElement?.closest("form")?.querySelector("button[type=submit]");
      return button !== null && button !== undefined && button.ariaDisabled !== "true";
    });
  await expect.poll(isOn).toBe(true);
  before = new Set((await readJobs(app.page)).map(({ job }) => job.id));
  await keys.press("Control+Enter");
}

/** The newest job that the last form ordered, once it has ended; it is of this kind. */
async function ended(kind: Job["input"]["kind"]): Promise<Job["input"]> {
  const last = async () => (await readJobs(app.page)).findLast(({ job }) => !before.has(job.id))?.job;
  await expect.poll(async () => (await last())?.input.kind).toBe(kind);
  await endedJobs(chromium, app.page);
  expect((await keys.settle()).isLost).toBe(false);
  return (await last())!.input;
}

const effects = (kind: string) => server.effects.filter((each) => each.kind === kind).map(({ target }) => target);
const ids = () => groups.map(({ id }) => id).toSorted();

it("has the members of all groups read", async () => {
  await keys.use(words("nav_people"));
  await screen(keys, "title_people");
  await people(asha.id);
  await keys.use(words("people_read"));
  await expect.poll(readAt).toBeGreaterThan(0);
  expect((await keys.stop()).isLost).toBe(false);
});

it("finds a person by a part of the number, and gives them a name", async () => {
  await list();
  await search(seed.slice(4, 12));
  await app.page.locator("a[href*='#/person/']").first().waitFor();
  await keys.press("Enter");
  await screen(keys, "title_person");
  await keys.use(words("person_name_give"));
  await keys.isAt({ name: words("person_name") });
  await keys.type("Asha Rao");
  await keys.press("Enter");
  await isClosed();
  await app.page.getByRole("heading", { level: 2, name: "Asha Rao" }).waitFor();
  expect((await keys.stop()).name).toBe(words("person_name_change"));
});

it("adds the person to a group, and moves them to another", async () => {
  const [first, second] = groups as [(typeof groups)[0], (typeof groups)[0]];
  await keys.use(words("people_add"));
  await keys.isAt({ name: words("groups_search") });
  await keys.type(first.name);
  await dialog().getByRole("option", { name: first.name, exact: true }).waitFor();
  await keys.press("Enter");
  await dialog()
    .getByRole("button", { name: counted("people_add_count", 1) })
    .waitFor();
  await submit();
  await isClosed();
  expect(await ended("add")).toMatchObject({ groups: [first.id], people: [{ id: seed }] });
  await app.sees(first.name);

  await keys.use(words("person_move_open"));
  await keys.isAt({ name: words("person_move_from") });
  await keys.type(first.name);
  await expect.poll(() => dialog().getByLabel(words("person_move_from")).inputValue()).toBe(first.id);
  await keys.tabTo(words("groups_search"), "Tab", 3);
  await keys.type(second.name);
  await dialog().getByRole("option", { name: second.name, exact: true }).waitFor();
  await keys.press("Enter");
  await app.sees(counted("picker_chosen", 1));
  await submit();
  await isClosed();
  expect(await ended("move")).toMatchObject({ from: first.id, to: second.id });
  expect(effects("removed")).toEqual([first.id]);
});

it("adds people to the chosen groups, and removes one of them from all", async () => {
  server.reset();
  await choose();
  await keys.use(words("several_task_add"));
  await screen(keys, "title_several");
  await people(asha.id, ben.id);
  await submit();
  await ended("add");
  expect(effects("added").toSorted()).toEqual([...ids(), ...ids()].toSorted());

  await list();
  await keys.use(words("several_task_remove"));
  await screen(keys, "title_several");
  await people(asha.id);
  await app.sees(counted("several_removals", 3));
  await submit();
  await dialog().waitFor();
  expect((await keys.stop()).name).toBe(words("action_cancel"));
  await submit();
  await isClosed();
  await ended("remove");
  expect(effects("removed").toSorted()).toEqual(ids());
});

it("sees in the table who is where, and adds who is missing", async () => {
  server.reset();
  await list();
  await more(words("chosen_table"));
  await screen(keys, "title_several");
  await people(elin.id, ben.id);
  await app.button("table_add", 3).waitFor();
  await keys.tabTo(words("people_table"));
  for (const key of ["ArrowDown", "ArrowRight"]) await keys.press(key);
  const active = app.page.locator(".grid-cell.active");
  expect(await active.getAttribute("aria-label")).toBe(words("table_place_in"));
  expect(await active.getAttribute("data-cell")).toBe("1 1");
  await keys.tabTo(words("table_add", 3), "Shift+Tab");
  await keys.press("Enter");
  await dialog()
    .getByRole("button", { name: counted("people_add_count", 3) })
    .waitFor();
  await submit();
  await ended("add");
  expect(effects("added").toSorted()).toEqual(ids());
});

it("matches the chosen groups to a list, with a removal that is ticked, and saves that as a plan", async () => {
  server.reset();
  await list();
  await more(words("chosen_match"));
  await screen(keys, "title_several");
  await people(chen.id);
  await app.page.locator("details.match-row").nth(2).waitFor();
  const [file] = await Promise.all([app.page.waitForEvent("download"), keys.use(words("plan_file_save"))]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  plan = Buffer.concat(chunks);

  await keys.tabTo(new RegExp(`^${groups[0]!.name}`), "Shift+Tab");
  await keys.press("Enter");
  // The row draws its lists when it opens.
  await app.page.getByRole("listbox", { name: /to remove$/ }).waitFor();
  await keys.tabTo(/^\d+ to remove$/);
  await keys.press("End");
  await keys.press("Space");
  await app.button("equal_action", 3, 1).waitFor();
  await submit();
  await dialog().waitFor();
  await submit();
  await isClosed();
  // Where it leads once both jobs have begun.
  await screen(keys, "title_activity");
  await endedJobs(chromium, app.page);
  expect(effects("added").toSorted()).toEqual(ids());
  expect(effects("removed")).toHaveLength(1);
});
it("opens a plan from the palette, and says which groups changed since", async () => {
  await keys.find("plan");
  await screen(keys, "title_plan");
  const [chooser] = await Promise.all([app.page.waitForEvent("filechooser"), keys.use(words("plan_file_open"))]);
  await chooser.setFiles({ name: "plan.json", mimeType: "application/json", buffer: plan });
  await app.sees(counted("plan_file_changed", 3));
  await keys.settle();
  await keys.use(words("action_cancel"));
  await app.button("plan_file_open").waitFor();
  await keys.press("Escape");
  await screen(keys, "title_people");
});

it("applies a plan of the same day from its own screen", async () => {
  server.reset();
  await list();
  await more(words("chosen_match"));
  await screen(keys, "title_several");
  await people(dora.id);
  await app.page.locator("details.match-row").nth(2).waitFor();
  const [file] = await Promise.all([app.page.waitForEvent("download"), keys.use(words("plan_file_save"))]);
  await keys.find("plan");
  await screen(keys, "title_plan");
  const [chooser] = await Promise.all([app.page.waitForEvent("filechooser"), keys.use(words("plan_file_open"))]);
  await chooser.setFiles(await file.path());
  await app.page.getByText(words("plan_state_same"), { exact: true }).nth(2).waitFor();
  await keys.settle();
  await submit();
  await ended("add");
  expect(effects("added").toSorted()).toEqual(ids());
});

it("reads and copies the links of the chosen groups, and shows the sheet of their codes", async () => {
  await list();
  await more(words("chosen_invites"));
  await screen(keys, "title_several");
  await keys.use(counted("several_invites_read", 3));
  await app.page.getByRole("button", { name: counted("several_invites_copy", 3) }).waitFor();
  await keys.use(counted("several_invites_copy", 3));
  await app.sees(words("action_copied"));
  expect((await app.page.evaluate(() => navigator.clipboard.readText())).match(/chat\.whatsapp\.com/g)).toHaveLength(3);
  await keys.use(words("several_sheet"));
  const sheet = app.page.getByRole("region", { name: words("several_sheet") });
  await expect.poll(() => sheet.getByRole("img").count()).toBe(3);
  await keys.tabTo(words("qr_print"));
  await keys.use(words("action_close"));
  await sheet.waitFor({ state: "detached" });
  expect((await keys.settle()).isLost).toBe(false);
});

it("sends the link from the page of a person who could not be added", async () => {
  server.reset();
  const refusing = WORLD_PEOPLE.private;
  await list();
  await keys.use(words("several_task_add"));
  await screen(keys, "title_several");
  await people(refusing);
  await submit();
  await ended("add");
  expect(effects("added")).toEqual([]);

  await keys.find(local(refusing));
  await screen(keys, "title_person");
  await keys.use(counted("job_invite", 1));
  await dialog().waitFor();
  await keys.tabTo(words("invite_instead_template"));
  await submit();
  await isClosed();
  await ended("send");
  expect(effects("sent")).toEqual([refusing]);
});

it("writes to the chosen groups from a template that was saved before", async () => {
  server.reset();
  await list();
  await keys.use(words("chosen_message"));
  await screen(keys, "title_message");
  await keys.isAt({ name: words("message_text") });
  await keys.type("Doors open at nine.");
  await keys.use(words("template_save"));
  await keys.isAt({ name: words("template_name") });
  await keys.type("Doors");
  await keys.press("Enter");
  await isClosed();
  await keys.tabTo(words("message_text"), "Shift+Tab");
  await keys.press("Control+a");
  await keys.press("Delete");
  // Another template, so that choosing is a change.
  await keys.tabTo(words("template_choose"));
  await keys.press("Home");
  await keys.type("Doors");
  await expect.poll(() => app.field("message_text").inputValue()).toBe("Doors open at nine.");
  await submit();
  await ended("send");
  expect(effects("sent").toSorted()).toEqual(ids());
});

it("saves the chosen groups as a set, exports their members, and reads them again", async () => {
  await list();
  await more(words("chosen_save"));
  await keys.isAt({ name: words("set_name") });
  await keys.type("Stores");
  await keys.press("Enter");
  await isClosed();
  await keys.isAt({ name: words("chosen_more") });
  const [file] = await Promise.all([app.page.waitForEvent("download"), more(words("chosen_export"))]);
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
  const before = await readAt();
  const first = server.world.groups[groups[0]!.id]!;
  server.world.groups[first.id] = { ...first, members: [...first.members, { id: dora.id, role: "member" }] };
  await more(words("chosen_read"));
  await expect.poll(readAt).toBeGreaterThan(before);
  await keys.press("Escape");
  await app.page.locator(".chosen-bar").waitFor({ state: "detached" });
  await keys.tabTo(words("filter_label_list"));
  await keys.type("Set");
  await app.sees(counted("groups_found", 3));
  await keys.press("Home");
  await app.page.locator(".rows a").nth(5).waitFor();
});

it("sees what changed in the groups", async () => {
  await keys.use(words("nav_activity"));
  await screen(keys, "title_activity");
  await keys.tabTo(words("activity_filter"));
  await keys.type("Changes");
  const changes = app.page.getByRole("list", { name: words("changes_label") }).getByRole("listitem");
  await expect.poll(() => changes.count()).toBeGreaterThan(0);
  await keys.tabTo(new RegExp(`^${groups[0]!.name}`));
  await keys.press("Enter");
  await screen(keys, new RegExp(`^${groups[0]!.name}$`));
});

it("labels a group", async () => {
  await keys.tabTo(/^Labels/);
  await keys.type("Leeds");
  await keys.press("Enter");
  await app.sees(words("labels_saved"));
  expect((await keys.stop()).isLost).toBe(false);
});

it("creates several groups from a table", async () => {
  server.reset();
  await keys.find("new");
  await screen(keys, "title_create");
  await keys.use(words("several_open"));
  await keys.tabTo(words("several_table"));
  const rows = ["Group,Name,Phone", `Early shift,Asha,${asha.given}`, `Late shift,Ben,${ben.given}`];
  await keys.type(rows.join("\n"));
  await app.page.getByRole("button", { name: counted("several_create", 2) }).waitFor();
  await submit();
  await ended("create");
  expect(server.effects.flatMap(({ kind, text }) => (kind === "created" ? [text] : []))).toEqual([
    "Early shift",
    "Late shift",
  ]);
});

it("leaves the chosen groups after a typed word, and takes it back", async () => {
  server.reset();
  await choose();
  await more(counted("job_title_leave", 3));
  await keys.isAt({ name: words("final_type", words("final_word")) });
  await keys.type(words("final_word"));
  await keys.press("Enter");
  await isClosed();
  await app.sees(words("action_undo"));
  await keys.press("Control+z");
  await ended("leave");
  expect(effects("left")).toEqual([]);
});
