import type { Page } from "playwright-core";
import { WORLD_GROUPS } from "../../lib/sandbox/world";
import type { Connection, Job, Step } from "../../lib/shared/model";
import { summaryOf, type JobSummary } from "../../lib/shared/summary";
import { commandValue, connect, readStore, startGateway } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import { buildSearch, timeSearch } from "./searches";

/** Opens with few and with many jobs, each of so many steps. */
const ROUNDS = 9;
const FEW = 50;
const MANY = 200;
const STEPS = 500;
/** Groups, and people whom the agent has a name for. */
const GROUPS = 300;
const NAMED = 5000;
/** What somebody types into the search of Activity, letter by letter: a group, a person, what was done, a number. */
const TYPED = ["project", "asha rao 12", "add 5", "447700900"];
/** How often each of them is typed. */
const TYPINGS = 5;
const ROW = "main a[href^='#/activity/']";

/**
 * The time of a letter of the search over all of this, 300 groups and 5,000 names; no members are read for it. And from
 * the route to the painted history with 200 finished jobs of 500 steps, as a ratio to that with 50, which are as many as
 * are shown at first: the medians of opens in turn.
 */
export async function benchActivity(say: (line: string) => void) {
  const server = await startGateway("guide", { groups: GROUPS });
  const chromium = await Chromium.launch();
  try {
    const app = await chromium.open("app");
    await connect(app, server);
    await commandValue(app, "refreshGroups");
    const [connection] = (await readStore(app))["connections"] as [Connection];
    const times = new Map<number, number[]>();
    let written = 0;
    for (const size of [FEW, MANY]) {
      await fill(app, connection.id, written, size);
      written = size;
      const all: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const page = await chromium.open("app", "#/settings");
        await page.locator("main h2").first().waitFor();
        all.push(await openActivity(page));
        await page.close();
      }
      times.set(size, all);
      say(`  Activity with ${size} jobs of ${STEPS} steps: ${middle(all).toFixed(0)} ms, ${all.length} opens`);
    }
    const letter = await benchLetters(app, connection.id, say);
    const ratio = middle(times.get(MANY)!) / middle(times.get(FEW)!);
    return [
      { what: `Activity with ${MANY} jobs ÷ with ${FEW}`, value: ratio, goal: 1.5, unit: "×" },
      { what: "95 of 100 letters typed into its search", value: letter, goal: 50, unit: " ms" },
    ];
  } finally {
    await chromium.close();
    await server.close();
  }
}

/** Names people, types into the search, and gives ms of all but the slowest 5 of 100 letters. */
async function benchLetters(page: Page, connection: string, say: (line: string) => void): Promise<number> {
  await page.evaluate(
    async ({ account, count }) => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open("wappfy");
        opening.addEventListener("success", () => resolve(opening.result));
      });
      const tx = db.transaction("contacts", "readwrite");
      for (let n = 0; n < count; n += 1) {
        const person = `4477009${String(n).padStart(5, "0")}`;
        const name = `${["Asha Rao", "Ben Okoro", "Chen Li", "Dora Melo"][n % 4]} ${n}`;
        tx.objectStore("contacts").put({ connection: account, person, id: `${person}@s.whatsapp.net`, name, at: 1 });
      }
      await new Promise((resolve) => tx.addEventListener("complete", resolve));
      db.close();
    },
    { account: connection, count: NAMED },
  );
  await page.evaluate(await buildSearch());
  say(
    `  the first letter, which reads the names: ${(await timeSearch(page, "searchHistory", connection, "p")).toFixed(0)} ms`,
  );
  const times: number[] = [];
  for (let typing = 0; typing < TYPINGS; typing += 1) {
    for (const text of TYPED) {
      for (let end = 1; end <= text.length; end += 1) {
        times.push(await timeSearch(page, "searchHistory", connection, text.slice(0, end)));
      }
    }
  }
  times.sort((a, b) => a - b);
  say(
    `  ${times.length} letters, the middle one ${middle(times).toFixed(1)} ms, the slowest ${times.at(-1)!.toFixed(1)} ms`,
  );
  return times[Math.floor(times.length * 0.95)]!;
}

/** Writes finished jobs, with their steps and summaries as the engine does. */
async function fill(page: Page, connection: string, from: number, to: number): Promise<void> {
  const people = Array.from({ length: STEPS }, (_, n) => ({
    id: `4477009${String(n).padStart(5, "0")}@s.whatsapp.net`,
    given: `+44 77009 ${String(n).padStart(5, "0")}`,
  }));
  const times = { createdAt: 0, notBefore: 0, undoUntil: 0, endedAt: 1 };
  const job: Job & { nonce: string } = {
    id: "",
    nonce: "",
    connection,
    input: { kind: "add", groups: [WORLD_GROUPS.alpha], people, pace: "fast" },
    state: "done",
    epoch: 1,
    version: 1,
    ...times,
  };
  const steps = people.map(({ id, given }, index): Step => ({
    job: "",
    index,
    connection,
    target: WORLD_GROUPS.alpha,
    person: id,
    given,
    state: "done",
    attempts: 1,
    verdict: "added",
  }));
  const rows: { job: typeof job; steps: Step[]; summary: JobSummary } = { job, steps, summary: summaryOf(job, steps) };
  await page.evaluate(
    async ({ template, first, end }) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open("wappfy");
        opening.addEventListener("success", () => resolve(opening.result));
        opening.addEventListener("error", () => reject(new Error("the store does not open")));
      });
      for (let n = first; n < end; n += 1) {
        const id = `bench-${n}`;
        const tx = db.transaction(["jobs", "steps", "summaries"], "readwrite");
        const createdAt = Date.now() - n * 1000;
        tx.objectStore("jobs").put({ ...template.job, id, nonce: id, createdAt, endedAt: createdAt });
        for (const step of template.steps) tx.objectStore("steps").put({ ...step, job: id });
        tx.objectStore("summaries").put({ ...template.summary, job: id, createdAt, endedAt: createdAt });
        await new Promise((resolve) => tx.addEventListener("complete", resolve));
      }
      db.close();
    },
    { template: rows, first: from, end: to },
  );
}

/** Goes to Activity; gives ms until its first row is there and a frame was made of it. */
function openActivity(page: Page): Promise<number> {
  return page.evaluate(async (selector) => {
    const start = performance.now();
    location.hash = "#/activity";
    while (!document.querySelector(selector)) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - start;
  }, ROW);
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
