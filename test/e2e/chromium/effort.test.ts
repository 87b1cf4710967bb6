import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import { draftKey } from "../../../lib/shared/draft";
import type { Job } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import { pressJoin } from "../agent";
import { App, command, commandValue, connect, counted, freshApp, local, readStore, startGateway, words } from "../app";
import { Chromium, PATIENCE } from "../chromium";

/**
 * How much each job asks of the agent, in the popup over a gateway with sixty groups. A press of the mouse or of a key
 * counts one, Ctrl Enter too, and so does opening the popup. A text that is typed or pasted counts one where the job is
 * done by keyboard. The table is printed at the end; a job that asks for more than is wanted fails.
 */

let chromium: Chromium;
let server: TestServer;
let popup: App;
const table: { job: string; wanted: number; counted: number; steps: string }[] = [];

let connection: string;

beforeAll(async () => {
  chromium = await Chromium.launch();
  server = await startGateway("guide");
  const links = [WORLD_CODES.neighbours, WORLD_CODES.market].map(
    (code) => `<p>Come in: <a href="https://chat.whatsapp.com/${code}">our group</a></p>`,
  );
  server.page("/links", `<!doctype html><title>Links</title>${links.join("")}<p>${local(WORLD_PEOPLE.free2)}</p>`);
  const app = await freshApp(chromium);
  connection = (await connect(app.page, server)).id;
  await app.rows().first().waitFor();
  await commandValue(app.page, "readMembers", {});
  await chromium.waitUntil(
    async () => (await readStore(app.page, ["rosters"]))["rosters"]!.length > 55,
    "the members of all groups",
  );
  await commandValue(app.page, "saveSet", { kind: "groups", name: "Leeds stores", groups: five });
  await app.page.close();
});
afterEach(async () => {
  // What was searched for stays, selected; the next job begins at the whole list.
  await command(popup.page, "saveDraft", { key: draftKey({ form: "groups", connection }, "search"), value: null });
  await popup.page.close();
  server.reset();
});
afterAll(async () => {
  const lines = table.map(({ job, wanted, counted: is, steps }) => `${job.padEnd(44)} ${wanted}  ${is}  ${steps}`);
  console.log(["", "job".padEnd(44) + " wanted, counted", ...lines].join("\n"));
  await chromium?.close();
  await server?.close();
});

const { alpha, support, lobby, approval, hidden } = WORLD_GROUPS;
const five = [alpha, support, lobby, approval, hidden];

/** The agent's hand: counts what it does. */
class Hand {
  readonly steps: string[] = [];
  /** `areTextsCounted`: the job is done by keyboard. */
  constructor(private readonly areTextsCounted = false) {}

  async open(): Promise<App> {
    this.steps.push("open");
    return enter();
  }

  async click(what: Locator, name: string): Promise<void> {
    this.steps.push(name);
    await what.click();
  }

  /** Presses Join in the question. */
  async join(page: Page): Promise<void> {
    this.steps.push("Join");
    await pressJoin(page);
  }

  async key(page: Page, key: string): Promise<void> {
    this.steps.push(key);
    await page.keyboard.press(key);
  }

  /** Types or pastes where the focus is, which must be in a field. */
  async text(page: Page, text: string): Promise<void> {
    if (this.areTextsCounted) this.steps.push("text");
    // A box that was ticked just now is an input, too.
    const field = "textarea, input:not([type=checkbox], [type=radio])";
    const isInField = () => page.evaluate((field) => document.activeElement!.matches(field), field);
    await chromium.waitUntil(isInField, "a field for text with the focus");
    await page.keyboard.insertText(text);
  }

  done(job: string, wanted: number): void {
    table.push({ job, wanted, counted: this.steps.length, steps: this.steps.join(" · ") });
    expect(this.steps.length, this.steps.join(" · ")).toBeLessThanOrEqual(wanted);
  }
}

/** The popup as it opens. */
async function enter(): Promise<App> {
  popup = new App(await chromium.open("popup", "#/groups"));
  await popup.rows().first().waitFor();
  return popup;
}

const effects = () => server.effects.map(({ kind, target }) => `${kind} ${target}`);
const happens = (expected: string[]) => expect.poll(effects, { timeout: PATIENCE }).toEqual(expected);
const hit = () => popup.page.locator(".list-row.hit").first();

it("creates a group from a pasted list", async () => {
  const { page } = await enter();
  await popup.press("groups_new");
  const hand = new Hand(true);
  await hand.text(page, "Night shift");
  await hand.key(page, "Tab");
  await hand.text(page, `${local(WORLD_PEOPLE.free)}\n${local(WORLD_PEOPLE.free2)}`);
  await popup.page.getByRole("button", { name: counted("create_with", 2) }).waitFor();
  await hand.key(page, "Control+Enter");
  hand.done("create with a paste, in the form", 4);
  await expect.poll(() => server.effects.map(({ kind }) => kind), { timeout: PATIENCE }).toContain("created");
});

it("adds somebody to a known group", async () => {
  const hand = new Hand(true);
  const { page } = await hand.open();
  await hand.text(page, "add support");
  await hit().waitFor();
  await hand.key(page, "Enter");
  await popup.page.locator("#panel-add").waitFor();
  await hand.text(page, local(WORLD_PEOPLE.free));
  await popup.page.getByRole("button", { name: counted("add_action", 1) }).waitFor();
  await hand.key(page, "Control+Enter");
  hand.done("add somebody to a known group", 6);
  await expect.poll(() => server.effects.length, { timeout: PATIENCE }).toBe(1);
});

it("tells which groups a number is in", async () => {
  const hand = new Hand(true);
  const { page } = await hand.open();
  await hand.text(page, local(WORLD_PEOPLE.seed));
  await popup.sees(/in 2 groups/i);
  hand.done("which groups is a number in", 2);
});

it("adds a number that is selected on a page", async () => {
  const web = await chromium.context.newPage();
  await web.goto(`http://page.test:${server.port}/links`);
  const hand = new Hand();
  hand.steps.push("menu");
  await chromium.pressMenu("add-selection", { selectionText: local(WORLD_PEOPLE.free2) }, web);
  popup = new App(await chromium.waitForSurface("app"));
  await hand.click(popup.page.getByRole("listbox").getByRole("option").first(), "group");
  await hand.click(popup.page.getByRole("dialog").getByRole("button", { name: /^Add/ }), "Add");
  hand.done("add a number selected on a page", 3);
  await expect.poll(() => server.effects.length, { timeout: PATIENCE }).toBe(1);
});

it("joins from a chip", async () => {
  const web = await chromium.context.newPage();
  await web.goto(`http://page.test:${server.port}/links`);
  const hand = new Hand();
  hand.steps.push("chip");
  popup = new App(await chromium.popupByChip(web));
  await hand.join(popup.page);
  hand.done("join from a chip", 2);
  await happens([`joined ${WORLD_GROUPS.neighbours}`]);
});

it("joins from the list of a page", async () => {
  const web = await chromium.context.newPage();
  await web.goto(`http://page.test:${server.port}/links`);
  await web.bringToFront();
  await chromium.waitForChips(web);
  popup = new App(await chromium.openPopup());
  await popup.go("/page");
  const hand = new Hand();
  const row = popup.page.getByRole("listitem").filter({ hasText: WORLD_CODES.market });
  await hand.click(row.getByRole("button", { name: /join/i }), "Join");
  await hand.join(popup.page);
  hand.done("join from This page", 2);
  await happens([`joined ${WORLD_GROUPS.market}`]);
});

it("removes a person from all groups", async () => {
  const hand = new Hand();
  const { page } = await hand.open();
  await hand.text(page, local(WORLD_PEOPLE.seed));
  await hand.click(page.getByRole("link", { name: words("people_remove") }), "Remove from groups");
  await hand.click(page.getByRole("dialog").getByRole("button", { name: counted("person_remove_count", 2) }), "Remove");
  hand.done("remove a person from all groups", 4);
  await expect.poll(() => server.effects.length, { timeout: PATIENCE }).toBe(2);
});

it("sends a message to five groups", async () => {
  const hand = new Hand();
  const { page } = await hand.open();
  for (let row = 0; row < 5; row += 1) {
    await page.locator(".choice-row").nth(row).hover();
    await hand.click(page.locator(".choice-row .choose").nth(row), "group");
  }
  await hand.click(popup.button("chosen_message"), "Message");
  await hand.text(page, "The store opens at nine.");
  await popup.page.getByRole("button", { name: counted("message_send", 5) }).waitFor();
  await hand.key(page, "Control+Enter");
  hand.done("message to five groups", 8);
  const jobs = async () => (await readStore(page, ["jobs"]))["jobs"] as Job[];
  const sent = async () => (await jobs()).find(({ input }) => input.kind === "send");
  await expect.poll(sent, { timeout: PATIENCE }).toBeTruthy();
  // While it is under way, it stands where the next message would be written.
  await commandValue(page, "cancelJob", { id: (await sent())!.id });
  await expect.poll(async () => (await sent())?.endedAt, { timeout: PATIENCE }).toEqual(expect.any(Number));
});

it("sends a message to a saved set", async () => {
  const hand = new Hand();
  const { page } = await hand.open();
  await hand.text(page, "leeds");
  await hit().getByText("Leeds stores").waitFor();
  await hand.key(page, "Enter");
  await popup.field("message_text").waitFor();
  await hand.text(page, "The store opens at nine.");
  await popup.page.getByRole("button", { name: counted("message_send", 5) }).waitFor();
  await hand.key(page, "Control+Enter");
  hand.done("message to a saved set of groups", 4);
});

it("matches a group to a list", async () => {
  const hand = new Hand();
  const { page } = await hand.open();
  await hand.text(page, "lobby");
  await hit().waitFor();
  await hand.key(page, "Enter");
  await hand.click(popup.button("equal_open"), "Match");
  await hand.text(page, `${local(WORLD_PEOPLE.free)}\n${local(WORLD_PEOPLE.free2)}`);
  await hand.click(page.getByRole("button", { name: counted("add_action", 2) }), "Add");
  hand.done("match a group to a list", 6);
});
