import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium, type BrowserContext, type CDPSession, type Page, type Worker } from "playwright-core";
import { pseudo, type Messages } from "../pseudo";
import { PageErrors } from "./page-errors";
import { browsers, STATE } from "./state";

/** Our pages, by the name of their file. */
export type Door = "popup" | "sidepanel" | "app" | "options" | "welcome";

export interface ChromiumOptions {
  /** Folder of the built extension; the build for browser tests unless given. */
  dir?: string;
  /** Profile folder to use again; a new one, removed at the end, unless given. */
  profile?: string;
  /** With a window, which needs a display. */
  isHeaded?: boolean;
  /** Shows the extension in this language of `_locales` or in `PSEUDO`, whatever languages the browser came with. */
  language?: string;
  /** What the browser says to our pages of its own language, which it may have no words for on this computer. */
  browserLanguage?: string;
  /** Whether a build opens no welcome page when it is installed. */
  isSilent?: boolean;
  /** Folders of further extensions. */
  others?: string[];
  args?: string[];
}

/** Node of a CDP DOM tree. */
interface Node {
  nodeId: number;
  backendNodeId: number;
  localName: string;
  attributes?: string[];
  shadowRootType?: "open" | "closed" | "user-agent";
  children?: Node[];
  shadowRoots?: Node[];
}

/** The part of an exception of the protocol that a message needs. */
interface Thrown {
  exceptionDetails: { text: string; exception?: { description?: string } };
}

/** A chip: a button in a closed shadow root on a page. */
export interface Chip {
  html: string;
  /** Its middle, in CSS pixels of the viewport; undefined when it has no box. */
  point?: { x: number; y: number };
}

/** A language that nobody speaks, with words longer than the English ones. */
export const PSEUDO = "pseudo";

/**
 * Features of the browser that are off: playwright's own list, which this argument takes the place of, without those of
 * other browsers; then the pages that the browser draws its address bar's list with, made and never shown at each start:
 * a third of what a start costs the processor.
 */
const DISABLED = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
];

/** In ms: how long a test waits for anything that a slow computer may be late with. */
export const PATIENCE = 60_000;

// Makes playwright give a real popup and a side panel as pages like any other.
process.env["PW_CHROMIUM_ATTACH_TO_OTHER"] = "1";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** In ms: how long a chip has stood still before a press on it surely counts. */
export const STILL = 400;

/** The build for browser tests: made by `npm test`, or `npx wxt build --mode e2e`. */
export const E2E_BUILD = resolve(process.env["E2E_BUILD"] ?? ".output/chrome-mv3-e2e");

/** The production build: made by `npm test`, or `npx wxt build`. */
export const BUILD = resolve(".output/chrome-mv3");

const isSamePoint = (a: Chip["point"], b: Chip["point"]) => a !== undefined && a.x === b?.x && a.y === b.y;

/** A Chromium with the extension, driven as an agent would: real pages, real clicks, a real worker that can die. */
export class Chromium {
  /** What our pages, our worker and the page script threw and nobody caught: `close` fails with it. */
  readonly faults: string[] = [];
  /** The errors of web pages, of the test that runs. */
  readonly pageErrors = new PageErrors();
  /** When workers started, in ms since the launch. */
  private readonly starts: number[] = [];
  private deaths = 0;
  private readonly launchedAt = Date.now();

  private constructor(
    readonly context: BrowserContext,
    readonly browser: CDPSession,
    /** Id of the extension, as in `chrome-extension://<id>/`. */
    readonly id: string,
    readonly profile: string,
    private readonly temporary: string[],
  ) {
    const own = `chrome-extension://${id}/`;
    context.on("weberror", (thrown) => {
      const where = thrown.page()?.url() ?? "";
      const { message, stack = message } = thrown.error();
      if (where.startsWith(own) || stack.includes(own)) this.faults.push(`${where}: ${stack}`);
      else if (isWebPage(where)) this.pageErrors.add(`${where}: uncaught ${stack}`);
    });
    context.on("console", (message) => {
      const where = message.page()?.url() ?? "";
      if (message.type() === "error" && isWebPage(where)) this.pageErrors.add(`${where}: ${message.text()}`);
    });
    // A worker's exceptions come over a session of its own, which lives through its restarts.
    browser.on("Target.receivedMessageFromTarget", ({ message }) => {
      const { method, params } = JSON.parse(message) as { method?: string; params: Thrown };
      if (method === "Runtime.executionContextCreated") this.starts.push(Date.now() - this.launchedAt);
      if (method === "Inspector.targetCrashed") this.deaths += 1;
      if (method !== "Runtime.exceptionThrown") return;
      const { text, exception } = params.exceptionDetails;
      // The browser itself refuses a call of a worker that it is ending: nobody is left to hear of it.
      if (exception?.description === "Error: No SW") return;
      this.faults.push(`worker: ${exception?.description ?? text}`);
    });
    browser.on("Target.targetCreated", ({ targetInfo: { type, url, targetId } }) => {
      if (type === "service_worker" && url.startsWith(own)) void this.watchWorker(targetId);
    });
  }

  /** Starts the browser and waits until the extension's worker runs. */
  static async launch(options: ChromiumOptions = {}): Promise<Chromium> {
    const temporary: string[] = [];
    const profile = options.profile ?? mkdtempSync(join(tmpdir(), "wappfy-chromium-"));
    if (options.profile === undefined) temporary.push(profile);
    const isNew = readdirSync(profile).length === 0;
    let dir = resolve(options.dir ?? E2E_BUILD);
    if (options.language !== undefined) {
      dir = inLanguage(dir, options.language);
      temporary.push(dir);
    }
    const extensions = [dir, ...(options.others ?? []).map((other) => resolve(other))].join(",");
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
      headless: !options.isHeaded,
      // A window is as large as whoever looks at it likes.
      viewport: options.isHeaded ? null : { width: 1280, height: 800 },
      // As agents have it: with extensions, and with pages that come back as they were.
      ignoreDefaultArgs: ["--disable-extensions", "--disable-back-forward-cache"],
      args: [
        `--disable-extensions-except=${extensions}`,
        `--load-extension=${extensions}`,
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        ...(options.isHeaded ? [] : ["--disable-gpu"]),
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        `--disable-features=${DISABLED.join(",")}`,
        "--host-resolver-rules=MAP *.test 127.0.0.1, MAP *.example ~NOTFOUND",
        ...(options.args ?? []),
      ],
    });
    context.setDefaultTimeout(PATIENCE);
    context.setDefaultNavigationTimeout(PATIENCE);
    if (options.browserLanguage !== undefined) {
      await context.addInitScript((language) => {
        const { chrome } = globalThis as unknown as { chrome?: { i18n?: { getUILanguage(): string } } };
        if (chrome?.i18n) chrome.i18n.getUILanguage = () => language;
      }, options.browserLanguage);
    }
    const browser = await context.browser()!.newBrowserCDPSession();
    const name = JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")).background.service_worker as string;
    const worker = await findWorker(context, name, dir);
    const started = new Chromium(context, browser, new URL(worker.url()).host, profile, temporary);
    browsers.add(started);
    // Tells of those that run already, too.
    await browser.send("Target.setDiscoverTargets", { discover: true, filter: [{ type: "service_worker" }] });
    // It comes in front of whatever is there, and a page behind it draws a frame a second.
    if (isNew && !options.isSilent) await started.waitForSurface("welcome");
    return started;
  }

  /** Notes what a worker throws, also what it has thrown already. */
  private async watchWorker(targetId: string): Promise<void> {
    try {
      const { sessionId } = await this.browser.send("Target.attachToTarget", { targetId, flatten: false });
      const message = JSON.stringify({ id: 1, method: "Runtime.enable" });
      await this.browser.send("Target.sendMessageToTarget", { sessionId, message });
    } catch {
      // A test may end the worker, or the browser, in this very moment.
    }
  }

  /** Address of one of our pages. */
  url(door: Door, hash = ""): string {
    return `chrome-extension://${this.id}/${door}.html${hash}`;
  }

  /** Opens one of our pages in a tab; the popup and the panel in their size of 400 × 600. */
  async open(door: Door, hash = ""): Promise<Page> {
    const page = await this.context.newPage();
    if (door === "popup" || door === "sidepanel") await page.setViewportSize({ width: 400, height: 600 });
    await page.goto(this.url(door, hash));
    return page;
  }

  /** Opens the real popup over the tab in front, as a press of the toolbar button does. */
  async openPopup(): Promise<Page> {
    return this.popupAfter(async () => {
      const worker = await this.worker();
      // Refused while the window has no focus yet.
      await worker
        .evaluate(() => (globalThis as unknown as ExtensionGlobal).chrome.action.openPopup())
        .catch(() => undefined);
    });
  }

  /** Opens the popup by a press on a chip. */
  popupByChip(page: Page, press: () => Promise<unknown> = () => this.pressChip(page)): Promise<Page> {
    return this.popupAfter(async () => {
      await page.bringToFront();
      await press();
    });
  }

  /**
   * Makes a gesture until a popup opens and stays, and gives it. While the window has no focus yet, none opens, or the one
   * that opens closes again.
   */
  async popupAfter(gesture: () => Promise<unknown>): Promise<Page> {
    let popup: Page | undefined;
    await this.waitUntil(async () => {
      await gesture();
      popup = await this.waitForSurface("popup", 10_000).catch(() => undefined);
      // The popup reads where it was left before it draws: a test that goes somewhere earlier would be taken back.
      const isDrawn = await popup
        ?.locator("main")
        .waitFor({ timeout: 20_000 })
        .then(() => true)
        .catch(() => false);
      // One that loses the focus closes within this time.
      await popup?.waitForTimeout(300).catch(() => undefined);
      return isDrawn === true && popup?.isClosed() === false;
    }, "a popup that stays");
    return popup!;
  }

  /** The next page of ours that appears by itself: a popup after a chip was pressed, a panel, the welcome tab. */
  async waitForSurface(door: Door, timeout = PATIENCE): Promise<Page> {
    // Asked and not listened for: when the browser tells of a page, its address is not always there yet.
    const find = () => this.context.pages().find((page) => page.url().startsWith(this.url(door)));
    await this.waitUntil(() => find() !== undefined, `the ${door} page`, timeout);
    const page = find()!;
    // The page's own word: a load event from before the page was known here never comes again.
    await page.waitForFunction(() => document.readyState === "complete", undefined, { polling: 50, timeout: PATIENCE });
    return page;
  }

  /** The running worker, woken if it is not running. */
  async worker(): Promise<Worker> {
    const running = await this.workerTarget();
    if (!running) await this.wakeWorker();
    const find = () =>
      this.context.serviceWorkers().findLast((worker) => worker.url().startsWith(`chrome-extension://${this.id}/`));
    return find() ?? this.context.waitForEvent("serviceworker");
  }

  /** Whether the worker runs now. Never ask a `Worker` of playwright: it does not tell of a kill. */
  async isWorkerRunning(): Promise<boolean> {
    return (await this.workerTarget()) !== undefined;
  }

  /** Ends the worker at once, as the browser does to an idle one, and waits until it is gone. */
  async killWorker(): Promise<void> {
    const target = await this.workerTarget();
    if (!target) return;
    const before = this.deaths;
    // The next worker, which a view may start at once, often has the same target.
    const isDead = async () => this.deaths > before || (await this.workerTarget()) !== target;
    let askedAt = -Infinity;
    await this.waitUntil(async () => {
      if (await isDead()) return true;
      // Again, because one that is just starting takes no notice, but not before the news of its death could be here.
      if (Date.now() - askedAt < 2000) return false;
      await this.browser.send("Target.closeTarget", { targetId: target }).catch(() => undefined);
      askedAt = Date.now();
      return isDead();
    }, "the worker to end");
  }

  /** Ends the worker in the other way, with all its registrations stopped; `page` is one of ours. */
  async stopWorkers(page: Page): Promise<void> {
    const session = await this.context.newCDPSession(page);
    await session.send("ServiceWorker.enable");
    await session.send("ServiceWorker.stopAllWorkers");
    await this.waitUntil(async () => !(await this.isWorkerRunning()), "the worker to end");
    await session.detach();
  }

  /** Fires a context menu entry as the browser would. */
  async pressMenu(menuItemId: string, info: Record<string, unknown>, page: Page): Promise<void> {
    const tab = await this.tabOf(page);
    const worker = await this.worker();
    await worker.evaluate(
      ([info, tab]) => (globalThis as unknown as ExtensionGlobal).chrome.contextMenus.onClicked.dispatch(info, tab),
      [{ menuItemId, editable: false, pageUrl: page.url(), ...info }, tab] as const,
    );
  }

  /** Fires a keyboard command of the manifest as the browser would. */
  async pressCommand(name: string, page: Page): Promise<void> {
    const tab = await this.tabOf(page);
    const worker = await this.worker();
    await worker.evaluate(
      ([name, tab]) => (globalThis as unknown as ExtensionGlobal).chrome.commands.onCommand.dispatch(name, tab),
      [name, tab] as const,
    );
  }

  /** Fires the omnibox as the browser would when the agent presses Enter. */
  async enterOmnibox(text: string): Promise<void> {
    const worker = await this.worker();
    await worker.evaluate(
      (text) => (globalThis as unknown as ExtensionGlobal).chrome.omnibox.onInputEntered.dispatch(text, "currentTab"),
      text,
    );
  }

  /** Lets the extension reach the hosts of its manifest, or takes that away, as the agent can on the browser's own page. */
  async setHostAccess(isAllowed: boolean): Promise<void> {
    const page = await this.context.newPage();
    await page.goto("chrome://extensions");
    await page.evaluate(
      ([extensionId, hostAccess]) =>
        (globalThis as unknown as ExtensionGlobal).chrome.developerPrivate.updateExtensionConfiguration({
          extensionId,
          hostAccess,
        }),
      [this.id, isAllowed ? "ON_ALL_SITES" : "ON_CLICK"] as const,
    );
    await page.close();
  }

  /** The chips of a page. Scrolls each into view. */
  async chips(page: Page): Promise<Chip[]> {
    const session = await page.context().newCDPSession(page);
    const chips: Chip[] = [];
    for (const backendNodeId of await buttonsIn(session)) {
      const { outerHTML } = await session.send("DOM.getOuterHTML", { backendNodeId });
      chips.push({ html: outerHTML, point: await middleOf(session, backendNodeId) });
    }
    await session.detach();
    return chips;
  }

  /** Waits for the chips of a page and gives them; `count` at least. */
  async waitForChips(page: Page, count = 1): Promise<Chip[]> {
    let chips: Chip[] = [];
    await this.waitUntil(async () => (chips = await this.chips(page)).length >= count, `${count} chips`);
    return chips;
  }

  /** Where a chip is pressed, once it has stood still long enough; of one that never does, where it is anyway. */
  async stillPoint(page: Page, index = 0): Promise<{ x: number; y: number }> {
    let { point } = (await this.waitForChips(page, index + 1))[index]!;
    for (let before: Chip["point"], looks = 0; !isSamePoint(before, point) && looks < 20; looks += 1) {
      before = point;
      await page.waitForTimeout(STILL);
      point = (await this.chips(page))[index]?.point;
    }
    if (!point) throw new Error(`chip ${index} has no box`);
    return point;
  }

  /** Presses a chip with the real mouse. */
  async pressChip(page: Page, index = 0): Promise<void> {
    const { x, y } = await this.stillPoint(page, index);
    await page.mouse.click(x, y);
  }

  /**
   * Runs an expression in the page script's own world on a page: what a compromised renderer could do.
   * Gives its value, awaited. Throws when the page script does not run there.
   */
  async inPageScript<T>(page: Page, expression: string): Promise<T> {
    const session = await this.context.newCDPSession(page);
    const contexts: { id: number; origin: string }[] = [];
    session.on("Runtime.executionContextCreated", ({ context }) => contexts.push(context));
    await session.send("Runtime.enable");
    const world = contexts.find(({ origin }) => origin === `chrome-extension://${this.id}`);
    if (!world) throw new Error(`the page script has no world on ${page.url()}`);
    const value = await evaluate<T>(session, expression, world.id);
    await session.detach();
    return value;
  }

  /**
   * Accessibility faults of a page, as sentences. Runs axe in an isolated world, because our content security policy
   * lets nothing else in. `options` are axe's own: which of its rules.
   */
  async accessibilityFaults(page: Page, options: object = {}): Promise<string[]> {
    const session = await this.context.newCDPSession(page);
    const { frameTree } = await session.send("Page.getFrameTree");
    const { executionContextId } = await session.send("Page.createIsolatedWorld", {
      frameId: frameTree.frame.id,
      worldName: "axe",
    });
    // The same world as the last time, unless the page was loaded anew.
    const isThere = await evaluate<boolean>(session, `typeof axe === "object"`, executionContextId);
    if (!isThere) await evaluate(session, `${axeSource};0`, executionContextId);
    const faults = await evaluate<string[]>(
      session,
      `axe.run(document, ${JSON.stringify({ resultTypes: ["violations"], ...options })}).then(({ violations }) => violations.flatMap((rule) =>
         rule.nodes.map((node) => rule.id + ": " + rule.help + " at " + node.target.join(" ") + " " + node.html)))`,
      executionContextId,
    );
    await session.detach();
    return faults;
  }

  /** Takes a picture of a page in the light and in the dark theme: `<path>-light.png` and `<path>-dark.png`. */
  async screenshot(page: Page, path: string): Promise<void> {
    for (const colorScheme of ["light", "dark"] as const) {
      await showTheme(page, colorScheme);
      await page.screenshot({ path: `${path}-${colorScheme}.png` });
    }
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  }

  /**
   * Waits until a condition holds; the description goes into the error, and with it what the extension is doing, unless
   * the time is less than `PATIENCE`, as of a test that only tries.
   */
  async waitUntil(isTrue: () => Promise<boolean> | boolean, what: string, timeout = PATIENCE): Promise<void> {
    const end = Date.now() + timeout;
    // Asked less and less often: what takes long is not to wait for the asking.
    for (let pause = 25; !(await isTrue()); pause = Math.min(pause * 1.4, 250)) {
      if (Date.now() > end) {
        const state = timeout < PATIENCE ? "" : `\n${await this.state()}`;
        throw new Error(`waited ${timeout} ms for ${what}${state}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Brings a page to the front and waits for its focus: without it no page hears where the focus goes. */
  async bringToFront(page: Page): Promise<void> {
    await page.bringToFront();
    await this.waitUntil(() => page.evaluate(() => document.hasFocus()), "the page to have the focus");
  }

  /** What the extension is doing, in lines for the message of a failed test. Never throws. */
  async state(): Promise<string> {
    const lines = [
      `worker: ${(await this.isWorkerRunning().catch(String)) === true ? "runs" : "does not run"}`,
      `worker starts: ${this.starts.map((at) => `${at} ms`).join(", ")}; now ${Date.now() - this.launchedAt} ms`,
      `pages: ${this.context
        .pages()
        .map((page) => page.url())
        .join(" ")}`,
      ...this.faults,
    ];
    try {
      const page = await this.context.newPage();
      // A file of ours without a script, so that looking changes nothing.
      await page.goto(`chrome-extension://${this.id}/manifest.json`, { timeout: 10_000 });
      lines.push(await page.evaluate<string>(STATE));
      await page.close();
    } catch (error) {
      lines.push(`the store cannot be read: ${String(error)}`);
    }
    return lines.join("\n");
  }

  /** Ends the browser as a power cut would. The profile stays: give it to the next `launch`, and remove it at the end. */
  async crash(): Promise<void> {
    browsers.delete(this);
    const { processInfo } = await this.browser.send("SystemInfo.getProcessInfo");
    const own = processInfo.find(({ type }) => type === "browser");
    const closed = new Promise((resolve) => this.context.once("close", resolve));
    if (own) process.kill(own.id, "SIGKILL");
    await closed;
  }

  /** Closes the browser; a profile that was not given from outside is removed. Throws what we threw and nobody caught. */
  async close(): Promise<void> {
    browsers.delete(this);
    await this.context.close();
    for (const folder of this.temporary) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    if (this.faults.length > 0) throw new Error(`the extension threw:\n${this.faults.join("\n")}`);
    const errors = this.pageErrors.take();
    if (errors.length > 0) throw new Error(`web pages had errors:\n${errors.join("\n")}`);
  }

  private async workerTarget(): Promise<string | undefined> {
    const { targetInfos } = await this.browser.send("Target.getTargets");
    return targetInfos.find(
      ({ type, url }) => type === "service_worker" && url.startsWith(`chrome-extension://${this.id}/`),
    )?.targetId;
  }

  /** Any message wakes the worker; this one is refused by the router. */
  private async wakeWorker(): Promise<void> {
    const page = await this.context.newPage();
    await page.goto(`chrome-extension://${this.id}/manifest.json`);
    await page
      .evaluate(() => (globalThis as unknown as ExtensionGlobal).chrome.runtime.sendMessage({ command: "wake" }))
      .catch(() => undefined); // Nobody may answer; it is awake all the same.
    await page.close();
    await this.waitUntil(() => this.isWorkerRunning(), "the worker to wake");
  }

  /** What the browser tells listeners about the tab of a page. */
  private async tabOf(page: Page): Promise<unknown> {
    await page.bringToFront();
    const worker = await this.worker();
    const [tab] = await worker.evaluate(() =>
      (globalThis as unknown as ExtensionGlobal).chrome.tabs.query({ active: true, lastFocusedWindow: true }),
    );
    return { ...(tab as object), url: page.url() };
  }
}

/** The parts of `chrome` that the driver reaches, `dispatch` included, which no type knows. */
interface ExtensionGlobal {
  chrome: {
    action: { openPopup(): Promise<void> };
    contextMenus: { onClicked: { dispatch(info: unknown, tab: unknown): void } };
    commands: { onCommand: { dispatch(name: string, tab: unknown): void } };
    omnibox: { onInputEntered: { dispatch(text: string, disposition: string): void } };
    developerPrivate: {
      updateExtensionConfiguration(update: { extensionId: string; hostAccess: string }): Promise<void>;
    };
    runtime: { sendMessage(message: unknown): Promise<unknown> };
    tabs: { query(query: object): Promise<unknown[]> };
  };
}

/** Shows a page in a theme, without motion, and waits until its colours and fonts are there. */
export async function showTheme(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.evaluate(async () => {
    await document.fonts.ready;
    // Twice, because what is set in one frame is drawn by the next.
    for (let n = 0; n < 2; n += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  });
}

/** Whether an address is of a web page, and not of the browser or of an extension. */
function isWebPage(address: string): boolean {
  return address !== "" && !/^(chrome|chrome-extension|chrome-error|devtools):/.test(address);
}

/** Evaluates an expression in a given world and gives its value, awaited. */
async function evaluate<T>(session: CDPSession, expression: string, contextId: number): Promise<T> {
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression,
    contextId,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value as T;
}

/** The worker of the extension in `dir`, told from other extensions by its id. */
async function findWorker(context: BrowserContext, file: string, dir: string): Promise<Worker> {
  const isOurs = async (worker: Worker) => {
    if (!worker.url().endsWith(`/${file}`)) return false;
    const manifest = JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as { short_name?: string };
    const name = await worker.evaluate(
      () =>
        (
          globalThis as unknown as { chrome: { runtime: { getManifest(): { short_name?: string } } } }
        ).chrome.runtime.getManifest().short_name,
    );
    return name === manifest.short_name;
  };
  for (;;) {
    for (const worker of context.serviceWorkers()) if (await isOurs(worker)) return worker;
    await context.waitForEvent("serviceworker");
  }
}

/** A copy of a build that speaks one language only. */
function inLanguage(dir: string, language: string): string {
  const copy = mkdtempSync(join(tmpdir(), "wappfy-language-"));
  cpSync(dir, copy, { recursive: true });
  const read = (name: string) => readFileSync(join(dir, "_locales", name, "messages.json"), "utf8");
  const words = language === PSEUDO ? JSON.stringify(pseudo(JSON.parse(read("en")) as Messages)) : read(language);
  for (const name of readdirSync(join(copy, "_locales"))) {
    writeFileSync(join(copy, "_locales", name, "messages.json"), words);
  }
  return copy;
}

/**
 * Returns the buttons of the chips on a page, as CDP nodes: those that are shown in closed shadow roots beside `body`,
 * which the page's own scripts cannot see. The page itself is not walked, because it can be very large.
 */
export async function buttonsIn(session: CDPSession): Promise<number[]> {
  const { root } = (await session.send("DOM.getDocument", { depth: 2 })) as { root: Node };
  const beside = (root.children ?? []).flatMap(({ children = [] }) => children);
  const buttons: number[] = [];
  for (const { nodeId, shadowRoots = [] } of beside) {
    if (!shadowRoots.some(({ shadowRootType }) => shadowRootType === "closed")) continue;
    const described = session.send("DOM.describeNode", { nodeId, depth: -1, pierce: true });
    // A host may go between the two questions, and its buttons with it.
    const { node } = (await described.catch(() => ({ node: {} }))) as { node: Partial<Node> };
    for (const { children = [] } of node.shadowRoots ?? []) {
      // All of them stand in one group; one that has no place at the moment is hidden.
      for (const { localName, attributes = [], backendNodeId } of children.flatMap((group) => group.children ?? []))
        if (localName === "button" && !attributes.includes("hidden")) buttons.push(backendNodeId);
    }
  }
  return buttons;
}

/** Middle of a node's box, scrolled into view; undefined when it has none. */
async function middleOf(session: CDPSession, backendNodeId: number): Promise<{ x: number; y: number } | undefined> {
  try {
    await session.send("DOM.scrollIntoViewIfNeeded", { backendNodeId });
    const { model } = await session.send("DOM.getBoxModel", { backendNodeId });
    const [left = 0, top = 0, , , right = 0, bottom = 0] = model.border;
    return { x: (left + right) / 2, y: (top + bottom) / 2 };
  } catch {
    // The protocol's way of saying that a node is not rendered.
    return undefined;
  }
}
