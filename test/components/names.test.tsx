import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { About } from "../../components/screens/group/about";
import { ActivityScreen } from "../../components/screens/activity";
import { People } from "../../components/screens/people";
import { PersonScreen } from "../../components/screens/person";
import { Settings } from "../../components/screens/settings";
import { nameOf } from "../../lib/sandbox/numbers";
import { WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import { send } from "../../lib/shared/send";
import { readGroup, readRoster } from "../../lib/store/read";
import { putRoster, ROSTER, write } from "../../lib/store/write";
import { stageWithGroups } from "./stage";

/** The agent's names for people, and what changed between readings, over the real worker and the sample groups. */

const SEED = WORLD_PEOPLE.seed;

test("a name given on the person's page stands wherever the person is, and is taken away by leaving it empty", async () => {
  const on = await stageWithGroups();
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  const page = on.show(<PersonScreen id={SEED} />);
  const name = async (button: string, text: string) => {
    fireEvent.click(await screen.findByRole("button", { name: button }));
    const dialog = within(screen.getByRole("dialog"));
    fireEvent.input(dialog.getByLabelText("Name"), { target: { value: text } });
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  };
  await name("Give a name", " Asha Rao ");
  expect(await screen.findByText("Asha Rao")).toBeTruthy();
  page?.unmount?.();
  const people = on.show(<People query={new URLSearchParams()} />);
  fireEvent.input(screen.getByLabelText("People"), { target: { value: `+${SEED.split("@")[0]}` } });
  const list = await screen.findByRole("list", { name: "Who is in which group" });
  await waitFor(() => expect(list.textContent).toContain("Asha Rao"));
  people?.unmount?.();
  on.show(<PersonScreen id={SEED} />);
  await name("Change the name", " ");
  await waitFor(() => expect(screen.queryByText("Asha Rao")).toBeNull());
});

test("a name from WhatsApp is marked as one, and the agent's own takes its place", async () => {
  const on = await stageWithGroups();
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  vi.spyOn(fakeBrowser.runtime, "getManifest").mockReturnValue({ version: "1.2.3" } as never);
  const settings = on.show(<Settings />);
  fireEvent.click(await screen.findByRole("button", { name: "Read names from WhatsApp" }));
  expect(await screen.findByText(/^[\d,]+ new or changed names\.$/)).toBeTruthy();
  settings.unmount();
  const page = on.show(<PersonScreen id={SEED} />);
  expect(await screen.findByRole("heading", { name: `~${nameOf(SEED)}` })).toBeTruthy();
  expect(screen.getByText(/^This name comes from WhatsApp/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Change the name" }));
  const dialog = within(screen.getByRole("dialog"));
  fireEvent.input(dialog.getByLabelText("Name"), { target: { value: "Asha Rao" } });
  fireEvent.click(dialog.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("heading", { name: "Asha Rao" })).toBeTruthy();
  expect(screen.queryByText(/^This name comes from WhatsApp/)).toBeNull();
  await send("readContacts");
  page.unmount();
  on.show(<PersonScreen id={SEED} />);
  expect(await screen.findByRole("heading", { name: "Asha Rao" })).toBeTruthy();
});

test("who joined and left since the reading before stands on the group and in Activity, with the size over time", async () => {
  const on = await stageWithGroups();
  await send("refreshGroup", { group: WORLD_GROUPS.alpha });
  const { store } = on.worker;
  const connection = on.shell.connection.value?.id ?? "";
  const roster = (await readRoster(store, connection, WORLD_GROUPS.alpha))!;
  const [first, ...others] = roster.members.filter(({ role }) => role === "member");
  const members = [
    ...roster.members.filter(({ id }) => id !== first!.id),
    { id: "12025550199@s.whatsapp.net", role: "member" as const },
  ];
  const readAt = roster.readAt + 2 * 86_400_000;
  await write(store, [...ROSTER], (tx) => putRoster(tx, { connection, group: roster.group, members, readAt }));
  expect(others.length).toBeGreaterThan(0);
  const group = (await readGroup(store, connection, roster.group))!;
  const about = on.show(<About group={group} roster={await readRoster(store, connection, roster.group)} />);
  const changes = within(await screen.findByRole("list", { name: "What changed" }));
  expect((await changes.findByText("1 joined:")).parentElement?.textContent).toMatch(/1 joined: \+1 ?202/);
  expect(changes.getByText("1 left:")).toBeTruthy();
  // Days, without an hour at which nobody counted.
  expect(screen.getByText(/^Members: \d+ \([^:]*\), \d+ \([^:]*\)$/)).toBeTruthy();
  about?.unmount?.();
  on.show(<ActivityScreen />);
  fireEvent.change(await screen.findByLabelText("Show"), { target: { value: "changes" } });
  const all = within(await screen.findByRole("list", { name: "What changed" }));
  expect(all.getByRole("link", { name: group.name })).toBeTruthy();
});
