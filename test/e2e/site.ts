import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type OutgoingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { FrameFinds } from "../../lib/page/search";
import { readSource } from "../../lib/shared/invite";
import { parserScript, scriptOf } from "../parser.mjs";
import { buttonsIn, Chromium, E2E_BUILD } from "./chromium";

/** What the page script said to the worker, with the frame in which it runs. */
export interface Asked {
  command: string;
  input?: { code?: string; sources?: [name: string, value: string][][] };
  frameId: number;
}

interface RecorderGlobal {
  asked: Asked[];
  mayRun: boolean;
  chrome: {
    tabs: { query(query: object): Promise<{ id: number }[]>; sendMessage(id: number, message: unknown): Promise<void> };
    runtime: { reload(): void };
    scripting: { executeScript(input: object): Promise<{ result: unknown }[]> };
  };
}

/** Turns of idle time in which the page script, which takes a few chips in each, does something if it has anything to do. */
const TURNS = 20;

const RECORDER = `
  globalThis.asked = [];
  globalThis.mayRun = true;
  chrome.runtime.onMessage.addListener((message, sender, reply) => {
    asked.push({ ...message, frameId: sender.frameId });
    globalThis.onAsked?.(message, sender);
    const read = () => (mayRun ? { invites: message.input.sources.map((one) => parser.readSource(one, sender.origin)), style: CHIP_STYLE } : null);
    reply({ ok: true, value: message.command === "reportInvites" ? read() : true });
    return true;
  });`;

/**
 * Copies a build whose worker is replaced by one that writes down what it is asked and reads what it is told. `script`
 * runs in it, too; it may define `onAsked`, and sees `mayRun`.
 */
export async function copyWithRecorder(build: string, dir: string, script = ""): Promise<void> {
  cpSync(build, dir, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8"));
  const [file = manifest.background.service_worker] = manifest.background.scripts ?? [];
  const style = await scriptOf("lib/background/page/chip-style.ts", "style");
  writeFileSync(join(dir, file), `${await parserScript()};${style};const { CHIP_STYLE } = style;${RECORDER}${script}`);
  // "Find invites on this page" runs with `activeTab`, which no test can press; the host stands in for the press.
  manifest.host_permissions.push("http://*.test/*");
  writeFileSync(join(dir, "manifest.json"), JSON.stringify(manifest));
}

/** An ordinary document with this in its body. */
export const html = (body: string): string =>
  `<!doctype html><meta charset="utf-8"><body style="font:16px/1.4 sans-serif">${body}`;

/**
 * Any page in a Chromium with the real page script, whose worker is replaced by one that writes down what it is asked
 * and reads what it is told. What the real worker makes of it is tested where the worker is tested.
 */
export class Site {
  private shown?: Page;
  private readonly documents = new Map<string, { html: string; headers: OutgoingHttpHeaders }>();

  private constructor(
    readonly chromium: Chromium,
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async start(args: string[] = []): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), "wappfy-site-"));
    const dir = join(folder, "extension");
    await copyWithRecorder(E2E_BUILD, dir);
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const site = new Site(await Chromium.launch({ dir, args, isSilent: true }), server, folder);
    server.on("request", (request, response) => {
      if (request.url === "/never") return;
      // Browsers ask for it by themselves, and write to the console of the page when there is none.
      if (request.url === "/favicon.ico") {
        response.writeHead(204).end();
        return;
      }
      const document = site.documents.get(new URL(request.url ?? "/", "http://x").pathname);
      response.writeHead(document ? 200 : 404, { "content-type": "text/html; charset=utf-8", ...document?.headers });
      response.end(document?.html);
    });
    return site;
  }

  /** Serves a document and gives its address. */
  serve(html: string, headers: OutgoingHttpHeaders = {}): string {
    const path = `/${this.documents.size}`;
    this.documents.set(path, { html, headers });
    return `http://site.test:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** Opens a document in a new tab; what was asked before is forgotten. Its errors fail the test, and so do our faults. */
  async open(html: string, headers: OutgoingHttpHeaders = {}, waitUntil: "load" | "commit" = "load"): Promise<Page> {
    await this.inWorker((self) => void (self.asked = []));
    const page = await this.chromium.context.newPage();
    await page.goto(this.serve(html, headers), { waitUntil });
    return page;
  }

  /**
   * Shows a document in the tab that the last `show` left, which costs a third of a new one: for rows of cases that only
   * look at a page, and leave nothing of their own in its tab.
   */
  async show(html: string): Promise<Page> {
    if (!this.shown || this.shown.isClosed()) this.shown = await this.chromium.context.newPage();
    await this.inWorker((self) => void (self.asked = []));
    await this.shown.goto(this.serve(html));
    return this.shown;
  }

  /** Closes all tabs but the first; with `isShownKept` the one of `show` stays too. */
  async closePages(isShownKept = false): Promise<void> {
    for (const page of this.chromium.context.pages().slice(1)) {
      if (!isShownKept || page !== this.shown) await page.close();
    }
  }

  /** What the page script and the worker threw so far. */
  get faults(): string[] {
    return this.chromium.faults;
  }

  /** Opens a document under an address that this computer cannot serve: another host, with https. */
  async openAt(address: string, html: string): Promise<Page> {
    await this.inWorker((self) => void (self.asked = []));
    const page = await this.chromium.context.newPage();
    await page.route(address, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
    await page.goto(address);
    return page;
  }

  /** What the page scripts have said so far. */
  asked(): Promise<Asked[]> {
    return this.inWorker((self) => self.asked);
  }

  /** The codes that chips asked to join. */
  async askedCodes(): Promise<string[]> {
    return (await this.asked()).filter(({ command }) => command === "askToJoin").map(({ input }) => input?.code ?? "");
  }

  /** Presses again and again until a chip asks, as an agent does: one that moved just now takes no press. Gives its code. */
  async untilAsked(page: Page, press: () => Promise<unknown>): Promise<string> {
    const before = (await this.askedCodes()).length;
    let code: string | undefined;
    await this.chromium.waitUntil(async () => {
      await press();
      // What a press asks for is on its way for a moment; a late one would be taken for the next chip's.
      await this.heard(page);
      code = (await this.askedCodes())[before];
      return code !== undefined;
    }, "a chip to ask");
    return code ?? "";
  }

  /** Presses each chip by the keyboard and gives the codes that they stand for. Chips take their order once a page rests. */
  async pressAll(page: Page): Promise<string[]> {
    const session = await this.chromium.context.newCDPSession(page);
    const codes: string[] = [];
    const { length } = await this.buttons(page);
    for (let at = 0; at < length; at += 1) {
      const press = async () => {
        // Looked up anew: a page may still take a chip away and put another in its place.
        const backendNodeId = (await this.buttons(page))[at];
        if (backendNodeId === undefined) return;
        const focused = session.send("DOM.focus", { backendNodeId });
        if (await focused.catch(() => undefined)) await page.keyboard.press("Enter");
      };
      codes.push(await this.untilAsked(page, press));
    }
    await session.detach();
    return codes;
  }

  /** Calls a function of the page's own world with the button of the first chip as `this`, and gives its value. */
  async callOnChip(page: Page, functionDeclaration: string): Promise<unknown> {
    const session = await this.chromium.context.newCDPSession(page);
    const [backendNodeId] = await this.buttons(page);
    const { object } = await session.send("DOM.resolveNode", { backendNodeId });
    const { result } = await session.send("Runtime.callFunctionOn", { objectId: object.objectId, functionDeclaration });
    await session.detach();
    return result.value;
  }

  /** The buttons of the chips, as CDP nodes. */
  buttons(page: Page): Promise<number[]> {
    return buttonsOn(page);
  }

  /**
   * Waits until the worker has heard all that the page script has said so far, so that nothing is on its way any more:
   * messages come in their order.
   */
  async heard(page: Page): Promise<void> {
    await this.chromium.inPageScript(page, `chrome.runtime.sendMessage({ command: "mark" })`);
  }

  /** See the function `lookedThrough`. */
  lookedThrough(page: Page): Promise<void> {
    return lookedThrough(page);
  }

  /** Waits until there are exactly so many chips, and that it stays so. A chip that gets room beside its link goes and comes. */
  async expectChips(page: Page, count: number): Promise<void> {
    let seen = -1;
    const isThere = async () => (seen = (await this.buttons(page)).length) === count;
    const stays = async () => {
      if (!(await isThere())) return false;
      // Three times as long as the page script gathers what it finds: what has no chip by then gets none.
      await page.waitForTimeout(300);
      return isThere();
    };
    await this.chromium.waitUntil(stays, `${count} chips`).catch(() => {
      throw new Error(`${seen} chips, not ${count}`);
    });
  }

  /** Tells every tab what the worker tells when a site is paused or resumed. */
  async setMayRun(mayRun: boolean): Promise<void> {
    const worker = await this.chromium.worker();
    await worker.evaluate(async (mayRun) => {
      const self = globalThis as unknown as RecorderGlobal;
      self.mayRun = mayRun;
      for (const { id } of await self.chrome.tabs.query({})) {
        await self.chrome.tabs.sendMessage(id, mayRun).catch(() => undefined); // A tab without the page script.
      }
    }, mayRun);
  }

  /** The codes that were read so far, each once. */
  async reported(): Promise<string[]> {
    const sources = (await this.asked()).flatMap(({ input }) => input?.sources ?? []);
    return [...new Set(sources.flatMap((source) => readSource(source)))];
  }

  /** The codes and contexts that "Find invites on this page" gives for the tab in front. */
  async find(): Promise<{ codes: string[]; context: string }[]> {
    const worker = await this.chromium.worker();
    const look = await worker.evaluate(async () => {
      const { chrome } = globalThis as unknown as RecorderGlobal;
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      const [frame] = await chrome.scripting.executeScript({ target: { tabId: tab?.id }, files: ["find.js"] });
      return frame?.result as FrameFinds;
    });
    return look.found.map(({ source, context }) => ({ codes: readSource(source), context }));
  }

  /** Reloads the extension, as an update does. */
  async reloadExtension(): Promise<void> {
    // The worker may be gone before it answers.
    await this.inWorker((self) => self.chrome.runtime.reload()).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.chromium.close();
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async inWorker<T>(run: (self: RecorderGlobal) => T): Promise<T> {
    const worker = await this.chromium.worker();
    return (await worker.evaluate(`(${String(run)})(globalThis)`)) as T;
  }
}

/** The buttons of the chips on a page, as CDP nodes. */
export async function buttonsOn(page: Page): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const buttons = await buttonsIn(session);
  await session.detach();
  return buttons;
}

/**
 * Waits until the page script has looked at all that a page shows so far, for tests that expect nothing of it: by then
 * it has also looked again, a second after its first look, and has been answered.
 */
export async function lookedThrough(page: Page): Promise<void> {
  await page.waitForTimeout(1500);
  // A busy computer needs more time for it, but not more turns of the page's idle time.
  let before: number;
  let now = -1;
  do {
    before = now;
    await page.evaluate(async (turns) => {
      for (let turn = 0; turn < turns; turn += 1) await new Promise((next) => requestIdleCallback(next));
    }, TURNS);
    now = (await buttonsOn(page)).length;
  } while (now !== before);
}
