import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { WORLD_GROUPS } from "../../lib/sandbox/world";
import type { Connection, Group } from "../../lib/shared/model";
import { commandValue, connect, readStore, startGateway, words } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import { longestTask } from "./tasks";

/** Nothing may keep the popup from answering for longer, in ms. */
const GOAL = 50;
const ROUNDS = 3;
const PEOPLE = 500;
const GROUPS = 50;
const MEMBERS = 300;
/** Size of the file of contact cards, in bytes. */
const CARDS = 60_000_000;

interface Figure {
  what: string;
  value: number;
  goal: number;
  unit: string;
}

const numberOf = (n: number) => `9198${String(10_000_000 + n * 7919).slice(-8)}`;

/** Contact cards as a phone exports them, each with a picture. */
function cards(): string {
  const photo = (
    randomBytes(30_000)
      .toString("base64")
      .match(/.{1,74}/g) ?? []
  ).join("\r\n ");
  const one = (n: number) =>
    `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person ${n}\r\nTEL;TYPE=CELL:+${numberOf(n)}\r\nPHOTO;ENCODING=b;TYPE=JPEG:${photo}\r\nEND:VCARD\r\n`;
  return Array.from({ length: Math.ceil(CARDS / one(0).length) }, (_, n) => one(n)).join("");
}

/** The longest task of the popup while it reads a large file of cards, and while a large table opens and scrolls. */
export async function benchTable(say: (line: string) => void): Promise<Figure[]> {
  const server = await startGateway("guide", { groups: GROUPS });
  const people = Array.from({ length: PEOPLE }, (_, n) => numberOf(n));
  for (const [at, group] of Object.values(server.world.groups).entries()) {
    const others = Array.from({ length: MEMBERS }, (_, n) => ({
      id: `${numberOf((at * 37 + n * 3) % 2000)}@s.whatsapp.net`,
      role: "member" as const,
    }));
    group.members = [...group.members.slice(0, 1), ...others];
  }
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const chromium = await Chromium.launch();
  try {
    const file = join(folder, "contacts.vcf");
    writeFileSync(file, cards());
    const app = await chromium.open("app");
    await connect(app, server);
    const { id } = (await readStore(app, ["connections"]))["connections"]![0] as Connection;
    await commandValue(app, "saveSettings", { country: "IN" });
    await commandValue(app, "refreshGroups");
    const groups = ((await readStore(app, ["groups"]))["groups"] as Group[]).map((group) => group.id);
    await commandValue(app, "readMembers", { groups });
    await chromium.waitUntil(
      async () => {
        const [notes] = (await readStore(app, ["gateways"]))["gateways"] as { members?: { endedAt?: number } }[];
        return notes?.members?.endedAt !== undefined;
      },
      "the members to be read",
      120_000,
    );
    const figures: Figure[] = [];
    const measure = async (what: string, open: string, work: (page: Page) => Promise<void>) => {
      const times: number[] = [];
      const cpus: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const page = await chromium.open("popup", open);
        await page.waitForTimeout(1500);
        const { time, cpu, why } = await longestTask(chromium, page, () => work(page));
        times.push(time);
        cpus.push(cpu);
        if (process.env["BENCH_WHY"]) say(`    ${why}`);
        await page.close();
        // So that each round begins with an empty list.
        for (const field of ["people", "list"]) {
          await commandValue(app, "saveDraft", { key: [id, "add", WORLD_GROUPS.alpha, field], value: null });
        }
      }
      const list = (values: number[]) => values.map((value) => value.toFixed(0)).join(", ");
      say(`  ${what}: ${list(times)} ms, on the processor ${list(cpus)} ms`);
      const middle = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
      figures.push({ what: `longest task, ${what}`, value: middle, goal: GOAL, unit: " ms" });
    };
    await measure(
      "60 MB of contact cards",
      `#/group/${encodeURIComponent(WORLD_GROUPS.alpha)}?tab=add`,
      async (page) => {
        await page.locator("input[type=file]").setInputFiles(file);
        await page.locator(".people-preview[aria-busy=false]").waitFor({ timeout: 120_000 });
        await page.waitForTimeout(700);
      },
    );
    await commandValue(app, "saveDraft", { key: [id, "several", "", "list"], value: people.join("\n") });
    await commandValue(app, "saveDraft", { key: [id, "groups", "", "chosen"], value: groups.join(" ") });
    const opened = async (page: Page) => {
      await page.evaluate(() => (location.hash = "#/several/table"));
      await page.getByRole("grid", { name: words("people_table") }).waitFor({ timeout: 60_000 });
      await page.waitForTimeout(700);
    };
    await measure(`${PEOPLE} people in ${GROUPS} groups open`, "#/groups", opened);
    await measure("the same table, scrolled, sorted and walked through", "#/several/table", async (page) => {
      const grid = page.getByRole("grid", { name: words("people_table") });
      await grid.waitFor({ timeout: 60_000 });
      for (let step = 0; step < 30; step += 1) {
        await grid.evaluate((box, at) => box.scrollTo({ top: at * 500, left: at * 150 }), step);
        await page.waitForTimeout(30);
      }
      const sort = page.getByRole("button", { name: words("table_order_missing") });
      await sort.click();
      await sort.click();
      await grid.focus();
      for (const key of [
        "Control+End",
        "Control+Home",
        "PageDown",
        "PageDown",
        "End",
        "Home",
        "ArrowDown",
        "ArrowRight",
      ]) {
        await page.keyboard.press(key);
      }
      await page.waitForTimeout(300);
    });
    return figures;
  } finally {
    await chromium.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}
