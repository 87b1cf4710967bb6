import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { App } from "../../components/app";
import { send } from "../../lib/shared/send";
import { WORLD_CODES } from "../../lib/sandbox/world";
import { addDesk, answerRequests, stageWithGroups } from "./stage";

/** What stands above the list for a while: the first steps after an installation, what is new after an update. */

const KEY = "wpfy_test_0123456789abcdef";

type Stage = Awaited<ReturnType<typeof stageWithGroups>>;

/** What the browser tells the worker after an installation or an update to `version`. */
async function install(on: Stage, version: string, previousVersion?: string) {
  const { runtime, contextMenus, tabs } = on.fake.browser;
  Object.assign(runtime, { getManifest: () => ({ version }) });
  Object.assign(contextMenus, { removeAll: async () => undefined, create: () => 1 });
  Object.assign(tabs, { create: async () => ({}) });
  const reason = previousVersion === undefined ? "install" : "update";
  await on.worker.onInstalled({ reason, previousVersion, temporary: false });
}

/** What the browser says of the toolbar; absent, it says nothing. */
const pinned = (isOnToolbar?: boolean) => {
  const getUserSettings = isOnToolbar === undefined ? undefined : async () => ({ isOnToolbar });
  Object.assign(fakeBrowser, { action: { getUserSettings } });
};

test("the first steps come with the installation, tick themselves when they are true, and go when all are done", async () => {
  pinned(false);
  answerRequests(KEY);
  const on = await stageWithGroups();
  await install(on, "0.3.1");
  on.show(<App />);
  fireEvent.click(await screen.findByRole("button", { name: "First steps: 0 of 4 done" }));
  const steps = within(screen.getByRole("dialog"));
  const open = () => steps.getAllByRole("link").map(({ textContent }) => textContent);
  expect(open()).toHaveLength(3);
  // The sample groups have no number of ours, and no place to type one.
  expect(steps.queryByText("Say which WhatsApp number is yours")).toBeNull();
  expect(steps.getByRole("link", { name: "Choose the country of numbers without a country code" })).toHaveProperty(
    "hash",
    "#/settings",
  );
  await send("saveSettings", { country: "IN" });
  await waitFor(() => expect(open()).toHaveLength(2));
  await fakeBrowser.storage.session.set({ "page:7": { invites: [{ code: WORLD_CODES.sample }] } });
  await waitFor(() => expect(open()).toEqual(["Connect your account"]));
  // What was met once stays met.
  await fakeBrowser.storage.session.clear();
  expect(await addDesk(KEY)).toMatchObject({ ok: true });
  expect(await screen.findByRole("button", { name: "First steps: 4 of 5 done" })).toBeTruthy();
  pinned(true);
  fireEvent(window, new Event("focus"));
  await waitFor(() => expect(on.shell.settings.value.guide).toBeUndefined());
  expect(screen.queryByText(/^First steps/)).toBeNull();
});

test("a page that was met before the app was opened counts, and no more of the session is read for it", async () => {
  pinned(false);
  const on = await stageWithGroups();
  await install(on, "0.3.1");
  const tab = await fakeBrowser.tabs.create({});
  await fakeBrowser.storage.session.set({ [`page:${tab.id}`]: { invites: [{ code: WORLD_CODES.sample }] } });
  const get = vi.spyOn(fakeBrowser.storage.session, "get");
  on.show(<App />);
  await waitFor(() => expect(on.shell.settings.value.guide).toBe("met"));
  expect(get).not.toHaveBeenCalledWith(null);
});

test("what the browser does not tell is no step, and the steps can be dismissed", async () => {
  pinned();
  const on = await stageWithGroups();
  await install(on, "0.3.1");
  on.show(<App />);
  await screen.findByRole("button", { name: "First steps: 0 of 3 done" });
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  await waitFor(() => expect(screen.queryByText(/^First steps/)).toBeNull());
  expect(on.shell.settings.value.guide).toBeUndefined();
});

test("an update to another minor version says once what is new; an installation and a patch say nothing", async () => {
  pinned();
  const on = await stageWithGroups();
  on.show(<App />);
  await install(on, "0.3.1", "0.3.0");
  expect(on.shell.settings.value.news).toBeUndefined();
  await install(on, "0.3.1", "0.2.9");
  fireEvent.click(await screen.findByRole("button", { name: "What is new in version 0.3" }));
  const news = within(screen.getByRole("dialog"));
  expect(news.getAllByRole("listitem").length).toBeGreaterThan(2);
  fireEvent.click(news.getByRole("button", { name: "Dismiss" }));
  await waitFor(() => expect(on.shell.settings.value.news).toBeUndefined());
  await install(on, "0.3.1", "0.3.1");
  expect(screen.queryByText(/^What is new/)).toBeNull();
});
