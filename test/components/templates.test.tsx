import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { Message } from "../../components/screens/message";
import { WORLD_CODES, WORLD_GROUPS } from "../../lib/sandbox/world";
import { send } from "../../lib/shared/send";
import { readGroup, readOpenJobs, readSets } from "../../lib/store/read";
import { readJobs } from "../../lib/store/read-jobs";
import { stageWithGroups } from "./stage";

/** Messages with the agent's own templates, over the real worker and the sample groups. */

const { alpha, member } = WORLD_GROUPS;
const dialog = () => within(screen.getByRole("dialog"));
const text = () => screen.getByLabelText<HTMLTextAreaElement>("Message");
const write = (value: string) => fireEvent.input(text(), { target: { value } });
async function pick(name: string) {
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: name } });
  const groups = within(screen.getByRole("listbox", { name: "Groups" }));
  await waitFor(() => expect(groups.getAllByRole("option")).toHaveLength(1));
  fireEvent.click(groups.getByRole("option"));
}

test("each group gets its own name and link, shown before; one whose link is refused is named and left out", async () => {
  const on = await stageWithGroups();
  const account = on.shell.connection.value?.id ?? "";
  const nameOf = async (id: string) => (await readGroup(on.worker.store, account, id))?.name ?? "";
  on.show(<Message />);
  write("Welcome to {group}: {link}");
  await pick(await nameOf(alpha));
  await pick(await nameOf(member));
  fireEvent.submit(screen.getByRole("button", { name: "Preview 2 messages" }).closest("form")!);
  const wanted = `Welcome to ${await nameOf(alpha)}: https://chat.whatsapp.com/${WORLD_CODES.alpha}`;
  expect(await dialog().findByText(wanted)).toBeTruthy();
  expect(await dialog().findByText(/^1 group is left out/)).toBeTruthy();
  expect(dialog().getByText(await nameOf(member))).toBeTruthy();
  // Nothing is sent by looking.
  expect(await readJobs(on.worker.store, account)).toEqual([]);
  fireEvent.click(dialog().getByRole("button", { name: "Send to 1 group" }));
  await waitFor(async () =>
    expect((await readOpenJobs(on.worker.store)).map(({ input }) => input)).toMatchObject([
      { kind: "send", chats: [alpha], texts: [wanted] },
    ]),
  );
});

test("a template is kept under its name for one connection, put in, replaced and deleted", async () => {
  const on = await stageWithGroups();
  const account = on.shell.connection.value?.id ?? "";
  const kept = async () => (await readSets(on.worker.store, account, "texts")).map((each) => [each.name, each.text]);
  on.show(<Message />);
  expect(screen.queryByLabelText("Templates")).toBeNull();
  const save = async (name: string) => {
    fireEvent.click(screen.getByRole("button", { name: "Save as template" }));
    fireEvent.input(dialog().getByLabelText("Name of the template"), { target: { value: name } });
    fireEvent.submit(dialog().getByRole("button", { name: "Save" }).closest("form")!);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  };
  write("Good morning");
  await save("Morning");
  // The form around it was not sent.
  expect(await readJobs(on.worker.store, account)).toEqual([]);
  write("Good morning, all");
  await save("Morning");
  expect(await kept()).toEqual([["Morning", "Good morning, all"]]);
  write("");
  fireEvent.change(await screen.findByLabelText("Templates"), { target: { value: "" } });
  // The list of templates comes from the store, a moment after it was written.
  await waitFor(() => {
    fireEvent.change(screen.getByLabelText("Templates"), { target: { value: "Morning" } });
    expect(text().value).toBe("Good morning, all");
  });
  // Another connection has none of it.
  expect(await readSets(on.worker.store, "another", "texts")).toEqual([]);
  const file = await send("exportData", { withPeople: true });
  expect(file.ok && file.value.json).toContain("Good morning, all");
  fireEvent.click(screen.getByRole("button", { name: "Delete template “Morning”" }));
  await waitFor(async () => expect(await kept()).toEqual([]));
  // What stands in the field stays.
  expect(text().value).toBe("Good morning, all");
});

test("a message to groups does not go with {name} in it, which names one person, and says so at the field", async () => {
  const on = await stageWithGroups();
  const account = on.shell.connection.value?.id ?? "";
  on.show(<Message />);
  write("Hello {name}, welcome to {group}");
  await pick((await readGroup(on.worker.store, account, alpha))?.name ?? "");
  expect(text().getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText(/^\{name\} works only in invitations/)).toBeTruthy();
  const button = screen.getByRole("button", { name: "Preview 1 message" });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  fireEvent.submit(button.closest("form")!);
  expect(screen.queryByRole("dialog")).toBeNull();
  write("Hello, welcome to {group}");
  expect(text().getAttribute("aria-invalid")).toBeNull();
  fireEvent.submit(button.closest("form")!);
  expect(await screen.findByRole("dialog")).toBeTruthy();
  expect(await readJobs(on.worker.store, account)).toEqual([]);
});

test("a look at the templates takes nothing that was typed", async () => {
  const on = await stageWithGroups();
  await send("saveSet", { kind: "texts", name: "Morning", text: "Good morning" });
  await send("saveSet", { kind: "texts", name: "Evening", text: "Good evening" });
  on.show(<Message />);
  write("My own words");
  const choose = async (name: string) =>
    fireEvent.change(await screen.findByLabelText("Templates"), { target: { value: name } });
  const shows = (words: string) => waitFor(() => expect(text().value).toBe(words));
  await choose("Morning");
  await shows("Good morning");
  await choose("Evening");
  await shows("Good evening");
  await choose("");
  await shows("My own words");
  // What is changed in a template is typed, too.
  await choose("Morning");
  write("Good morning, all");
  await choose("Evening");
  await choose("");
  await shows("Good morning, all");
});
