import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, onTestFinished, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { App } from "../../components/app";
import { fictional } from "../../lib/sandbox/numbers";
import { WORLD_GROUPS } from "../../lib/sandbox/world";
import { rowsOf } from "../../lib/shared/csv";
import { firstNames } from "../../lib/shared/first-names";
import { JOB_LIMITS, type Job } from "../../lib/shared/model";
import { personKey } from "../../lib/shared/person";
import { send } from "../../lib/shared/send";
import { readGroups, readLabels, readNotes, readOpenJobs, readRoster, readSets } from "../../lib/store/read";
import { readJobs } from "../../lib/store/read-jobs";
import { toRow, write } from "../../lib/store/write";
import en from "../../public/_locales/en/messages.json";
import { savedBy, stageWithGroups } from "./stage";

/** Several groups at once, over the real worker and the sample groups. */

type Stage = Awaited<ReturnType<typeof stageWithGroups>>;
const idOf = (on: Stage) => on.shell.connection.value?.id ?? "";
const nameOf = async (on: Stage, group: string) =>
  (await readGroups(on.worker.store, idOf(on), "name")).find(({ id }) => id === group)?.name ?? "";
const number = (id: string) => `+${id.split("@")[0]}`;
const list = () => within(screen.getByRole("grid", { name: "Groups" }));
const bar = () => within(screen.getByRole("region", { name: "With the chosen groups" }));
const dialog = () => within(screen.getByRole("dialog"));
const isOff = (button: HTMLElement) => button.getAttribute("aria-disabled") === "true";

/** The app with these groups chosen, on the screen of a task. */
async function several(task: string, groups: string[], read: string[] = []) {
  const on = await stageWithGroups();
  for (const group of read) await send("refreshGroup", { group });
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: groups.join(" ") });
  location.hash = `#/several/${task}`;
  on.show(<App />);
  await screen.findByRole("navigation", { name: "With the chosen groups" });
  return on;
}
async function type(label: string, people: string[]) {
  fireEvent.input(await screen.findByLabelText(label), { target: { value: people.map(number).join("\n") } });
}
async function startedBy(on: Stage, button: RegExp): Promise<Job["input"]> {
  const found = await screen.findByRole("button", { name: button });
  await waitFor(() => expect(isOff(found)).toBe(false));
  fireEvent.click(found);
  await waitFor(async () => expect(await readJobs(on.worker.store, idOf(on))).not.toEqual([]));
  return (await readJobs(on.worker.store, idOf(on)))[0]!.input;
}

/** Holds the drafts on their way to the worker, as one that is just starting does, until `send` is called. */
function holdDrafts() {
  const sendMessage = vi.mocked(fakeBrowser.runtime.sendMessage);
  const deliver = sendMessage.getMockImplementation()!;
  const waiting: (() => void)[] = [];
  let isHeld = true;
  sendMessage.mockImplementation((async (message: { command: string }) => {
    if (isHeld && message.command === "saveDraft") await new Promise<void>((go) => waiting.push(go));
    return (deliver as (message: unknown) => Promise<unknown>)(message);
  }) as never);
  return {
    held: () => waiting.length,
    send: () => {
      isHeld = false;
      for (const go of waiting) go();
    },
  };
}

test("groups are chosen by keys, by range and all at once, and stay chosen when the list is opened again", async () => {
  const on = await stageWithGroups();
  on.show(<App />);
  const links = await waitFor(() => {
    const found = list().getAllByRole("link");
    expect(found.length).toBeGreaterThan(4);
    return found;
  });
  fireEvent.keyDown(links[0]!, { key: "x" });
  expect(await screen.findByText("1 group chosen")).toBeTruthy();
  // The arrows lead from row to row, not to the boxes in them.
  links[0]!.focus();
  fireEvent.keyDown(links[0]!, { key: "ArrowDown" });
  expect(document.activeElement).toBe(links[1]);
  fireEvent.keyDown(links[2]!, { key: " ", shiftKey: true });
  expect(await screen.findByText("3 groups chosen")).toBeTruthy();
  fireEvent.keyDown(links[1]!, { key: "x" });
  expect(await screen.findByText("2 groups chosen")).toBeTruthy();
  await waitFor(async () =>
    expect(await on.worker.store.db.get("drafts", [idOf(on), "groups", "", "chosen"])).toMatch(/^\S+ \S+$/),
  );
  cleanup();
  on.show(<App />);
  expect(await screen.findByText("2 groups chosen")).toBeTruthy();
  const total = (await readGroups(on.worker.store, idOf(on), "name")).length;
  await screen.findByText(new RegExp(`^${total} groups`));
  fireEvent.keyDown(list().getAllByRole("link")[0]!, { key: "a", ctrlKey: true });
  expect(await screen.findByText(`${total} groups chosen`)).toBeTruthy();
  fireEvent.keyDown(list().getAllByRole("link")[0]!, { key: "Escape" });
  await waitFor(() => expect(screen.queryByRole("region", { name: "With the chosen groups" })).toBeNull());
});

test("a message opened right after a group was chosen goes to that group, too", async () => {
  const on = await stageWithGroups();
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: WORLD_GROUPS.alpha });
  on.show(<App />);
  await screen.findByText("1 group chosen");
  const others = await list().findAllByRole("checkbox", { checked: false });
  fireEvent.click(others[0]!);
  // A hand may be faster than the store, never faster than the screen.
  await Promise.resolve();
  fireEvent.click(bar().getByRole("button", { name: "Message" }));
  expect(await screen.findByRole("button", { name: "Send to 2 groups" })).toBeTruthy();
});

test("a task opened before the choice is stored has the whole choice, and keeps it", async () => {
  const on = await stageWithGroups();
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: WORLD_GROUPS.alpha });
  on.show(<App />);
  await screen.findByText("1 group chosen");
  const { send: wake, held } = holdDrafts();
  fireEvent.click(
    list()
      .getAllByRole<HTMLInputElement>("checkbox")
      .find(({ checked }) => !checked)!,
  );
  await waitFor(() => expect(held()).toBe(1));
  fireEvent.click(bar().getByRole("button", { name: "Add" }));
  expect(await screen.findByRole("button", { name: "Change (2)" })).toBeTruthy();
  wake();
  await waitFor(async () =>
    expect(await on.worker.store.db.get("drafts", [idOf(on), "groups", "", "chosen"])).toMatch(/^\S+ \S+$/),
  );
});

test("all that a filter shows are chosen only once the filter is known", async () => {
  const on = await stageWithGroups();
  for (const group of [WORLD_GROUPS.alpha, WORLD_GROUPS.hidden]) await send("refreshGroup", { group });
  const show = async (value: string) => fireEvent.change(await screen.findByLabelText("Show"), { target: { value } });
  on.show(<App />);
  const total = (await readGroups(on.worker.store, idOf(on), "name")).length;
  await screen.findByText(new RegExp(`^${total} groups`));
  await show("unread");
  await screen.findByText(`${total - 2} groups found`);
  await show("hidden");
  const chooseAll = () =>
    fireEvent.keyDown(screen.getByRole("searchbox").closest(".groups")!, { key: "a", ctrlKey: true });
  chooseAll();
  await screen.findByText("1 group found");
  await waitFor(() => expect(list().getAllByRole("link")).toHaveLength(1));
  chooseAll();
  await screen.findByText("1 group chosen");
  cleanup();
  location.hash = "#/message";
  on.show(<App />);
  await screen.findByRole("button", { name: /^Choose all/ });
  await show("unread");
  await screen.findByRole("button", { name: `Choose all shown (${total - 2})` });
  await show("hidden");
  fireEvent.click(screen.getByRole("button", { name: /^Choose all/ }));
  fireEvent.click(await screen.findByRole("button", { name: "Choose all shown (1)" }));
  await screen.findByText("1 group chosen");
});

test("the groups used last keep their places while a job uses one of them", async () => {
  const on = await stageWithGroups();
  const used = [WORLD_GROUPS.alpha, WORLD_GROUPS.support, WORLD_GROUPS.lobby];
  const use = (id: string, at: number, size?: number) =>
    write(on.worker.store, ["groups"], async (tx) => {
      const row = (await tx.objectStore("groups").get([idOf(on), id]))!;
      await tx.objectStore("groups").put(toRow({ ...row, usedAt: at, size: size ?? row.size }));
    });
  for (const [at, id] of used.entries()) await use(id, at + 1);
  on.show(<App />);
  await waitFor(() => expect(list().getAllByRole("link").length).toBeGreaterThan(4));
  const firsts = () =>
    list()
      .getAllByRole("link")
      .slice(0, 3)
      .map((link) => decodeURIComponent(link.getAttribute("href")!.replace("#/group/", "")));
  expect(firsts()).toEqual(used.toReversed());
  await use(WORLD_GROUPS.alpha, 10, 987);
  expect(await list().findByText(/987/)).toBeTruthy();
  expect(firsts()).toEqual(used.toReversed());
});

test("chosen groups are saved under a name, shown by it, and chosen by it where groups are picked", async () => {
  const on = await stageWithGroups();
  const two = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: two.join(" ") });
  on.show(<App />);
  fireEvent.click(await screen.findByRole("button", { name: "More" }));
  fireEvent.click(dialog().getByRole("button", { name: "Save as a set" }));
  fireEvent.input(dialog().getByLabelText("Name"), { target: { value: "Pune" } });
  fireEvent.submit(dialog().getByLabelText("Name").closest("form")!);
  await waitFor(async () =>
    expect(await readSets(on.worker.store, idOf(on), "groups")).toMatchObject([{ groups: two }]),
  );
  await screen.findByRole("option", { name: "Set: Pune" });
  fireEvent.change(screen.getByLabelText("Show"), { target: { value: "set:Pune" } });
  await waitFor(() => expect(list().getAllByRole("link")).toHaveLength(2));
  fireEvent.click(bar().getByRole("button", { name: "Message" }));
  await screen.findByRole("listbox", { name: "Groups" });
  expect(await screen.findByText("2 groups chosen")).toBeTruthy();
  await screen.findByRole("option", { name: "Set: Pune" });
  fireEvent.change(await screen.findByLabelText("Show"), { target: { value: "set:Pune" } });
  const picked = () => within(screen.getByRole("listbox", { name: "Groups" })).getAllByRole("option");
  await waitFor(() => expect(picked()).toHaveLength(2));
  expect(picked().map((row) => row.getAttribute("aria-selected"))).toEqual(["true", "true"]);
  fireEvent.click(screen.getByRole("button", { name: "Forget the set Pune" }));
  await waitFor(async () => expect(await readSets(on.worker.store, idOf(on), "groups")).toEqual([]));
});

test("reading the chosen groups again shows how far it is, and names a group that could not be read", async () => {
  const on = await stageWithGroups();
  const two = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: two.join(" ") });
  on.show(<App />);
  fireEvent.click(await screen.findByRole("button", { name: "More" }));
  fireEvent.click(dialog().getByRole("button", { name: "Read again" }));
  await waitFor(async () => expect((await readNotes(on.worker.store, idOf(on))).members?.endedAt).toBeTruthy());
  const { members } = await readNotes(on.worker.store, idOf(on));
  expect(await readRoster(on.worker.store, idOf(on), WORLD_GROUPS.alpha)).toBeTruthy();
  await write(on.worker.store, ["gateways"], async (tx) => {
    const failed = { [WORLD_GROUPS.support]: "no-right" as const };
    await tx.objectStore("gateways").put({ connection: idOf(on), members: { ...members!, failed } });
  });
  expect(await bar().findByText(/The gateway does not allow that/)).toBeTruthy();
  expect(bar().getByText(await nameOf(on, WORLD_GROUPS.support))).toBeTruthy();
});

test("leaving several groups names each and waits for the typed word", async () => {
  const on = await stageWithGroups();
  const two = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: two.join(" ") });
  on.show(<App />);
  fireEvent.click(await screen.findByRole("button", { name: "More" }));
  fireEvent.click(dialog().getByRole("button", { name: "Leave 2 groups" }));
  for (const group of two) expect(dialog().getByText(await nameOf(on, group))).toBeTruthy();
  const form = dialog().getByRole("textbox").closest("form")!;
  fireEvent.submit(form);
  expect(await readOpenJobs(on.worker.store)).toEqual([]);
  fireEvent.input(dialog().getByRole("textbox"), { target: { value: "delete" } });
  fireEvent.submit(form);
  await waitFor(async () =>
    expect((await readOpenJobs(on.worker.store)).map(({ input }) => input)).toEqual([{ kind: "leave", groups: two }]),
  );
});

test("the members of several groups are one file with a column for the group, and one that was never read says so", async () => {
  const on = await stageWithGroups();
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  const two = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: two.join(" ") });
  on.show(<App />);
  fireEvent.click(await screen.findByRole("button", { name: "More" }));
  const { text } = await savedBy(() => fireEvent.click(dialog().getByRole("button", { name: "Export members" })));
  const [heading, ...rows] = rowsOf(text).filter((row) => row.length > 1);
  expect(heading?.slice(0, 3)).toEqual(["Group", "Group id", "Number"]);
  const members = (await readRoster(on.worker.store, idOf(on), WORLD_GROUPS.alpha))!.members;
  expect(rows.filter((row) => row[1] === WORLD_GROUPS.alpha).map((row) => row[3])).toEqual(members.map(({ id }) => id));
  expect(rows.filter((row) => row[1] === WORLD_GROUPS.support)).toMatchObject([{ 6: "never read" }]);
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  fireEvent.click(dialog().getByRole("button", { name: "Read again" }));
  await waitFor(async () =>
    expect(await readRoster(on.worker.store, idOf(on), WORLD_GROUPS.support)).toMatchObject({
      group: WORLD_GROUPS.support,
    }),
  );
});

test.each(["table", "match", "remove"])(
  "reading the members for %s goes on when the view is closed, and what could not be read is named when it is opened again",
  async (task) => {
    const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.support, WORLD_GROUPS.lobby];
    const on = await several(task, groups);
    await type(task === "match" ? "People who should be in the group" : "People", [fictional("us", 142)]);
    const press = await screen.findByRole("button", { name: /^(?:Read 3 groups|Read them now)$/ });
    fireEvent.click(press);
    cleanup();
    for (const group of groups) {
      await waitFor(async () => expect(await readRoster(on.worker.store, idOf(on), group)).toBeTruthy());
    }
    await waitFor(async () => expect((await readNotes(on.worker.store, idOf(on))).members?.endedAt).toBeTruthy());
    await write(on.worker.store, ["gateways"], async (tx) => {
      const notes = (await tx.objectStore("gateways").get(idOf(on)))!;
      const members = { ...notes.members!, failed: { [WORLD_GROUPS.lobby]: "not-admin" as const } };
      await tx.objectStore("gateways").put({ ...notes, members });
    });
    on.show(<App />);
    expect((await screen.findAllByText(/not an admin|only admins/i)).length).toBeGreaterThan(0);
  },
);

test("people are added to the chosen groups in one job, with the totals on the button", async () => {
  const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  const on = await several("add", groups, groups);
  await type("People", [fictional("us", 142), fictional("us", 143)]);
  const input = await startedBy(on, /^Add 2 people · 2 groups$/);
  expect(input).toMatchObject({ kind: "add", people: [{}, {}] });
  expect(new Set("groups" in input ? input.groups : [])).toEqual(new Set(groups));
  await waitFor(() => expect(location.hash).toMatch(/^#\/activity\//));
});

test("people are removed only where they were read, and an admin only when ticked", async () => {
  const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  const on = await several("remove", groups, [WORLD_GROUPS.alpha]);
  const { members } = (await readRoster(on.worker.store, idOf(on), WORLD_GROUPS.alpha))!;
  const own = personKey(on.shell.connection.value?.ownNumber ?? "");
  const plain = members.find(({ id, role }) => role === "member" && personKey(id) !== own)!;
  const admin = members.find(({ id, role }) => role !== "member" && personKey(id) !== own);
  await type("People", [plain.id, ...(admin ? [admin.id] : [])]);
  expect(await screen.findByText(/^The members of 1 group were never read/)).toBeTruthy();
  expect(await screen.findByText("1 removal")).toBeTruthy();
  if (admin) {
    fireEvent.click(await screen.findByRole("option", { name: /Alpha/ }));
    expect(await screen.findByText("2 removals")).toBeTruthy();
    fireEvent.click(screen.getByRole("option", { name: /Alpha/ }));
  }
  fireEvent.click(await screen.findByRole("button", { name: "Remove 1 person · 1 group" }));
  const confirm = dialog().getByRole("button", { name: /^Remove/ });
  fireEvent.submit(confirm.closest("form")!);
  await waitFor(async () =>
    expect((await readOpenJobs(on.worker.store)).map(({ input }) => input)).toMatchObject([
      { kind: "remove", groups: [WORLD_GROUPS.alpha], people: [{ id: plain.id }], pairs: [[0, 0]] },
    ]),
  );
});

test("several groups are matched to a list: nothing from a group that was not read, and nobody is removed unticked", async () => {
  const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  const on = await several("match", groups, [WORLD_GROUPS.alpha]);
  const newcomer = fictional("us", 142);
  await type(en.equal_label.message, [newcomer]);
  expect(await screen.findByText("never read")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Read them now" }));
  await waitFor(() => expect(screen.queryByText("never read")).toBeNull());
  expect(screen.getAllByText(/1 to add · \d+ to remove, 0 selected/)).toHaveLength(2);
  // Nobody is ticked, so that nobody leaves in the picture.
  const lanes = within(screen.getByRole("region", { name: "Who goes where" })).getAllByRole("listitem");
  for (const lane of lanes) expect(lane.textContent).toMatch(/Joining 1Staying \d+Leaving 0\+1/);
  const input = await startedBy(on, /^Add 2$/);
  expect(input).toMatchObject({
    kind: "add",
    people: [{ id: newcomer }],
    pairs: [
      [0, 0],
      [1, 0],
    ],
  });
  expect(await readJobs(on.worker.store, idOf(on))).toHaveLength(1);
});

/** Lets groups leave the list, and gives the sentence about them, in the order in which they were chosen. */
async function go(on: Stage, groups: string[]): Promise<string> {
  const names = await Promise.all(groups.map((group) => nameOf(on, group)));
  await write(on.worker.store, ["groups"], async (tx) => {
    for (const group of groups) {
      const row = (await tx.objectStore("groups").get([idOf(on), group]))!;
      await tx.objectStore("groups").put(toRow({ ...row, goneAt: Date.now() }));
    }
  });
  return `2 chosen groups are no longer in your list: ${firstNames(names, 3)}`;
}
const THREE = [WORLD_GROUPS.support, WORLD_GROUPS.alpha, WORLD_GROUPS.lobby];
const [GOES, STAYS, GOES_TOO] = THREE as [string, string, string];

test("chosen groups that are no longer in the list are named beside the choice until they are left out", async () => {
  const on = await several("add", THREE);
  expect(screen.queryByText(/no longer in your list/)).toBeNull();
  const sentence = await go(on, [GOES, GOES_TOO]);
  expect(await screen.findByText(sentence)).toBeTruthy();
  location.hash = "#/groups";
  await screen.findByRole("region", { name: "With the chosen groups" });
  expect(await bar().findByText(sentence)).toBeTruthy();
  expect(bar().getByText("1 group chosen")).toBeTruthy();
  fireEvent.click(bar().getByRole("button", { name: "Leave them out" }));
  await waitFor(() => expect(screen.queryByText(/no longer in your list/)).toBeNull());
  await waitFor(async () =>
    expect(await on.worker.store.db.get("drafts", [idOf(on), "groups", "", "chosen"])).toBe(STAYS),
  );
});

test("a message goes to those chosen groups alone that are in the list, and says which are not", async () => {
  const on = await stageWithGroups();
  const sentence = await go(on, [GOES, GOES_TOO]);
  await send("saveDraft", { key: [idOf(on), "message", "", "groups"], value: THREE.join(" ") });
  location.hash = "#/message";
  on.show(<App />);
  expect(await screen.findByText(sentence)).toBeTruthy();
  expect(screen.getByText("1 group chosen")).toBeTruthy();
  fireEvent.input(screen.getByLabelText("Message"), { target: { value: "Hello" } });
  const input = await startedBy(on, /^Send to 1 group$/);
  expect(input).toMatchObject({ kind: "send", chats: [STAYS] });
});

test("a saved set names its groups that are no longer in the list, and is saved or forgotten without them", async () => {
  const on = await stageWithGroups();
  const sentence = (await go(on, [GOES, GOES_TOO])).replace("2 chosen groups", "2 groups of this set");
  await send("saveSet", { kind: "groups", name: "Stores", groups: THREE });
  await send("saveSet", { kind: "groups", name: "Old", groups: [GOES, GOES_TOO] });
  on.show(<App />);
  const filter = await screen.findByRole("combobox", { name: en.filter_label_list.message });
  const sets = async () => (await readSets(on.worker.store, idOf(on), "groups")).map(({ groups }) => groups);
  await waitFor(() => expect(within(filter).queryAllByRole("option", { name: /Stores|Old/ })).toHaveLength(2));
  for (const [name, press, left] of [
    ["Stores", "Take them out of the set", [[GOES, GOES_TOO], [STAYS]]],
    ["Old", "Forget the set Old", [[STAYS]]],
  ] as const) {
    fireEvent.change(filter, { target: { value: `set:${name}` } });
    const notice = (await screen.findByText(sentence)).parentElement!;
    fireEvent.click(within(notice).getByRole("button", { name: press }));
    await waitFor(async () => expect(await sets()).toEqual(left));
    await waitFor(() => expect(screen.queryByText(/no longer in your list/)).toBeNull());
  }
});

test("a group that would be too large is named among several", async () => {
  const on = await several("add", [WORLD_GROUPS.alpha, WORLD_GROUPS.support]);
  await write(on.worker.store, ["groups"], async (tx) => {
    const row = (await tx.objectStore("groups").get([idOf(on), WORLD_GROUPS.alpha]))!;
    await tx.objectStore("groups").put(toRow({ ...row, size: 1024 }));
  });
  await type("People", [fictional("us", 142)]);
  const name = await nameOf(on, WORLD_GROUPS.alpha);
  expect(
    await screen.findByText(`${firstNames([name], 1)} would have 1,025 members. It holds up to 1,024.`),
  ).toBeTruthy();
});

test("several groups are matched to a saved list", async () => {
  const on = await stageWithGroups();
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  const person = { id: fictional("us", 142), given: number(fictional("us", 142)) };
  await send("saveSet", { kind: "people", name: "Staff", people: [person] });
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: WORLD_GROUPS.alpha });
  location.hash = "#/several/match";
  on.show(<App />);
  fireEvent.change(await screen.findByLabelText("Saved list"), { target: { value: "Staff" } });
  expect(await screen.findByText(/1 to add · \d+ to remove, 0 selected/)).toBeTruthy();
});

test("a saved plan is applied as it was, and not to a group that changed since", async () => {
  const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  const on = await several("match", groups, groups);
  await type(en.equal_label.message, [fictional("us", 142)]);
  const save = await screen.findByRole("button", { name: "Save as a plan" });
  await waitFor(() => expect(isOff(save)).toBe(false));
  const { text } = await savedBy(() => fireEvent.click(save));
  // Whoever has nothing but the file finds its place in People.
  location.hash = "#/people";
  await screen.findByRole("heading", { level: 1, name: "People" });
  const place = await screen.findByRole("link", { name: "Open a plan…" });
  location.hash = place.getAttribute("href")!;
  await screen.findByRole("button", { name: "Open a plan…" });
  const open = (content: string) => {
    const input = document.querySelector<HTMLInputElement>('input[type=file][accept^=".json"]')!;
    Object.defineProperty(input, "files", { value: [new File([content], "plan.json")], configurable: true });
    fireEvent.change(input);
  };
  open(text.replace(fictional("us", 142).slice(0, 11), fictional("us", 143).slice(0, 11)));
  expect(await screen.findByText(/^This plan was changed after it was saved/)).toBeTruthy();
  // Somebody was added by another hand meanwhile.
  const job = {
    kind: "add" as const,
    groups: [WORLD_GROUPS.support],
    people: [{ id: fictional("us", 144), given: "" }],
  };
  await send("startJob", { job: { ...job, pace: "fast" }, nonce: "n" });
  await waitFor(async () => expect(await readOpenJobs(on.worker.store)).toEqual([]), { timeout: 20_000 });
  open(text);
  expect(await screen.findByText("unchanged")).toBeTruthy();
  expect(await screen.findByText("changed since")).toBeTruthy();
  fireEvent.click(await screen.findByRole("button", { name: "Add 1" }));
  await waitFor(async () =>
    expect((await readJobs(on.worker.store, idOf(on))).map(({ input }) => input)[0]).toMatchObject({
      groups: [WORLD_GROUPS.alpha],
      people: [{ id: fictional("us", 142) }],
    }),
  );
});

test("a plan saved while newer members arrive is of the members that it was made from", async () => {
  const groups = [WORLD_GROUPS.alpha];
  const on = await several("match", groups, groups);
  const { store } = on.worker;
  const now = (await readRoster(store, idOf(on), WORLD_GROUPS.alpha))!;
  const leaver = { id: fictional("us", 143), role: "member" as const };
  await write(store, ["rosters"], (tx) => tx.objectStore("rosters").put({ ...now, members: [...now.members, leaver] }));
  await type(en.equal_label.message, [fictional("us", 142)]);
  expect(await screen.findByText(new RegExp(`^1 to add · ${now.members.length} to remove`))).toBeTruthy();
  // Stored, and not yet compared on the screen.
  await store.db.put("rosters", now);
  const { text } = await savedBy(() => fireEvent.click(screen.getByRole("button", { name: "Save as a plan" })));
  location.hash = "#/plan";
  await screen.findByRole("button", { name: "Open a plan…" });
  const input = document.querySelector<HTMLInputElement>('input[type=file][accept^=".json"]')!;
  Object.defineProperty(input, "files", { value: [new File([text], "plan.json")], configurable: true });
  fireEvent.change(input);
  expect(await screen.findByText("changed since")).toBeTruthy();
});

test("the removals of a plan are not started again when its additions could not be started", async () => {
  const on = await several("match", [WORLD_GROUPS.support], [WORLD_GROUPS.support]);
  await type(en.equal_label.message, [fictional("us", 142)]);
  const row = await screen.findByText(/^1 to add · /);
  const details = row.closest("details")!;
  details.open = true;
  fireEvent(details, new Event("toggle"));
  fireEvent.click((await within(details).findAllByRole("option"))[0]!);
  const receive = on.worker.receive.bind(on.worker);
  let isRefused = false;
  vi.spyOn(on.worker, "receive").mockImplementation((message, sender) => {
    const { input } = message as { input?: { job?: { kind: string } } };
    if (input?.job?.kind !== "add" || isRefused) return receive(message, sender);
    isRefused = true;
    return Promise.resolve({ ok: false, failure: { code: "locked" } });
  });
  const press = async () => {
    fireEvent.click(await screen.findByRole("button", { name: "Add 1 and remove 1" }));
    fireEvent.submit(dialog().getByRole("button", { name: "Add 1 and remove 1" }).closest("form")!);
  };
  await press();
  await waitFor(() => expect(isRefused).toBe(true));
  await press();
  await waitFor(async () => {
    const kinds = (await readJobs(on.worker.store, idOf(on))).map(({ input }) => input.kind);
    expect(kinds.toSorted()).toEqual(["add", "remove"]);
  });
});

test("a job is as large as its pairs, not as all of its people in all of its groups", async () => {
  const { results } = JOB_LIMITS;
  Object.assign(JOB_LIMITS, { results: 3 });
  onTestFinished(() => void Object.assign(JOB_LIMITS, { results }));
  const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  const on = await several("table", groups, groups);
  const members = await Promise.all(
    groups.map(async (group) => (await readRoster(on.worker.store, idOf(on), group))!.members.map(({ id }) => id)),
  );
  const [inFirst, inSecond] = members.map((ids, at) => ids.find((id) => !members[1 - at]!.includes(id))!);
  await type("People", [inFirst!, inSecond!]);
  fireEvent.click(await screen.findByRole("button", { name: "Add the missing (2)" }));
  expect(await startedBy(on, /^Add \(2 changes\)$/)).toMatchObject({
    kind: "add",
    pairs: [expect.any(Array), expect.any(Array)],
  });
});

test("groups are created from a table only when its last change was read", async () => {
  const on = await stageWithGroups();
  location.hash = "#/create?several";
  on.show(<App />);
  const table = `Group,Phone\nErly shift,${number(fictional("us", 142))}`;
  const put = (value: string) => fireEvent.input(screen.getByLabelText("Table of groups"), { target: { value } });
  await screen.findByLabelText("Table of groups");
  put(table);
  const button = await screen.findByRole("button", { name: "Create 1 group" });
  await waitFor(() => expect(isOff(button)).toBe(false));
  put(table.replace("Erly", "Early"));
  await waitFor(() => expect(isOff(button)).toBe(true));
  fireEvent.click(button);
  await screen.findAllByText("Early shift");
  expect(await startedBy(on, /^Create 1 group$/)).toMatchObject({ kind: "create", name: "Early shift" });
});

test("groups are not created from a table while a file that replaces it is read", async () => {
  const on = await stageWithGroups();
  location.hash = "#/create?several";
  on.show(<App />);
  const table = `Group,Phone\nErly shift,${number(fictional("us", 142))}`;
  fireEvent.input(await screen.findByLabelText("Table of groups"), { target: { value: table } });
  const button = await screen.findByRole("button", { name: "Create 1 group" });
  await waitFor(() => expect(isOff(button)).toBe(false));
  const picker = document.querySelector("input[type=file]")!;
  const file = new File([table.replace("Erly", "Early")], "groups.csv");
  Object.defineProperty(picker, "files", { value: [file], configurable: true });
  fireEvent.change(picker);
  // The frame that shows the progress.
  await Promise.resolve();
  fireEvent.click(button);
  await screen.findAllByText("Early shift");
  expect(await startedBy(on, /^Create 1 group$/)).toMatchObject({ kind: "create", name: "Early shift" });
});

test("the table says who is where and what is not known, and adds the missing alone", async () => {
  const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.support, WORLD_GROUPS.hidden];
  const on = await several("table", groups, [WORLD_GROUPS.alpha, WORLD_GROUPS.hidden]);
  const { members } = (await readRoster(on.worker.store, idOf(on), WORLD_GROUPS.alpha))!;
  const plain = members.find(({ role }) => role === "member")!;
  await type("People", [plain.id, fictional("us", 142)]);
  const grid = await screen.findByRole("grid", { name: "Who is in which group" });
  const columns = within(grid).getAllByRole("columnheader").slice(1);
  const at = columns.findIndex((each) => each.textContent?.includes("Alpha"));
  const cells = within(grid)
    .getAllByRole("row")
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole("gridcell")
        .map((cell) => cell.getAttribute("aria-label")),
    );
  expect(cells.map((row) => row[at])).toEqual(["in", "not in"]);
  expect(cells.flatMap((row) => row.filter((_, column) => column !== at))).toEqual(Array(4).fill("unknown"));
  const names = () =>
    within(grid)
      .getAllByRole("rowheader")
      .map(({ textContent }) => textContent);
  const given = names();
  fireEvent.click(screen.getByRole("button", { name: "Missing in most groups first" }));
  await waitFor(() => expect(names()).toEqual(given.toReversed()));
  fireEvent.click(screen.getByRole("button", { name: "Missing in most groups first" }));
  await waitFor(() => expect(names()).toEqual(given));
  fireEvent.keyDown(grid, { key: "ArrowDown" });
  expect(grid.getAttribute("aria-activedescendant")).toMatch(/-1-0$/);
  const { text } = await savedBy(() => fireEvent.click(screen.getByRole("button", { name: "Save the table as CSV" })));
  expect(
    rowsOf(text)
      .slice(2, 4)
      .map((row) => row[2 + at]),
  ).toEqual(["in", "not in"]);
  fireEvent.click(screen.getByRole("button", { name: "Add the missing (1)" }));
  const input = await startedBy(on, /^Add \(1 change\)$/);
  expect(input).toMatchObject({
    groups: [WORLD_GROUPS.alpha],
    people: [{ id: fictional("us", 142) }],
    pairs: [[0, 0]],
  });
});

test("invite links are read, copied together and shown as a sheet; a refusal is named", async () => {
  const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.member];
  const on = await several("invites", groups);
  fireEvent.click(await screen.findByRole("button", { name: "Read 2 links" }));
  expect(await screen.findByText("Invite links known: 1 of 2.")).toBeTruthy();
  const refused = await nameOf(on, WORLD_GROUPS.member);
  await waitFor(() => expect(document.querySelector(".notice.warn")?.textContent).toContain(refused));
  const copy = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  fireEvent.click(screen.getByRole("button", { name: "Copy 1 link" }));
  expect(copy.mock.calls[0]?.[0]).toMatch(/Alpha\nhttps:\/\/chat\.whatsapp\.com\/\w+$/);
  fireEvent.click(screen.getByRole("button", { name: "Sheet of QR codes" }));
  expect(await screen.findByRole("img", { name: /QR code of the invite link of .*Alpha/ })).toBeTruthy();
});

test("a group has labels and a note, and the list is narrowed to a label or a fact", async () => {
  const on = await stageWithGroups();
  location.hash = `#/group/${WORLD_GROUPS.alpha}?tab=about`;
  on.show(<App />);
  const form = within(await screen.findByRole("region", { name: "Labels and note" }));
  fireEvent.input(form.getByLabelText(/^Labels/), { target: { value: "sales, Pune" } });
  fireEvent.input(form.getByLabelText(/^Note/), { target: { value: "Ask Asha" } });
  fireEvent.submit(form.getByLabelText(/^Labels/).closest("form")!);
  await waitFor(async () =>
    expect(await readLabels(on.worker.store, idOf(on))).toMatchObject([
      { labels: ["sales", "Pune"], note: "Ask Asha" },
    ]),
  );
  cleanup();
  location.hash = "#/groups";
  on.show(<App />);
  await screen.findByRole("option", { name: "Label: sales" });
  const show = (value: string) => fireEvent.change(screen.getByLabelText("Show"), { target: { value } });
  show("label:sales");
  await waitFor(() => expect(list().getAllByRole("link")).toHaveLength(1));
  expect(list().getByText("sales")).toBeTruthy();
  show("full");
  await waitFor(async () =>
    expect(list().getByRole("link").textContent).toContain(await nameOf(on, WORLD_GROUPS.full)),
  );
});

test("a note that is being typed outlives what another window saves, and is kept with it", async () => {
  const on = await stageWithGroups();
  location.hash = `#/group/${WORLD_GROUPS.alpha}?tab=about`;
  on.show(<App />);
  const form = within(await screen.findByRole("region", { name: "Labels and note" }));
  fireEvent.input(form.getByLabelText(/^Note/), { target: { value: "Ask Asha" } });
  await send("labelGroup", { group: WORLD_GROUPS.alpha, labels: ["sales"], note: "" });
  await waitFor(() => expect(form.getByLabelText(/^Labels/)).toHaveProperty("value", "sales"));
  expect(form.getByLabelText(/^Note/)).toHaveProperty("value", "Ask Asha");
  fireEvent.submit(form.getByLabelText(/^Note/).closest("form")!);
  expect(await form.findByText("Saved")).toBeTruthy();
  expect(await readLabels(on.worker.store, idOf(on))).toMatchObject([{ labels: ["sales"], note: "Ask Asha" }]);
  // Nothing is being typed now, so that the next change elsewhere is shown.
  await send("labelGroup", { group: WORLD_GROUPS.alpha, labels: ["sales"], note: "Ask Ravi" });
  await waitFor(() => expect(form.getByLabelText(/^Note/)).toHaveProperty("value", "Ask Ravi"));
});

test("labels and a note that were not saved yet are there again, beside what another window saved", async () => {
  const on = await stageWithGroups();
  location.hash = `#/group/${WORLD_GROUPS.alpha}?tab=about`;
  const form = async () => within(await screen.findByRole("region", { name: "Labels and note" }));
  const drafts = async () => (await on.worker.store.db.getAllKeys("drafts")).filter(([, name]) => name === "labels");
  await send("labelGroup", { group: WORLD_GROUPS.alpha, labels: ["pune"], note: "Ask Asha" });
  on.show(<App />);
  await waitFor(async () => expect((await form()).getByLabelText(/^Note/)).toHaveProperty("value", "Ask Asha"));
  // Emptied, as much as typed.
  fireEvent.input((await form()).getByLabelText(/^Note/), { target: { value: "" } });
  await waitFor(async () => expect(await drafts()).toHaveLength(1));
  cleanup();
  await send("labelGroup", { group: WORLD_GROUPS.alpha, labels: ["sales"], note: "Ask Asha" });
  on.show(<App />);
  const labels = (await form()).getByLabelText(/^Labels/);
  await waitFor(() => expect(labels).toHaveProperty("value", "sales"));
  await waitFor(async () => expect((await form()).getByLabelText(/^Note/)).toHaveProperty("value", ""));
  fireEvent.input(labels, { target: { value: "sales,north, sales" } });
  fireEvent.submit(labels.closest("form")!);
  await (await form()).findByText("Saved");
  expect(await readLabels(on.worker.store, idOf(on))).toMatchObject([{ labels: ["sales", "north"], note: "" }]);
  expect(labels).toHaveProperty("value", "sales, north");
  // What is stored is no draft: the next change elsewhere is shown, in the next window, too.
  await waitFor(async () => expect(await drafts()).toEqual([]));
  await send("labelGroup", { group: WORLD_GROUPS.alpha, labels: ["south"], note: "" });
  await waitFor(() => expect(labels).toHaveProperty("value", "south"));
});

test("a list of people is kept under a name and taken into another form", async () => {
  const on = await several("add", [WORLD_GROUPS.alpha]);
  await type("People", [fictional("us", 142)]);
  fireEvent.click(await screen.findByRole("button", { name: "Save list" }));
  fireEvent.input(dialog().getByLabelText("Name"), { target: { value: "New staff" } });
  fireEvent.submit(dialog().getByLabelText("Name").closest("form")!);
  await waitFor(async () => expect(await readSets(on.worker.store, idOf(on), "people")).toHaveLength(1));
  cleanup();
  location.hash = `#/group/${WORLD_GROUPS.support}?tab=add`;
  on.show(<App />);
  fireEvent.change(await screen.findByLabelText("Saved list"), { target: { value: "New staff" } });
  expect((await screen.findAllByText(/^1 number/)).length).toBeGreaterThan(0);
});
