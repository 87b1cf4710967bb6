import { cleanup, screen, waitFor } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { LeaveSeveral } from "../../components/screens/groups/leave";
import { WORLD_GROUPS } from "../../lib/sandbox/world";
import { readGroup, readGroups } from "../../lib/store/read";
import { stageWithGroups } from "./stage";

afterEach(cleanup);

test("leaving several groups reads and keeps their invite codes first, and says which group has none", async () => {
  const { shell, show } = await stageWithGroups();
  const id = shell.connection.value!.id;
  const rows = await readGroups(shell.store, id, "name");
  const groups = [WORLD_GROUPS.alpha, WORLD_GROUPS.member].map((group) => rows.find((row) => row.id === group)!);
  expect(groups.map(({ invite }) => invite)).toEqual([undefined, undefined]);
  show(<LeaveSeveral groups={groups} onClose={() => {}} onStarted={() => {}} />);
  expect(screen.getByText("Invite codes kept, to come back: 0 of 2.")).toBeTruthy();
  expect(screen.queryByText(/They work as long as/)).toBeNull();
  await screen.findByText(/^Invite codes kept, to come back: 1 of 2\. They work as long as nobody resets them\./);
  await screen.findByText("No invite code");
  expect(screen.getByText(/^To come back to a group without one/)).toBeTruthy();
  await waitFor(async () => expect((await readGroup(shell.store, id, WORLD_GROUPS.alpha))?.invite?.code).toBeTruthy());
});
