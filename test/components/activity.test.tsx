import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { ActivityScreen } from "../../components/screens/activity";
import type { Job, Verdict } from "../../lib/shared/model";
import { GROUP, job, stage, step } from "./stage";

const PEOPLE = [...Array(20)].map((_, n) => ({ id: `4477009${String(n).padStart(5, "0")}@s.whatsapp.net`, given: "" }));

/** How many rows are read from each table from now on. */
function countRows(): () => Record<string, number> {
  const asked: { table: string; request: IDBRequest<unknown> }[] = [];
  for (const method of ["get", "getAll", "openCursor"] as const) {
    for (const { prototype } of [IDBObjectStore, IDBIndex]) {
      const real = prototype[method] as (...given: unknown[]) => IDBRequest<unknown>;
      vi.spyOn(prototype, method).mockImplementation(function (
        this: IDBObjectStore | IDBIndex,
        ...given: unknown[]
      ): never {
        const request = real.apply(this, given);
        asked.push({ table: this instanceof IDBIndex ? this.objectStore.name : this.name, request });
        return request as never;
      });
    }
  }
  return () => {
    const rows: Record<string, number> = {};
    for (const { table, request } of asked) {
      rows[table] = (rows[table] ?? 0) + (Array.isArray(request.result) ? request.result.length : 1);
    }
    return rows;
  };
}

async function withJobs(count: number, change: (index: number) => { job?: Partial<Job>; verdict: Verdict }) {
  const on = await stage();
  for (let n = 0; n < count; n += 1) {
    const { job: more, verdict } = change(n);
    const input = { kind: "add" as const, groups: [GROUP], people: PEOPLE, pace: "careful" as const };
    const steps = PEOPLE.map(({ id }, index) => step(index, { job: `j${n}`, person: id, verdict }));
    await on.putJob(job({ id: `j${n}`, createdAt: n + 1, input, ...more }), steps);
  }
  return on;
}

test("the history costs what it shows: summaries of the newest, no step and no list of people", async () => {
  const on = await withJobs(120, () => ({ verdict: "added" }));
  const rows = countRows();
  on.show(<ActivityScreen />);
  const list = await screen.findByRole("list", { name: "Activity" });
  expect(list.children).toHaveLength(50);
  expect(list.textContent).toContain("Add 20 people");
  expect(list.textContent).toContain("Added: 20");
  // One more than is shown tells that there are more.
  expect(rows()).toEqual({ summaries: 51 });
  // Nothing claims that these are all.
  expect(screen.queryByText(/entries$/)).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show older jobs" }));
  await waitFor(() => expect(screen.getByRole("list", { name: "Activity" }).children).toHaveLength(100));
  fireEvent.click(screen.getByRole("button", { name: "Show older jobs" }));
  expect(await screen.findByText("120 entries")).toBeTruthy();
});

test("the filter finds what needs the agent, however old, and each row says how it ended", async () => {
  const on = await withJobs(70, (n) =>
    n === 0
      ? { verdict: "not-added" }
      : n === 1
        ? { verdict: "added", job: { state: "paused" } }
        : { verdict: "added" },
  );
  on.show(<ActivityScreen />);
  const select = await screen.findByLabelText("Show");
  fireEvent.change(select, { target: { value: "trouble" } });
  await waitFor(() => expect(screen.getByRole("list", { name: "Activity" }).children).toHaveLength(2));
  const rows = [...screen.getByRole("list", { name: "Activity" }).children].map((row) => row.textContent);
  expect(rows[0]).toContain("Paused");
  expect(rows[1]).toContain("Not added: 20");
});
