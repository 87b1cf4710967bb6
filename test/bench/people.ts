import { WORLD_GROUPS } from "../../lib/sandbox/world";
import { draftKey } from "../../lib/shared/draft";
import type { Connection } from "../../lib/shared/model";
import { commandValue, connect, readStore, startGateway, words } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import { longestTask } from "./tasks";

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
    const cpus: number[] = [];
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
        cpus.push(task.cpu);
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
      say(
        `  ${what}: popup ${list(ours)} ms, on the processor ${list(cpus.splice(0))} ms, empty page ${list(bare)} ms`,
      );
      figures.push({ what: `longest task, ${what}`, value: middle(ours), goal: GOAL, unit: " ms" });
    }
    return figures;
  } finally {
    await chromium.close();
    await server.close();
  }
}

function list(values: number[]): string {
  return values.map((value) => value.toFixed(0)).join(", ");
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
