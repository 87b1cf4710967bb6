import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { WhoGoesWhere } from "../../components/parts/lanes";
import { QrCode } from "../../components/parts/qr";
import { Today } from "../../components/parts/today";
import { dayOf } from "../../lib/store/read-jobs";
import { write } from "../../lib/store/write";
import { stage } from "./stage";

/** What is drawn stands there in words, too. */

const person = (n: number) => ({ id: `44770090000${n}@s.whatsapp.net` });

test("the QR code is shown as large as the window, and Escape leaves it", async () => {
  const on = await stage();
  on.show(<QrCode text="https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv" name="Lobby" />);
  fireEvent.click(await screen.findByRole("button", { name: "Show large" }));
  const dialog = screen.getByRole("dialog", { name: "Lobby" });
  expect(within(dialog).getByRole("img", { name: "QR code of the invite link of Lobby" })).toBeTruthy();
  fireEvent(dialog, new Event("cancel", { cancelable: true }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("what was sent today and what comes to it stands against the mark, and the first of a day is no news", async () => {
  const on = await stage();
  const today = { connection: "c1", day: dayOf(Date.now()), adds: 12, removes: 0, joins: 0, creates: 0, messages: 0 };
  await write(on.store, ["tallies"], (tx) => tx.objectStore("tallies").put(today));
  on.show(
    <>
      <Today counter="messages" more={1} />
      <Today counter="adds" more={8} />
    </>,
  );
  expect((await screen.findByText("12 + 8 now")).parentElement?.textContent).toBe(
    "Tried to add from this browser today: 12 + 8 now",
  );
  expect(screen.getByText("caution from 50")).toBeTruthy();
  expect(screen.getByText(/WhatsApp publishes no limit/)).toBeTruthy();
  expect(screen.queryByText(/Tried to send from this browser today/)).toBeNull();
});

test("after midnight the count is that of the new day", async () => {
  const at = new Date(2026, 10, 24, 23, 59, 30);
  vi.useFakeTimers({ now: at, toFake: ["Date", "setInterval", "clearInterval"] });
  try {
    const on = await stage();
    const before = { connection: "c1", day: "2026-11-24", adds: 12, removes: 0, joins: 0, creates: 0, messages: 0 };
    await write(on.store, ["tallies"], (tx) => tx.objectStore("tallies").put(before));
    on.show(<Today counter="adds" more={8} />);
    await screen.findByText("12 + 8 now");
    vi.advanceTimersByTime(60_000);
    await screen.findByText("0 + 8 now");
  } finally {
    vi.useRealTimers();
  }
});

test("a plan is drawn by who joins, stays and leaves, the most changed group first, and says what is not known", async () => {
  const on = await stage();
  const plan = [1, 2, 3, 4, 5, 6, 7].map((n) => ({
    id: `g${n}`,
    name: `Group ${n}`,
    joins: [],
    leaves: [person(n)],
    size: n,
  }));
  on.show(
    <WhoGoesWhere
      plan={[
        ...plan,
        { id: "same", name: "Nobody moves", joins: [], leaves: [], size: 4 },
        {
          id: "full",
          name: "Harbour",
          joins: [1, 2, 3, 4].map(person),
          isUnsure: true,
          leaves: [],
          size: undefined,
        },
      ]}
    />,
  );
  const region = within(screen.getByRole("region", { name: "Who goes where" }));
  const rows = region.getAllByRole("listitem").map(({ textContent }) => textContent ?? "");
  expect(rows).toHaveLength(5);
  // Never read, so nobody knows who of the four is in already, nor how many stay.
  expect(rows[0]).toMatch(/^HarbourJoining up to 4Staying never readLeaving 0\+44 ?7700.*, .* and 1 more$/);
  expect(rows[1]).toMatch(/^Group 1Joining 0Staying 0Leaving 1/);
  expect(rows.join()).not.toContain("Nobody moves");
  expect(region.getByText("and 3 more")).toBeTruthy();
});
