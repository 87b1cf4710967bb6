import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { ActivityScreen } from "../../components/screens/activity";
import type { Job, Verdict } from "../../lib/shared/model";
import { personKey } from "../../lib/shared/person";
import { write } from "../../lib/store/write";
import { GROUP, group, job, savedBy, stage, step } from "./stage";

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
  await waitFor(() => expect(rows()).toEqual({ drafts: 1, summaries: 51 }));
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
        : // Goes on by itself.
          n === 2
          ? { verdict: "added", job: { state: "paused", pause: { reason: "rate-limited", until: 9 } } }
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

/** Two groups and three jobs: somebody added to the lobby, somebody to the shop, and twenty to the shop. */
async function withTwoGroups() {
  const on = await stage();
  const [anna, ben] = ["447700900001@s.whatsapp.net", "447700900002@s.whatsapp.net"] as const;
  const shop = "120363000000000777@g.us";
  await on.putGroup(group({ name: "Lobby" }));
  await on.putGroup(group({ id: shop, name: "Leeds shop" }));
  await write(on.store, ["contacts"], (tx) =>
    tx.objectStore("contacts").put({ connection: "c1", person: personKey(ben), id: ben, name: "Ben Okoro", at: 1 }),
  );
  const add = (id: string, where: string, people: string[]) => {
    const given = people.map((person) => ({ id: person, given: "" }));
    const input = { kind: "add" as const, groups: [where], people: given, pace: "careful" as const };
    const steps = people.map((person, index) => step(index, { job: id, target: where, person, verdict: "added" }));
    return on.putJob(job({ id, createdAt: Number(id.slice(1)), input }), steps);
  };
  await add("j1", GROUP, [anna]);
  await add("j2", shop, [ben]);
  await add("j3", shop, [...PEOPLE.slice(5).map(({ id }) => id), anna]);
  on.show(<ActivityScreen />);
  const list = await screen.findByRole("list", { name: "Activity" });
  const lines = () => [...list.querySelectorAll("strong")].map(({ textContent }) => textContent);
  const search = (value: string) =>
    fireEvent.input(screen.getByLabelText("Search the activity"), { target: { value } });
  return { on, lines, search, shop, anna };
}

test("the history is searched by group, by name and by number, also of somebody among many", async () => {
  const { on, lines, search, shop } = await withTwoGroups();
  await waitFor(() => expect(lines()).toHaveLength(3));
  search("leeds");
  await waitFor(() => expect(lines()).toEqual(["Add 16 people · Leeds shop", expect.stringContaining("· Leeds shop")]));
  search("okoro");
  await waitFor(() => expect(lines()).toEqual([expect.stringMatching(/900002.* · Leeds shop/)]));
  search("+44 7700 900001");
  await waitFor(() => expect(lines()).toEqual(["Add 16 people · Leeds shop", expect.stringContaining("· Lobby")]));
  search("zzz");
  expect(await screen.findByText("Nothing of this kind.")).toBeTruthy();
  // What the words name is offered by itself.
  search("leeds");
  fireEvent.click(await screen.findByRole("button", { name: "Only Leeds shop" }));
  expect(on.shell.go).toHaveBeenCalledWith(`/activity?group=${encodeURIComponent(shop)}`, true);
});

test("of one group and of one person only their part is shown, and exported", async () => {
  const { on, anna, shop } = await withTwoGroups();
  cleanup();
  on.show(<ActivityScreen query={new URLSearchParams({ group: shop, person: anna })} />);
  const list = await screen.findByRole("list", { name: "Activity" });
  await waitFor(() => expect([...list.children].map(({ textContent }) => textContent)).toHaveLength(1));
  expect(await screen.findByRole("button", { name: "Not only Leeds shop" })).toBeTruthy();
  const { text } = await savedBy(() => fireEvent.click(screen.getByRole("button", { name: "Export as CSV" })));
  const rows = text.trim().split(/\r?\n/);
  expect(rows).toHaveLength(2);
  expect(rows[1]).toContain("Leeds shop");
  expect(rows[1]).toContain("447700900001");
  fireEvent.click(screen.getByRole("button", { name: "Not only Leeds shop" }));
  expect(on.shell.go).toHaveBeenCalledWith(`/activity?person=${encodeURIComponent(anna)}`, true);
});

test("the search keeps its field and the focus when words without a hit are cleared", async () => {
  const { search } = await withTwoGroups();
  const field = screen.getByLabelText("Search the activity");
  field.focus();
  search("zzz");
  await screen.findByText("Nothing of this kind.");
  search("");
  await waitFor(() => expect(screen.queryByText("Nothing of this kind.")).toBeNull());
  expect(document.activeElement).toBe(field);
  await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(3));
  expect(document.activeElement).toBe(field);
});

test("changes before the first job are reached from the history at once", async () => {
  const on = await stage();
  await write(on.store, ["changes"], (tx) =>
    tx.objectStore("changes").put({
      connection: "c1",
      group: GROUP,
      since: 1,
      at: 2,
      joined: [PEOPLE[0]!.id],
      left: [],
      promoted: [],
      demoted: [],
    }),
  );
  const said: string[] = [];
  const observer = new MutationObserver(() => said.push(document.body.textContent));
  observer.observe(document.body, { childList: true, subtree: true });
  on.show(<ActivityScreen />);
  await screen.findByLabelText("Show");
  observer.disconnect();
  expect(said.filter((text) => text.includes("Nothing is kept here"))).toEqual([]);
});

test("a history without a job says what it will hold", async () => {
  const on = await stage();
  on.show(<ActivityScreen />);
  expect(await screen.findByText("Nothing is kept here")).toBeTruthy();
  expect(screen.queryByLabelText("Search the activity")).toBeNull();
});

test("the rows are one stop for the keyboard, and the arrows lead through them", async () => {
  const on = await withJobs(3, () => ({ verdict: "added" }));
  on.show(<ActivityScreen />);
  const list = await screen.findByRole("list", { name: "Activity" });
  const rows = [...list.querySelectorAll("a")];
  expect(rows.map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1]);
  rows[0]!.focus();
  fireEvent.keyDown(rows[0]!, { key: "ArrowDown" });
  expect(document.activeElement).toBe(rows[1]);
  fireEvent.keyDown(rows[1]!, { key: "End" });
  expect(document.activeElement).toBe(rows[2]);
  await waitFor(() => expect(rows.map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0]));
  // With Alt or ⌘, they are keys of the browser.
  for (const keys of [{ altKey: true }, { metaKey: true }]) {
    expect(fireEvent.keyDown(rows[2]!, { key: "ArrowUp", ...keys })).toBe(true);
    expect(document.activeElement).toBe(rows[2]);
  }
});

test("what changed in the groups is narrowed by the same words, group and person", async () => {
  const { on, search, shop, anna } = await withTwoGroups();
  const at = (group: string, joined: string[], when: number) => ({
    connection: "c1",
    group,
    since: when - 1,
    at: when,
    joined,
    left: [],
    promoted: [],
    demoted: [],
  });
  await write(on.store, ["changes"], async (tx) => {
    await tx.objectStore("changes").put(at(GROUP, [anna], 10));
    await tx.objectStore("changes").put(at(shop, [PEOPLE[3]!.id], 20));
  });
  const pick = (value: string) => fireEvent.change(screen.getByLabelText("Show"), { target: { value } });
  pick("changes");
  const groups = () => within(screen.getByRole("list", { name: "What changed" })).getAllByRole("link");
  const names = () => groups().map(({ textContent }) => textContent);
  await waitFor(() => expect(names()).toEqual(["Leeds shop", "Lobby"]));
  search("leeds");
  await waitFor(() => expect(names()).toEqual(["Leeds shop"]));
  search("7700 900001");
  await waitFor(() => expect(names()).toEqual(["Lobby"]));
  search("zzz");
  expect(await screen.findByText("Nothing of this kind.")).toBeTruthy();
  cleanup();
  on.show(<ActivityScreen query={new URLSearchParams({ group: shop })} />);
  await screen.findByLabelText("Show");
  pick("changes");
  await waitFor(() => expect(names()).toEqual(["Leeds shop"]));
  expect(screen.getByRole("button", { name: "Not only Leeds shop" })).toBeTruthy();
});

test("a group that was left is exported by its name", async () => {
  const { on } = await withTwoGroups();
  await on.putGroup(group({ name: "Lobby", goneAt: 5 }));
  const { text } = await savedBy(() => fireEvent.click(screen.getByRole("button", { name: "Export as CSV" })));
  expect(text).toContain("Lobby");
  expect(text).not.toContain(GROUP);
});

test("a letter after the first reads no group and no name of the store anew", async () => {
  const { on, lines, search } = await withTwoGroups();
  search("leed");
  await waitFor(() => expect(lines()).toHaveLength(2));
  const rows = countRows();
  let typed = "leed";
  // News of the first writes may arrive late, and reads the names again. Without it, a letter reads none.
  await waitFor(async () => {
    const { summaries: before = 0, ...names } = rows();
    search((typed = typed === "leed" ? "leeds" : "leed"));
    await waitFor(() => expect(rows()["summaries"]).toBeGreaterThan(before));
    const { summaries: _, ...after } = rows();
    expect(after).toEqual(names);
  });
  // A group that has another name by now is found by it with the next letter.
  await on.putGroup(group({ name: "Leeds lobby" }));
  await waitFor(() => {
    search((typed = typed === "leed" ? "leeds" : "leed"));
    expect(lines()).toHaveLength(3);
  });
});

test("older changes are offered by their name, and only while there are some", async () => {
  const { on, anna } = await withTwoGroups();
  const put = (at: number) =>
    write(on.store, ["changes"], (tx) =>
      tx.objectStore("changes").put({
        connection: "c1",
        group: GROUP,
        since: at - 1,
        at,
        joined: [anna],
        left: [],
        promoted: [],
        demoted: [],
      }),
    );
  for (let at = 1; at <= 50; at += 1) await put(at);
  fireEvent.change(screen.getByLabelText("Show"), { target: { value: "changes" } });
  const list = await screen.findByRole("list", { name: "What changed" });
  expect(list.children).toHaveLength(50);
  expect(screen.queryByRole("button", { name: /^Show older/ })).toBeNull();
  await put(51);
  fireEvent.click(await screen.findByRole("button", { name: "Show older changes" }));
  await waitFor(() => expect(list.children).toHaveLength(51));
});
