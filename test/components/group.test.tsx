import { signal } from "@preact/signals";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { describe, expect, test, vi } from "vitest";
import { ShellProvider } from "../../components/models/shell";
import { useGroupRows } from "../../components/models/group-rows";
import { RefusalsAhead } from "../../components/parts/refusals-ahead";
import { Add } from "../../components/screens/group/add";
import { Invite } from "../../components/screens/group/invite";
import { memberRows, numbersOf } from "../../components/screens/group/member-table";
import { About } from "../../components/screens/group/about";
import { Members } from "../../components/screens/group/members";
import { RemoveList } from "../../components/screens/group/remove";
import { Edit } from "../../components/screens/group/edit";
import { fail, ok } from "../../lib/shared/failure";
import type { Group, Job, Member, Roster } from "../../lib/shared/model";
import { draftKey } from "../../lib/shared/draft";
import { write } from "../../lib/store/write";
import { connection, group, GROUP, job, OWN, stage, step } from "./stage";

const OWNER = "12015550101@s.whatsapp.net";
const ADMIN = "12015550102@s.whatsapp.net";
const PLAIN = ["917000000001@s.whatsapp.net", "917000000002@s.whatsapp.net"];
const HIDDEN = "71234567890100@lid";
const members: Member[] = [
  { id: OWNER, role: "superadmin" },
  { id: ADMIN, role: "admin" },
  { id: OWN, role: "admin" },
  ...PLAIN.map((id) => ({ id, role: "member" as const })),
  { id: HIDDEN, role: "member" },
];
const roster = { connection: "c1", group: GROUP, members, readAt: 2 };
const scroller = { current: document.body };

async function showMembers() {
  const on = await stage({ startJob: () => ok({ id: "j1" }) });
  on.show(<Members group={group()} roster={roster} scroller={scroller} isRefreshing={false} />);
  return on;
}
const removed = (inputs: { job: { people: { id: string }[] } }[]) => inputs[0]?.job.people.map(({ id }) => id);

describe("removing the selected", () => {
  test("leaves admins and the own number out when everybody was selected at once", async () => {
    const { sent } = await showMembers();
    fireEvent.click(screen.getByLabelText("Select all shown"));
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText("Remove 3 people from “Lobby”?")).toBeTruthy();
    expect(dialog.getByText("2 admins stay. Tick each one that you want to remove too.")).toBeTruthy();
    expect(dialog.getByText("Your own number stays. To go, use “Leave group”.")).toBeTruthy();
    fireEvent.click(dialog.getByRole("button", { name: "Remove 3 people" }));
    await waitFor(() => expect(removed(sent("startJob"))).toEqual([HIDDEN, ...PLAIN]));
  });

  test("takes an admin who was ticked by hand, and never the own number", async () => {
    const { sent } = await showMembers();
    fireEvent.click(screen.getByRole("checkbox", { name: /0102/ }));
    fireEvent.click(screen.getByRole("checkbox", { name: /^\+44/ }));
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: /^Remove/ }));
    await waitFor(() => expect(removed(sent("startJob"))).toContain(ADMIN));
    expect(removed(sent("startJob"))).not.toContain(OWN);
  });

  test("asks by name for a single person and starts nothing when it is cancelled", async () => {
    const { sent } = await showMembers();
    fireEvent.click(screen.getByRole("button", { name: /^Remove \+91 ?70000 ?00001$/ }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText(/^Remove \+91 ?70000 ?00001 from “Lobby”\?$/)).toBeTruthy();
    fireEvent.click(dialog.getByRole("button", { name: "Cancel" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(sent("startJob")).toEqual([]);
  });

  test("has no remove button for the own number", async () => {
    await showMembers();
    expect(screen.queryByRole("button", { name: /^Remove \+44/ })).toBeNull();
  });
});

test("a pasted list finds members in another spelling, ticks no admin and counts who is not in", async () => {
  const on = await stage();
  const onRemove = vi.fn();
  const shown = members.filter(({ id }) => id !== HIDDEN);
  on.show(<RemoveList group={group()} members={shown} onRemove={onRemove} onClose={vi.fn()} />);
  fireEvent.input(screen.getByRole("textbox"), {
    target: { value: "+91 70000 00001\n+1 201-555-0102\n+91 70000 00999" },
  });
  fireEvent.click(await screen.findByRole("button", { name: "Remove 2 people" }));
  const [removal] = onRemove.mock.calls[0] ?? [];
  expect(removal.members.map(({ id }: Member) => id)).toEqual([PLAIN[0], ADMIN]);
  expect(removal.ticked.size).toBe(0);
  expect(removal.skipped).toBe(1);
});

test("of somebody who may be in a group that hides numbers, a pasted list does not say that they are not in it", async () => {
  const on = await stage();
  const onRemove = vi.fn();
  on.show(<RemoveList group={group()} members={members} onRemove={onRemove} onClose={() => undefined} />);
  fireEvent.input(screen.getByRole("textbox"), { target: { value: `+${PLAIN[0]?.slice(0, 12)}\n+917000000099` } });
  expect(await screen.findByText(/^Can't tell for 1: some numbers are hidden/)).toBeTruthy();
  expect(screen.queryByText(/is not in the group/)).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: /^Remove/ }));
  expect(onRemove.mock.calls[0]?.[0]).toMatchObject({ members: [{ id: PLAIN[0] }], skipped: 0, unknown: 1 });
});

test("a plan is made anew once the members are read", async () => {
  let isRead = false;
  const on = await stage({
    planMembership: () =>
      ok({ outcomes: isRead ? { already: 1 } : { unread: 1 }, requests: 3, duration: 9000, cautions: [], unread: [] }),
  });
  on.show(<Add group={group()} />);
  fireEvent.input(screen.getByRole("textbox"), { target: { value: "+917000000099" } });
  expect(await screen.findByText(/^1 not compared: the members were never read/)).toBeTruthy();
  isRead = true;
  await on.putGroup(group(), { connection: "c1", group: GROUP, members, readAt: 5 });
  expect(await screen.findByText("1 is already in")).toBeTruthy();
});

test("a group shows its own account's job, not another's for the same group", async () => {
  const on = await stage();
  const people = PLAIN.map((id) => ({ id, given: id }));
  const own = job({
    id: "j2",
    state: "running",
    endedAt: undefined,
    input: { kind: "add", groups: [GROUP], people, pace: "careful" },
  });
  const other = { ...own, id: "j1", connection: "c2" };
  await on.putGroup(group());
  for (const each of [other, own]) await on.putJob(each, [step(0, { job: each.id, connection: each.connection })]);
  await on.openJobs(other, own);
  on.show(<Add group={group()} />);
  fireEvent.click(await screen.findByRole("button", { name: "Cancel" }));
  fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Cancel the rest" }));
  await waitFor(() => expect(on.sent("cancelJob")).toEqual([{ id: "j2" }]));
});

test("the groups that are chosen now are warned of, and no other", async () => {
  const on = await stage();
  const [lobby, other] = [group(), group({ id: "120363000000000104@g.us", name: "Office" })];
  for (const each of [lobby, other]) await on.putGroup({ ...each, onlyAdminsAdd: true, isAdmin: false });
  const chosen = signal(new Set([lobby.id]));
  const Warnings = () => <RefusalsAhead groups={useGroupRows(chosen.value) ?? []} to="add" />;
  on.show(<Warnings />);
  await screen.findByText(/one of these groups: .*Lobby/);
  await act(() => void (chosen.value = new Set([other.id])));
  expect(document.body.textContent).toMatch(/one of these groups: .*Office/);
  expect(document.body.textContent).not.toContain("Lobby");
});

test("adding to a group that hides numbers is possible from its own form", async () => {
  const on = await stage({
    planMembership: () => ok({ outcomes: { hidden: 1 }, requests: 3, duration: 9000, cautions: [], unread: [] }),
  });
  on.show(<Add group={group()} />);
  fireEvent.input(screen.getByRole("textbox"), { target: { value: "+917000000099" } });
  expect(await screen.findByText(/^1 is asked for: some numbers are hidden/)).toBeTruthy();
  expect(screen.queryByText(/Nothing to do/)).toBeNull();
  expect(screen.getByText(/3 requests/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Add 1 person" }).getAttribute("aria-disabled")).not.toBe("true");
});

test("searching narrows the list by any part of a number, with blanks", async () => {
  await showMembers();
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: "70000 00002" } });
  await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(1));
  fireEvent.click(screen.getByRole("button", { name: "Admins only" }));
  expect(await screen.findByText("Nobody found.")).toBeTruthy();
  expect(screen.getByText("“Admins only” hides everybody who is not an admin.")).toBeTruthy();
});

test("only those whom an open job is still to remove are marked, in the group where it removes them", async () => {
  const on = await stage();
  const [gone, next] = PLAIN.map((id) => ({ id, given: "" }));
  const other = "120363000000000104@g.us";
  const input = { kind: "remove", groups: [GROUP, other], people: [gone!, next!], pace: "fast" } as const;
  const running = job({ input: { ...input, groups: [...input.groups], people: [...input.people] }, state: "running" });
  await on.putJob(running, [
    step(0, { person: gone!.id, verdict: "removed" }),
    step(1, { person: next!.id, state: "todo" }),
    step(2, { person: ADMIN, target: other, state: "todo" }),
  ]);
  await on.openJobs(running);
  on.show(<Members group={group()} roster={roster} scroller={scroller} isRefreshing={false} />);
  const tag = await screen.findByText("Removing");
  expect(tag.closest("[role=row]")?.textContent).toMatch(/00002/);
});

test("a member list without anybody is not believed", async () => {
  const on = await stage();
  on.show(<Members group={group()} roster={{ ...roster, members: [] }} scroller={scroller} isRefreshing={false} />);
  expect(screen.getByText("The gateway listed no members.")).toBeTruthy();
});

test("numbers and table tell hidden members apart", async () => {
  await stage();
  expect(numbersOf(members.slice(3))).toBe(`+917000000001\n+917000000002\n${HIDDEN}`);
  const rows = memberRows(members);
  expect(rows[1]).toEqual(["+12015550101", OWNER, "phone number", "Owner"]);
  expect(rows.at(-1)).toEqual(["", HIDDEN, "hidden number", "Member"]);
});

describe("the invite", () => {
  test("shows no link for what is no code", async () => {
    const on = await stage();
    on.show(<Invite group={group({ invite: { code: "undefined/x", readAt: 2 } })} />);
    expect(screen.queryByRole("link")).toBeNull();
    expect(screen.queryByRole("button", { name: "Copy link" })).toBeNull();
  });

  test("a remembered refusal is not asked for again until the agent does", async () => {
    const on = await stage({ readInvite: () => fail("not-admin") });
    on.show(<Invite group={group({ inviteRefusedAt: 5 })} />);
    expect(screen.getByText("You are not an admin there")).toBeTruthy();
    expect(on.sent("readInvite")).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(on.sent("readInvite")).toEqual([{ group: GROUP }]);
  });

  test("a code is shown as link", async () => {
    const on = await stage();
    on.show(<Invite group={group({ invite: { code: "AbCdEfGhIjKlMnOpQrStUv", readAt: 2 } })} />);
    expect(screen.getByRole("link").getAttribute("href")).toBe("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv");
    expect(on.sent("readInvite")).toEqual([]);
  });
});

test("a refused edit keeps what was typed and says that the instance is no admin", async () => {
  const on = await stage({ startJob: () => ok({ id: "j1" }) });
  await on.putGroup(group());
  const onClose = vi.fn();
  on.show(<Edit group={group()} onClose={onClose} />);
  const name = screen.getByLabelText("Group name");
  fireEvent.input(name, { target: { value: "Front desk" } });
  await waitFor(() => expect(screen.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBeNull());
  fireEvent.submit(screen.getByRole("form"));
  await waitFor(() => expect(on.sent("startJob")).toHaveLength(1));
  expect(on.sent("startJob")[0].job).toEqual({ kind: "update", group: GROUP, name: "Front desk" });
  await on.putJob(job({ input: { kind: "update", group: GROUP, name: "Front desk" } }), [
    step(0, { state: "failed", verdict: "not-updated", reason: "not-admin" }),
  ]);
  expect(await screen.findByText(/You are not an admin of this group\./)).toBeTruthy();
  expect((name as HTMLInputElement).value).toBe("Front desk");
  expect(onClose).not.toHaveBeenCalled();
});

test("an edit follows what changes in the group meanwhile, and sends what was typed alone", async () => {
  const on = await stage({ startJob: () => ok({ id: "j1" }) });
  const edit = (more: Partial<Group>) => (
    <ShellProvider value={on.shell}>
      <Edit group={group(more)} onClose={vi.fn()} />
    </ShellProvider>
  );
  const view = on.show(edit({ description: "Until noon" }));
  view.rerender(edit({ description: "Until ten" }));
  const field = screen.getByLabelText<HTMLTextAreaElement>(/^Description/);
  await waitFor(() => expect(field.value).toBe("Until ten"));
  const save = screen.getByRole("button", { name: "Save" });
  expect(save.getAttribute("aria-disabled")).toBe("true");
  fireEvent.input(screen.getByLabelText("Group name"), { target: { value: "Front desk" } });
  await waitFor(() => expect(save.getAttribute("aria-disabled")).toBeNull());
  view.rerender(edit({ description: "Until eleven", name: "Back desk" }));
  fireEvent.submit(screen.getByRole("form"));
  await waitFor(() => expect(on.sent("startJob")).toHaveLength(1));
  expect(on.sent("startJob")[0].job).toEqual({ kind: "update", group: GROUP, name: "Front desk" });
});

describe("an edit that was saved", () => {
  const saved = (more: Partial<Job>) =>
    job({ input: { kind: "update", group: GROUP, name: "Front desk" }, endedAt: Date.now() + 1, ...more });
  const running = () => saved({ state: "running", endedAt: undefined });
  const update = draftKey({ form: "group-job", connection: "c1", subject: GROUP }, "update");
  const name = draftKey({ form: "edit", connection: "c1", subject: GROUP }, "name");
  async function save() {
    const on = await stage({ startJob: () => ok({ id: "j1" }) });
    const onClose = vi.fn();
    on.show(<Edit group={group()} onClose={onClose} />);
    const field = screen.getByLabelText<HTMLInputElement>("Group name");
    fireEvent.input(field, { target: { value: "Front desk " } });
    await waitFor(() => expect(screen.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBeNull());
    fireEvent.submit(screen.getByRole("form"));
    await on.putJob(running(), [step(0, { state: "sending" })]);
    await screen.findByRole("button", { name: "Saving" });
    return { ...on, field, onClose };
  }
  const isDismissed = (on: Awaited<ReturnType<typeof stage>>) =>
    waitFor(() => expect(on.sent("saveDraft")).toContainEqual({ key: update, value: null }));

  test("is closed", async () => {
    const on = await save();
    await on.putJob(saved({}), [step(0, { verdict: "updated" })]);
    await waitFor(() => expect(on.onClose).toHaveBeenCalledTimes(1));
    expect(on.sent("saveDraft").at(-1)).toMatchObject({ value: null });
  });

  test("keeps what was typed meanwhile, and stays open for it", async () => {
    const on = await save();
    fireEvent.input(on.field, { target: { value: "Front desks" } });
    await on.putJob(saved({}), [step(0, { verdict: "updated" })]);
    await isDismissed(on);
    expect(on.field.value).toBe("Front desks");
    expect(on.onClose).not.toHaveBeenCalled();
    expect(on.sent("saveDraft")).not.toContainEqual({ key: name, value: null });
  });

  test("does not close the next edit, which begins with what the group has", async () => {
    const on = await stage();
    await on.putJob(saved({ endedAt: 2 }), [step(0, { verdict: "updated" })]);
    await write(on.store, ["drafts"], async (tx) => {
      await tx.objectStore("drafts").put("j1", update);
      await tx.objectStore("drafts").put("Front desk", name);
    });
    const onClose = vi.fn();
    on.show(<Edit group={group({ name: "Front desk" })} onClose={onClose} />);
    await isDismissed(on);
    await waitFor(() => expect(on.sent("saveDraft")).toContainEqual({ key: name, value: null }));
    expect(onClose).not.toHaveBeenCalled();
  });
});

test("an edit that the browser did not let out offers the access in its own form", async () => {
  const on = await stage({ startJob: () => ok({ id: "j1" }) });
  on.shell.connection = Object.assign(on.shell.connection, {
    value: { ...connection, origin: "https://other.example" },
  });
  await on.putGroup(group());
  on.show(<Edit group={group()} onClose={vi.fn()} />);
  fireEvent.input(screen.getByLabelText("Group name"), { target: { value: "Front desk" } });
  await waitFor(() => expect(screen.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBeNull());
  fireEvent.submit(screen.getByRole("form"));
  await waitFor(() => expect(on.sent("startJob")).toHaveLength(1));
  await on.putJob(job({ input: { kind: "update", group: GROUP, name: "Front desk" } }), [
    step(0, { state: "failed", verdict: "not-updated", failure: "no-permission", attempts: 0 }),
  ]);
  expect(await screen.findByText(/Press “Allow access”/)).toBeTruthy();
  expect(await screen.findByRole("button", { name: "Allow access" })).toBeTruthy();
});

describe("making the group equal to a list", () => {
  async function showEqual(more: Partial<Roster> = {}, answers = {}) {
    const on = await stage({
      startJob: () => ok({ id: "j1" }),
      planMembership: () => ok({ outcomes: {}, requests: 4, duration: 9000, cautions: [], unread: [] }),
      ...answers,
    });
    const visible = members.filter(({ id }) => id !== HIDDEN);
    on.show(
      <Members
        group={group()}
        roster={{ ...roster, members: visible, ...more }}
        scroller={scroller}
        isRefreshing={false}
      />,
    );
    fireEvent.click(screen.getByRole("button", { name: "Match to a list" }));
    return on;
  }
  const paste = (text: string) => fireEvent.input(screen.getByRole("textbox"), { target: { value: text } });
  const side = (name: string) => within(screen.getByRole("region", { name }));

  test("ticks whom to add, nobody to remove; admins only by their own box, the own number never", async () => {
    const { sent } = await showEqual();
    paste("+91 70000 00001\n+91 81234 56789\n12 34");
    await screen.findByText("1 to add");
    await screen.findByText("1 is on the list and in the group.");
    const removing = side("3 to remove");
    expect(removing.getAllByRole("option").map((row) => row.getAttribute("aria-selected"))).toEqual([
      "false",
      "false",
      "false",
    ]);
    removing.getByText(/^1 entry of your list was not taken/);
    expect(removing.queryByText(/7700/)).toBeNull();
    fireEvent.click(removing.getByLabelText("Select all: 1 to remove"));
    await waitFor(() => expect(removing.getByText("1 selected")).toBeTruthy());
    fireEvent.click(screen.getByRole("button", { name: "Add 1 and remove 1" }));
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(sent("startJob")).toHaveLength(2));
    const jobs = sent("startJob").map(({ job: each }) => [
      each.kind,
      each.pace,
      each.people.map(({ id }: Member) => id),
    ]);
    expect(jobs).toEqual([
      ["remove", "careful", [PLAIN[1]]],
      ["add", "careful", ["918123456789@s.whatsapp.net"]],
    ]);
  });

  test("compares nothing with a reading that is empty or suddenly shrunken, and reads again when asked", async () => {
    const { sent } = await showEqual({ members: [{ id: OWN, role: "admin" }], shrunk: { from: 40, at: 1 } });
    paste("+91 70000 00001");
    await screen.findByText("Members that the gateway listed now: 1. Before: 40.");
    await screen.findAllByText("1 number");
    expect(screen.queryByText(/to add$|to remove$/)).toBeNull();
    expect(screen.getByRole("button", { name: "Select who to add or remove" }).getAttribute("aria-disabled")).toBe(
      "true",
    );
    fireEvent.click(screen.getByRole("button", { name: "Read again" }));
    await waitFor(() => expect(sent("refreshGroup")).toEqual([{ group: GROUP }]));
  });

  test("says that our own number is missing where nobody else is", async () => {
    await showEqual({
      members: PLAIN.map((id) => ({ id, role: "member" })),
      shrunk: { from: PLAIN.length + 1, at: 1 },
    });
    paste("+91 70000 00001");
    expect(await screen.findByText(/Your own number is missing/)).toBeTruthy();
    expect(screen.queryByText(/So few/)).toBeNull();
  });

  test("says nothing of a group of which the gateway listed nobody", async () => {
    const on = await stage();
    on.show(<Members group={group()} roster={{ ...roster, members: [] }} scroller={scroller} isRefreshing={false} />);
    screen.getByText("The gateway listed no members.");
    expect(screen.queryByRole("button", { name: "Match to a list" })).toBeNull();
  });
});

test("a removal tells its pace and cost before it begins, and careful comes first", async () => {
  const { sent, show } = await stage({
    startJob: () => ok({ id: "j1" }),
    planMembership: (input: { pace: string }) =>
      ok({ outcomes: {}, requests: input.pace === "careful" ? 7 : 5, duration: 65_000, cautions: [], unread: [] }),
  });
  show(<Members group={group()} roster={roster} scroller={scroller} isRefreshing={false} />);
  fireEvent.click(screen.getByLabelText("Select all shown"));
  fireEvent.click(screen.getByRole("button", { name: "Remove" }));
  const dialog = within(screen.getByRole("dialog"));
  await dialog.findByText("7 requests, about 2 minutes");
  expect(sent("planMembership").at(-1)).toMatchObject({ op: "remove", withAdmins: true, pace: "careful" });
  fireEvent.change(dialog.getByLabelText("Pace"), { target: { value: "fast" } });
  await dialog.findByText("5 requests, about 2 minutes");
  fireEvent.click(dialog.getByRole("button", { name: /^Remove \d people$/ }));
  await waitFor(() => expect(sent("startJob")[0]?.job).toMatchObject({ kind: "remove", pace: "fast" }));
});

test("members are found by the digits of any script", async () => {
  const on = await stage();
  on.show(<Members group={group()} roster={roster} scroller={scroller} isRefreshing={false} />);
  const search = await screen.findByRole("searchbox");
  for (const typed of ["12015550101", "१२०१५५५०१०१", "١٢٠١٥٥٥٠١٠١", "１２０１５５５０１０１"]) {
    fireEvent.input(search, { target: { value: typed } });
    await waitFor(() => expect(screen.getAllByRole("row").length).toBe(1));
  }
});

test("a description that the gateway did not tell is not called none", async () => {
  const { show } = await stage();
  const { unmount } = show(<About group={group()} />);
  expect(screen.queryByText("No description")).toBeNull();
  unmount();
  show(<About group={group({ description: "" })} />);
  expect(screen.getByText("No description")).toBeTruthy();
});
