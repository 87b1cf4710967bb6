import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { writeXlsx } from "hucre/xlsx";
import { expect, test } from "vitest";
import { App } from "../../components/app";
import { ActivityScreen } from "../../components/screens/activity";
import { Create } from "../../components/screens/create";
import { Join } from "../../components/screens/join";
import { Message } from "../../components/screens/message";
import { WORLD_CODES, WORLD_GROUPS } from "../../lib/sandbox/world";
import { draftKey, type DraftKey } from "../../lib/shared/draft";
import { send } from "../../lib/shared/send";
import { readGroup, readOpenJobs, readRoster } from "../../lib/store/read";
import { savedBy, stageWithGroups } from "./stage";

/** The forms that start a job, and the history of what was started, over the real worker and the sample groups. */

type Stage = Awaited<ReturnType<typeof stageWithGroups>>;
const inputs = async (on: Stage) => (await readOpenJobs(on.worker.store)).map(({ input }) => input);
const type = (label: string | RegExp, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const isOff = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-disabled") === "true";
const submit = (name: string) => fireEvent.submit(screen.getByRole("button", { name }).closest("form")!);

test("a group without a name is not created; with one it is, and its job takes the place of the form", async () => {
  const on = await stageWithGroups();
  on.show(<Create />);
  submit("Create the group");
  expect(await screen.findByText("Give the group a name.")).toBeTruthy();
  expect(await inputs(on)).toEqual([]);
  type(/^Name of the group/, "  Night shift ");
  submit("Create the group");
  await waitFor(async () => expect(await inputs(on)).toMatchObject([{ kind: "create", name: "Night shift" }]));
  expect(await screen.findByRole("region", { name: /Night shift/ })).toBeTruthy();
  expect(screen.queryByLabelText(/^Name of the group/)).toBeNull();
});

test("a name that WhatsApp cuts and people beyond the first request are said before anything is sent", async () => {
  const on = await stageWithGroups();
  on.show(<Create />);
  type(/^Name of the group/, "x".repeat(101));
  expect(await screen.findByText(/WhatsApp cuts names after 100 characters/)).toBeTruthy();
  const people = Array.from({ length: 11 }, (_, n) => `+1202555${String(100 + n).padStart(4, "0")}`);
  type(/^People/, people.join("\n"));
  expect(await screen.findByRole("button", { name: "Create with 11 people" })).toBeTruthy();
  expect(screen.getByText(/The group starts with the first 10 people/)).toBeTruthy();
});

test("what is pasted to be joined is read into invites, and what is none says why", async () => {
  const on = await stageWithGroups();
  on.show(<Join />);
  expect(isOff("Join")).toBe(true);
  type("Invite link or code", "good morning");
  expect(await screen.findByText("No invite link or code in this text.")).toBeTruthy();
  type("Invite link or code", "https://wa.me/4915735981600");
  expect(await screen.findByText("This link opens a chat with one number, not a group.")).toBeTruthy();
  expect(isOff("Join")).toBe(true);
  const links = [WORLD_CODES.neighbours, WORLD_CODES.sector].map((code) => `https://chat.whatsapp.com/${code}`);
  type("Invite link or code", links.join(" and "));
  expect(within(await screen.findByRole("list", { name: "Invites found" })).getAllByRole("listitem")).toHaveLength(2);
  expect(screen.getByText(/one by one, at least a minute apart/)).toBeTruthy();
  submit("Join 2 groups");
  await waitFor(async () =>
    expect(await inputs(on)).toMatchObject([
      { kind: "join", codes: [WORLD_CODES.neighbours, WORLD_CODES.sector], pace: "careful" },
    ]),
  );
});

test("a message needs words and groups, names how many, and can be undone before it leaves", async () => {
  const on = await stageWithGroups();
  on.show(<App />);
  on.shell.go("/message");
  expect(await screen.findByRole("button", { name: "Choose groups" })).toBeTruthy();
  expect(isOff("Choose groups")).toBe(true);
  const name = (await on.worker.store.db.getAll("groups")).find(({ id }) => id === WORLD_GROUPS.alpha)?.name ?? "";
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: name } });
  fireEvent.click(await within(screen.getByRole("listbox", { name: "Groups" })).findByRole("option"));
  expect(isOff("Send to 1 group")).toBe(true);
  type("Message", "Doors open at nine.");
  submit("Send to 1 group");
  expect(await screen.findByText(/^Sending 1 message/, { selector: ".what" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(async () => expect(await inputs(on)).toEqual([]));
  await waitFor(() => expect(screen.queryByText(/^Sending 1 message/, { selector: ".what" })).toBeNull());
  expect(await screen.findByText("Cancelled", { selector: ".tag" })).toBeTruthy();
});

test("a saved set of groups opens as a form while another message is under way, which goes on below", async () => {
  const on = await stageWithGroups();
  await send("saveSet", { kind: "groups", name: "Stores", groups: [WORLD_GROUPS.lobby, WORLD_GROUPS.alpha] });
  on.show(<App />);
  on.shell.go(`/message?set=Stores`);
  expect(await screen.findByRole("button", { name: "Send to 2 groups" })).toBeTruthy();
  type("Message", "Doors open at nine.");
  submit("Send to 2 groups");
  expect(await screen.findByText(/^Sending 2 messages/, { selector: ".what" })).toBeTruthy();
  await waitFor(() => expect(screen.queryByLabelText("Message")).toBeNull());
  on.shell.go("/groups");
  await waitFor(() => expect(screen.queryByRole("region", { name: /^Send \d+ message/ })).toBeNull());
  on.shell.go(`/message?set=Stores`);
  expect(await screen.findByRole("button", { name: "Send to 2 groups" })).toBeTruthy();
  await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>("Message").value).toBe(""));
  expect(await inputs(on)).toHaveLength(1);
  expect(screen.getByText(/^Sending 2 messages/, { selector: ".what" })).toBeTruthy();
});

test.each([
  ["ended", true],
  ["is under way", false],
])("groups chosen in the list go on to the next message when the one before it %s", async (_, hasEnded) => {
  const on = await stageWithGroups();
  const connection = on.shell.connection.value!.id;
  const keep = (key: DraftKey, value: string) => send("saveDraft", { key, value });
  const first = {
    kind: "send" as const,
    chats: [WORLD_GROUPS.member],
    text: "Closed on Monday.",
    pace: "careful" as const,
  };
  const started = await send("startJob", { job: first, nonce: "n1" });
  const id = started.ok ? started.value.id : "";
  if (hasEnded) await send("cancelJob", { id });
  await keep(draftKey({ form: "message", connection }, "job"), id);
  await keep(draftKey({ form: "message", connection }, "text"), first.text);
  await keep(draftKey({ form: "groups", connection }, "chosen"), `${WORLD_GROUPS.alpha} ${WORLD_GROUPS.lobby}`);
  on.show(<App />);
  const bar = within(await screen.findByRole("region", { name: "With the chosen groups" }));
  fireEvent.click(bar.getByRole("button", { name: "Message" }));
  expect(await screen.findByRole("button", { name: "Send to 2 groups" })).toBeTruthy();
  await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>("Message").value).toBe(""));
  await waitFor(() => expect(location.hash).toBe("#/message"));
  expect(screen.getByRole("button", { name: "Send to 2 groups" })).toBeTruthy();
  expect(await inputs(on)).toHaveLength(hasEnded ? 0 : 1);
});

test("the history is exported as the filter shows it, and nothing is exported where nothing is shown", async () => {
  const on = await stageWithGroups();
  on.show(<ActivityScreen />);
  expect(await screen.findByText("Nothing is kept here")).toBeTruthy();
  const job = { kind: "leave" as const, groups: [WORLD_GROUPS.lobby] };
  const started = await send("startJob", { job, nonce: "n1" });
  expect(started).toMatchObject({ ok: true });
  const list = await screen.findByRole("list", { name: "Activity" });
  expect(list.children).toHaveLength(1);
  const { name, text } = await savedBy(() => fireEvent.click(screen.getByRole("button", { name: "Export as CSV" })));
  expect(name).toMatch(/^wappfy-activity \d{4}-\d\d-\d\d\.csv$/);
  expect(text.trim().split("\n")).toHaveLength(2);
  expect(text).toContain("Leave 1 group");
  fireEvent.change(screen.getByLabelText("Show"), { target: { value: "send" } });
  expect(await screen.findByText("Nothing of this kind.")).toBeTruthy();
  expect(isOff("Export as CSV")).toBe(true);
});

test("several groups are made from a table, after each was shown with how many people it has", async () => {
  const on = await stageWithGroups();
  on.show(<Create query={new URLSearchParams("several")} />);
  type("Table of groups", "Pune,+12025550142,+12025550143\nDelhi\nDelhi,no number");
  const list = await screen.findByRole("list", { name: "Groups to create" });
  expect(within(list).getAllByRole("listitem")).toHaveLength(2);
  expect(within(list).getByText(/no number/)).toBeTruthy();
  expect(await inputs(on)).toEqual([]);
  submit("Create 2 groups, one by one");
  await waitFor(async () =>
    expect(await inputs(on)).toMatchObject([
      { kind: "create", name: "Pune", people: [{}, {}], more: [{ name: "Delhi", people: [] }] },
    ]),
  );
  expect(await screen.findByRole("region", { name: "Create 2 groups" })).toBeTruthy();
});

test("another column is the group's name with one choice, which holds the next time for such a table", async () => {
  const on = await stageWithGroups();
  const table = "Name,Phone,Class\nAsha,+12025550142,5B\nRavi,+12025550143,5B";
  const { unmount } = on.show(<Create query={new URLSearchParams("several")} />);
  expect(screen.getByRole("button", { name: "Paste a table first" })).toBeTruthy();
  type("Table of groups", table);
  const list = () => screen.findByRole("list", { name: "Groups to create" });
  expect(within(await list()).getByText("5B")).toBeTruthy();
  // The first rows stand under what each column was taken for.
  fireEvent.click(await screen.findByText("Groups: Class · Numbers: Phone"));
  expect(screen.getByLabelText("What “Class” holds")).toHaveProperty("value", "group");
  expect(screen.getByRole("cell", { name: "Ravi" })).toBeTruthy();
  fireEvent.change(screen.getByLabelText("What “Name” holds"), { target: { value: "group" } });
  expect(await screen.findByText("Ravi", { selector: "strong *" })).toBeTruthy();
  // A group has one name.
  expect(screen.getByLabelText("What “Class” holds")).toHaveProperty("value", "none");
  fireEvent.change(screen.getByLabelText("What “Name” holds"), { target: { value: "none" } });
  expect(await screen.findByText("Which column holds the names of the groups?")).toBeTruthy();
  // The table is there, so nobody is asked to paste it.
  expect(screen.getByRole("button", { name: "No group found in the table" })).toBeTruthy();
  expect(screen.queryByRole("list", { name: "Groups to create" })).toBeNull();
  fireEvent.change(screen.getByLabelText("What “Name” holds"), { target: { value: "group" } });
  await list();
  unmount();
  on.show(<Create query={new URLSearchParams("several")} />);
  type("Table of groups", table.replace("Asha", "Meena"));
  // The columns are guessed until the remembered ones are read.
  expect(await within(await list()).findByText("Meena")).toBeTruthy();
  submit("Create 2 groups, one by one");
  await waitFor(async () =>
    expect(await inputs(on)).toMatchObject([{ kind: "create", name: "Meena", people: [{}], more: [{ name: "Ravi" }] }]),
  );
});

test("a workbook gives the table of several groups, from the sheet that is chosen", async () => {
  const on = await stageWithGroups();
  on.show(<Create query={new URLSearchParams("several")} />);
  const rows = [
    ["Pune", "+1 202 555 0142"],
    ["Delhi", "+1 202 555 0143"],
  ];
  const bytes = await writeXlsx({
    sheets: [
      { name: "Old", rows: [["Agra"]] },
      { name: "New", rows },
    ],
  });
  const picker = document.querySelector("input[type=file]")!;
  const file = new File([bytes as BlobPart], "groups.xlsx");
  Object.defineProperty(picker, "files", { value: [file], configurable: true });
  fireEvent.change(picker);
  fireEvent.change(await screen.findByRole("combobox", { name: "Sheet" }), { target: { value: "1" } });
  await screen.findByText("Pune", { selector: "strong *" });
  expect(screen.queryByText("Agra")).toBeNull();
  submit("Create 2 groups, one by one");
  await waitFor(async () =>
    expect(await inputs(on)).toMatchObject([
      { kind: "create", name: "Pune", people: [{}], more: [{ name: "Delhi", people: [{}] }] },
    ]),
  );
});

test("a new group from another's members has its next name and everybody but us", async () => {
  const on = await stageWithGroups();
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  const account = on.shell.connection.value?.id ?? "";
  const roster = await readRoster(on.worker.store, account, WORLD_GROUPS.alpha);
  const name = (await readGroup(on.worker.store, account, WORLD_GROUPS.alpha))?.name;
  on.show(<Create id={WORLD_GROUPS.alpha} />);
  const count = (roster?.members.length ?? 0) - 1;
  fireEvent.submit(
    (await screen.findByRole("button", { name: new RegExp(`^Create with ${count} `) })).closest("form")!,
  );
  await waitFor(async () => expect(await inputs(on)).toMatchObject([{ kind: "create", name: `${name} 2` }]));
});

test("a screen that closes a form late does not take the agent back from where they are going", async () => {
  const on = await stageWithGroups();
  on.show(<App />);
  on.shell.go("/message");
  await waitFor(() => expect(on.shell.route.value.name).toBe("message"));
  on.shell.go("/people");
  on.shell.go("/message", true);
  await waitFor(() => expect(on.shell.route.value.name).toBe("people"));
  expect(location.hash).toBe("#/people");
  on.shell.go("/message", true);
  await waitFor(() => expect(on.shell.route.value.name).toBe("message"));
});

test("a form opens as a form, not on what became of its last job, which is one press away", async () => {
  const on = await stageWithGroups();
  await send("saveSettings", { pace: "fast" });
  on.show(<Message />);
  type("Message", "The gate is open.");
  fireEvent.click((await within(screen.getByRole("listbox", { name: "Groups" })).findAllByRole("option"))[0]!);
  submit("Send to 1 group");
  await screen.findByRole("region", { name: /^Send \d+ message/ });
  // While it runs, it stands there again.
  cleanup();
  on.show(<Message />);
  expect(await screen.findByRole("region", { name: /^Send \d+ message/ })).toBeTruthy();
  await waitFor(async () => expect(await readOpenJobs(on.worker.store)).toEqual([]), { timeout: 30_000 });
  cleanup();
  on.show(<Message />);
  const link = await screen.findByRole("link", { name: "What became of the last one" });
  expect(link.getAttribute("href")).toMatch(/^#\/activity\/.+/);
  expect(screen.getByLabelText<HTMLTextAreaElement>("Message").value).toBe("");
  expect(screen.queryByRole("region", { name: /^Send \d+ message/ })).toBeNull();
});

test("who had no room in a full group is offered its next group, with the next name", async () => {
  const on = await stageWithGroups();
  const { full } = WORLD_GROUPS;
  const people = ["12025550142", "12025550143"].map((digits) => ({ id: `${digits}@s.whatsapp.net`, given: digits }));
  const reply = await send("startJob", { job: { kind: "add", groups: [full], people, pace: "fast" }, nonce: "n" });
  expect(reply).toMatchObject({ ok: true });
  await waitFor(async () => expect(await readOpenJobs(on.worker.store)).toEqual([]), { timeout: 20_000 });
  location.hash = `#/activity/${reply.ok ? reply.value.id : ""}`;
  on.show(<App />);
  location.hash = (await screen.findByRole("link", { name: "New group for them" })).getAttribute("href") ?? "";
  expect(await screen.findByLabelText(/^Name of the group/)).toHaveProperty("value", "Flash sale 🔥 (full) 2");
  const list = screen.getByLabelText(/^People/) as HTMLTextAreaElement;
  expect(list.value.split("\n").toSorted()).toEqual(["+12025550142", "+12025550143"]);
  await screen.findByRole("button", { name: "Create with 2 people" });
});
