import "fake-indexeddb/auto";
import { screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { openApp } from "../../components/open";
import { ok } from "../../lib/shared/failure";
import { makeStore } from "../../lib/store/migrate";
import { stageWithWorker } from "./stage";

/** The page itself: what stops it is said, and not a moment longer. */

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
  const root = document.createElement("div");
  root.id = "root";
  document.body.append(root);
  const opened = openApp("popup");
  expect(await screen.findByText(/Another page of the extension still uses/)).toBeTruthy();
  older.result.close();
  await opened;
  expect(await screen.findByLabelText("API key")).toBeTruthy();
  await waitFor(() => expect(screen.queryByText(/Another page of the extension still uses/)).toBeNull());
});
