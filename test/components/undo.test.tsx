import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { Button } from "../../components/parts/button";
import { Form } from "../../components/parts/form";
import { UndoBar } from "../../components/parts/undo";
import { JobView } from "../../components/parts/job";
import { group, GROUP, job, stage, step } from "./stage";

/** Keys that work everywhere, what waits until it can no longer be undone, and what screen readers hear of times that run down. */

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

test("a removal says who and where, and Ctrl Z takes it back; in a field the keys belong to the field", async () => {
  const on = await stage();
  await on.putGroup(group({ name: "Project Alpha" }));
  on.shell.openJobs = Object.assign(on.shell.openJobs, { value: [removal()] });
  on.show(
    <>
      <input aria-label="Note" />
      <UndoBar />
    </>,
  );
  await waitFor(() =>
    expect(screen.getByRole("status").textContent?.replaceAll(/[\u2068\u2069]/g, "")).toMatch(
      /^Removing \+1 202.555.0161 · Project Alpha/,
    ),
  );
  fireEvent.keyDown(screen.getByLabelText("Note"), { key: "z", ctrlKey: true });
  expect(on.sent("cancelJob")).toEqual([]);
  fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  await waitFor(() => expect(on.sent("cancelJob")).toEqual([{ id: "j1" }]));
});

test("a time that runs down is in no region that is announced", async () => {
  const on = await stage();
  await on.putGroup(group());
  const waiting = removal();
  await on.putJob(waiting, [step(0, { state: "todo", person: "12025550161@s.whatsapp.net" })]);
  on.show(<JobView id="j1" />);
  const timer = await screen.findByRole("timer");
  expect(timer.textContent).toMatch(/^Starts in 0:0\d/);
  expect(timer.closest("[role=status], [role=alert], [aria-live]")).toBeNull();
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
