import "fake-indexeddb/auto";
import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, onTestFinished, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { openApp } from "../../components/open";
import { ok } from "../../lib/shared/failure";
import { makeStore } from "../../lib/store/migrate";
import { toRow, write } from "../../lib/store/write";
import { connection, group, GROUP, stage, stageWithWorker } from "./stage";

/** The page itself: what stops it is said, and not a moment longer. */

/** Adds what the page is drawn in. */
function addRoot() {
  const root = document.createElement("div");
  root.id = "root";
  document.body.append(root);
  onTestFinished(() => root.remove());
}

test("once the other page is closed, the notice about it goes as the page goes on", async () => {
  await stageWithWorker();
  const older = indexedDB.open("wappfy", 1);
  await new Promise((resolve) => older.addEventListener("success", resolve));
  // The worker answers once it has the store.
  vi.spyOn(fakeBrowser.runtime, "sendMessage").mockImplementation((async () => {
    indexedDB.deleteDatabase("wappfy");
    (await makeStore()).db.close();
    return ok(null);
  }) as never);
  addRoot();
  const opened = openApp("popup");
  expect(await screen.findByText(/Another page of the extension still uses/)).toBeTruthy();
  older.result.close();
  await opened;
  expect(await screen.findByLabelText("API key")).toBeTruthy();
  await waitFor(() => expect(screen.queryByText(/Another page of the extension still uses/)).toBeNull());
});

test("a screen that fails leads to the groups, which the next opening shows", async () => {
  const on = await stage();
  const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
  const store = await makeStore();
  await write(store, ["connections", "settings", "groups"], async (tx) => {
    await tx.objectStore("connections").put(connection);
    await tx.objectStore("settings").put({ current: connection.id }, "settings");
    // No date can show it.
    await tx.objectStore("groups").put(toRow(group({ createdAt: 1e300 })));
  });
  location.hash = `#/group/${encodeURIComponent(GROUP)}?tab=about`;
  addRoot();
  await openApp("popup");
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
  await waitFor(() => expect(reload).toHaveBeenCalledTimes(1));
  expect(location.hash).toBe("#/groups");
  expect(on.sent("saveDraft")).toContainEqual({ key: ["", "route", "", "popup"], value: "#/groups" });
});
