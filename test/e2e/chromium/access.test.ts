import { afterAll, beforeAll, expect, it } from "vitest";
import type { TestServer } from "../../server";
import { connect, counted, startGateway, words } from "../app";
import { Chromium, type Door } from "../chromium";

/** Chromium lets the agent take back the access to sites. Every view says so, offers the button, and heals by itself. */

let chromium: Chromium;
let server: TestServer;
beforeAll(async () => {
  server = await startGateway("guide");
  chromium = await Chromium.launch();
  await connect(await chromium.open("app"), server);
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

it.each<Door>(["popup", "sidepanel", "app"])(
  "the %s asks for gateway and pages, and goes on once they are granted",
  async (door) => {
    await chromium.setHostAccess(false);
    const page = await chromium.open(door, "#/groups");
    const gateway = page.locator(".notice", { hasText: words("failure_no_permission") });
    const pages = page.locator(".notice", { hasText: words("access_pages") });
    const name = words("access_allow");
    await gateway.getByRole("button", { name }).waitFor();
    await pages.getByRole("button", { name }).waitFor();
    await chromium.setHostAccess(true);
    await gateway.waitFor({ state: "hidden" });
    await pages.waitFor({ state: "hidden" });
    await page.getByText(counted("groups_count", 60)).waitFor();
    await page.close();
  },
);

it("nothing of it is said while the browser grants everything", async () => {
  for (const [door, route] of [
    ["app", "#/page"],
    ["options", "#/settings"],
    ["welcome", ""],
  ] as const) {
    const page = await chromium.open(door, route);
    await page.locator("h1").first().waitFor();
    await page.waitForLoadState("networkidle");
    expect(await page.getByRole("button", { name: words("access_allow") }).count()).toBe(0);
    await page.close();
  }
});
