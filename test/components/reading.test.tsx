import { signal } from "@preact/signals";
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { beforeEach, describe, expect, test } from "vitest";
import { useReading } from "../../components/models/reading";
import { EachProgress } from "../../components/parts/each-progress";
import { GroupPicker } from "../../components/parts/group-picker";
import { FailureNotice } from "../../components/parts/failure-notice";
import { MembersReading } from "../../components/parts/members-reading";
import { Group } from "../../components/screens/group";
import { Groups } from "../../components/screens/groups";
import { Invites } from "../../components/screens/several/invites";
import { fail, ok, type Reply } from "../../lib/shared/failure";
import type { ListReading } from "../../lib/shared/model";
import { write } from "../../lib/store/write";
import { connection, group, GROUP, stage } from "./stage";

/** Screens that read from the gateway: what they say while something is in the way, and that they go on when it is gone. */

beforeEach(() => {
  Object.assign(globalThis, { requestIdleCallback: (work: () => void) => setTimeout(work) });
});

const LIMITED = "The account's request limit is used up for now.";

/** A gateway whose answer the test changes. */
async function onScreen(which: "groups" | "group", first: Reply<unknown>) {
  let reply = first;
  const on = await stage({ refreshGroups: () => reply, refreshGroup: () => reply });
  await on.putGroup(group());
  const command = which === "groups" ? "refreshGroups" : "refreshGroup";
  on.show(which === "groups" ? <Groups /> : <Group id={GROUP} />);
  return { ...on, asked: () => on.sent(command as never).length, answer: (next: Reply<unknown>) => (reply = next) };
}

describe.each(["groups", "group"] as const)("the screen %s", (which) => {
  test("says when a limited reading is tried again, tries it then, and takes the notice away", async () => {
    const on = await onScreen(which, fail("rate-limited", { retryAt: Date.now() + 8000 }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain(LIMITED);
    expect(alert.textContent).toMatch(/tried again by itself at \d/);
    // The time that is left goes on only for the eyes: nothing else in what is read out changes.
    const spoken = () => {
      const copy = alert.cloneNode(true) as HTMLElement;
      for (const hidden of copy.querySelectorAll('[aria-hidden="true"]')) hidden.remove();
      return copy.textContent;
    };
    const [before, seen] = [spoken(), alert.textContent];
    await waitFor(() => expect(alert.textContent).not.toBe(seen));
    expect(spoken()).toBe(before);
    expect(on.asked()).toBe(1);
    on.answer(ok({ count: 1 }));
    await waitFor(() => expect(screen.queryByText(LIMITED)).toBeNull());
    expect(on.asked()).toBe(2);
  });

  test("tries again when the network is back", async () => {
    const on = await onScreen(which, fail("offline"));
    await screen.findByText("The gateway cannot be reached.");
    on.answer(ok({ count: 1 }));
    // The screen listens once its effects have run, some time after the drawing that was seen.
    await waitFor(async () => {
      await act(() => void dispatchEvent(new Event("online")));
      expect(screen.queryByText("The gateway cannot be reached.")).toBeNull();
    });
  });

  test("tries again when the trouble of the connection is over", async () => {
    const on = await onScreen(which, fail("key-refused"));
    await screen.findByRole("alert");
    const shown = on.shell.connection as { value: typeof connection | undefined };
    await act(() => void (shown.value = { ...connection, trouble: "key-refused" }));
    on.answer(ok({ count: 1 }));
    await act(() => void (shown.value = connection));
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    expect(on.asked()).toBe(2);
  });
});

test.each([
  ["rate-limited", "waits for the request limit"],
  ["offline", "waits for the connection"],
  ["timeout", "waits for the gateway"],
] as const)("a reading of several groups says what it waits for: %s", async (wait, text) => {
  const on = await stage();
  const notes = { startedAt: 1, since: 1, groups: [GROUP], total: 2, done: 1, goesOnAt: Date.now() + 60_000, wait };
  await write(on.store, ["gateways"], (tx) => tx.objectStore("gateways").put({ connection: "c1", members: notes }));
  const Reading = () => <EachProgress each={useReading("members", [GROUP])} label="" names={new Map()} />;
  on.show(<Reading />);
  expect((await screen.findByText(new RegExp(text))).textContent).toMatch(/^1 of 2 · .*: \d:\d\d$/);
});

test("a failure that nothing tries again does not say so", async () => {
  const on = await stage();
  const at = new Date().setHours(23, 59);
  const { unmount } = on.show(<FailureNotice failure={{ code: "rate-limited", retryAt: at }} />);
  expect(screen.getByText(/^Try again at .*11:59.PM.*\.$/u)).toBeTruthy();
  expect(screen.queryByText(/by itself/)).toBeNull();
  unmount();
  on.show(<FailureNotice failure={{ code: "rate-limited" }} />);
  expect(screen.getByText("Wait a minute, then try again.")).toBeTruthy();
  expect(screen.queryByText(/by itself/)).toBeNull();
});

test("opening the list asks only for what is stale, and Refresh always asks", async () => {
  const on = await onScreen("groups", ok({ count: 1 }));
  await waitFor(() => expect(on.sent("refreshGroups")).toEqual([{ ifStale: true }]));
  fireEvent.click(await screen.findByRole("button", { name: "Refresh the list" }));
  await waitFor(() => expect(on.sent("refreshGroups")).toEqual([{ ifStale: true }, { ifStale: false }]));
});

describe("a list that is not read to its end", () => {
  async function showList(list: ListReading) {
    const on = await stage({ refreshGroups: () => ok({ count: 2 }) });
    await on.putGroup(group());
    await on.putGroup(group({ id: "120363000000000104@g.us", name: "Sales" }));
    await write(on.store, ["gateways"], (tx) => tx.objectStore("gateways").put({ connection: "c1", list }));
    on.show(<Groups />);
    return on;
  }

  test("is called a part, with the time at which it goes on", async () => {
    const goesOnAt = new Date().setHours(12, 4, 0, 0);
    await showList({ startedAt: 1, count: 2, total: 1200, next: { page: 2 }, goesOnAt });
    expect(await screen.findByText(/^2 of 1,200 groups/)).toBeTruthy();
    expect(
      await screen.findByText(/Only a part.*goes on by itself at 12:04.*search finds only what is here/),
    ).toBeTruthy();
  });

  test("is read on by a press when it does not go on by itself", async () => {
    const on = await showList({ startedAt: 1, count: 2, total: 1200 });
    const notice = (await screen.findByText(/^Only a part/)).parentElement!;
    const asked = on.sent("refreshGroups").length;
    fireEvent.click(within(notice).getByRole("button", { name: "Refresh the list" }));
    await waitFor(() => expect(on.sent("refreshGroups").slice(asked)).toEqual([{ ifStale: false }]));
  });

  test("is as old as its last whole reading, however new a group of it is", async () => {
    const [whole, opened] = [new Date(2026, 0, 5, 9), new Date(2026, 0, 7, 9)].map(Number) as [number, number];
    const on = await showList({ startedAt: whole, endedAt: whole + 1, count: 2 });
    await on.putGroup(group({ listedAt: opened }));
    expect((await screen.findByText(/as of/)).textContent).toMatch(/Jan 5|5 Jan/);
  });

  test("is called a part where groups are picked, too", async () => {
    const on = await showList({ startedAt: 1, count: 2, total: 1200 });
    cleanup();
    on.show(<GroupPicker chosen={new Set()} onChange={() => undefined} />);
    expect(await screen.findByText(/Only a part of the list/)).toBeTruthy();
  });

  test("is called unread, and not empty, before its first reading where groups are picked", async () => {
    const on = await stage();
    on.show(<GroupPicker chosen={new Set()} onChange={() => undefined} />);
    expect(await screen.findByText("The list of groups has not been read yet.")).toBeTruthy();
    expect(screen.queryByText("No groups yet")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Refresh the list" }));
    await waitFor(() => expect(on.sent("refreshGroups")).toEqual([{ ifStale: false }]));
  });

  test("a match that the filter leaves out is not called missing where groups are picked", async () => {
    const on = await showList({ startedAt: 1, endedAt: 2, count: 2, total: 2 });
    cleanup();
    on.show(<GroupPicker chosen={new Set()} onChange={() => undefined} />);
    fireEvent.change(await screen.findByRole("combobox"), { target: { value: "admin" } });
    fireEvent.input(screen.getByRole("searchbox"), { target: { value: "sales" } });
    expect(await screen.findByText("No group is shown with this choice.")).toBeTruthy();
    expect(screen.queryByText(/Nothing has/)).toBeNull();
  });

  test("is no part once all of it is here", async () => {
    await showList({ startedAt: 1, endedAt: 2, count: 2, total: 2 });
    expect(await screen.findByText(/^2 groups/)).toBeTruthy();
    expect(screen.queryByText(/Only a part/)).toBeNull();
  });
});

test("the reading while nobody is there says where the lock comes first", async () => {
  const on = await stage();
  on.show(<MembersReading />);
  expect(await screen.findByText(/Not while the key is locked/)).toBeTruthy();
  expect(screen.queryByText(/comes first/)).toBeNull();
  cleanup();
  const settings = signal({ ...on.shell.settings.value, lockAfter: 15 });
  Object.assign(on.shell, { settings, connection: signal({ ...connection, isSandbox: false }) });
  on.show(<MembersReading />);
  expect(await screen.findByText(/comes first, so this happens only while a job/)).toBeTruthy();
});

test("a double click starts the reading, and its second half does not pause it", async () => {
  const on = await stage({ readMembers: () => ok(undefined), stopReading: () => ok(undefined) });
  on.show(<MembersReading />);
  fireEvent.click(await screen.findByRole("button", { name: /Read/ }), { detail: 1 });
  await waitFor(() => expect(on.sent("readMembers")).toHaveLength(1));
  const members = { startedAt: 1, since: 1, total: 200, done: 0 };
  await write(on.store, ["gateways"], (tx) => tx.objectStore("gateways").put({ connection: "c1", members }));
  const pause = await screen.findByRole("button", { name: "Pause" });
  fireEvent.click(pause, { detail: 2 });
  expect(on.sent("stopReading")).toEqual([]);
  fireEvent.click(pause, { detail: 1 });
  await waitFor(() => expect(on.sent("stopReading")).toEqual([{ what: "members", as: "paused" }]));
});

describe("a reading of many groups is heard at its beginning and end, not at each group", () => {
  const reading = { startedAt: 1, since: 1, groups: [GROUP], total: 200 };
  const heard = () => screen.getAllByRole("status").map((each) => each.textContent);

  test.each([
    ["members", () => <MembersReading />, /^1. of 200 groups done/, "Reading groups"],
    ["invites", () => <Invites groups={[group()]} />, /^Invite links known: 0 of 1/, "Reading invite links"],
  ] as const)("%s", async (what, view, count, words) => {
    const on = await stage();
    await on.putGroup(group());
    const put = (more: object) =>
      write(on.store, ["gateways"], (tx) =>
        tx.objectStore("gateways").put({ connection: "c1", [what]: { ...reading, ...more } }),
      );
    await put({ done: 13 });
    on.show(view());
    const isHeard = async () => (await screen.findByText(count)).closest("[role=status], [aria-live]") !== null;
    await waitFor(() => expect(heard()).toEqual([words]));
    expect(await isHeard()).toBe(false);
    await put({ done: 14 });
    await screen.findByText(/14 of 200/);
    expect(heard()).toEqual([words]);
    expect(await isHeard()).toBe(false);
    await put({ done: 200, endedAt: 3 });
    await waitFor(() => expect(heard()).not.toEqual([words]));
  });
});
