import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { render } from "preact";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { App } from "../../components/app";
import { ShellProvider } from "../../components/models/shell";
import { keepTyping } from "../../components/models/typed";
import { WORLD_CODES, WORLD_GROUPS } from "../../lib/sandbox/world";
import { draftKey } from "../../lib/shared/draft";
import { send } from "../../lib/shared/send";
import { readGroup, readRoster } from "../../lib/store/read";
import { toRow, write } from "../../lib/store/write";
import { OWN, stageWithGroups } from "./stage";

/** One box that does it: groups, invite links and commands, by the keys that an agent presses. */

let on: Awaited<ReturnType<typeof stageWithGroups>>;

/** Rows are drawn by the height of the window, which happy-dom does not lay out. */
beforeEach(async () => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(460);
  on = await stageWithGroups();
});

const box = () => screen.getByRole("searchbox");
const type = (text: string) => fireEvent.input(box(), { target: { value: text } });
const press = (target: Element, key: string, more = {}) => fireEvent.keyDown(target, { key, ...more });
const hit = () => document.querySelector(".list-row.hit")?.textContent ?? "";
const rows = () => within(screen.getByRole("grid", { name: "Groups" })).getAllByRole("link");
const isDrawn = () => waitFor(() => expect(rows().length).toBeGreaterThan(5));
/** Presses the keys of a word where the focus is, as a keyboard does; the field gets what nobody took. */
const strike = (word: string) => {
  for (const key of word) {
    const target = document.activeElement ?? document.body;
    const isLeft = press(target, key);
    const now = document.activeElement;
    if (isLeft && now instanceof HTMLInputElement) fireEvent.input(now, { target: { value: now.value + key } });
  }
};

test("the search has the focus when the app opens, and letters go into it whatever had the focus", async () => {
  on.show(<App />);
  await waitFor(() => expect(document.activeElement).toBe(box()));
  for (const word of ["nagpur", "jaipur"]) {
    type("");
    (document.activeElement as HTMLElement).blur();
    strike(word);
    expect(box()).toHaveProperty("value", word);
    expect(location.hash).toBe("");
  }
});

test("what is typed before there is a field stands in the search, and nothing else is opened", async () => {
  const takeTyped = keepTyping(on.stop.signal);
  strike("nagpuu");
  press(document.body, "Backspace");
  strike("r");
  Object.assign(on.shell, { takeTyped });
  on.show(<App />);
  await waitFor(() => expect(box()).toHaveProperty("value", "nagpur"));
  expect(location.hash).toBe("");
});

test("what is typed while the extension is locked is never shown in the search", async () => {
  Object.assign(on.shell, {
    takeTyped: () => "my passphrase",
    isLocked: { ...on.shell.isLocked, value: true, peek: () => true },
  });
  on.show(<App />);
  expect(document.body.textContent).not.toContain("my passphrase");
});

test("the best match is marked and Enter opens it: a name that begins so comes first", async () => {
  on.show(<App />);
  await isDrawn();
  type("alpha");
  await waitFor(() => expect(hit()).toContain("Project Alpha"));
  press(box(), "Enter");
  await waitFor(() => expect(location.hash).toBe(`#/group/${encodeURIComponent(WORLD_GROUPS.alpha)}`));
});

test("an invite link offers to join through the same question as everywhere", async () => {
  on.show(<App />);
  await isDrawn();
  type(`look: https://chat.whatsapp.com/${WORLD_CODES.sample}?mode=x`);
  await waitFor(() => expect(hit()).toContain("Join this group?"));
  press(box(), "Enter");
  await waitFor(() =>
    expect(vi.mocked(fakeBrowser.runtime.sendMessage).mock.calls.map(([message]) => message)).toContainEqual({
      command: "showInvite",
      input: { code: WORLD_CODES.sample, origin: null },
    }),
  );
  await screen.findByText("The name of the group is unknown until you join. Nothing has been sent yet.");
});

test("a number answers with the person and the groups, and so does a part of it", async () => {
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  const roster = await readRoster(on.worker.store, on.shell.connection.value!.id, WORLD_GROUPS.alpha);
  const { id } = roster!.members.find((member) => member.id.endsWith("@s.whatsapp.net") && member.id !== OWN)!;
  const digits = id.split("@")[0]!;
  on.show(<App />);
  await isDrawn();
  for (const text of [`+${digits}`, digits.slice(-7)]) {
    type(text);
    await waitFor(() => expect(hit()).toContain("Project Alpha"));
    expect(hit().replaceAll(/\D/g, "")).toContain(digits);
  }
  // A whole number that nobody was found under is not "no group": it is in none of those that were read.
  type("+15550109999");
  await waitFor(() => expect(hit()).toContain("Not found by this number in the groups that were read"));
});

test("the bar and the window carry the group's name", async () => {
  location.hash = `#/group/${encodeURIComponent(WORLD_GROUPS.alpha)}`;
  on.show(<App />);
  await screen.findByRole("heading", { level: 1, name: "Project Alpha" });
  await waitFor(() => expect(document.title).toBe("Project Alpha · Wappfy Groups"));
});

test("a command is offered, also for one group by its name", async () => {
  on.show(<App />);
  await isDrawn();
  type("settings");
  await waitFor(() => expect(hit()).toBe("Settings"));
  type("message alpha");
  await waitFor(() => expect(hit().replaceAll(/[\u2068\u2069]/g, "")).toBe("Write to Project Alpha"));
  press(box(), "Enter");
  await waitFor(() => expect(location.hash).toContain("tab=message"));
});

test("Esc clears the search first, and only then leaves", async () => {
  on.show(<App />);
  await isDrawn();
  type("alpha");
  press(box(), "Escape");
  expect(box()).toHaveProperty("value", "");
  expect(rows().length).toBeGreaterThan(5);
});

test("Ctrl K finds a group from every screen, and Esc leaves it", async () => {
  location.hash = "#/activity";
  on.show(<App />);
  await screen.findByRole("heading", { name: "Activity" });
  press(document.body, "k", { ctrlKey: true });
  const field = await screen.findByRole("combobox", { name: /Search, or paste/ });
  fireEvent.input(field, { target: { value: "support" } });
  const options = () => within(screen.getByRole("listbox", { name: "Find or do something" })).getAllByRole("option");
  await waitFor(() => expect(options().filter(({ textContent }) => textContent?.includes("Support"))).toHaveLength(3));
  press(field, "ArrowDown");
  await waitFor(() => expect(options()[1]?.getAttribute("aria-selected")).toBe("true"));
  press(field, "ArrowUp");
  press(field, "Enter");
  await waitFor(() => expect(location.hash).toContain("#/group/"));
  expect(screen.queryByRole("combobox", { name: /Search, or paste/ })).toBeNull();
});

test("what the arrows chose stays chosen while the groups used last change places", async () => {
  on.show(<App />);
  await isDrawn();
  press(document.body, "k", { ctrlKey: true });
  const field = await screen.findByRole("combobox", { name: /Search, or paste/ });
  const options = () => within(screen.getByRole("listbox", { name: "Find or do something" })).getAllByRole("option");
  await waitFor(() => expect(options().length).toBeGreaterThan(2));
  press(field, "ArrowDown");
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true")?.textContent;
  await waitFor(() => expect(chosen()).toBe(options()[1]!.textContent));
  const before = chosen();
  const [first] = options().map(({ textContent }) => textContent);
  const id = on.shell.connection.value!.id;
  await write(on.worker.store, ["groups"], async (tx) => {
    const row = (await tx.objectStore("groups").get([id, WORLD_GROUPS.support]))!;
    await tx.objectStore("groups").put(toRow({ ...row, usedAt: Date.now() }));
  });
  await waitFor(() => expect(options()[0]!.textContent).not.toBe(first));
  expect(chosen()).toBe(before);
});

test("a letter on a row adds, writes, or pins; a pinned group stands first, also in the next window", async () => {
  on.show(<App />);
  await isDrawn();
  const last = rows().at(-1)!;
  const name = last.querySelector("strong")!.textContent!;
  last.focus();
  press(last, "p");
  await waitFor(() => expect(rows()[0]?.textContent).toContain(name));
  const id = decodeURIComponent(last.getAttribute("href")!.split("/").at(-1)!);
  const stored = await readGroup(on.worker.store, on.shell.connection.value!.id, id);
  expect(stored?.pinnedAt).toBeGreaterThan(0);
  // A new reading of the list keeps it.
  await send("refreshGroups");
  expect((await readGroup(on.worker.store, on.shell.connection.value!.id, id))?.pinnedAt).toBe(stored?.pinnedAt);
  for (const [key, tab] of [
    ["a", "add"],
    ["m", "message"],
  ] as const) {
    location.hash = "#/groups";
    await isDrawn();
    press(rows()[0]!, key);
    await waitFor(() => expect(location.hash).toContain(`tab=${tab}`));
  }
});

test("End, Home and Page keys move in the list, and a letter without a meaning goes into the search", async () => {
  on.show(<App />);
  await isDrawn();
  press(box(), "ArrowDown");
  expect(document.activeElement).toBe(rows()[0]);
  const count = Number(screen.getByRole("grid", { name: "Groups" }).getAttribute("aria-rowcount"));
  const at = () => Number(document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex"));
  press(document.activeElement!, "End");
  await waitFor(() => expect(at()).toBe(count));
  press(document.activeElement!, "PageUp");
  await waitFor(() => expect(at()).toBe(count - 9));
  press(document.activeElement!, "Home");
  await waitFor(() => expect(at()).toBe(1));
  strike("zebra");
  expect(document.activeElement).toBe(box());
  expect(box()).toHaveProperty("value", "zebra");
});

test("a key pressed right after the app was drawn follows what was typed before", async () => {
  Object.assign(on.shell, { takeTyped: () => "na" });
  // Outside of `act`, which would run all effects before that key.
  const root = document.body.appendChild(document.createElement("div"));
  onTestFinished(() => {
    render(null, root);
    root.remove();
  });
  render(
    <ShellProvider value={on.shell}>
      <App />
    </ShellProvider>,
    root,
  );
  // Signals draw in microtasks, before any key.
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  strike("g");
  await waitFor(() => expect(box()).toHaveProperty("value", "nag"));
});

test("what was typed before there was a field is used once", async () => {
  Object.assign(on.shell, { takeTyped: () => "nagpur" });
  on.show(<App />);
  await waitFor(() => expect(box()).toHaveProperty("value", "nagpur"));
  type("");
  location.hash = "#/activity";
  await screen.findByRole("heading", { name: "Activity" });
  location.hash = "#/groups";
  await isDrawn();
  expect(box()).toHaveProperty("value", "");
});

test("what was typed before another screen is not searched for later", async () => {
  Object.assign(on.shell, { takeTyped: () => "nagpur" });
  location.hash = "#/activity";
  await waitFor(() => expect(on.shell.route.value.name).toBe("activity"));
  on.show(<App />);
  await screen.findByRole("heading", { name: "Activity" });
  location.hash = "#/groups";
  await isDrawn();
  expect(box()).toHaveProperty("value", "");
});

test("a search that is restored is selected at once, for the next letter to replace it", async () => {
  await send("saveDraft", {
    key: draftKey({ form: "groups", connection: on.shell.connection.value!.id }, "search"),
    value: "nagpur",
  });
  vi.spyOn(globalThis, "requestAnimationFrame").mockReturnValue(0);
  on.show(<App />);
  await waitFor(() => expect(box()).toHaveProperty("value", "nagpur"));
  expect(box()).toMatchObject({ selectionStart: 0, selectionEnd: 6 });
});

test("arrows belong to the browser with Alt or ⌘, and to the words of an input method", async () => {
  on.show(<App />);
  await isDrawn();
  for (const keys of [
    { altKey: true },
    { metaKey: true },
    { ctrlKey: true },
    { shiftKey: true },
    { isComposing: true },
  ]) {
    expect(press(box(), "ArrowDown", keys), JSON.stringify(keys)).toBe(true);
    expect(document.activeElement).toBe(box());
  }
  press(box(), "ArrowDown");
  expect(document.activeElement).toBe(rows()[0]);
});
