import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { beforeEach, expect, test, vi } from "vitest";
import { App } from "../../components/app";
import { WORLD_GROUPS } from "../../lib/sandbox/world";
import { send } from "../../lib/shared/send";
import { readGroups, readRoster } from "../../lib/store/read";
import { stageWithGroups } from "./stage";

/** Where the keyboard is among rows, what it chooses there, and what of that is there again in the next window. */

let on: Awaited<ReturnType<typeof stageWithGroups>>;
beforeEach(async () => {
  // Rows are drawn by the height of their box, which happy-dom does not lay out: about ten of them.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(460);
  // The group takes the place of the list.
  (globalThis as unknown as { happyDOM: { setViewport(size: { width: number }): void } }).happyDOM.setViewport({
    width: 400,
  });
  on = await stageWithGroups();
});

const id = () => on.shell.connection.value!.id;
const press = (key: string, keys: { shiftKey?: boolean } = {}) =>
  fireEvent.keyDown(document.activeElement!, { key, ...keys });
const groups = () => screen.findByRole("grid", { name: "Groups" });
const nameAt = () => document.activeElement?.querySelector("strong")?.textContent;
const chosen = (count: number) => screen.findByText(`${count} ${count === 1 ? "group" : "groups"} chosen`);
/** The app with the list of groups, whose rows are all known. */
async function openList() {
  on.show(<App />);
  await groups();
  await screen.findByText(new RegExp(`^${(await readGroups(on.worker.store, id(), "name")).length} groups`));
}

test("Shift and the arrows choose groups from row to row, and take back what they chose", async () => {
  await openList();
  press("ArrowDown");
  press("ArrowDown", { shiftKey: true });
  await chosen(2);
  press("ArrowDown", { shiftKey: true });
  await chosen(3);
  press("ArrowUp", { shiftKey: true });
  await chosen(2);
  const rows = within(await groups()).getAllByRole("row", { selected: true });
  expect(rows.map((row) => row.getAttribute("aria-rowindex"))).toEqual(["1", "2"]);
});

test("Back leads to the row far down the list, and to that of a search", async () => {
  await openList();
  press("ArrowDown");
  press("End");
  await waitFor(() =>
    expect(document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex")).not.toBe("1"),
  );
  const last = nameAt()!;
  const open = async (name: string) => {
    fireEvent.click(document.activeElement!);
    location.hash = (document.activeElement as HTMLAnchorElement).hash;
    await screen.findByRole("heading", { level: 1, name });
    await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
    press("Escape");
    await groups();
    await waitFor(() => expect(nameAt()).toBe(name));
  };
  await open(last);
  // The agent goes on from there, and is not led back.
  press("ArrowUp");
  await waitFor(() => expect(nameAt()).not.toBe(last));
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: "support" } });
  await screen.findByText(/groups found/);
  // A browser does so by itself when a list becomes short.
  const scroller = document.querySelector(".groups .scroll")!;
  scroller.scrollTop = 0;
  fireEvent.scroll(scroller);
  (await within(await groups()).findAllByRole("link"))[1]!.focus();
  const found = nameAt()!;
  await open(found);
  await waitFor(() => expect(screen.getByRole("searchbox")).toHaveProperty("value", "support"));
  await waitFor(() => expect(nameAt()).toBe(found));
});

test("Back from a person leads to their row among the members", async () => {
  await send("refreshGroup", { group: WORLD_GROUPS.lobby });
  location.hash = `#/group/${WORLD_GROUPS.lobby}`;
  on.show(<App />);
  const members = () => screen.findByRole("grid", { name: "Members of the group" });
  const boxes = within(await members()).getAllByRole("checkbox");
  boxes[0]!.focus();
  press("End");
  await waitFor(() => expect(document.activeElement).not.toBe(boxes[0]));
  press("ArrowRight");
  const link = document.activeElement as HTMLAnchorElement;
  expect(link.tagName).toBe("A");
  fireEvent.click(link);
  location.hash = link.hash;
  await screen.findByRole("heading", { level: 1, name: "Person" });
  await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
  press("Escape");
  const row = (await members()) && (() => document.activeElement?.closest("[role=row]"));
  await waitFor(() => expect(row()?.querySelector("a")?.hash).toBe(link.hash));
});

test("chosen groups come first where groups are picked, and none moves while they are ticked", async () => {
  const { alpha, support } = WORLD_GROUPS;
  await send("saveDraft", { key: [id(), "message", "", "groups"], value: [support, alpha].join(" ") });
  location.hash = "#/message";
  on.show(<App />);
  await chosen(2);
  const list = within(await screen.findByRole("listbox", { name: "Groups" }));
  const names = () => list.getAllByRole("option").map((row) => row.textContent);
  const marks = () => list.getAllByRole("option").map((row) => row.getAttribute("aria-selected"));
  await waitFor(() => expect(marks().slice(0, 3)).toEqual(["true", "true", "false"]));
  const before = names();
  fireEvent.click(list.getAllByRole("option")[4]!);
  await chosen(3);
  expect(names()).toEqual(before);
  // A search narrows them, Enter ticks the best match, and all who are chosen come first again.
  const search = screen.getByRole("searchbox");
  const other = list.getAllByRole("option", { selected: false }).at(-1)!.textContent!;
  fireEvent.input(search, { target: { value: other } });
  // A hand on the mouse shows that this page is meant.
  fireEvent.pointerDown(document);
  fireEvent.keyDown(search, { key: "Enter" });
  await chosen(4);
  await waitFor(() => expect(marks().slice(0, 5)).toEqual(["true", "true", "true", "true", "false"]));
});

test("searched and ticked members, and the part of them that was open, are there again", async () => {
  await send("refreshGroup", { group: WORLD_GROUPS.lobby });
  const { members } = (await readRoster(on.worker.store, id(), WORLD_GROUPS.lobby))!;
  location.hash = `#/group/${WORLD_GROUPS.lobby}`;
  on.show(<App />);
  const digits = members.at(-1)!.id.slice(0, 6);
  const search = () => screen.findByRole("searchbox", { name: "Search members" });
  fireEvent.input(await search(), { target: { value: digits } });
  fireEvent.click(screen.getAllByRole("checkbox").at(-1)!);
  await screen.findAllByText("1 selected");
  const isKept = (field: string) =>
    waitFor(async () =>
      expect(await on.worker.store.db.get("drafts", [id(), "members", WORLD_GROUPS.lobby, field])).toBeTruthy(),
    );
  await isKept("chosen");
  cleanup();
  on.show(<App />);
  await screen.findAllByText("1 selected");
  expect(await search()).toHaveProperty("value", digits);
  fireEvent.click(screen.getAllByRole("checkbox", { checked: true }).at(-1)!);
  fireEvent.click(await screen.findByRole("button", { name: "Match to a list" }));
  await isKept("view");
  cleanup();
  on.show(<App />);
  await screen.findByRole("textbox", { name: "People who should be in the group" });
});

test("what was ticked to match a list is there again with the list, and goes with it", async () => {
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  const { members } = (await readRoster(on.worker.store, id(), WORLD_GROUPS.alpha))!;
  const plain = members.filter(({ role }) => role === "member");
  await send("saveDraft", { key: [id(), "members", WORLD_GROUPS.alpha, "view"], value: "equal" });
  location.hash = `#/group/${WORLD_GROUPS.alpha}`;
  on.show(<App />);
  const write = async (text: string) =>
    fireEvent.input(await screen.findByRole("textbox", { name: "People who should be in the group" }), {
      target: { value: text },
    });
  await write(`+${plain[0]!.id.split("@")[0]}`);
  const tick = async () =>
    within(await screen.findByRole("listbox", { name: /to remove$/ }))
      .getAllByRole("option")
      .at(-1)!;
  fireEvent.click(await tick());
  await waitFor(async () => expect((await tick()).getAttribute("aria-selected")).toBe("true"));
  await waitFor(async () =>
    expect(await on.worker.store.db.get("drafts", [id(), "equal", WORLD_GROUPS.alpha, "ticked"])).toBeTruthy(),
  );
  cleanup();
  on.show(<App />);
  await waitFor(async () => expect((await tick()).getAttribute("aria-selected")).toBe("true"));
  // Another list begins without ticks.
  await write("");
  await waitFor(() => expect(screen.queryByRole("listbox", { name: /to remove$/ })).toBeNull());
  await write(`+${plain[0]!.id.split("@")[0]}`);
  expect((await tick()).getAttribute("aria-selected")).toBe("false");
});
