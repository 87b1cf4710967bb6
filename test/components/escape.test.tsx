import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { App } from "../../components/app";
import { WORLD_GROUPS } from "../../lib/sandbox/world";
import { send } from "../../lib/shared/send";
import { stageWithGroups } from "./stage";

/** Esc in a group leaves the innermost thing first, and the group last. */

async function openGroup(tab: string) {
  // Rows are drawn by the height of the window, which happy-dom does not lay out.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(460);
  const on = await stageWithGroups();
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  location.hash = `#/group/${WORLD_GROUPS.alpha}?tab=${tab}`;
  on.show(<App />);
  await screen.findByRole("tab", { selected: true });
  return on;
}
const esc = (target = document.activeElement ?? document.body) => fireEvent.keyDown(target, { key: "Escape" });
const isInGroup = () => expect(location.hash).toContain("#/group/");
const isLeft = () => waitFor(() => expect(location.hash).toBe("#/groups"));

test("a field in which people stand is left first, with the people in it", async () => {
  await openGroup("add");
  const field = await screen.findByLabelText<HTMLTextAreaElement>("People");
  fireEvent.input(field, { target: { value: "+1 202 555 0161" } });
  field.focus();
  esc();
  isInGroup();
  expect(document.activeElement).toBe(screen.getByRole("tab", { selected: true }));
  expect(field.value).toBe("+1 202 555 0161");
  esc();
  await isLeft();
});

test("arrows lead through the tabs, with Alt or ⌘ through the browser's history", async () => {
  await openGroup("members");
  const tab = screen.getByRole("tab", { selected: true });
  tab.focus();
  for (const keys of [{ altKey: true }, { metaKey: true }]) {
    expect(fireEvent.keyDown(tab, { key: "ArrowRight", ...keys })).toBe(true);
    expect(location.hash).toContain("tab=members");
  }
  fireEvent.keyDown(tab, { key: "ArrowRight" });
  await waitFor(() => expect(location.hash).toContain("tab=add"));
});

test("ticked members are let go first", async () => {
  await openGroup("members");
  fireEvent.click(await screen.findByLabelText("Select all shown"));
  await screen.findByLabelText("Clear selection");
  esc();
  await screen.findByLabelText("Select all shown");
  isInGroup();
  esc();
  await isLeft();
});

test("the comparison with a list is closed first", async () => {
  await openGroup("members");
  fireEvent.click(await screen.findByRole("button", { name: "Match to a list" }));
  esc(await screen.findByRole("textbox"));
  await screen.findByLabelText("Select all shown");
  isInGroup();
});

test("the edit is closed first, and what was typed is there again", async () => {
  await openGroup("about");
  fireEvent.click(await screen.findByRole("button", { name: "Edit name and description" }));
  const name = await screen.findByLabelText<HTMLInputElement>("Group name");
  fireEvent.input(name, { target: { value: "Another name" } });
  esc(name);
  await waitFor(() => expect(screen.queryByLabelText("Group name")).toBeNull());
  isInGroup();
  fireEvent.click(screen.getByRole("button", { name: "Edit name and description" }));
  expect(await screen.findByDisplayValue("Another name")).toBeTruthy();
});

test("the edit is closed before ticked members are let go", async () => {
  await openGroup("members");
  fireEvent.click(await screen.findByLabelText("Select all shown"));
  await screen.findByLabelText("Clear selection");
  fireEvent.click(screen.getByRole("button", { name: "Edit name and description" }));
  const name = await screen.findByLabelText("Group name");
  await waitFor(() => expect(document.activeElement).toBe(name));
  esc(name);
  await waitFor(() => expect(screen.queryByLabelText("Group name")).toBeNull());
  expect(screen.getByLabelText("Clear selection")).toBeTruthy();
  isInGroup();
});
