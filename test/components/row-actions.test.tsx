import { signal } from "@preact/signals";
import { act, fireEvent, screen, waitFor } from "@testing-library/preact";
import { beforeEach, expect, test, vi } from "vitest";
import { RowActions } from "../../components/screens/groups/row-actions";
import { fail, ok, type Reply } from "../../lib/shared/failure";
import type { Group } from "../../lib/shared/model";
import { toRow } from "../../lib/store/write";
import { group, GROUP, stage } from "./stage";

/** The invite link copied from a row: what is said of it, and where it leads when it cannot be had. */

const CODE = "AbCdEfGhIjKlMnOpQrStUv";
const INVITE = `/group/${encodeURIComponent(GROUP)}?tab=invite`;

beforeEach(() => {
  location.hash = "#/groups";
});

/** A row beside a field; the gateway's answer about the link is given by `answer`. */
async function showRow(more: Partial<Group> = {}) {
  let answer: (reply: Reply<unknown>) => void = () => undefined;
  const reading = new Promise<Reply<unknown>>((resolve) => (answer = resolve));
  const on = await stage({ readInvite: () => reading as never });
  vi.stubGlobal("navigator", { clipboard: { writeText: async () => undefined } });
  on.show(
    <>
      <input aria-label="elsewhere" />
      <RowActions row={toRow(group(more))} isCopied={signal(false)} />
    </>,
  );
  const press = () => fireEvent.click(screen.getByRole("button", { name: /link/i }));
  return { ...on, press, answer: (reply: Reply<unknown>) => act(async () => answer(reply)) };
}

test("a refused link leads to its reason where the agent still waits for it", async () => {
  const on = await showRow();
  on.press();
  await on.answer(fail("not-admin"));
  await waitFor(() => expect(on.shell.go).toHaveBeenCalledWith(INVITE));
});

test.each([
  ["typing", () => screen.getByLabelText("elsewhere").focus()],
  ["on another screen", () => void (location.hash = "#/activity")],
])("a refused link is told to whoever is %s by now, and takes them nowhere", async (_where, move) => {
  const on = await showRow();
  on.press();
  move();
  await on.answer(fail("not-admin"));
  await waitFor(() => expect(on.shell.announcement.value).toMatch(/^Lobby: .*admin/));
  expect(on.shell.go).not.toHaveBeenCalled();
});

test("a link copied twice is said twice", async () => {
  const on = await showRow({ invite: { code: CODE, readAt: 2 } });
  const said: string[] = [];
  on.shell.announcement.subscribe((text) => void said.push(text.trim()));
  on.press();
  await waitFor(() => expect(said).toHaveLength(2));
  on.press();
  await waitFor(() => expect(said).toHaveLength(3));
  expect(said[2]).toBe(said[1]);
  await on.answer(ok(undefined));
});

test("a double click pins one group, whichever row has come under it", async () => {
  const on = await showRow();
  const pin = screen.getByRole("button", { name: /\bpin\b/i });
  fireEvent.click(pin, { detail: 1 });
  fireEvent.click(pin, { detail: 2 });
  await waitFor(() => expect(on.sent("pinGroup")).toEqual([{ group: GROUP, isPinned: true }]));
});
