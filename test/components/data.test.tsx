import { useSignal } from "@preact/signals";
import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test } from "vitest";
import { Data } from "../../components/screens/settings/data";
import type { Run } from "../../components/screens/settings/section";
import { FailureNotice } from "../../components/parts/failure-notice";
import { fail, ok, type Failure } from "../../lib/shared/failure";
import { write } from "../../lib/store/write";
import { stage } from "./stage";

/** The section, with what its commands come to above it, as the settings show it. */
function Shown() {
  const said = useSignal<Failure | string>("");
  const run: Run = async (reply, words = "") => {
    const answer = await reply;
    said.value = answer.ok ? words : answer.failure;
    return answer.ok;
  };
  return (
    <>
      {typeof said.value === "string" ? <p>{said.value}</p> : <FailureNotice failure={said.value} />}
      <Data run={run} />
    </>
  );
}

/** Chooses a file for the import. */
function choose(text: string): void {
  const picker = document.querySelector("input[type=file]");
  Object.defineProperty(picker, "files", { value: [new File([text], "export.json")], configurable: true });
  fireEvent.change(picker as Element);
}

test("an import sends what it takes, without the lists that make a file large", async () => {
  const on = await stage({ importData: () => ok({ connections: 1 }) });
  on.show(<Shown />);
  const connection = { name: "Desk", origin: "https://api.wappfy.io", isSandbox: false };
  const lists = { groups: [{}], rosters: [{ members: Array(1000).fill("x") }], jobs: [] };
  choose(
    JSON.stringify({ format: "wappfy-groups", version: 1, connections: [{ ...connection, ...lists }], aside: [1] }),
  );
  expect(await screen.findByText(/Paused sites were added to yours/)).toBeTruthy();
  const [{ json }] = on.sent("importData");
  expect(JSON.parse(json)).toEqual({ format: "wappfy-groups", version: 1, connections: [connection] });
});

test.each(["bad-input", "bad-address"] as const)("a file that is none of ours is called that (%s)", async (code) => {
  const on = await stage({ importData: () => fail(code) });
  on.show(<Shown />);
  for (const text of ["", "no JSON", "[1]", "null", '{"connections":[null,7]}']) {
    choose(text);
    expect(await screen.findByText(/not an export of this extension/)).toBeTruthy();
    expect(screen.getByText(/Choose a file that Export saved/)).toBeTruthy();
  }
});

test("jobs that were set aside are shown, with the way to have them or to be rid of them", async () => {
  const on = await stage();
  await write(on.store, ["aside"], async (tx) => {
    await tx.objectStore("aside").put({ id: "jobs x", table: "jobs", key: "x", value: {}, at: 1 });
    // Never exported, and no part of the history.
    await tx.objectStore("aside").put({ id: "vault x", table: "vault", key: "x", value: {}, at: 1 });
  });
  on.show(<Shown />);
  expect(await screen.findByText(/1 job could not be read by this version/)).toBeTruthy();
});

test("a shorter time for the history is asked first, a longer one is not", async () => {
  const on = await stage();
  on.show(<Shown />);
  const select = screen.getByLabelText("Keep finished jobs for");
  fireEvent.change(select, { target: { value: "365" } });
  await waitFor(() => expect(on.sent("saveSettings")).toEqual([{ keepHistory: 365 }]));
  fireEvent.change(select, { target: { value: "30" } });
  expect(await screen.findByText("Keep finished jobs for 30 days only?")).toBeTruthy();
  expect(on.sent("saveSettings")).toHaveLength(1);
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByText("Keep finished jobs for 30 days only?")).toBeNull());
  expect((select as HTMLSelectElement).value).toBe("180");
  fireEvent.change(select, { target: { value: "30" } });
  fireEvent.click(await screen.findByRole("button", { name: "Erase older ones" }));
  await waitFor(() => expect(on.sent("saveSettings").at(-1)).toEqual({ keepHistory: 30 }));
});
