import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS } from "../../lib/sandbox/world";
import { pressJoin } from "../e2e/agent";
import { App, commandValue, connect, lastJob, readStore, startGateway, words } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import { leaveDrafts, openByOther, OTHER } from "../e2e/other";
import type { TestServer } from "../server";

/**
 * Another extension opens our pages on any route, while the agent presses keys that are meant for another page. What the
 * agent typed before and did not send stands there again, so that one Enter in the wrong place would send it.
 */

let chromium: Chromium;
let server: TestServer;
let app: App;
beforeAll(async () => {
  server = await startGateway("guide");
  chromium = await Chromium.launch({ others: [OTHER] });
  app = new App(await chromium.open("app", "#/settings"));
  const { id } = await connect(app.page, server);
  await commandValue(app.page, "refreshGroups");
  await leaveDrafts(app.page, id);
  server.reset();
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

/** Enter, and Tab with Enter, in the rhythm of somebody who types. */
async function hammer(page: Page, keys: string[][]): Promise<void> {
  for (const group of keys) {
    for (const key of group) await page.keyboard.press(key);
    await page.waitForTimeout(40); // The rhythm; nothing is waited for.
  }
}
const ENTERS = Array.from({ length: 8 }, () => ["Enter"]);
const STOPS = [
  ...Array.from({ length: 14 }, () => ["Tab", "Enter"]),
  ...Array.from({ length: 10 }, () => ["Tab", " "]),
];

/** What reached the gateway, and what would reach it at the end of its time to undo. */
async function writes(): Promise<unknown[]> {
  const store = await readStore(app.page, ["jobs"]);
  const sent = server.log.filter(({ method }) => method !== "GET");
  return [...sent.map(({ method, path }) => `${method} ${path}`), ...store["jobs"]!];
}

const group = encodeURIComponent(WORLD_GROUPS.alpha);
const ROUTES = [
  "",
  "#/groups",
  `#/join/${WORLD_CODES.sample}`,
  `#/join?text=${encodeURIComponent(`https://chat.whatsapp.com/${WORLD_CODES.sample}`)}`,
  "#/join",
  "#/create",
  "#/message",
  "#/people",
  "#/people?from=selection",
  "#/page",
  "#/activity",
  "#/settings",
  "#/connect",
  "#/confirm",
  "#/welcome",
  ...["members", "add", "invite", "message", "about"].map((tab) => `#/group/${group}?tab=${tab}`),
];

describe("another extension opens our pages while keys are pressed", () => {
  it.each(ROUTES)("app.html%s writes nothing", async (route) => {
    const page = await openByOther(chromium, chromium.url("app", route));
    await hammer(page, ENTERS);
    await hammer(page, STOPS);
    expect(await writes()).toEqual([]);
    await page.close();
    const pending = await commandValue(app.page, "pendingInvite");
    if (pending) await commandValue(app.page, "dismissInvite", { id: pending.id });
  });

  it.each(["popup", "sidepanel", "options", "welcome"] as const)("%s.html writes nothing", async (door) => {
    for (const route of ["#/create", `#/join/${WORLD_CODES.sample}`, "#/join"]) {
      const page = await openByOther(chromium, chromium.url(door, route));
      await hammer(page, ENTERS);
      expect(await writes()).toEqual([]);
      await page.close();
    }
  });

  it("a route that is put under the agent's hands in a tab of ours writes nothing", async () => {
    await chromium.bringToFront(app.page);
    for (const route of ["#/create", `#/join/${WORLD_CODES.sample}`, "#/join"]) {
      await openByOther(chromium, chromium.url("app", route), "update");
      await hammer(app.page, ENTERS);
      expect(await writes()).toEqual([]);
    }
  });
});

it("a code of a route is asked about like a page's, and joins when the agent means it", async () => {
  const pending = await commandValue(app.page, "pendingInvite");
  if (pending) await commandValue(app.page, "dismissInvite", { id: pending.id });
  const view = new App(await openByOther(chromium, chromium.url("app", `#/join/${WORLD_CODES.sample}`)));
  await view.page.getByRole("heading", { level: 1, name: words("title_confirm") }).waitFor();
  await view.sees(WORLD_CODES.sample);
  // Once: Cancel and Back do not ask again.
  await view.press("action_cancel");
  await view.field("join_text").waitFor();
  await view.page.goBack().catch(() => undefined);
  expect(await commandValue(app.page, "pendingInvite")).toBeNull();
  const again = new App(await openByOther(chromium, chromium.url("app", `#/join/${WORLD_CODES.sample}`)));
  await pressJoin(again.page);
  await again.results();
  expect((await lastJob(app.page)).job.input).toMatchObject({ kind: "join", codes: [WORLD_CODES.sample] });
});
