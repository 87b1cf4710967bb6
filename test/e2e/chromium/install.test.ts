import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type TestServer } from "../../server";
import { command, commandValue } from "../app";
import { BUILD, Chromium, type Door } from "../chromium";
import { OTHER } from "../other";

const DOORS: Door[] = ["popup", "sidepanel", "app", "options", "welcome"];

let chromium: Chromium;
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  // The build that agents get, not the one for tests: what is asked here are the real manifest and the real policy.
  chromium = await Chromium.launch({ dir: BUILD, others: [OTHER] });
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

/** The worker of the other extension. */
const other = async () =>
  chromium.context.serviceWorkers().find((worker) => worker.url().endsWith("/worker.js")) ??
  chromium.context.waitForEvent("serviceworker", (worker) => worker.url().endsWith("/worker.js"));

/** What a page says goes wrong, from its very beginning. */
function listen(page: Page): string[] {
  const said: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => void dialog.dismiss().then(() => said.push("a dialog")));
  return said;
}

it("installs, starts its worker and opens the welcome page", async () => {
  expect(chromium.id).toMatch(/^[a-p]{32}$/);
  expect(await chromium.isWorkerRunning()).toBe(true);
  const welcome = await chromium.waitForSurface("welcome");
  await welcome.getByRole("heading", { level: 1 }).waitFor();
});

describe.each(DOORS)("the %s page", (door) => {
  it("opens and nothing goes wrong", async () => {
    const page = await chromium.context.newPage();
    const said = listen(page);
    await page.goto(chromium.url(door));
    await page.locator("#root > *").first().waitFor();
    expect(said).toEqual([]);
    await page.close();
  });

  it("T04 refuses markup, code from text, inline scripts, foreign pictures and frames", async () => {
    const page = await chromium.context.newPage();
    await page.goto(chromium.url(door));
    await page.locator("#root > *").first().waitFor();
    server.reset();
    const refused = await page.evaluate(async (port) => {
      const isRefused = (attempt: () => unknown) => {
        try {
          attempt();
          return false;
        } catch {
          return true;
        }
      };
      const host = document.createElement("div");
      document.body.append(host);
      const violations: string[] = [];
      document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
      const append = (tag: string, more: object) =>
        document.body.append(Object.assign(document.createElement(tag), more));
      const outcome = {
        markup: isRefused(() => (host.innerHTML = '<img src="x" onerror="globalThis.hit = true">')),
        insert: isRefused(() => host.insertAdjacentHTML("beforeend", "<b>x</b>")),
        script: isRefused(() => append("script", { textContent: "globalThis.hit = true" })),
        // oxlint-disable-next-line no-implied-eval -- the policy has to refuse it
        timer: isRefused(() => setTimeout("globalThis.hit = true", 0)),
        handler: isRefused(() => host.setAttribute("onclick", "globalThis.hit = true")),
      };
      append("img", { src: `http://other.test:${port}/api/picture` });
      append("iframe", { src: `http://other.test:${port}/api/frame` });
      host.click();
      const areHeard = () => ["img-src", "frame-src"].every((directive) => violations.includes(directive));
      for (let looks = 0; looks < 200 && !areHeard(); looks += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      // And a moment in which code that runs late would have run.
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { ...outcome, violations, isHit: "hit" in globalThis, children: host.childElementCount };
    }, server.port);
    expect(refused).toMatchObject({
      markup: true,
      insert: true,
      script: true,
      timer: true,
      handler: true,
      isHit: false,
      children: 0,
    });
    expect(refused.violations).toEqual(expect.arrayContaining(["img-src", "frame-src"]));
    // What lies under this path is in the server's log.
    expect(server.log).toEqual([]);
    await page.close();
  });
});

it("T46 the build that agents get takes no plain http before its switch is on", async () => {
  const page = await chromium.open("options");
  const gateway = { origin: "http://127.0.0.1:1", key: "wpfy_0123456789", auth: "api-key", dialect: "guide" } as const;
  expect(await command(page, "probeConnection", gateway)).toMatchObject({ ok: false, failure: { code: "local-http" } });
  await commandValue(page, "saveSettings", { isLocalHttpOn: true });
  expect(await command(page, "probeConnection", gateway)).toMatchObject({ failure: { code: "no-permission" } });
  await page.close();
});

it("T02 warns of what the page script needs, and of nothing else", async () => {
  const manifest = readFileSync(`${BUILD}/manifest.json`, "utf8");
  const worker = await other();
  const warnings = (text: string) =>
    worker.evaluate(
      (manifest) =>
        (
          globalThis as unknown as {
            chrome: { management: { getPermissionWarningsByManifest(manifest: string): Promise<string[]> } };
          }
        ).chrome.management.getPermissionWarningsByManifest(manifest),
      text,
    );
  expect(await warnings(manifest)).toEqual(["Read and change all your data on all websites"]);
  // The helper can tell the difference.
  const greedy = { ...(JSON.parse(manifest) as { permissions: string[] }) };
  greedy.permissions = [...greedy.permissions, "history"];
  expect((await warnings(JSON.stringify(greedy))).length).toBeGreaterThan(1);
});

it("T11 another extension reaches nobody here", async () => {
  const worker = await other();
  const heard = await worker.evaluate(async (id) => {
    const { chrome } = globalThis as unknown as {
      chrome: {
        runtime: {
          lastError?: { message: string };
          sendMessage(id: string, message: unknown): Promise<unknown>;
          connect(id: string): { onDisconnect: { addListener(run: () => void): void }; postMessage(m: unknown): void };
        };
      };
    };
    const message = await chrome.runtime.sendMessage(id, { command: "lock" }).then(
      (reply) => `answered ${JSON.stringify(reply)}`,
      (error: Error) => error.message,
    );
    const port = await new Promise<string>((resolve) => {
      const opened = chrome.runtime.connect(id);
      opened.onDisconnect.addListener(() => resolve(chrome.runtime.lastError?.message ?? "closed"));
      setTimeout(() => resolve("stays open"), 30_000);
    });
    return [message, port];
  }, chromium.id);
  for (const line of heard) expect(line).toMatch(/Receiving end does not exist/);
});

it("T12 no page can frame one of ours, under its address or a guessed one", async () => {
  const worker = await chromium.worker();
  await worker.evaluate(() => {
    const scope = globalThis as unknown as {
      heard: (string | undefined)[];
      chrome: {
        runtime: {
          onMessage: { addListener(run: (m: unknown, sender: { url?: string; frameId?: number }) => void): void };
        };
      };
    };
    scope.heard = [];
    scope.chrome.runtime.onMessage.addListener((_, { url, frameId }) => {
      if (frameId) scope.heard.push(url);
    });
  });
  const guessed = `chrome-extension://${crypto.randomUUID()}/popup.html`;
  const urls = [...DOORS.flatMap((door) => [chromium.url(door), `${chromium.url(door)}?x#/groups`]), guessed];
  server.page(
    "/framing",
    `<!doctype html><title>Framing</title>${urls.map((url) => `<iframe src="${url}"></iframe>`).join("")}`,
  );
  const page = await chromium.context.newPage();
  await page.goto(`http://framing.test:${server.port}/framing`);
  await page.waitForLoadState("networkidle");
  const session = await chromium.context.newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const frames = frameTree.childFrames ?? [];
  // The same for an address that there is and for one that there is not.
  expect(frames.map(({ frame }) => [frame.unreachableUrl, frame.url])).toEqual(
    urls.map(() => ["chrome-extension://invalid/", "chrome-error://chromewebdata/"]),
  );
  expect(await worker.evaluate("globalThis.heard")).toEqual([]);
  await page.close();
});
