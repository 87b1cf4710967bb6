import type { Page } from "playwright-core";
import { WORLD_CODES } from "../../lib/sandbox/world";
import { command, commandValue, connect, PASSPHRASE, startGateway } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import { plainGroups, plainMembers, startJob } from "../e2e/jobs";

/** How often each command is sent, in turn, with and without a flood. */
const ROUNDS = 25;
/** In ms: what the agent may wait for an answer while a page floods the worker. */
const GOAL = 100;
/** The slowest text for a reader that goes back at every sign; an element may have 48 attributes that are read. */
const TEXT = `chat AbC whatsapp chat.whatsapp.com/${"\u200b".repeat(1900)}`;

type Times = Record<"undo" | "lock", number[]>;

/**
 * In ms, 95 of 100: from a command of the agent to its answer, while the page script of a page that took it over reports as
 * much text as it can; beside it the same without a flood.
 */
export async function benchFlood(say: (line: string) => void) {
  const server = await startGateway("guide");
  const chromium = await Chromium.launch();
  try {
    const app = await chromium.open("app", "#/settings");
    await connect(app, server);
    await commandValue(app, "refreshGroups");
    await commandValue(app, "setProtection", { protection: "passphrase", passphrase: PASSPHRASE });
    const [group] = plainGroups(server) as [string];
    const [person] = plainMembers(server, group, 1);
    const calm = await measure(app, group, person!);
    server.page(
      "/flood",
      `<!doctype html><title>Flood</title><a href="https://chat.whatsapp.com/${WORLD_CODES.sample}">x</a>`,
    );
    const web = await chromium.context.newPage();
    await web.goto(`http://page.test:${server.port}/flood`);
    await web.bringToFront();
    await chromium.waitForChips(web);
    const flood = chromium.inPageScript<void>(web, FLOOD);
    await chromium.waitUntil(() => chromium.inPageScript(web, "globalThis.flooded > 100"), "the flood");
    const flooded = await measure(app, group, person!);
    await chromium.inPageScript(web, "globalThis.isFlooding = false");
    await flood;
    return (Object.keys(calm) as (keyof Times)[]).map((name) => {
      say(
        `  ${name} without a flood: ${tail(calm[name]).toFixed(0)} ms, worst ${Math.max(...calm[name]).toFixed(0)} ms`,
      );
      say(`  ${name} under a flood: worst ${Math.max(...flooded[name]).toFixed(0)} ms of ${ROUNDS}`);
      return { what: `${name} under a flood, 95 of 100`, value: tail(flooded[name]), goal: GOAL, unit: " ms" };
    });
  } finally {
    await chromium.close();
    await server.close();
  }
}

/** Reports 48 texts a hundred times at once, again as soon as each is answered. */
const FLOOD = `(async () => {
  const source = Array.from({ length: 48 }, (_, i) => ["data-" + i, ${JSON.stringify(TEXT)}]);
  globalThis.isFlooding = true;
  globalThis.flooded = 0;
  const say = async () => {
    while (globalThis.isFlooding) {
      await chrome.runtime.sendMessage({ command: "reportInvites", input: { sources: [source] } });
      globalThis.flooded += 1;
    }
  };
  await Promise.all(Array.from({ length: 100 }, say));
})()`;

/** What is measured begins and ends in the page of the app, so that no message of the test's own counts. */
async function measure(app: Page, group: string, person: { id: string; given: string }): Promise<Times> {
  const times: Times = { undo: [], lock: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await startJob(app, { kind: "remove", groups: [group], people: [person], pace: "fast" });
    times.undo.push(await timed(app, "cancelJob", { id }));
    times.lock.push(await timed(app, "lock", undefined));
    await command(app, "unlock", { passphrase: PASSPHRASE });
  }
  return times;
}

function timed(app: Page, name: string, input: unknown): Promise<number> {
  return app.evaluate(
    async (message) => {
      const { chrome } = globalThis as unknown as {
        chrome: { runtime: { sendMessage(of: object): Promise<unknown> } };
      };
      const start = performance.now();
      const reply = (await chrome.runtime.sendMessage(message)) as { ok: boolean };
      if (!reply.ok) throw new Error(JSON.stringify(reply));
      return performance.now() - start;
    },
    { command: name, input },
  );
}

function tail(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)]!;
}
