import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { usePlan } from "../../components/parts/plan";
import { PersonScreen } from "../../components/screens/person";
import { OWN_NUMBER, WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import { personKey, placeKey } from "../../lib/shared/person";
import { send } from "../../lib/shared/send";
import { readGroup, readOpenJobs, readRoster } from "../../lib/store/read";
import { readJobs } from "../../lib/store/read-jobs";
import { putRoster, ROSTER, write } from "../../lib/store/write";
import { stageWithGroups } from "./stage";

/** A person's page, over the real worker and the sample groups. */

const { alpha, support, lobby } = WORLD_GROUPS;
type Stage = Awaited<ReturnType<typeof stageWithGroups>>;
const account = (on: Stage) => on.shell.connection.value?.id ?? "";
const nameOf = async (on: Stage, id: string) => (await readGroup(on.worker.store, account(on), id))?.name ?? "";
const dialog = () => within(screen.getByRole("dialog"));
const groups = () => screen.findByRole("region", { name: "Groups of this person" });

/** The page of a person, after these groups were read. */
async function withPerson(id: string, read: string[]) {
  const on = await stageWithGroups();
  for (const group of read) await send("refreshGroup", { group });
  on.show(<PersonScreen id={id} />);
  return on;
}

test("the page of a Brazilian number, written without the ninth digit, shows the groups that list it with", async () => {
  const on = await withPerson("551199998888@s.whatsapp.net", [alpha, support]);
  await waitFor(async () => expect(within(await groups()).getAllByRole("link")).toHaveLength(2));
  for (const id of [alpha, support]) expect(within(await groups()).getByText(await nameOf(on, id))).toBeTruthy();
  expect((await groups()).textContent).toMatch(/as of/);
  expect(await within(await groups()).findByText(/^Never read: /)).toBeTruthy();
});

test("a removal from all groups leaves out those where the person is an admin until each is ticked, and asks by name", async () => {
  const on = await withPerson(WORLD_PEOPLE.seed, [alpha, support]);
  // The gateway lists them as an admin of one of the two.
  const roster = (await readRoster(on.worker.store, account(on), support))!;
  const members = roster.members.map((each) =>
    each.id === WORLD_PEOPLE.seed ? { ...each, role: "admin" as const } : each,
  );
  await write(on.worker.store, [...ROSTER], (tx) => putRoster(tx, { ...roster, members, readAt: roster.readAt + 1 }));
  const [first, second] = [await nameOf(on, alpha), await nameOf(on, support)];
  expect(await within(await groups()).findByText("Admin")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Remove from groups…" }));
  const row = (name: string) => dialog().getByRole("option", { name: new RegExp(name) });
  expect(row(first).getAttribute("aria-selected")).toBe("true");
  expect(row(second).getAttribute("aria-selected")).toBe("false");
  expect(dialog().getByText(/groups were never read\. They may be in those too/)).toBeTruthy();
  expect(dialog().getByRole("heading").textContent).toMatch(/^Remove .*9999.*8888.* from groups$/);
  fireEvent.click(row(second));
  expect(await readOpenJobs(on.worker.store)).toEqual([]);
  fireEvent.click(dialog().getByRole("button", { name: "Remove from 2 groups" }));
  await waitFor(async () =>
    expect((await readOpenJobs(on.worker.store)).map(({ input }) => input)).toMatchObject([
      { kind: "remove", groups: [alpha, support], admins: [placeKey(support, WORLD_PEOPLE.seed)] },
    ]),
  );
  // What becomes of it stands on the page and among what was done with the person.
  const done = await screen.findByRole("region", { name: "What you did with them" });
  await waitFor(() => expect(within(done).getAllByRole("link", { name: /^Remove/ })).toHaveLength(2));
});

test("our own number is said to be ours, and can be removed from nothing", async () => {
  await withPerson(OWN_NUMBER, [alpha]);
  expect(await screen.findByText(/^This is your own number/)).toBeTruthy();
  await groups();
  expect(screen.queryByRole("button", { name: /groups…$/ })).toBeNull();
});

test("what was done with somebody is kept with its verdict and leads to the job, of this connection alone", async () => {
  const on = await withPerson(WORLD_PEOPLE.private, [lobby]);
  await send("saveSettings", { pace: "fast" });
  const people = [{ id: WORLD_PEOPLE.private, given: "x" }];
  await send("startJob", { job: { kind: "add", groups: [lobby], people, pace: "fast" }, nonce: "n1" });
  const done = await screen.findByRole("region", { name: "What you did with them" });
  expect(await within(done).findByText("Not added")).toBeTruthy();
  const [job] = await readJobs(on.worker.store, account(on));
  expect(
    within(done)
      .getByRole("link", { name: /Not added/ })
      .getAttribute("href"),
  ).toBe(`#/activity/${job?.id}`);
  // The same steps of another connection are another account's.
  await write(on.worker.store, ["steps"], async (tx) => {
    for (const step of await tx.objectStore("steps").getAll()) {
      await tx.objectStore("steps").put({ ...step, job: "other", connection: "c9" });
    }
  });
  await vi.waitFor(() => expect(within(done).getAllByRole("link", { name: /Not added/ })).toHaveLength(1), 25_000);
});

test("whoever could not be added is sent the invite link from their page, and they alone", async () => {
  const on = await withPerson(WORLD_PEOPLE.private, [lobby]);
  await send("saveSettings", { pace: "fast" });
  const people = [WORLD_PEOPLE.private, WORLD_PEOPLE.left].map((id) => ({ id, given: "x" }));
  await send("startJob", { job: { kind: "add", groups: [lobby], people, pace: "fast" }, nonce: "n1" });
  const done = await screen.findByRole("region", { name: "What you did with them" });
  fireEvent.click(await within(done).findByRole("button", { name: "Invite 1 person instead" }));
  await screen.findByRole("dialog");
  const go = await dialog().findByRole("button", { name: "Send to 1 person" });
  await waitFor(() => expect(go.getAttribute("aria-disabled")).toBeNull());
  expect(dialog().getByText(/chat\.whatsapp\.com/)).toBeTruthy();
  fireEvent.click(go);
  await waitFor(async () => expect((await readJobs(on.worker.store, account(on)))[0]?.input.kind).toBe("send"));
  const [job] = await readJobs(on.worker.store, account(on));
  expect(job?.input).toMatchObject({ chats: [WORLD_PEOPLE.private] });
  // It is not offered again.
  await waitFor(() => expect(within(done).queryByRole("button", { name: "Invite 1 person instead" })).toBeNull());
});

test("the way to Activity stands where a job is left there", async () => {
  const on = await stageWithGroups();
  const row = { connection: account(on), group: lobby, person: personKey(WORLD_PEOPLE.private), job: "erased" };
  await write(on.worker.store, ["invited"], (tx) => tx.objectStore("invited").put(row));
  on.show(<PersonScreen id={WORLD_PEOPLE.private} />);
  expect(await screen.findByText("Invite link by message")).toBeTruthy();
  expect(screen.queryByRole("link", { name: "The jobs in Activity" })).toBeNull();
  const people = [{ id: WORLD_PEOPLE.private, given: "x" }];
  await send("startJob", { job: { kind: "add", groups: [lobby], people, pace: "fast" }, nonce: "n1" });
  expect(await screen.findByRole("link", { name: "The jobs in Activity" })).toBeTruthy();
});

test("each group says since when the person was seen there, as far as the readings tell", async () => {
  const on = await withPerson(WORLD_PEOPLE.seed, [alpha, support]);
  // One reading alone tells nothing of the time.
  await waitFor(async () => expect(within(await groups()).getAllByText(/as of/)).toHaveLength(2));
  expect(screen.queryByText(/already in it on/)).toBeNull();
  const other = (await readRoster(on.worker.store, account(on), alpha))!;
  await write(on.worker.store, [...ROSTER], (tx) => putRoster(tx, { ...other, readAt: other.readAt + 1 }));
  expect(await within(await groups()).findByText(/already in it on/)).toBeTruthy();
  // They left the other group and came back.
  const roster = (await readRoster(on.worker.store, account(on), support))!;
  for (const [at, members] of [
    [1, roster.members.filter(({ id }) => id !== WORLD_PEOPLE.seed)],
    [2, roster.members],
  ] as const) {
    const next = { ...roster, members, readAt: roster.readAt + at };
    await write(on.worker.store, [...ROSTER], (tx) => putRoster(tx, next));
  }
  expect(await within(await groups()).findByText(/first seen/)).toBeTruthy();
  expect(within(await groups()).getAllByText(/already in it on/)).toHaveLength(1);
});

test("an address that is no number says so", async () => {
  await withPerson("nobody", []);
  expect(screen.getByText("There is no such number.")).toBeTruthy();
});

test("a move says what it will do, goes to one group alone, and both verdicts stand among what was done", async () => {
  const on = await withPerson(WORLD_PEOPLE.seed, [alpha]);
  await send("saveSettings", { pace: "fast" });
  const [from, to] = [await nameOf(on, alpha), await nameOf(on, lobby)];
  await waitFor(async () => expect(within(await groups()).getAllByRole("link")).toHaveLength(1));
  fireEvent.click(screen.getByRole("button", { name: "Move…" }));
  expect(dialog().getByRole<HTMLSelectElement>("combobox", { name: "From" }).value).toBe(alpha);
  const pick = async (name: string) => {
    fireEvent.input(dialog().getByRole("searchbox"), { target: { value: name } });
    fireEvent.click(await dialog().findByRole("option", { name }));
  };
  await pick(from);
  // Not from a group to itself.
  expect(dialog().getByRole("button", { name: "Move" }).getAttribute("aria-disabled")).toBe("true");
  expect(dialog().queryByRole("button", { name: /^Choose all/ })).toBeNull();
  await pick(to);
  expect(dialog().getByText("1 group chosen")).toBeTruthy();
  fireEvent.click(dialog().getByRole("button", { name: "Move" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const done = await screen.findByRole("region", { name: "What you did with them" });
  await waitFor(() => expect(within(done).getByText("Removed")).toBeTruthy(), { timeout: 25_000 });
  expect(within(done).getByText("Added")).toBeTruthy();
  for (const name of [from, to]) expect(done.textContent).toContain(name);
});

const OTHERS = [{ id: WORLD_PEOPLE.free, given: "" }];
/** Asks for a plan of its own, which comes after those that were due before it. */
function AnotherPlan() {
  usePlan({ op: "add", groups: [lobby], people: OTHERS, pace: "fast" });
  return null;
}

test("what a removal or a move costs is asked for once, not again and again while the question stands", async () => {
  const on = await withPerson(WORLD_PEOPLE.seed, [alpha]);
  const asked = () => {
    const messages = vi.mocked(fakeBrowser.runtime.sendMessage).mock.calls.map(([message]) => message as any);
    const plans = messages.filter(({ command }) => command === "planMembership");
    return { ours: plans.filter(({ input }) => input.people[0] === WORLD_PEOPLE.seed).length, all: plans.length };
  };
  const settled = async (count: number) => {
    await waitFor(() => expect(asked().ours).toBeGreaterThanOrEqual(count));
    await dialog().findByText(/requests?, about/);
    const { unmount } = on.show(<AnotherPlan />);
    await waitFor(() => expect(asked().all).toBeGreaterThan(asked().ours));
    unmount();
    expect(asked().ours).toBe(count);
    vi.mocked(fakeBrowser.runtime.sendMessage).mockClear();
  };
  await waitFor(async () => expect(within(await groups()).getAllByRole("link")).toHaveLength(1));
  fireEvent.click(screen.getByRole("button", { name: "Remove from groups…" }));
  await settled(1);
  fireEvent.click(dialog().getByRole("button", { name: "Cancel" }));
  fireEvent.click(screen.getByRole("button", { name: "Move…" }));
  const to = await nameOf(on, lobby);
  fireEvent.input(dialog().getByRole("searchbox"), { target: { value: to } });
  fireEvent.click(await dialog().findByRole("option", { name: to }));
  await settled(2);
});
