import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { App } from "../../components/app";
import { ConfirmInvite } from "../../components/screens/confirm";
import { Create } from "../../components/screens/create";
import { About } from "../../components/screens/group/about";
import { Message } from "../../components/screens/message";
import { Page } from "../../components/screens/page";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import type { KnownInvite } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { readGroup, readOpenJobs } from "../../lib/store/read";
import { dayOf } from "../../lib/store/read-jobs";
import { toRow, write } from "../../lib/store/write";
import { group, stage, stageWithGroups } from "./stage";

/** States that a screen is seldom in: nothing there, nothing found, not to be had. Each says what can be done. */

type Stage = Awaited<ReturnType<typeof stageWithGroups>>;
const idOf = (on: Stage) => on.shell.connection.value?.id ?? "";

test("an account without groups says how to get one, and a search without a hit can be cleared", async () => {
  const on = await stageWithGroups();
  on.show(<App />);
  const search = await screen.findByRole<HTMLInputElement>("searchbox");
  fireEvent.input(search, { target: { value: "zzz nothing" } });
  fireEvent.click(await screen.findByRole("button", { name: "Clear the search" }));
  await waitFor(() => expect(search.value).toBe(""));
  await write(on.worker.store, ["groups"], async (tx) => {
    for (const each of await tx.objectStore("groups").getAll()) {
      await tx.objectStore("groups").put(toRow({ ...each, goneAt: 1 }));
    }
  });
  expect(await screen.findByText("No groups yet")).toBeTruthy();
  expect(screen.getByText("Create a group, or join one with an invite link.")).toBeTruthy();
});

test("a group that is not there says so, with the way back to all groups", async () => {
  const on = await stageWithGroups();
  location.hash = "#/group/12036309999999@g.us";
  on.show(<App />);
  const missing = within((await screen.findByText("We do not know this group")).closest<HTMLElement>(".empty")!);
  expect(missing.getByRole("link", { name: "To the list of groups" }).getAttribute("href")).toBe("#/groups");
});

test.each<[KnownInvite["state"], RegExp, string]>([
  ["ours", /You are already in this group/, "Open the group"],
  ["pending", /an admin may have to approve it/, "Join"],
  ["refused", /This invite was refused before/, "Join"],
])("the question about an invite that is %s says so", async (state, words, button) => {
  const on = await stageWithGroups();
  const known: KnownInvite = { connection: idOf(on), code: WORLD_CODES.market, state, at: 1 };
  await write(on.worker.store, ["invites"], (tx) =>
    tx.objectStore("invites").put(state === "ours" ? { ...known, group: WORLD_GROUPS.alpha } : known),
  );
  await on.fromPage("askToJoin", { code: WORLD_CODES.market });
  on.show(<ConfirmInvite />);
  expect(await screen.findByText(words)).toBeTruthy();
  expect(screen.getByRole("button", { name: button })).toBeTruthy();
});

test("several groups at once need groups first, and adding to some is drawn with what is not known", async () => {
  const on = await stageWithGroups();
  location.hash = "#/several/add";
  on.show(<App />);
  expect(await screen.findByText("Choose the groups that this is about.")).toBeTruthy();
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  const two = [WORLD_GROUPS.alpha, WORLD_GROUPS.support];
  await send("saveDraft", { key: [idOf(on), "groups", "", "chosen"], value: two.join(" ") });
  location.hash = "#/groups";
  await screen.findByText("2 groups chosen");
  location.hash = "#/several/add";
  const number = `+${WORLD_PEOPLE.free.split("@")[0]}`;
  fireEvent.input(await screen.findByLabelText("People"), { target: { value: number } });
  const region = await screen.findByRole("region", { name: "Who goes where" });
  const drawn = () =>
    within(region)
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent);
  await expect
    .poll(drawn)
    .toEqual([
      expect.stringMatching(/Joining 1Staying 5Leaving 0\+1 201 555 0142$/),
      expect.stringMatching(/Joining up to 1Staying never readLeaving 0\+1 201 555 0142$/),
    ]);
});

test("a message over the day's mark says what it makes the day", async () => {
  const on = await stage();
  await on.putGroup(group());
  const today = { connection: "c1", day: dayOf(Date.now()), adds: 0, removes: 0, joins: 0, creates: 0, messages: 49 };
  await write(on.store, ["tallies", "drafts"], async (tx) => {
    await tx.objectStore("tallies").put(today);
    await tx.objectStore("drafts").put(group().id, ["c1", "message", "", "groups"]);
  });
  on.show(<Message />);
  expect(await screen.findByText("49 + 1 now")).toBeTruthy();
  expect(await screen.findByText(/you will have tried to send 50 messages from this browser today/)).toBeTruthy();
});

test("the day's mark is said of what is chosen alone, and of a new group with that group", async () => {
  const on = await stage();
  const today = { connection: "c1", day: dayOf(Date.now()), adds: 0, removes: 0, joins: 0, creates: 4, messages: 60 };
  await write(on.store, ["tallies"], (tx) => tx.objectStore("tallies").put(today));
  const { unmount } = on.show(<Message />);
  expect(await screen.findByRole("button", { name: "Choose groups" })).toBeTruthy();
  unmount();
  on.show(<Create />);
  expect(await screen.findByText("4 + 1 now")).toBeTruthy();
  expect(screen.getByText(/you will have tried to create 5 groups from this browser today/)).toBeTruthy();
  expect(screen.queryByText(/60/)).toBeNull();
});

test("leaving shows the code that leads back, or says that there is none, and Cancel leaves nothing", async () => {
  const on = await stageWithGroups();
  const show = async (id: string) => {
    const view = on.show(<About group={(await readGroup(on.worker.store, idOf(on), id))!} />);
    fireEvent.click(screen.getByRole("button", { name: "Leave group" }));
    return { view, dialog: within(screen.getByRole("dialog")) };
  };
  const first = await show(WORLD_GROUPS.member);
  expect(await first.dialog.findByText(/We have no invite code/)).toBeTruthy();
  fireEvent.click(first.dialog.getByRole("button", { name: "Cancel" }));
  first.view.unmount();
  // A code kept for long may have been reset: it is read again, and shown with its age where that is refused.
  const keep = async (id: string) =>
    write(on.worker.store, ["groups"], async (tx) => {
      const row = (await tx.objectStore("groups").get([idOf(on), id]))!;
      await tx.objectStore("groups").put({ ...row, invite: { code: "OldCodeOldCodeOldCode1", readAt: 0 } });
    });
  await keep(WORLD_GROUPS.member);
  const kept = await show(WORLD_GROUPS.member);
  expect(await kept.dialog.findByText("OldCodeOldCodeOldCode1")).toBeTruthy();
  expect(kept.dialog.getByText(/^Read: .*1970/)).toBeTruthy();
  fireEvent.click(kept.dialog.getByRole("button", { name: "Cancel" }));
  kept.view.unmount();
  await keep(WORLD_GROUPS.alpha);
  const second = await show(WORLD_GROUPS.alpha);
  await waitFor(async () =>
    expect((await readGroup(on.worker.store, idOf(on), WORLD_GROUPS.alpha))!.invite!.code).not.toMatch(/^Old/),
  );
  fireEvent.click(second.dialog.getByRole("button", { name: "Cancel" }));
  expect(await readOpenJobs(on.worker.store)).toEqual([]);
});

test("without a web page in front there is nothing to look through, and a link can be pasted", async () => {
  const on = await stageWithGroups();
  on.show(<Page />);
  expect(await screen.findByText("No invite found here")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Paste a link" }));
  await waitFor(() => expect(location.hash).toBe("#/join"));
});
