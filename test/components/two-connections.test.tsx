import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { App } from "../../components/app";
import { createWorld } from "../../lib/sandbox/seed";
import { WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import { fail } from "../../lib/shared/failure";
import { send } from "../../lib/shared/send";
import { addDesk, answerRequests, GATEWAY_HOST, stageWithWorker } from "./stage";

/** Two accounts that are in the same group with the same person: nothing of the one is shown with the other. */

const KEY = "wappfy_sk_fictional_0123456789";
const SEED = WORLD_PEOPLE.seed;
const { alpha } = WORLD_GROUPS;

/** Two connections to two gateways of one world each, with the same groups and people. */
async function twoConnections() {
  const on = await stageWithWorker();
  on.fake.granted.add(GATEWAY_HOST);
  const { world } = answerRequests(KEY, createWorld({ seed: 2 }));
  await addDesk(KEY);
  await send("addSandbox");
  const ids = async () =>
    Object.fromEntries(
      (await on.worker.store.db.getAll("connections")).map((one) => [one.isSandbox ? "sandbox" : "desk", one.id]),
    );
  const { sandbox = "", desk = "" } = await ids();
  const use = async (id: string) => {
    cleanup();
    await send("useConnection", { id });
    await waitFor(() => expect(on.shell.connection.value?.id).toBe(id));
  };
  return { ...on, world, sandbox, desk, use };
}
const open = async (on: Awaited<ReturnType<typeof twoConnections>>, hash: string) => {
  cleanup();
  location.hash = hash;
  on.show(<App />);
};
const person = `#/person/${encodeURIComponent(SEED)}`;
const about = `#/group/${encodeURIComponent(alpha)}?tab=about`;

test("a name, labels, a note, readings and what was typed stay with the account that they were made on", async () => {
  const on = await twoConnections();
  const places = async () =>
    within(await screen.findByRole("region", { name: "Groups of this person" })).queryAllByRole("link").length;
  for (const id of [on.desk, on.sandbox]) {
    await on.use(id);
    expect(await send("refreshGroups")).toMatchObject({ ok: true });
  }
  // On the sandbox: the members are read, the person has a name, the group a label, and something is typed.
  await send("refreshGroup", { group: alpha });
  await send("saveContact", { person: SEED, name: "Asha of the sandbox" });
  await send("labelGroup", { group: alpha, labels: ["sandbox label"], note: "sandbox note" });
  await open(on, `#/group/${encodeURIComponent(alpha)}?tab=add`);
  fireEvent.input(await screen.findByLabelText("People"), { target: { value: "+12025550142" } });
  await waitFor(async () => expect(await on.worker.store.db.getAll("drafts")).toContain("+12025550142"));
  await open(on, person);
  expect(await screen.findByRole("heading", { name: "Asha of the sandbox" })).toBeTruthy();
  await waitFor(async () => expect(await places()).toBe(1));

  await on.use(on.desk);
  await open(on, person);
  await screen.findByRole("heading", { name: /^\+55/ });
  expect(await places()).toBe(0);
  expect(document.body.textContent).not.toContain("sandbox");
  await open(on, about);
  const form = within(await screen.findByRole("region", { name: "Labels and note" }));
  expect(form.getByLabelText(/^Labels/)).toHaveProperty("value", "");
  expect(form.getByLabelText(/^Note/)).toHaveProperty("value", "");
  await open(on, `#/group/${encodeURIComponent(alpha)}?tab=add`);
  expect(await screen.findByLabelText("People")).toHaveProperty("value", "");
  await open(on, "#/groups");
  await screen.findByRole("grid", { name: "Groups" });
  expect(screen.queryByRole("option", { name: /sandbox label/ })).toBeNull();
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: "Asha of the" } });
  await screen.findByText(/No group/);
  expect(document.body.textContent).not.toContain("Asha of the sandbox");
});

test("a job of one account changes the group of that account alone, and stands in its history alone", async () => {
  const on = await twoConnections();
  const before = on.world.groups[alpha]!.members.length;
  await on.use(on.sandbox);
  await send("refreshGroups");
  const job = {
    kind: "add" as const,
    groups: [alpha],
    people: [{ id: WORLD_PEOPLE.free, given: "" }],
    pace: "fast" as const,
  };
  expect(await send("startJob", { job, nonce: "n" })).toMatchObject({ ok: true });
  await waitFor(
    async () => expect((await on.worker.store.db.getAll("jobs")).map(({ state }) => state)).toEqual(["done"]),
    { timeout: 20_000 },
  );
  await open(on, "#/activity");
  expect((await screen.findAllByText(/Project Alpha/)).length).toBeGreaterThan(0);
  expect(on.world.groups[alpha]!.members.length).toBe(before);
  await on.use(on.desk);
  await send("refreshGroups");
  await send("refreshGroup", { group: alpha });
  await open(on, "#/activity");
  await screen.findByText("Nothing is kept here");
  await open(on, `#/person/${encodeURIComponent(WORLD_PEOPLE.free)}`);
  await screen.findByText("Not found by this number in the groups that were read.");
  await on.use(on.sandbox);
  await open(on, `#/person/${encodeURIComponent(WORLD_PEOPLE.free)}`);
  expect(await screen.findByRole("link", { name: /Project Alpha/ })).toBeTruthy();
});

test("what was pressed while another account came into use is started for neither", async () => {
  const on = await twoConnections();
  for (const id of [on.sandbox, on.desk]) {
    await on.use(id);
    await send("refreshGroups");
  }
  await open(on, `#/group/${encodeURIComponent(alpha)}?tab=add`);
  fireEvent.input(await screen.findByLabelText("People"), { target: { value: "+12025550142" } });
  const add = await screen.findByRole("button", { name: "Add 1 person" });
  const messages = vi.mocked(fakeBrowser.runtime.sendMessage).mock;
  const at = () => messages.calls.findIndex(([message]) => (message as any).command === "startJob");
  // Both wait for the worker; the screen shows the first account until it has changed.
  const used = send("useConnection", { id: on.sandbox });
  fireEvent.click(add);
  await waitFor(() => expect(at()).toBeGreaterThan(-1));
  expect(await messages.results[at()]!.value).toMatchObject({ ok: false, failure: { code: "no-connection" } });
  expect(await used).toMatchObject({ ok: true });
  expect(await on.worker.store.db.count("jobs")).toBe(0);
  const wish = { op: "add" as const, groups: [alpha], people: [WORLD_PEOPLE.free], pace: "fast" as const };
  expect(await send("planMembership", { ...wish, connection: on.desk })).toEqual(fail("no-connection"));
  expect(await send("planMembership", { ...wish, connection: on.sandbox })).toMatchObject({ ok: true });
});
