import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { signal } from "@preact/signals";
import { beforeEach, expect, test } from "vitest";
import { App } from "../../components/app";
import { Create } from "../../components/screens/create";
import { Add } from "../../components/screens/group/add";
import { Edit } from "../../components/screens/group/edit";
import { Equal } from "../../components/screens/group/equal";
import { Message as GroupMessage } from "../../components/screens/group/message";
import { Join } from "../../components/screens/join";
import { Message } from "../../components/screens/message";
import { People } from "../../components/screens/people";
import { draftKey, SELECTION, type DraftKey, type FormPlace } from "../../lib/shared/draft";
import { ok } from "../../lib/shared/failure";
import { write } from "../../lib/store/write";
import { connection, group, GROUP, job, stage, step } from "./stage";

const MISSING = "This job is not on this computer any more.";
const roster = { connection: "c1", group: GROUP, members: [], readAt: 2 };
const none = new URLSearchParams();
const here: FormPlace<"group-job"> = { form: "group-job", connection: "c1", subject: GROUP };

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  // happy-dom lays nothing out and has no wide screens.
  globalThis.matchMedia ??= () => Object.assign(new EventTarget(), { matches: false }) as MediaQueryList;
});

const forms: [name: string, kept: DraftKey, view: () => ComponentChild][] = [
  ["adding to a group", draftKey(here, "add"), () => <Add group={group()} />],
  ["editing a group", draftKey(here, "update"), () => <Edit group={group()} onClose={() => undefined} />],
  ["a message to a group", draftKey(here, "send"), () => <GroupMessage group={group()} />],
  [
    "making members equal",
    draftKey({ form: "equal", connection: "c1", subject: GROUP }, "remove"),
    () => <Equal group={group()} roster={roster} isRefreshing={false} onClose={() => undefined} />,
  ],
  ["a new group", draftKey({ form: "create", connection: "c1" }, "job"), () => <Create />],
  ["joining", draftKey({ form: "join", connection: "c1" }, "job"), () => <Join />],
  ["a message to several", draftKey({ form: "message", connection: "c1" }, "job"), () => <Message />],
];

test.each(forms)("%s: a job erased from the history leaves the form, and no word of it", async (_name, kept, view) => {
  const on = await stage();
  // Those with a screen of their own show no result of a job that had ended before.
  const isScreen = ["create", "join", "message"].includes(kept[1]);
  const erased = job({
    input: { kind: "add", groups: [GROUP], people: [], pace: "careful" },
    ...(isScreen ? { state: "running", endedAt: undefined } : {}),
  });
  await on.putJob(erased, [step(0, { verdict: "added" })]);
  await write(on.store, ["drafts"], (tx) => tx.objectStore("drafts").put(erased.id, kept));
  on.show(view());
  await screen.findByRole("region", { name: "Add 0 people" });
  // Erased in another window, while the result stands here.
  await write(on.store, ["jobs", "steps"], async (tx) => {
    await tx.objectStore("jobs").delete(erased.id);
    await tx.objectStore("steps").clear();
  });
  await waitFor(() => expect(on.sent("saveDraft")).toContainEqual({ key: kept, value: null }));
  expect((await screen.findAllByRole("textbox")).length).toBeGreaterThan(0);
  cleanup();
  // Opened again: it was put away for good, also where the worker did not hear of it.
  on.show(view());
  expect((await screen.findAllByRole("textbox")).length).toBeGreaterThan(0);
  await waitFor(() =>
    expect(on.sent("saveDraft").filter(({ key, value }) => `${key}` === `${kept}` && value === null)).toHaveLength(2),
  );
  expect(screen.queryByText(MISSING)).toBeNull();
});

test("people added again to a new group lead to that group, and do not have it made a second time", async () => {
  const on = await stage();
  const again = job({ input: { kind: "add", groups: [GROUP], people: [], pace: "careful" } });
  const steps = [step(0, { person: "447700900777@s.whatsapp.net", target: GROUP, verdict: "added" })];
  await on.putGroup(group());
  await on.putJob({ ...again, state: "running", endedAt: undefined }, steps);
  const kept = draftKey({ form: "create", connection: "c1" }, "job");
  await write(on.store, ["drafts"], (tx) => tx.objectStore("drafts").put(again.id, kept));
  on.show(<Create />);
  await screen.findByRole("region", { name: /^Add / });
  await on.putJob(again, steps);
  expect(await screen.findByRole("button", { name: "Open the group" })).toBeTruthy();
  expect(screen.queryByText("What you typed is kept.")).toBeNull();
});

test("what is typed for one account never stands in the form of another", async () => {
  const on = await stage();
  const current = signal(connection);
  Object.assign(on.shell, { connection: current, route: signal({ name: "create", query: none }) });
  on.show(<App />);
  const name = await screen.findByLabelText<HTMLInputElement>(/^Name/);
  fireEvent.input(name, { target: { value: "Night shift" } });
  await waitFor(() => expect(on.sent("saveDraft").at(-1)).toMatchObject({ value: "Night shift" }));
  current.value = { ...connection, id: "c2" };
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>(/^Name/).value).toBe(""));
  // The key was replaced for another instance: the same connection, and yet another account.
  fireEvent.input(screen.getByLabelText(/^Name/), { target: { value: "Day shift" } });
  current.value = { ...connection, id: "c2", instance: "inst_other" };
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>(/^Name/).value).toBe(""));
  const saved = on.sent("saveDraft").filter(({ key, value }) => key[3] === "name" && value !== null);
  expect(saved.map(({ key, value }) => [key[0], value])).toEqual([
    ["c1", "Night shift"],
    ["c2", "Day shift"],
  ]);
});

test("numbers selected to be added go on to the choice of groups, those to be found do not", async () => {
  const on = await stage({
    planMembership: () => ok({ outcomes: {}, requests: 0, duration: 0, cautions: [], unread: [] }),
  });
  const selected = draftKey(SELECTION, "people");
  await write(on.store, ["drafts"], (tx) => tx.objectStore("drafts").put("+91 98765 43210", selected));
  on.show(<People query={new URLSearchParams("from=selection")} />);
  await screen.findAllByText("1 number");
  expect(screen.queryByRole("dialog")).toBeNull();
  cleanup();
  on.show(<People query={new URLSearchParams("from=selection&to=add")} />);
  expect(await screen.findByRole("dialog")).toBeTruthy();
});
