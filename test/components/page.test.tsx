import type { Signal } from "@preact/signals";
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { Page } from "../../components/screens/page";
import type { PageView } from "../../lib/shared/views";
import { fail, ok } from "../../lib/shared/failure";
import { draftKey } from "../../lib/shared/draft";
import type { JobInput, KnownInvite, PendingInvite } from "../../lib/shared/model";
import { write } from "../../lib/store/write";
import { GROUP, group, job, stage, step } from "./stage";

/** "This page": what each row says, what a press on it sends, and when the page is looked through. */

type Row = PageView["invites"][number];

const code = (at: number) => `${"BqT7wZk2RmX9fPs4LdVn6Y".slice(0, 18)}${String(at).padStart(4, "0")}`;
const row = (at: number, more: Partial<Row> = {}): Row => ({
  code: code(at),
  context: `Group ${at}`,
  isUnusual: false,
  ...more,
});
const known = (at: number, more: Partial<KnownInvite>): KnownInvite => ({
  connection: "c1",
  code: code(at),
  state: "ours",
  at: 1,
  ...more,
});

async function show(invites: Row[], more: Partial<PageView> = {}, looked?: PageView["invites"]) {
  const view: PageView = { tab: 1, origin: "https://forum.example", isPaused: false, closed: [], invites, ...more };
  const on = await stage({
    pageView: () => ok(view),
    findOnPage: () => ok({ ...view, invites: looked ?? invites }),
  });
  on.show(<Page />);
  await screen.findByText(/^[\d,]+ invites? on this page/);
  return on;
}
const rows = () => within(screen.getByRole("list", { name: "Invites on this page" })).getAllByRole("listitem");
const textOf = (at: number) => rows()[at]!.textContent;

test("a row tells its number, the words around, and what the invite is for us", async () => {
  await show([
    row(1, { known: known(1, { group: GROUP }), group: group() }),
    row(2, { known: known(2, { state: "pending", reason: "approval" }) }),
    row(3, { known: known(3, { state: "refused", reason: "revoked" }) }),
    row(4, { known: known(4, { state: "seen" }) }),
    row(5),
    row(6, { isUnusual: true, context: "" }),
    row(7, { isGone: true }),
  ]);
  const expected = [
    ["1", "Lobby", "Group 1", "You are in it", "Open"],
    ["2", "Group 2", "Waits for approval", "Join"],
    ["3", "Group 3", "The invite is no longer valid.", "Refused before", "Join"],
    ["4", "Group 4", "You were in it", "Join"],
    ["5", "Group 5", "New", "Join"],
    ["6", "Invite link", "New", "Unusual code", "Join"],
    ["–", "Group 7", "New", "Not on the page any more", "Join"],
  ];
  for (const [at, parts] of expected.entries()) {
    const [, ...words] = parts;
    expect(rows()[at]!.querySelector(".place")?.textContent).toBe(parts[0]);
    for (const word of words) expect(textOf(at)).toContain(word);
    expect(textOf(at)).toContain(code(at + 1));
  }
  // What is not there any more is not counted.
  screen.getByText("6 invites on this page");
});

test("a thousand rows are a list of which only what is seen is drawn, and it says that it ends there", async () => {
  await show(Array.from({ length: 1000 }, (_, at) => row(at)));
  expect(rows().length).toBeLessThan(60);
  expect(rows()[0]!.getAttribute("aria-setsize")).toBe("1000");
  screen.getByText("The list ends at 1,000 invites; the page may have more.");
});

test("the list is one stop; arrows lead from row to row and to the box that chooses several", async () => {
  await show([row(1), row(2, { known: known(2, { group: GROUP }), group: group() }), row(3)]);
  const stops = () => screen.getByRole("list", { name: "Invites on this page" }).querySelectorAll('[tabindex="0"]');
  expect([...stops()].map(({ textContent }) => textContent)).toEqual(["Join"]);
  const press = (key: string) => act(() => void fireEvent.keyDown(document.activeElement!, { key }));
  await act(() => screen.getAllByRole("button", { name: "Join" })[0]!.focus());
  await press("ArrowDown");
  expect(document.activeElement?.textContent).toBe("Open");
  // One that we are in cannot be chosen.
  await press("ArrowLeft");
  expect(document.activeElement?.textContent).toBe("Open");
  await press("ArrowDown");
  await press("ArrowLeft");
  expect(document.activeElement).toBe(screen.getByLabelText(`Choose ${code(3)}`));
  await press("ArrowUp");
  expect(document.activeElement?.textContent).toBe("Open");
  expect(stops()).toHaveLength(1);
});

test("Join asks over the list, and Esc and Cancel lead back to it", async () => {
  const on = await show([row(1), row(2)]);
  fireEvent.click(screen.getAllByRole("button", { name: "Join" })[1]!);
  await waitFor(() =>
    expect(on.sent("showInvite")).toEqual([{ code: code(2), origin: "https://forum.example", isListed: true }]),
  );
  const asked: PendingInvite = { id: "p1", code: code(2), origin: "https://forum.example", at: 1, isListed: true };
  await act(() => void ((on.shell.pending as Signal<PendingInvite | undefined>).value = asked));
  const dialog = await screen.findByRole("dialog");
  within(dialog).getByText(code(2));
  expect(rows()).toHaveLength(2);
  fireEvent(dialog, new Event("cancel", { cancelable: true }));
  fireEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(on.sent("dismissInvite")).toEqual([{ id: "p1" }, { id: "p1" }]));
  // A page's own question is not asked here.
  await act(
    () => void ((on.shell.pending as Signal<PendingInvite | undefined>).value = { ...asked, isListed: undefined }),
  );
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("only what is ticked on the page in front is joined", async () => {
  const view = { tab: 1, origin: "https://forum.example", isPaused: false, closed: [], invites: [row(1), row(2)] };
  let now: PageView = view;
  const on = await stage({ pageView: () => ok(now), findOnPage: () => ok(now), startJob: () => ok({ id: "j1" }) });
  on.show(<Page />);
  for (const at of [1, 2]) fireEvent.click(await screen.findByLabelText(`Choose ${code(at)}`));
  await screen.findByRole("button", { name: "Join 2 groups" });
  // One became ours elsewhere.
  now = { ...view, invites: [row(1), row(2, { known: known(2, { group: GROUP }), group: group() })] };
  await fakeBrowser.tabs.onActivated.trigger({ tabId: 1, windowId: 1 });
  await screen.findByRole("button", { name: "Join 1 group" });
  now = { ...view, tab: 2, origin: "https://other.example", invites: [row(5)] };
  await fakeBrowser.tabs.onActivated.trigger({ tabId: 2, windowId: 1 });
  const other = await screen.findByLabelText(`Choose ${code(5)}`);
  expect(screen.queryByRole("button", { name: /^Join \d/ })).toBeNull();
  fireEvent.keyDown(other, { key: "Enter", ctrlKey: true });
  fireEvent.click(other);
  await screen.findByRole("button", { name: "Join 1 group" });
  fireEvent.keyDown(other, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(on.sent("startJob").map(({ job: { codes } }) => codes)).toEqual([[code(5)]]));
});

test("what is found in a tab is not shown once another is in front", async () => {
  const view = { tab: 1, origin: "https://forum.example", isPaused: false, closed: [], invites: [row(1)] };
  const other = { ...view, tab: 2, origin: "https://other.example", isPaused: true, invites: [row(5)] };
  let now: PageView = view;
  let answer = (_reply: never) => {};
  const found = new Promise<never>((resolve) => (answer = resolve));
  const on = await stage({ pageView: () => ok(now), findOnPage: () => found as never });
  on.show(<Page />);
  fireEvent.click(await screen.findByRole("button", { name: "Find invites on this page" }));
  await waitFor(() => expect(on.sent("findOnPage")).toHaveLength(2));
  now = other;
  await fakeBrowser.tabs.onActivated.trigger({ tabId: 2, windowId: 1 });
  await screen.findByText("https://other.example");
  answer(ok({ ...view, invites: [row(1), row(2)] }) as never);
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Find invites on this page" }).getAttribute("aria-busy")).not.toBe(
      "true",
    ),
  );
  screen.getByText("https://other.example");
  expect(rows()).toHaveLength(1);
});

test("a row says what becomes of its join: under way, waiting for the agent, or why it was not done", async () => {
  const input: JobInput = { kind: "join", codes: [code(1), code(2)], pace: "careful" };
  const on = await show([row(1, { known: known(1, { state: "refused", at: 1 }) }), row(2)]);
  const running = job({ id: "j1", input, createdAt: 5, state: "running", endedAt: undefined });
  const ended = step(1, { target: code(2), state: "failed", verdict: "not-joined" });
  await on.putJob(running, [step(0, { target: code(1), state: "todo" }), ended]);
  const other = { ...running, id: "j9", connection: "c2" };
  await on.putJob(other, [step(0, { job: "j9", connection: "c2", target: code(2), state: "todo" })]);
  await on.openJobs(other, running);
  await waitFor(() => expect(textOf(0)).toContain("Joining…"));
  // The job goes on, this one's join does not.
  expect(textOf(1)).not.toContain("Joining…");
  // Not what was known before.
  expect(textOf(0)).not.toContain("Refused before");
  await on.openJobs({ ...running, state: "paused" });
  expect(textOf(0)).toContain("Paused");
  expect(screen.getByText("Paused").getAttribute("href")).toBe("#/activity/j1");
});

test("a join that ended without an answer about the invite is called so, with the reason", async () => {
  const input: JobInput = { kind: "join", codes: [code(1)], pace: "careful" };
  const view = { tab: 1, origin: "https://forum.example", isPaused: false, closed: [], invites: [row(1)] };
  const on = await stage({ pageView: () => ok(view), findOnPage: () => ok(view) });
  await on.putJob(job({ input }), [
    step(0, { target: code(1), state: "failed", verdict: "not-joined", failure: "offline" }),
  ]);
  const key = draftKey({ form: "page", connection: "c1" }, "job");
  await write(on.store, ["drafts"], (tx) => tx.objectStore("drafts").put("j1", key));
  on.show(<Page />);
  await screen.findByText("Not joined");
  expect(textOf(0)).not.toContain("New");
  expect(rows()[0]!.querySelector("span[title] ~ .small")?.textContent).toBeTruthy();
});

test("what the page script reports is looked at once for its words; a site that is paused is left alone", async () => {
  const on = await show([row(1), row(2, { context: undefined })], {}, [row(2), row(1)]);
  await waitFor(() => expect(textOf(0)).toContain("Group 2"));
  // At the opening, and no more once every row has its words.
  await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
  expect(on.sent("findOnPage").length).toBeLessThanOrEqual(2);
  cleanup();
  const paused = await show([row(1, { context: undefined })], { isPaused: true });
  expect(paused.sent("findOnPage")).toEqual([]);
  cleanup();
  await show([], { isPaused: true });
  expect(screen.getByText(/^Off or paused: invite links appear here only/)).toBeTruthy();
});

test("only a press of the agent's says that the browser keeps us out", async () => {
  const view = { tab: 1, origin: "https://forum.example", isPaused: false, closed: [], invites: [] };
  const on = await stage({ pageView: () => ok(view), findOnPage: () => fail("no-page-access") });
  on.show(<Page />);
  await screen.findByText("No invite found here");
  await waitFor(() => expect(on.sent("findOnPage")).toHaveLength(1));
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.click(screen.getAllByRole("button", { name: "Find invites on this page" })[0]!);
  await screen.findByText("The browser does not let the extension look into this page.");
});

test("parts that were not looked into are named, and asked for straight from the press; then they are looked into", async () => {
  const granted = new Set<string>();
  const listeners = new Set<() => void>();
  const asked: string[][] = [];
  const view = {
    tab: 1,
    origin: "https://forum.example",
    isPaused: false,
    closed: ["mail.example:8443", "", ...Array.from({ length: 6 }, (_, at) => `ads${at}.example`)],
    invites: [],
  };
  const on = await stage({ pageView: () => ok(view), findOnPage: () => ok(view) });
  const event = { addListener: (run: () => void) => listeners.add(run), removeListener: () => undefined };
  Object.assign(fakeBrowser.permissions, {
    contains: ({ origins: [origin = ""] }: { origins: string[] }) =>
      Promise.resolve(!origin.startsWith("https:") || granted.has(origin)),
    request: ({ origins }: { origins: string[] }) => {
      asked.push(origins);
      for (const origin of origins) granted.add(origin);
      for (const run of listeners) run();
      return Promise.resolve(true);
    },
    onAdded: event,
    onRemoved: event,
  });
  on.show(<Page />);
  await screen.findByText("These parts of the page were not looked into");
  screen.getByText("mail.example:8443");
  screen.getByText("a part without an address");
  screen.getByText("and 3 more");
  const before = on.sent("findOnPage").length;
  await waitFor(() => expect(screen.getAllByRole("button", { name: "Allow access" })).toHaveLength(4));
  fireEvent.click(screen.getAllByRole("button", { name: "Allow access" })[0]!);
  expect(asked).toEqual([["https://mail.example/*"]]);
  await waitFor(() => expect(on.sent("findOnPage").length).toBeGreaterThan(before));
});

test("a screen that was closed looks no more", async () => {
  const on = await show([row(1, { context: undefined })], {}, [row(2, { context: undefined })]);
  await waitFor(() => expect(on.sent("findOnPage")).toHaveLength(1));
  // Another load during the wait between two searches asks for one more.
  await act(async () => void (await fakeBrowser.tabs.onUpdated.trigger(1, { status: "complete" }, {} as never)));
  cleanup();
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(on.sent("findOnPage")).toHaveLength(1);
});
