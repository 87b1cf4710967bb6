import { afterEach, expect, it } from "vitest";
import { VERSION } from "../../../lib/store/open";
import { words } from "../app";
import { Chromium } from "../chromium";

/** The store is taken away or cannot be read: every screen says so, and there is a way on. */

let chromium: Chromium;
afterEach(() => chromium?.close());

/** Runs an expression in the store's own terms, in a page of ours. */
const AHEAD = `new Promise((resolve, reject) => {
  const open = indexedDB.open("wappfy", ${VERSION + 1});
  open.onsuccess = () => (open.result.close(), resolve(null));
  open.onerror = () => reject(open.error);
})`;

it("what was cleared under an open page is a new installation, in the same page and worker", async () => {
  chromium = await Chromium.launch();
  const page = await chromium.open("app");
  await page.getByRole("button", { name: words("connect_sample") }).click();
  await page.getByText("60 groups").waitFor();
  const origin = `chrome-extension://${chromium.id}`;
  const session = await chromium.context.newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
  await page.getByRole("button", { name: words("connect_sample") }).click();
  await page.getByText("60 groups").waitFor();
  expect(await page.getByText(words("failure_store_closed")).count()).toBe(0);
});

it("a store of a newer version is left alone, and every page and the worker say so", async () => {
  chromium = await Chromium.launch();
  const page = await chromium.open("app");
  await page.getByRole("button", { name: words("connect_sample") }).waitFor();
  await page.evaluate(AHEAD);
  await page.getByText(words("failure_store_newer")).waitFor();
  await chromium.killWorker();
  for (const door of ["popup", "sidepanel", "app", "options", "welcome"] as const) {
    const other = await chromium.open(door);
    await other.getByText(words("failure_store_newer")).waitFor();
    await other.getByText(words("failure_store_newer_next")).waitFor();
    await other.getByRole("button", { name: words("action_retry") }).click();
    await other.getByText(words("failure_store_newer")).waitFor();
    const reply = await other.evaluate(() =>
      (
        globalThis as unknown as { chrome: { runtime: { sendMessage(message: unknown): Promise<unknown> } } }
      ).chrome.runtime.sendMessage({ command: "addSandbox" }),
    );
    expect(reply).toEqual({ ok: false, failure: { code: "store-newer" } });
    await other.close();
  }
});
