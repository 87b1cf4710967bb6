import type { Page } from "playwright-core";
import { WORLD_GROUPS } from "../../lib/sandbox/world";
import { draftKey } from "../../lib/shared/draft";
import type { Connection } from "../../lib/shared/model";
import { commandValue, connect, readStore, startGateway, words } from "../e2e/app";
import { Chromium } from "../e2e/chromium";

/** Nothing may keep the popup from answering for longer, in ms. */
const GOAL = 50;
/** How often each text is pasted; the middle one counts. */
const ROUNDS = 3;

const NAMES = ["Asha Rao", "Ravi", "Meena Iyer", "आशा राव", "José Silva", "Dr. Li Wei", "Omar", "Zoë"];

/** The forms in which people write `n`, good and bad, as they come out of address books, chats and tables. */
const FORMS: ((n: string, index: number) => string)[] = [
  (n) => `+91 ${n.slice(0, 5)} ${n.slice(5)}`,
  (n, index) => `${NAMES[index % NAMES.length]}, ${n}`,
  (n) => `0${n.slice(0, 5)}-${n.slice(5)}`,
  (n, index) => `${index + 1}. ${NAMES[index % NAMES.length]}: +91-${n}`,
  (n) => `91${n}@s.whatsapp.net`,
  (n) => `https://wa.me/91${n}`,
  (n) => n.replace(/\d/g, (sign) => String.fromCharCode(0x966 + Number(sign))),
  (n, index) =>
    `12/05/2024, 10:15 - +44 7700 900${String(index % 1000).padStart(3, "0")}: good morning ${n.slice(0, 3)}`,
  (n) => `${n.slice(0, 7)} too short`,
  (n) => `Hello team, order ${n} is ready`,
  (n) => `${n}\t${n.slice(0, 9)}1\tasha@example.com`,
  (n) => `Tel. (0)${n.slice(0, 5)} ${n.slice(5)} ext. 12 / +1 202 555 01${n.slice(8)}`,
];

function mess(rows: number): string[] {
  return Array.from({ length: rows }, (_, index) => {
    const n = String(8_000_000_000 + ((index * 7919) % 9000) * 100_003);
    return (FORMS[index % FORMS.length] ?? String)(n, index);
  });
}

/** A line of 300 KB, and such as would make a careless search go over them again and again. */
function longLines(): Record<string, string> {
  const size = 300_000;
  const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  return {
    "one line of 300 KB": mess(12_000).join(", ").slice(0, size),
    "300 KB of digits": fill("8123456789"),
    "300 KB of letters": fill("लोरम ipsum dolor sit amet "),
  };
}

/**
 * The longest task of the popup from the paste to the finished preview, beside that of an empty page with a text area
 * into which the same is pasted: what the browser itself takes for it.
 */
export async function benchPeople(
  say: (line: string) => void,
): Promise<{ what: string; value: number; goal: number; unit: string }[]> {
  const server = await startGateway("guide");
  const chromium = await Chromium.launch();
  try {
    await chromium.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const app = await chromium.open("app");
    await connect(app, server);
    const connection = (await readStore(app))["connections"]![0] as Connection;
    // Under which the screen keeps what was typed, so that each round begins empty.
    const draft = draftKey({ form: "add", connection: connection.id, subject: WORLD_GROUPS.alpha }, "list");
    await commandValue(app, "saveSettings", { country: "IN" });
    await commandValue(app, "refreshGroups");
    const texts = { "5,000 rows": mess(5000).join("\n"), ...longLines() };
    const figures: { what: string; value: number; goal: number; unit: string }[] = [];
    for (const [what, text] of Object.entries(texts)) {
      const ours: number[] = [];
      const bare: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await app.bringToFront();
        await app.evaluate((copied) => navigator.clipboard.writeText(copied), text);
        const page = await chromium.open("popup", `#/group/${encodeURIComponent(WORLD_GROUPS.alpha)}?tab=add`);
        const field = page.locator("textarea").and(page.getByLabel(words("input_people")));
        await field.focus();
        await page.waitForTimeout(500);
        const task = await longestTask(chromium, page, async () => {
          await page.keyboard.press("Control+V");
          await page.locator(".people-preview[aria-busy=false]").waitFor({ timeout: 120_000 });
          await page.waitForTimeout(700);
        });
        ours.push(task.time);
        if (process.env["BENCH_WHY"]) say(`    ${task.why}`);
        if (round === 0) say(`  ${what}: ${await page.locator(".people-preview [role=status]").textContent()}`);
        await page.close();
        await commandValue(app, "saveDraft", { key: draft, value: null });

        const empty = await chromium.context.newPage();
        await empty.setViewportSize({ width: 400, height: 600 });
        await empty.setContent(`<textarea rows="4" style="width:350px" autofocus></textarea>`);
        await empty.locator("textarea").focus();
        bare.push(
          (
            await longestTask(chromium, empty, async () => {
              await empty.keyboard.press("Control+V");
              await empty.waitForTimeout(700);
            })
          ).time,
        );
        await empty.close();
      }
      say(`  ${what}: popup ${list(ours)} ms, empty page ${list(bare)} ms`);
      figures.push({ what: `longest task, ${what}`, value: middle(ours), goal: GOAL, unit: " ms" });
    }
    return figures;
  } finally {
    await chromium.close();
    await server.close();
  }
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  args: {
    name?: string;
    data?: { functionName?: string; url?: string; frames?: { url: string; processId: number }[] };
  };
}

/** The longest task of a page's main thread while `work` is done, in ms, and what took most of it. */
async function longestTask(
  chromium: Chromium,
  page: Page,
  work: () => Promise<void>,
): Promise<{ time: number; why: string }> {
  const browser = chromium.context.browser()!;
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "v8"],
  });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const events = trace.traceEvents;
  const url = page.url().split("#")[0]!;
  const frames = events.flatMap(({ args }) => args.data?.frames ?? []);
  const pids = new Set(frames.filter((frame) => frame.url.split("#")[0] === url).map(({ processId }) => processId));
  const isMain = (event: TraceEvent) => event.ph === "M" && event.args.name === "CrRendererMain";
  const threads = new Set(events.filter(isMain).map(({ pid, tid }) => `${pid} ${tid}`));
  const ours = events.filter(({ pid, tid }) => pids.has(pid) && threads.has(`${pid} ${tid}`));
  const tasks = ours.filter(({ name, dur }) => name.endsWith("RunTask") && dur !== undefined);
  if (tasks.length === 0) throw new Error(`no tasks in the trace of ${url}`);
  const longest = tasks.reduce((best, task) => (task.dur! > best.dur! ? task : best));
  const inside = ours
    .filter(({ ts, dur }) => dur !== undefined && ts >= longest.ts && ts + dur <= longest.ts + longest.dur!)
    .toSorted((a, b) => b.dur! - a.dur!)
    .slice(0, 8)
    .map(({ name, dur, args }) => `${name} ${args.data?.functionName ?? ""} ${(dur! / 1000).toFixed(1)}`);
  return { time: longest.dur! / 1000, why: inside.join(" | ") };
}

function list(values: number[]): string {
  return values.map((value) => value.toFixed(0)).join(", ");
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
