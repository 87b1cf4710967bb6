import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { App } from "../../components/app";
import { People } from "../../components/screens/people";
import { fictional } from "../../lib/sandbox/numbers";
import { WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import { draftKey, SELECTION } from "../../lib/shared/draft";
import { send } from "../../lib/shared/send";
import { readNotes, readOpenJobs, readRosters, readSets } from "../../lib/store/read";
import { write } from "../../lib/store/write";
import { stageWithGroups } from "./stage";

/** People across groups, over the real worker and the sample groups. */

const none = new URLSearchParams();
const number = (id: string) => `+${id.split("@")[0]}`;
const SEED = number(WORLD_PEOPLE.seed);
const FREE = number(WORLD_PEOPLE.free);

/** The screen with these numbers typed, after the groups were read. */
async function withPeople(numbers: string[], read: string[] = []) {
  const on = await stageWithGroups();
  for (const group of read) await send("refreshGroup", { group });
  on.show(<People query={none} />);
  if (numbers.length > 0) {
    fireEvent.input(screen.getByLabelText("People"), { target: { value: numbers.join("\n") } });
    await screen.findByRole("button", { name: "Add to groups…" });
  }
  return on;
}
async function nameOf(on: Awaited<ReturnType<typeof stageWithGroups>>, id: string): Promise<string> {
  return (await on.worker.store.db.getAll("groups")).find((group) => group.id === id)?.name ?? "";
}
const dialog = () => within(screen.getByRole("dialog"));
async function pick(search: string) {
  fireEvent.input(dialog().getByRole("searchbox"), { target: { value: search } });
  fireEvent.click(await within(dialog().getByRole("listbox", { name: "Groups" })).findByRole("option"));
}
const isOff = (button: HTMLElement) => button.getAttribute("aria-disabled") === "true";

test("before anybody is typed, nothing is offered and nothing is claimed", async () => {
  await withPeople([]);
  expect(screen.queryByRole("button", { name: "Add to groups…" })).toBeNull();
  expect(screen.queryByText(/never read/)).toBeNull();
  expect(screen.queryByText(/Not found by this number/)).toBeNull();
});

test("one person is shown with their groups and how old each reading is; who is nowhere is said to be", async () => {
  await withPeople([SEED], [WORLD_GROUPS.alpha, WORLD_GROUPS.support]);
  const list = await screen.findByRole("list", { name: "Who is in which group" });
  // The person and the two groups.
  await waitFor(() => expect(within(list).getAllByRole("link")).toHaveLength(3));
  expect(within(list).getAllByRole("link")[0]?.getAttribute("href")).toContain("#/person/");
  expect(list.textContent).toMatch(/as of/);
  fireEvent.input(screen.getByLabelText("People"), { target: { value: FREE } });
  expect(await screen.findByText("Not found by this number in the groups that were read.")).toBeTruthy();
});

test("several people are a table, with a column for each group that one of them is in", async () => {
  await withPeople([SEED, FREE], [WORLD_GROUPS.alpha]);
  const table = within(await screen.findByRole("table"));
  // The person's column and one group.
  await waitFor(() => expect(table.getAllByRole("columnheader")).toHaveLength(2));
  expect(table.getAllByRole("row")).toHaveLength(3);
  // Against all groups it says as well where nobody is, and where nobody knows.
  fireEvent.click(screen.getByRole("button", { name: "Table of all groups" }));
  const grid = await screen.findByRole("grid", { name: "Who is in which group" });
  expect(Number(grid.getAttribute("aria-colcount"))).toBeGreaterThan(50);
  const active = () => grid.getAttribute("aria-activedescendant");
  const first = active();
  // With Alt or ⌘, the arrows go through the browser's history.
  for (const keys of [{ altKey: true }, { metaKey: true }]) {
    expect(fireEvent.keyDown(grid, { key: "ArrowRight", ...keys })).toBe(true);
  }
  expect(active()).toBe(first);
  fireEvent.keyDown(grid, { key: "End", ctrlKey: true });
  await waitFor(() => expect(active()).not.toBe(first));
});

test("groups that were never read are counted, and read by the worker when the agent asks", async () => {
  const on = await withPeople([SEED], [WORLD_GROUPS.alpha]);
  const words = await screen.findByText(/^Never read: \d+ of \d+ groups\.$/);
  const [unread = 0, total = 0] = (words.textContent?.match(/\d+/g) ?? []).map(Number);
  expect(total - unread).toBe(1);
  fireEvent.click(screen.getByRole("button", { name: "Read them now" }));
  expect(await screen.findByRole("progressbar", { name: "Reading groups" })).toBeTruthy();
  expect(
    await screen.findByText(new RegExp(`^All ${total} groups were read\\. The oldest reading is of `)),
  ).toBeTruthy();
  expect(screen.queryByRole("progressbar")).toBeNull();
  expect(screen.getByRole("button", { name: "Read again" })).toBeTruthy();
  expect(await readRosters(on.worker.store, on.shell.connection.value?.id ?? "")).toHaveLength(total);
});

test("a reading that had to stop says why and how far it is; stopped for good, it says how much is missing", async () => {
  const on = await withPeople([SEED]);
  const { store } = on.worker;
  const id = on.shell.connection.value?.id ?? "";
  const reading = { startedAt: 1, since: 1, total: 40, done: 8, failure: "locked" as const };
  await write(store, ["gateways"], (tx) => tx.objectStore("gateways").put({ connection: id, members: reading }));
  expect(await screen.findByText("8 of 40 groups done")).toBeTruthy();
  expect((await screen.findByRole("alert")).textContent).toMatch(/locked/i);
  fireEvent.click(screen.getByRole("button", { name: "Stop" }));
  expect(await screen.findByText(/^Never read: \d+ of \d+ groups\.$/)).toBeTruthy();
  expect((await readNotes(store, id)).members).toMatchObject({ endedAt: expect.any(Number), done: 8 });
});

test("numbers to be added ask for groups once, and not again while they are corrected", async () => {
  const on = await stageWithGroups();
  location.hash = "#/people?from=selection&to=add";
  await send("saveDraft", { key: draftKey(SELECTION, "people"), value: FREE });
  on.show(<App />);
  const asked = within(await screen.findByRole("dialog"));
  fireEvent.click(asked.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const field = screen.getByLabelText<HTMLTextAreaElement>("People");
  expect(field.value).toBe(FREE);
  fireEvent.input(field, { target: { value: "+" } });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Add to groups…" })).toBeNull());
  fireEvent.input(field, { target: { value: SEED } });
  await screen.findByRole("button", { name: "Add to groups…" });
  expect(screen.queryByRole("dialog")).toBeNull();
  // The numbers are still those of the selection.
  expect(location.hash).toBe("#/people?from=selection");
});

test("adding to a group that hides numbers can be started from here", async () => {
  const on = await withPeople([number(fictional("us", 142))], [WORLD_GROUPS.hidden]);
  fireEvent.click(screen.getByRole("button", { name: "Add to groups…" }));
  expect(isOff(dialog().getByRole("button", { name: /^Add \(/ }))).toBe(true);
  await pick(await nameOf(on, WORLD_GROUPS.hidden));
  expect(dialog().getByText("1 group chosen")).toBeTruthy();
  expect(await dialog().findByText(/^1 is asked for: some numbers are hidden/)).toBeTruthy();
  fireEvent.click(await dialog().findByRole("button", { name: "Add (1 change)" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect((await readOpenJobs(on.worker.store)).map(({ input }) => input)).toMatchObject([
    { kind: "add", groups: [WORLD_GROUPS.hidden] },
  ]);
});

test("the button's number is that of the groups on the screen, never of an earlier choice", async () => {
  const on = await withPeople([number(fictional("us", 142))], [WORLD_GROUPS.alpha, WORLD_GROUPS.support]);
  fireEvent.click(screen.getByRole("button", { name: "Add to groups…" }));
  await pick(await nameOf(on, WORLD_GROUPS.alpha));
  await dialog().findByRole("button", { name: "Add (1 change)" });
  await pick(await nameOf(on, WORLD_GROUPS.support));
  await dialog().findByText("2 groups chosen");
  expect(dialog().queryByRole("button", { name: "Add (1 change)" })).toBeNull();
  expect(await dialog().findByRole("button", { name: "Add (2 changes)" })).toBeTruthy();
});

test("who is everywhere already leaves nothing to add, and says so", async () => {
  const on = await withPeople([SEED], [WORLD_GROUPS.alpha]);
  fireEvent.click(screen.getByRole("button", { name: "Add to groups…" }));
  await pick(await nameOf(on, WORLD_GROUPS.alpha));
  expect(await dialog().findByText("1 is already in")).toBeTruthy();
  expect(dialog().getByText(/^Nothing to do/)).toBeTruthy();
  expect(isOff(dialog().getByRole("button", { name: "Add (0 changes)" }))).toBe(true);
});

test("a removal begins with the groups that the person is in, asks once more, and Cancel sends nothing", async () => {
  const on = await withPeople([SEED], [WORLD_GROUPS.alpha, WORLD_GROUPS.support]);
  // The person, two groups, and the plan, which another screen says is opened here.
  await waitFor(() => expect(screen.getAllByRole("link")).toHaveLength(4));
  expect(screen.getByRole("link", { name: "Open a plan…" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Remove from groups…" }));
  expect(dialog().getByText("2 groups chosen")).toBeTruthy();
  fireEvent.click(await dialog().findByRole("button", { name: "Remove (2 changes)" }));
  expect(dialog().getByText("Remove them from these groups?")).toBeTruthy();
  fireEvent.click(dialog().getByRole("button", { name: "Cancel" }));
  expect(await readOpenJobs(on.worker.store)).toEqual([]);
  fireEvent.click(await dialog().findByRole("button", { name: "Remove (2 changes)" }));
  fireEvent.submit(dialog().getByRole("button", { name: "Remove (2 changes)" }).closest("form")!);
  await waitFor(async () =>
    expect((await readOpenJobs(on.worker.store)).map(({ input }) => input)).toMatchObject([
      // Admins are left out, as the question says.
      { kind: "remove", admins: [], groups: expect.arrayContaining([WORLD_GROUPS.alpha, WORLD_GROUPS.support]) },
    ]),
  );
});

test("a removal pressed right after the people changed begins with the groups of these people", async () => {
  const on = await withPeople([FREE], [WORLD_GROUPS.alpha, WORLD_GROUPS.support]);
  await screen.findByText("Not found by this number in the groups that were read.");
  fireEvent.input(screen.getByLabelText("People"), { target: { value: SEED } });
  fireEvent.click(screen.getByRole("button", { name: "Remove from groups…" }));
  await screen.findByRole("dialog");
  expect(dialog().getByText("2 groups chosen")).toBeTruthy();
  fireEvent.click(await dialog().findByRole("button", { name: "Remove (2 changes)" }));
  fireEvent.submit(dialog().getByRole("button", { name: "Remove (2 changes)" }).closest("form")!);
  await waitFor(async () =>
    expect((await readOpenJobs(on.worker.store)).map(({ input }) => input)).toMatchObject([
      { kind: "remove", people: [{ id: WORLD_PEOPLE.seed }] },
    ]),
  );
});

test("a list saved right after its last number was typed has that number", async () => {
  const on = await withPeople([FREE]);
  fireEvent.input(screen.getByLabelText("People"), { target: { value: `${FREE}\n${SEED}` } });
  fireEvent.click(screen.getByRole("button", { name: "Save list" }));
  await screen.findByRole("dialog");
  fireEvent.input(dialog().getByLabelText("Name"), { target: { value: "New staff" } });
  fireEvent.submit(dialog().getByLabelText("Name").closest("form")!);
  await waitFor(async () =>
    expect(await readSets(on.worker.store, on.shell.connection.value?.id ?? "", "people")).toMatchObject([
      { people: [{ id: WORLD_PEOPLE.free }, { id: WORLD_PEOPLE.seed }] },
    ]),
  );
});

test("the picker keeps what was ticked while the agent searches on, and says where nothing is found", async () => {
  const on = await withPeople([FREE]);
  fireEvent.click(screen.getByRole("button", { name: "Add to groups…" }));
  await pick(await nameOf(on, WORLD_GROUPS.alpha));
  await pick(await nameOf(on, WORLD_GROUPS.support));
  expect(dialog().getByText("2 groups chosen")).toBeTruthy();
  fireEvent.input(dialog().getByRole("searchbox"), { target: { value: "zzzz" } });
  expect(await dialog().findByText("No group matches")).toBeTruthy();
  expect(dialog().getByText("2 groups chosen")).toBeTruthy();
});

test("the answer stands right under the field, before what was read of it", async () => {
  await withPeople([SEED], [WORLD_GROUPS.alpha]);
  const list = await screen.findByRole("list", { name: "Who is in which group" });
  const preview = (await screen.findAllByText("1 number")).at(-1) as HTMLElement;
  expect(list.compareDocumentPosition(preview)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  expect(screen.queryByText(/^Paste numbers to see/)).toBeNull();
});

test("the country is asked for only where a number is written without one, and can be corrected then", async () => {
  const on = await withPeople([SEED]);
  const label = "Numbers without a country code are from";
  expect(screen.queryByLabelText(label)).toBeNull();
  fireEvent.input(screen.getByLabelText("People"), { target: { value: "98765 43210" } });
  const country = await screen.findByLabelText<HTMLSelectElement>(label);
  await within(country).findByRole("option", { name: "India" });
  fireEvent.change(country, { target: { value: "IN" } });
  await waitFor(() => expect(on.shell.settings.value.country).toBe("IN"));
  // The screen, then what was read of the number, says who that is.
  await screen.findAllByText(/\+91 ?98765 ?43210/);
  expect(screen.getByLabelText(label)).toHaveProperty("value", "IN");
});
