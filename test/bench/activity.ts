import type { Page } from "playwright-core";
import { WORLD_GROUPS } from "../../lib/sandbox/world";
import type { Connection, Job, Step } from "../../lib/shared/model";
import { summaryOf, type JobSummary } from "../../lib/shared/summary";
import { connect, readStore, startGateway } from "../e2e/app";
import { Chromium } from "../e2e/chromium";

/** Opens with few and with many jobs, each of so many steps. */
const ROUNDS = 9;
const FEW = 50;
const MANY = 200;
const STEPS = 500;
const ROW = "main a[href^='#/activity/']";

/**
 * From the route to the painted history with 200 finished jobs of 500 steps, as a ratio to that with 50, which are as
 * many as are shown at first. The medians of opens in turn.
 */
export async function benchActivity(say: (line: string) => void) {
  const server = await startGateway("guide");
  const chromium = await Chromium.launch();
  try {
    const app = await chromium.open("app");
    await connect(app, server);
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
    const ratio = middle(times.get(MANY)!) / middle(times.get(FEW)!);
    return [{ what: `Activity with ${MANY} jobs ÷ with ${FEW}`, value: ratio, goal: 1.5, unit: "×" }];
  } finally {
    await chromium.close();
    await server.close();
  }
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
