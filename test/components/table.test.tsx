import { signal } from "@preact/signals";
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { beforeEach, expect, test, vi } from "vitest";
import { App } from "../../components/app";
import { useFilter } from "../../components/models/filter";
import { readGroups } from "../../lib/store/read";
import { stageWithGroups } from "./stage";

/** Where there is room, the groups are a table with the group beside it. */

let on: Awaited<ReturnType<typeof stageWithGroups>>;

beforeEach(async () => {
  // Rows are drawn by the height of the window, which happy-dom does not lay out.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(460);
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: true }));
  on = await stageWithGroups();
  on.show(<App />);
  // All of them, not only the first rows.
  await screen.findByText(/^\d+ groups/);
});

const table = () => screen.findByRole("grid", { name: "Groups" });
const heading = (name: string) => screen.getByRole("columnheader", { name });
const sortBy = (name: string) => fireEvent.click(within(heading(name)).getByRole("button"));
const first = () => document.querySelector('[data-at="1"]')!;
const nameOf = (row: Element) => row.querySelector("strong")!.textContent;
const all = async () => readGroups(on.worker.store, on.shell.connection.value!.id, "name");

test("a heading sorts the table, says so, and sorts the other way at the next press", async () => {
  await table();
  expect(heading("Name").getAttribute("aria-sort")).toBe("ascending");
  sortBy("Size");
  const sizes = (await all()).map(({ size = 0 }) => size);
  await waitFor(() => expect(within(first() as HTMLElement).getByText("1,024")).toBeTruthy());
  expect(heading("Size").getAttribute("aria-sort")).toBe("descending");
  expect(heading("Name").getAttribute("aria-sort")).toBe("none");
  sortBy("Size");
  await waitFor(() => expect(first().querySelector(".size")!.textContent).toBe(String(Math.min(...sizes))));
  expect(heading("Size").getAttribute("aria-sort")).toBe("ascending");
});

test("columns that were hidden and the order stay so when the window is opened again", async () => {
  await table();
  sortBy("Size");
  fireEvent.click(screen.getByRole("button", { name: "Columns" }));
  fireEvent.click(screen.getByRole("checkbox", { name: "Invite link" }));
  await waitFor(() => expect(screen.queryByRole("columnheader", { name: "Invite link" })).toBeNull());
  await waitFor(async () =>
    expect(await on.worker.store.db.get("drafts", ["", "table", "", "view"])).toBe("-size invite"),
  );
  cleanup();
  on.show(<App />);
  await table();
  await waitFor(() => expect(heading("Size").getAttribute("aria-sort")).toBe("descending"));
  expect(screen.queryByRole("columnheader", { name: "Invite link" })).toBeNull();
});

test("Enter in the search opens the first row in the order of the table, beside it", async () => {
  await table();
  sortBy("Size");
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: "recife" } });
  const biggest = (await all())
    .filter(({ nameKey }) => nameKey.includes("recife"))
    .toSorted((a, b) => b.size! - a.size!)[0]!;
  await waitFor(() => expect(nameOf(first())).toBe(biggest.name));
  fireEvent.keyDown(screen.getByRole("searchbox"), { key: "Enter" });
  await waitFor(() => expect(location.hash).toContain(encodeURIComponent(biggest.id)));
  expect(await table()).toBeTruthy();
});

test("rows are chosen as in the list, with Shift all from the last one in the order of the table", async () => {
  await table();
  sortBy("Size");
  await waitFor(() => expect(heading("Size").getAttribute("aria-sort")).toBe("descending"));
  const boxes = () => within(document.querySelector<HTMLElement>(".rows")!).getAllByRole("checkbox");
  await waitFor(() => expect(nameOf(first())).toContain("Flash sale"));
  fireEvent.click(boxes()[0]!);
  fireEvent.click(boxes()[3]!, { shiftKey: true });
  expect(await screen.findByText("4 groups chosen")).toBeTruthy();
  const isChosen = boxes().map((box) => (box as HTMLInputElement).checked);
  expect(isChosen.slice(0, 6)).toEqual([true, true, true, true, false, false]);
});

test("what the screen knows before the labels are read is one thing, so that the table does not draw without end", async () => {
  const seen = new Set<unknown>();
  const drawn = signal(0);
  function Probe() {
    seen.add(useFilter("").labels);
    return <output>{drawn.value}</output>;
  }
  // The reading of labels waits behind a change, as on a busy computer.
  const change = on.worker.store.db.transaction(["sets", "labels"], "readwrite");
  on.show(<Probe />);
  for (let i = 1; i < 4; i += 1) void act(() => void (drawn.value = i));
  expect(document.querySelector("output")!.textContent).toBe("3");
  expect(seen.size).toBe(1);
  change.abort();
});
