import { signal } from "@preact/signals";
import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { TickList } from "../../components/parts/tick-list";

/** Ticking rows of a long list with the keys alone. */

const ROWS = Array.from({ length: 1000 }, (_, at) => ({ id: `r${at}`, name: `Row ${at}`, isAdmin: at % 10 === 9 }));
ROWS[500] = { id: "zebra", name: "Zebra crossing", isAdmin: false };

function show(more: { isOne?: boolean } = {}) {
  // Rows are drawn by the height of the box, which happy-dom does not lay out: ten of them.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
  const ticked = signal<ReadonlySet<string>>(new Set());
  function List() {
    return (
      <TickList
        items={ROWS}
        rowHeight={30}
        keyOf={({ id }) => id}
        textOf={({ name }) => name}
        label="Rows"
        ticked={ticked.value}
        isAlone={({ isAdmin }) => isAdmin}
        onChange={(next) => (ticked.value = next)}
        render={({ name }) => name}
        {...more}
      />
    );
  }
  render(<List />);
  const box = screen.getByRole("listbox", { name: "Rows" });
  box.focus();
  const press = (key: string, keys: { shiftKey?: boolean; ctrlKey?: boolean } = {}) =>
    fireEvent.keyDown(box, { key, ...keys });
  /** The row that a screen reader is told of. */
  const active = () => document.getElementById(box.getAttribute("aria-activedescendant")!)!;
  const isAt = (name: string) => waitFor(() => expect(active()?.textContent).toBe(name));
  const ids = () => [...ticked.value].toSorted();
  return { box, press, active, isAt, ids };
}

test("it is one stop, and the arrows, Home, End and the page keys lead through a thousand rows", async () => {
  const { box, press, active, isAt } = show();
  expect(document.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  expect(screen.getAllByRole("option").length).toBeLessThan(60);
  await isAt("Row 0");
  press("ArrowDown");
  await isAt("Row 1");
  press("PageDown");
  await isAt("Row 10");
  press("End");
  await isAt("Row 999");
  expect([active().getAttribute("aria-posinset"), active().getAttribute("aria-setsize")]).toEqual(["1000", "1000"]);
  expect(box.scrollTop).toBe(1000 * 30 - 300);
  press("PageUp");
  await isAt("Row 990");
  press("Home");
  await isAt("Row 0");
  press("ArrowUp");
  await isAt("Row 0");
  // What was scrolled away with the mouse is still there to be read.
  box.scrollTop = 15_000;
  fireEvent.scroll(box);
  await screen.findByText("Row 501");
  await isAt("Row 0");
});

test("Space ticks, Shift ticks a range that grows and shrinks, and nothing that is ticked by itself alone", async () => {
  const { press, active, isAt, ids } = show();
  for (let n = 0; n < 6; n += 1) press("ArrowDown");
  await isAt("Row 6");
  press(" ");
  await waitFor(() => expect(active().getAttribute("aria-selected")).toBe("true"));
  for (const row of [7, 8, 9, 10]) {
    press("ArrowDown", { shiftKey: true });
    await isAt(`Row ${row}`);
  }
  expect(ids()).toEqual(["r10", "r6", "r7", "r8"]);
  press("ArrowUp", { shiftKey: true });
  await isAt("Row 9");
  expect(ids()).toEqual(["r6", "r7", "r8"]);
  press(" ");
  await waitFor(() => expect(ids()).toContain("r9"));
  press("a", { ctrlKey: true });
  await waitFor(() => expect(ids().length).toBe(901));
});

test("a click ticks, and with Shift all from the last one", async () => {
  const { ids, box } = show();
  fireEvent.click(screen.getByText("Row 2"));
  await waitFor(() => expect(ids()).toEqual(["r2"]));
  fireEvent.click(screen.getByText("Row 4"), { shiftKey: true });
  await waitFor(() => expect(ids()).toEqual(["r2", "r3", "r4"]));
  expect(document.activeElement).toBe(box);
});

test("letters lead to the row that begins with them", async () => {
  const { press, isAt } = show();
  press("z");
  await isAt("Zebra crossing");
  press("e");
  await isAt("Zebra crossing");
});

test("where one alone is chosen, the next takes its place, and there is no range", async () => {
  const { press, isAt, ids } = show({ isOne: true });
  press(" ");
  await waitFor(() => expect(ids()).toEqual(["r0"]));
  press("ArrowDown", { shiftKey: true });
  await isAt("Row 1");
  expect(ids()).toEqual(["r0"]);
  press(" ");
  await waitFor(() => expect(ids()).toEqual(["r1"]));
});
