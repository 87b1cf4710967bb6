import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { beforeAll, expect, test, vi } from "vitest";
import { Button } from "../../components/parts/button";
import { Form } from "../../components/parts/form";
import { JobBar } from "../../components/parts/job-bar";
import { JobView } from "../../components/parts/job";
import { fail, ok } from "../../lib/shared/failure";
import type { Job, Step } from "../../lib/shared/model";
import { group, GROUP, job, stage, step } from "./stage";

/** Keys that work everywhere, what waits until it can no longer be undone, and what screen readers hear of times that run down. */

// Numbers have their form at once: it may take longer to load than a job can be undone.
beforeAll(() => import("../../lib/shared/people/phone"));

const removal = () =>
  job({
    state: "waiting",
    undoUntil: Date.now() + 8000,
    notBefore: Date.now() + 8000,
    endedAt: undefined,
    input: {
      kind: "remove",
      groups: [GROUP],
      people: [{ id: "12025550161@s.whatsapp.net", given: "+1 202 555 0161" }],
      pace: "careful",
    },
  });

const plain = (text: string | null | undefined) => text?.replaceAll(/[\u2068\u2069]/g, "") ?? "";
const lines = () => [...document.querySelectorAll(".job-line")].map(({ textContent }) => plain(textContent));

/** Puts a job where the worker does, and tells the shell of it as the store's watcher does. */
async function put(on: Awaited<ReturnType<typeof stage>>, given: Job, steps: Step[]) {
  await on.putJob(given, steps);
  await on.openJobs(...(given.endedAt === undefined ? [given] : []));
}
const todo = step(0, { state: "todo", person: "12025550161@s.whatsapp.net" });

test("a removal says who and where, and Ctrl Z takes it back; in a field the keys belong to the field", async () => {
  const on = await stage();
  await on.putGroup(group({ name: "Project Alpha" }));
  on.show(
    <>
      <input aria-label="Note" />
      <JobBar />
    </>,
  );
  await put(on, removal(), [todo]);
  await waitFor(() => expect(lines()[0]).toMatch(/^Removing \+1 202.555.0161 · Project AlphaUndo[1-8]$/));
  await waitFor(() =>
    expect(plain(on.shell.announcement.value)).toMatch(/^Removing \+1 202.555.0161 · Project Alpha: Undo Ctrl Z$/),
  );
  fireEvent.keyDown(screen.getByLabelText("Note"), { key: "z", ctrlKey: true });
  expect(on.sent("cancelJob")).toEqual([]);
  fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  await waitFor(() => expect(on.sent("cancelJob")).toEqual([{ id: "j1" }]));
});

test("Ctrl Z on what can no longer be undone says so, and so does an undo that fails or comes too late", async () => {
  const answers = [fail("no-answer"), fail("too-late"), fail("too-late")];
  const on = await stage({ cancelJob: () => answers.shift() ?? ok(undefined) });
  await on.putGroup(group({ name: "Project Alpha" }));
  on.show(<JobBar />);
  const undo = () => fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  await put(on, removal(), [todo]);
  await waitFor(() => expect(lines()).toHaveLength(1));
  undo();
  expect((await screen.findByRole("alert")).textContent).toContain("did not answer");
  undo();
  await waitFor(() => expect(lines()[0]).toMatch(/^Too late to undo: Remove \+1 202.555.0161 · Project Alpha$/));
  expect(screen.queryByRole("alert")).toBeNull();
  const said = on.shell.announcement.value;
  expect(plain(said)).toMatch(/^Too late to undo: /);
  // Said again, although it is the same.
  undo();
  await waitFor(() => expect(on.shell.announcement.value).not.toBe(said));
  expect(plain(on.shell.announcement.value).trim()).toBe(plain(said));
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  await put(on, { ...removal(), state: "cancelled", endedAt: Date.now() }, [todo]);
  await waitFor(() => expect(lines()[0]).toMatch(/^Remove/));
  undo();
  await waitFor(() => expect(lines()[0]).toMatch(/^Already cancelled: Remove/));
  expect(on.sent("cancelJob")).toHaveLength(3);
});

test("Ctrl Z says nothing of a job that had no undo, or of which nothing was sent", async () => {
  const on = await stage({ cancelJob: () => ok(undefined) });
  await on.putGroup(group({ name: "Project Alpha" }));
  on.show(<JobBar />);
  const undo = async () => {
    fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...lines(), on.shell.announcement.value].join();
  };
  const add = { ...removal().input, kind: "add" } as Job["input"];
  await put(on, { ...removal(), state: "running", undoUntil: 0, notBefore: 0, input: add }, [todo]);
  await waitFor(() => expect(lines()[0]).toMatch(/^Add/));
  expect(await undo()).not.toMatch(/Too late/);
  const pause = { reason: "offline", until: Date.now() + 60_000 } as const;
  await put(on, { ...removal(), state: "paused", undoUntil: Date.now() - 1, pause }, [{ ...todo, attempts: 0 }]);
  await waitFor(() => expect(lines()[0]).toMatch(/^Remove/));
  expect(await undo()).not.toMatch(/Too late/);
  // Once something is sent, it is too late.
  await put(on, { ...removal(), state: "running", undoUntil: Date.now() - 1 }, [{ ...todo, state: "sending" }]);
  await undo();
  await waitFor(() => expect(lines()[0]).toMatch(/^Too late to undo/));
});

test("no line of the job bar goes or moves under the pointer", async () => {
  const on = await stage();
  await on.putGroup(group({ name: "Project Alpha" }));
  on.show(<JobBar />);
  const [older, newer] = [removal(), { ...removal(), id: "j2", createdAt: 2 }];
  await on.putJob(newer, [{ ...todo, job: "j2" }]);
  await on.putJob(older, [todo]);
  await on.openJobs(older, newer);
  const links = () => screen.getAllByRole("link").map((link) => link.getAttribute("href")!.split(/[/?]/)[2]);
  const undos = () => screen.queryAllByRole("button", { name: /^Undo/ });
  await waitFor(() => expect(undos()).toHaveLength(2));
  const bar = screen.getByRole("region");
  fireEvent.pointerEnter(bar);
  // The older one, below, can no longer be undone.
  await put(on, { ...older, state: "running", undoUntil: Date.now() - 1 }, [todo]);
  await waitFor(() => expect(undos()).toHaveLength(1));
  expect(links()).toEqual(["j2", "j1"]);
  fireEvent.pointerLeave(bar);
  await waitFor(() => expect(links()).toEqual(["j2"]));
});

test("a job of the account before is not followed under the next one", async () => {
  const on = await stage();
  await on.putGroup(group({ name: "Project Alpha" }));
  on.show(<JobBar />);
  const [other, own] = [{ ...removal(), id: "j2", connection: "c2" }, removal()];
  await on.putJob(other, [{ ...todo, job: "j2", connection: "c2" }]);
  await on.putJob(own, [todo]);
  await on.openJobs(other, own);
  await waitFor(() => expect(lines()).toHaveLength(1));
  await waitFor(async () =>
    expect((await on.store.db.getAll("drafts")).concat(on.sent("saveDraft").map(({ value }) => value))).toEqual(["j1"]),
  );
});

test("a job stands in one line: how far it is, until when it waits, and what came of it, until it is dismissed", async () => {
  const on = await stage();
  await on.putGroup(group({ name: "Project Alpha" }));
  on.show(<JobBar />);
  const people = ["12025550161@s.whatsapp.net", "12025550162@s.whatsapp.net"].map((id) => ({ id, given: id }));
  const running = job({
    state: "running",
    endedAt: undefined,
    input: { kind: "remove", groups: [GROUP], people, pace: "careful" },
  });
  const [first, second] = people.map(({ id }, index) => step(index, { person: id, verdict: "removed" }));
  await put(on, running, [first!, { ...second!, state: "todo", verdict: undefined }]);
  await waitFor(() => expect(lines()).toEqual(["Remove 2 people · Project Alpha1 of 2"]));
  const until = new Date().setHours(23, 59);
  const waiting = { ...running, state: "paused" as const, pause: { reason: "rate-limited" as const, until } };
  await put(on, waiting, [first!, { ...second!, state: "todo", verdict: undefined }]);
  await waitFor(() => expect(lines()[0]).toMatch(/1 of 2 · Waiting until 11:59.PM$/u));
  await waitFor(() =>
    expect(on.shell.announcement.value).toBe("Remove 2 people · Project Alpha: Waits for the request limit"),
  );
  await put(on, job({ ...running, state: "done", endedAt: Date.now() + 1 }), [
    first!,
    { ...second!, state: "failed", verdict: "not-removed", reason: "is-admin" },
  ]);
  await waitFor(() => expect(lines()).toEqual(["Remove 2 people · Project AlphaNot removed: 1 · Removed: 1"]));
  await waitFor(() =>
    expect(on.shell.announcement.value).toBe("Remove 2 people · Project Alpha: Not removed: 1 · Removed: 1"),
  );
  // Back leads to where the agent was.
  const [path, query] = screen.getByRole("link").getAttribute("href")!.split("?");
  expect(path).toBe("#/activity/j1");
  expect(new URLSearchParams(query).get("from")).toBe(`group/${encodeURIComponent(GROUP)}`);
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  await waitFor(() => expect(lines()).toEqual([]));
});

test("a job that the screen shows itself has no second place, and a time that runs down is announced nowhere", async () => {
  const on = await stage();
  await on.putGroup(group());
  on.show(
    <>
      <JobView id="j1" />
      <JobBar />
    </>,
  );
  await put(on, removal(), [todo]);
  await waitFor(() => expect(lines()).toHaveLength(1));
  expect(screen.getByRole("button", { name: "Undo" }).closest("[role=status], [role=alert], [aria-live]")).toBeNull();
  await put(on, { ...removal(), state: "running", undoUntil: 0, notBefore: 0 }, [todo]);
  await waitFor(() => expect(screen.getByText("Running")).toBeTruthy());
  await waitFor(() => expect(lines()).toEqual([]));
});

test("Ctrl Enter presses the main button of a form, and one that is off stays off", () => {
  const sent = vi.fn();
  const form = (isOff: boolean) => (
    <Form onSubmit={sent}>
      <textarea aria-label="Text" />
      <Button type="submit" isOff={isOff}>
        Send
      </Button>
    </Form>
  );
  const { rerender } = render(form(true));
  const press = () => fireEvent.keyDown(screen.getByLabelText("Text"), { key: "Enter", ctrlKey: true });
  press();
  expect(sent).not.toHaveBeenCalled();
  rerender(form(false));
  fireEvent.keyDown(screen.getByLabelText("Text"), { key: "Enter" });
  expect(sent).not.toHaveBeenCalled();
  press();
  expect(sent).toHaveBeenCalledTimes(1);
});
