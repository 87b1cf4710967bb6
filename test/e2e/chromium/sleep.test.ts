import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestServer } from "../../server";
import { Chromium } from "../chromium";

/** The worker sleeps while the agent browses. */

const INVITE = "https://chat.whatsapp.com/K7tPq2LmXz9RbVc4HsWd1N";

let chromium: Chromium;
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  server.page("/plain", "<!doctype html><title>Plain</title><p>Nothing here. <a href='/other'>Other</a></p>");
  server.page("/invite", `<!doctype html><title>Invite</title><p><a href="${INVITE}">Join us</a></p>`);
  chromium = await Chromium.launch();
  const welcome = await chromium.waitForSurface("welcome");
  await welcome.getByRole("heading", { level: 1 }).waitFor();
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

const site = (path: string) => `http://site.test:${server.port}${path}`;

interface WorkerGlobal {
  chrome: {
    tabs: { query(query: object): Promise<{ id: number }[]> };
    action: { getBadgeText(details: { tabId?: number }): Promise<string> };
    alarms: { getAll(): Promise<unknown[]> };
  };
}

/** Ends the worker once it has nothing more to do: an alarm that it did not clear would wake the next one. */
const endWorker = async () => {
  const alarms = async () => {
    const worker = await chromium.worker();
    return worker.evaluate(() => (globalThis as unknown as WorkerGlobal).chrome.alarms.getAll());
  };
  await chromium.waitUntil(async () => (await alarms()).length === 0, "no alarm");
  await chromium.killWorker();
};

/** What the toolbar button shows for the tab in front. */
const badge = async () =>
  (await chromium.worker()).evaluate(async () => {
    const { chrome } = globalThis as unknown as WorkerGlobal;
    const [tab] = await chrome.tabs.query({ active: true });
    return chrome.action.getBadgeText({ tabId: tab?.id });
  });

it("sleeps through 50 pages without an invite, in new tabs and old ones, and through their closing", async () => {
  await endWorker();
  for (let tab = 0; tab < 5; tab += 1) {
    const page = await chromium.context.newPage();
    for (let visit = 0; visit < 4; visit += 1) await page.goto(site(`/plain?${visit}`));
    for (let visit = 0; visit < 3; visit += 1) await page.goto(`data:text/html,<title>${visit}</title>`);
    await page.goto(site("/plain"));
    await page.reload();
    await page.evaluate(() => history.pushState(null, "", "/elsewhere"));
    await page.goBack();
    await page.goto("about:blank");
    // As long as the page script waits before it looks, and then some: it has looked at the last page, too.
    await page.goto(site("/plain"));
    await page.waitForTimeout(500);
    await page.close();
    // A worker that was woken stays for 30 s, so it would be seen here.
    expect(await chromium.isWorkerRunning()).toBe(false);
  }
});

it("wakes for a page with an invite, and the number on the button goes with the page", async () => {
  await endWorker();
  const page = await chromium.context.newPage();
  await page.goto(site("/invite"));
  await chromium.waitForChips(page);
  await chromium.waitUntil(async () => (await badge()) === "1", "the number on the button");
  expect(await chromium.isWorkerRunning()).toBe(true);
  await endWorker();
  await page.goto(site("/plain"));
  await page.waitForTimeout(500);
  expect(await chromium.isWorkerRunning()).toBe(false);
  // Asked, a new worker draws the button anew: not from the list of a page that is gone.
  expect(await badge()).toBe("");
  const app = await chromium.open("app");
  await app.evaluate(() =>
    (
      globalThis as unknown as { chrome: { runtime: { sendMessage(m: unknown): Promise<unknown> } } }
    ).chrome.runtime.sendMessage({
      command: "addSandbox",
    }),
  );
  await page.bringToFront();
  await page.waitForTimeout(1500);
  expect(await badge()).toBe("");
});
