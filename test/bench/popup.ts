import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build } from "vite";
import { createWorld } from "../../lib/sandbox/seed";
import { commandValue, connect } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import { startServer, type TestServer } from "../server";

/** Opens of the popup for each kind, and how many of the first are thrown away. */
const ROUNDS = 24;
const WARM = 4;
const SIZES = [100, 10_000] as const;
const ROW = ".rows a.list-row";

/** One browser with so many groups in its store, and the empty popup beside ours. */
interface Bench {
  size: number;
  chromium: Chromium;
  server: TestServer;
  app: Page;
}

/** A measured figure and what it should be. */
interface Figure {
  what: string;
  value: number;
  goal: number;
  unit: string;
}

/**
 * From the press of the toolbar button to the painted list, with few and with many groups, as a ratio to a popup with
 * nothing but Preact in it; and the work of a keystroke in the search. All kinds are opened in turn, so that a slow
 * moment of the machine hits each of them; medians are given.
 */
export async function benchPopup(say: (line: string) => void): Promise<Figure[]> {
  const bare = await buildBarePopup();
  const benches: Bench[] = [];
  try {
    for (const size of SIZES) benches.push(await prepare(size, bare));
    const times = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const bench of benches) {
        for (const [kind, extension, selector] of [
          ["bare", await bareId(bench.chromium), "#done"],
          [String(bench.size), bench.chromium.id, ROW],
        ] as const) {
          const time = await openPopup(bench.chromium, extension, selector);
          if (round >= WARM) times.set(kind, [...(times.get(kind) ?? []), time]);
        }
      }
    }
    const keys = await keystrokes(benches.at(-1)!);
    const median = (kind: string) => middle(times.get(kind)!);
    for (const [kind, all] of times) {
      say(`  popup ${kind.padEnd(6)} ${middle(all).toFixed(0)} ms (${spread(all)}), ${all.length} opens`);
    }
    say(`  keystroke    ${middle(keys).toFixed(1)} ms (${spread(keys)}), ${keys.length} keys over 10,000 groups`);
    return [
      { what: "popup with 100 groups ÷ empty popup", value: median("100") / median("bare"), goal: 1.3, unit: "×" },
      {
        what: "popup with 10,000 groups ÷ empty popup",
        value: median("10000") / median("bare"),
        goal: 1.56,
        unit: "×",
      },
      { what: "popup with 10,000 groups ÷ with 100", value: median("10000") / median("100"), goal: 1.2, unit: "×" },
      { what: "keystroke of search over 10,000 groups", value: middle(keys), goal: 16, unit: " ms" },
    ];
  } finally {
    for (const { chromium, server } of benches) {
      await chromium.close();
      await server.close();
    }
    rmSync(bare, { recursive: true });
  }
}

/** An extension whose popup draws one word with Preact. */
async function buildBarePopup(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "wappfy-bare-"));
  // Inside of the project, so that Preact is found.
  const source = join(process.cwd(), ".output", "bench");
  mkdirSync(source, { recursive: true });
  writeFileSync(
    join(source, "popup.js"),
    `import { h, render } from "preact"; render(h("p", { id: "done" }, "Empty"), document.getElementById("root"));`,
  );
  writeFileSync(
    join(source, "popup.html"),
    `<!doctype html><meta charset="utf-8"><title>Empty</title><style>body{width:400px;height:600px;margin:0}</style>
     <div id="root"></div><script type="module" src="./popup.js"></script>`,
  );
  await build({
    root: source,
    configFile: false,
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, rollupOptions: { input: join(source, "popup.html") } },
  });
  writeFileSync(join(folder, "worker.js"), "self.addEventListener('install', () => self.skipWaiting());");
  writeFileSync(
    join(folder, "manifest.json"),
    JSON.stringify({
      manifest_version: 3,
      name: "Empty",
      short_name: "Empty",
      version: "1",
      action: { default_popup: "popup.html" },
      background: { service_worker: "worker.js" },
    }),
  );
  return folder;
}

async function prepare(size: number, bare: string): Promise<Bench> {
  const server = await startServer({ world: createWorld({ groups: size, paging: "pages" }), rateLimit: false });
  const chromium = await Chromium.launch({ others: [bare] });
  // Painted: the first row is there, a frame was made of it, and the task after that frame runs.
  await chromium.context.addInitScript(() => {
    if (!location.pathname.endsWith("popup.html")) return;
    const scope = globalThis as unknown as { painted: Promise<number> };
    scope.painted = new Promise((resolve) => {
      const look = () => {
        if (!document.querySelector("#done, .rows a.list-row")) {
          requestAnimationFrame(look);
          return;
        }
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", () => resolve(performance.timeOrigin + performance.now()));
        port1.start();
        requestAnimationFrame(() => port2.postMessage(0));
      };
      look();
    });
  });
  const app = await chromium.open("app");
  await connect(app, server);
  await commandValue(app, "refreshGroups");
  // What is measured is the reading of the store; the refresh behind it waits for an answer that does not come.
  server.fault({ method: "GET", path: "/groups", times: Infinity }, { kind: "delay", ms: 60_000 });
  await app.goto("about:blank");
  return { size, chromium, server, app };
}

async function bareId(chromium: Chromium): Promise<string> {
  const worker = chromium.context.serviceWorkers().find((one) => one.url().endsWith("/worker.js"));
  return new URL((worker ?? (await chromium.context.waitForEvent("serviceworker"))).url()).host;
}

/** Opens a popup as a press of its button does; gives ms until its content is painted. */
async function openPopup(chromium: Chromium, extension: string, selector: string): Promise<number> {
  const worker = chromium.context
    .serviceWorkers()
    .findLast((one) => one.url().startsWith(`chrome-extension://${extension}/`))!;
  const pressed = await worker.evaluate(async () => {
    const at = performance.timeOrigin + performance.now();
    await (globalThis as unknown as { chrome: { action: { openPopup(): Promise<void> } } }).chrome.action.openPopup();
    return at;
  });
  const find = () =>
    chromium.context.pages().find((page) => page.url() === `chrome-extension://${extension}/popup.html`);
  await chromium.waitUntil(() => find() !== undefined, "the popup");
  const page = find()!;
  await page.locator(selector).first().waitFor();
  const painted = await page.evaluate(() => (globalThis as unknown as { painted: Promise<number> }).painted);
  await page.close();
  return painted - pressed;
}

/** Work of single keystrokes in the search, in ms: from the event to the new list laid out. */
async function keystrokes({ chromium }: Bench): Promise<number[]> {
  const page = await chromium.open("popup");
  await page.locator(ROW).first().waitFor();
  // Until every group is there to be searched.
  await page.locator("[data-search]").fill("a");
  await page
    .getByRole("status")
    .filter({ hasText: /\d,\d\d\d groups found/ })
    .waitFor();
  return page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>("[data-search]")!;
    const times: number[] = [];
    for (const text of [
      "s",
      "su",
      "sup",
      "supp",
      "suppo",
      "sup",
      "s",
      "",
      "g",
      "gr",
      "gro",
      "grou",
      "1",
      "12",
      "123",
    ]) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      const status = () => document.querySelector("[role=status]")!.textContent;
      const before = status();
      const start = performance.now();
      input.value = text;
      input.dispatchEvent(new InputEvent("input", { bubbles: true, data: text.at(-1) ?? null }));
      // Rendering is put off to a microtask or, at most, to the next task.
      for (let turn = 0; status() === before && turn < 50; turn += 1) await Promise.resolve();
      while (status() === before && performance.now() - start < 500) {
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      // Two searches may find the same number; nothing can be told then.
      if (status() === before) continue;
      void document.body.offsetHeight;
      times.push(performance.now() - start);
    }
    return times;
  });
}

function middle(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}

function spread(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `${sorted[0]!.toFixed(0)}–${sorted.at(-1)!.toFixed(0)}`;
}
