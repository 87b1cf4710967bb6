import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { Data } from "../../components/screens/settings/data";
import { send } from "../../lib/shared/send";
import { readConnections } from "../../lib/store/read";
import { stageWithWorker } from "./stage";

/** What nothing brings back asks for a typed word. */

let on: Awaited<ReturnType<typeof stageWithWorker>>;

beforeEach(async () => {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  on = await stageWithWorker();
  await send("addSandbox");
});
afterEach(() => {
  on.stop.abort();
  cleanup();
  vi.restoreAllMocks();
});

test("forgetting everything waits for the typed word, however it is pressed", async () => {
  on.show(<Data run={async (reply) => (await reply).ok} />);
  const connections = () => readConnections(on.worker.store);
  fireEvent.click(screen.getByRole("button", { name: "Forget everything" }));
  const dialog = within(screen.getByRole("dialog"));
  const forget = dialog.getByRole("button", { name: "Forget everything" });
  const word = dialog.getByLabelText("Type DELETE to go on");
  const sent = vi.mocked(fakeBrowser.runtime.sendMessage);
  sent.mockClear();
  for (const typed of ["", "DELET", "yes"]) {
    fireEvent.input(word, { target: { value: typed } });
    fireEvent.click(forget);
    fireEvent.submit(word.closest("form")!);
  }
  expect(sent.mock.calls).toEqual([]);
  expect(screen.getByRole("dialog")).toBeTruthy();
  fireEvent.input(word, { target: { value: "delete" } });
  fireEvent.submit(word.closest("form")!);
  await waitFor(async () => expect(await connections()).toEqual([]));
});
