import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { LOCK } from "../../components/models/guard";
import { ConfirmInvite } from "../../components/screens/confirm";
import { WORLD_CODES } from "../../lib/sandbox/world";
import { send } from "../../lib/shared/send";
import { readCurrent } from "../../lib/store/read-account";
import { toRow, write } from "../../lib/store/write";
import { GROUP, stageWithWorker } from "./stage";

/** The question about an invite over the real worker: what a press on it sends, and when it may be pressed. */

let time: number;
let isSeen: boolean;
let on: Awaited<ReturnType<typeof stageWithWorker>>;

beforeEach(async () => {
  // The clock runs, and the test turns it on: drawing stops with a clock that stands.
  time = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + time);
  isSeen = true;
  vi.spyOn(document, "hasFocus").mockImplementation(() => isSeen);
  on = await stageWithWorker();
  await send("addSandbox");
});
afterEach(() => {
  on.stop.abort();
  cleanup();
  vi.restoreAllMocks();
});

const join = () => screen.getByRole("button", { name: "Join" });
const isOff = () => join().getAttribute("aria-disabled") === "true";
const focused = () => document.activeElement?.textContent;
const joins = () => on.worker.store.db.count("jobs");
/** How often the screen told the worker to join: known at once, where a job in the store comes some moments later. */
const confirmed = () => {
  const messages = vi.mocked(fakeBrowser.runtime.sendMessage).mock.calls.map(([message]) => message as unknown);
  return (messages as { command: string }[]).filter(({ command }) => command === "confirmInvite").length;
};
/** A page asks for this invite, and the question stands on the screen. */
async function ask(code: string) {
  await on.fromPage("askToJoin", { code });
  on.show(<ConfirmInvite />);
  await screen.findByText(code, { exact: true });
}
/** Lets the second pass that what is shown has to stand still. */
async function stand() {
  time += LOCK;
  await waitFor(() => expect(isOff()).toBe(false));
}
/** Makes an event as the agent does, now by the clock of the test. */
function happen(target: Element, event: Event) {
  Object.defineProperties(event, { isTrusted: { value: true }, timeStamp: { value: performance.now() } });
  fireEvent(target, event);
}
function aim() {
  for (const clientX of [0, 40]) {
    happen(document.body, new PointerEvent("pointermove", { clientX, clientY: 0, bubbles: true }));
  }
}
function press(isTrusted = true) {
  happen(join(), new PointerEvent("pointerdown", { pointerType: "mouse", bubbles: true }));
  const click = new MouseEvent("click", { detail: 1, bubbles: true });
  if (isTrusted) happen(join(), click);
  else fireEvent(join(), click);
}

test("T20 an aimed press joins, once what stands there has stood for a second", async () => {
  await ask(WORLD_CODES.market);
  window.dispatchEvent(new Event("resize"));
  aim();
  press();
  expect(confirmed()).toBe(0);
  await stand();
  aim();
  press();
  await waitFor(async () => expect(await joins()).toBe(1));
});

test("T18 a press that begins before the screen shows Join as open joins nothing", async () => {
  await ask(WORLD_CODES.market);
  await stand();
  window.dispatchEvent(new Event("resize"));
  await waitFor(() => expect(isOff()).toBe(true));
  aim();
  // The lock is open by now, and the screen does not show it yet.
  time += LOCK;
  happen(join(), new PointerEvent("pointerdown", { pointerType: "mouse", bubbles: true }));
  await waitFor(() => expect(isOff()).toBe(false));
  happen(join(), new MouseEvent("click", { detail: 1, bubbles: true }));
  expect(confirmed()).toBe(0);
  aim();
  press();
  await waitFor(() => expect(confirmed()).toBe(1));
});

test("T16 a press without aim, of a script or while our window is not seen joins nothing; the typed word does", async () => {
  await ask(WORLD_CODES.market);
  await stand();
  press();
  const word = await screen.findByLabelText("Or type JOIN and press Enter");
  aim();
  press(false);
  aim();
  isSeen = false;
  press();
  fireEvent.input(word, { target: { value: "JOI" } });
  fireEvent.submit(word.closest("form")!);
  expect(confirmed()).toBe(0);
  fireEvent.input(word, { target: { value: "join" } });
  fireEvent.submit(word.closest("form")!);
  await waitFor(async () => expect(await joins()).toBe(1));
});

test("an invite is not joined with an account that came into use after the question was shown", async () => {
  const { id = "" } = (await readCurrent(on.worker.store)) ?? {};
  await write(on.worker.store, ["connections"], async (tx) => {
    const sample = (await tx.objectStore("connections").get(id))!;
    await tx.objectStore("connections").put({ ...sample, id: "other" });
  });
  await waitFor(() => expect(on.shell.connections.value).toHaveLength(2));
  await ask(WORLD_CODES.market);
  await stand();
  const used = send("useConnection", { id: "other" });
  aim();
  press();
  expect(confirmed()).toBe(1);
  await used;
  await waitFor(() => expect(on.shell.connection.value?.id).toBe("other"));
  await Promise.all(vi.mocked(fakeBrowser.runtime.sendMessage).mock.results.map(({ value }) => value));
  expect(await joins()).toBe(0);
  // The question stays, now about the other account, and says why nothing was sent.
  expect(screen.getByText(WORLD_CODES.market, { exact: true })).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toMatch(/^No account is connected, or it was changed/);
  await stand();
  aim();
  press();
  await waitFor(async () => expect(await joins()).toBe(1));
  expect((await on.worker.store.db.getAll("jobs"))[0]?.connection).toBe("other");
});

test("T22 the focus is on Cancel, also after another question took the place", async () => {
  await ask(WORLD_CODES.market);
  await waitFor(() => expect(focused()).toBe("Cancel"));
  await stand();
  join().focus();
  await on.worker.invites.show(WORLD_CODES.sector, null, undefined, 10);
  await screen.findByText(WORLD_CODES.sector, { exact: true });
  await waitFor(() => expect(focused()).toBe("Cancel"));
});

/** What may change while the question stands there. */
const changes: [what: string, make: () => Promise<unknown>][] = [
  [
    "what is known of the invite",
    async () => {
      const { id: connection } = (await readCurrent(on.worker.store))!;
      const invite = { connection, code: WORLD_CODES.market, state: "pending" as const, at: 1 };
      await write(on.worker.store, ["invites"], (tx) => tx.objectStore("invites").put(invite));
      await screen.findByText(/You asked to join before/);
    },
  ],
  [
    "the connection that joins",
    async () => {
      const before = on.shell.connection.value!;
      const other = { ...before, id: "other", isSandbox: false, name: "Another desk" };
      await write(on.worker.store, ["connections", "settings"], async (tx) => {
        await tx.objectStore("connections").put(other);
        const settings = await tx.objectStore("settings").get("settings");
        await tx.objectStore("settings").put({ ...settings, current: "other" }, "settings");
      });
      await screen.findByText("Another desk");
    },
  ],
  [
    "how many were joined today",
    async () => {
      await send("startJob", { job: { kind: "join", codes: [WORLD_CODES.sector], pace: "careful" }, nonce: "n" });
      await screen.findByText(/1 join tried from this browser today/);
    },
  ],
];
test.each(changes)("T18 when %s changes, the second starts anew and the aim is taken again", async (_, make) => {
  await ask(WORLD_CODES.market);
  await stand();
  aim();
  await make();
  press();
  await stand();
  press();
  await screen.findByLabelText("Or type JOIN and press Enter");
  expect(confirmed()).toBe(0);
});

test("the group of an invite is named where it is known, and nothing is called unsent that was sent", async () => {
  const { id: connection } = (await readCurrent(on.worker.store))!;
  const know = (more: object) =>
    write(on.worker.store, ["invites"], (tx) =>
      tx.objectStore("invites").put({ connection, code: WORLD_CODES.market, state: "pending", at: 1, ...more }),
    );
  await ask(WORLD_CODES.market);
  await screen.findByText("The name of the group is unknown until you join. Nothing has been sent yet.");
  await know({});
  await screen.findByText(/We do not know whether you are in it by now/);
  expect(screen.queryByText(/Nothing has been sent/)).toBeNull();
  await write(on.worker.store, ["groups"], (tx) =>
    tx.objectStore("groups").put(toRow({ connection, id: GROUP, name: "Market", listedAt: 1, goneAt: 2 })),
  );
  await know({ group: GROUP });
  await screen.findByText(/This invite leads to “.?Market.?”\./u);
  expect(screen.getByText(/When your groups were last read you were not in it/)).toBeTruthy();
});
