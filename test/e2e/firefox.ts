import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { WebSocket } from "ws";
import { PATIENCE, type Door } from "./chromium";
import { PageErrors } from "./page-errors";
import { browsers, STATE } from "./state";

/** The Firefox build for browser tests: made by `npm test`, or `npx wxt build -b firefox --mode e2e`. */
export const FIREFOX_BUILD = resolve(process.env["E2E_FIREFOX_BUILD"] ?? ".output/firefox-mv3-e2e");

/** The program of the browser. */
export const FIREFOX_PATH = process.env["FIREFOX_PATH"] || "/usr/bin/firefox-esr";

/** Given to the extension by a preference, so that its address is known. */
const UUID = "11111111-2222-4333-8444-555555555555";
const EXTENSION = "groups@wappfy.example";

const PREFERENCES = {
  "extensions.webextensions.uuids": JSON.stringify({ [EXTENSION]: UUID }),
  // An optional permission is granted at a real click, without a question that nobody could answer.
  "extensions.webextOptionalPermissionPrompts": false,
  "network.dns.forceResolve": "127.0.0.1",
  "datareporting.policy.dataSubmissionEnabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "app.update.disabledForTesting": true,
  // Nothing is drawn, and no process waits, that no test looks at.
  "browser.startup.page": 0,
  "browser.newtab.preload": false,
  "dom.ipc.processPrelaunch.enabled": false,
};

type Preferences = Record<string, string | number | boolean>;

/** A value that a page gave, as the protocol writes it. */
interface Remote {
  type: string;
  value?: unknown;
  sharedId?: string;
}

/** What is written to the log of a page: what nobody caught too, with the type "javascript". */
interface LogEntry {
  level: string;
  type: string;
  text: string | null;
  source: { context?: string };
  stackTrace?: { callFrames: { url: string }[] };
}

/**
 * A Firefox with the extension, spoken to in WebDriver BiDi over a socket, because neither playwright nor puppeteer
 * opens pages of an extension in it.
 */
export class Firefox {
  /** The errors of web pages, of the test that runs. */
  readonly pageErrors = new PageErrors();
  private lastId = 0;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  private constructor(
    private readonly process: ChildProcess,
    private readonly socket: WebSocket,
    private readonly profile: string,
  ) {
    socket.on("message", (data) => {
      const { id, type, result, error, message, method, params } = JSON.parse(String(data as Buffer)) as {
        id?: number;
        type: string;
        result?: unknown;
        error?: string;
        message?: string;
        method?: string;
        params?: unknown;
      };
      if (method === "log.entryAdded") this.note(params as LogEntry);
      const caller = this.waiting.get(id ?? -1);
      if (!caller) return;
      this.waiting.delete(id ?? -1);
      if (type === "error") caller.reject(new Error(`${error}: ${message}`));
      else caller.resolve(result);
    });
  }

  /** Starts the browser without a window and installs the extension from its folder, or none for `null`. */
  static async launch({
    dir = FIREFOX_BUILD as string | null,
    preferences = {} as Preferences,
    executable = FIREFOX_PATH,
  } = {}): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), "wappfy-firefox-"));
    const lines = Object.entries({ ...PREFERENCES, ...preferences }).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    writeFileSync(join(profile, "user.js"), lines.join("\n"));
    const child = spawn(
      executable,
      [
        "--headless",
        "--no-remote",
        "--profile",
        profile,
        "--remote-debugging-port",
        "0",
        // Without it no page of an extension can be opened.
        "--remote-allow-system-access",
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    const address = await new Promise<string>((resolve, reject) => {
      let said = "";
      child.stderr!.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
        if (found) resolve(found[1]!);
      });
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`Firefox ended before it could be driven:\n${said}`)));
    });
    const socket = new WebSocket(`${address}/session`);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const firefox = new Firefox(child, socket, profile);
    await firefox.send("session.new", { capabilities: {} });
    await firefox.send("session.subscribe", { events: ["log.entryAdded"] });
    browsers.add(firefox);
    if (dir !== null) await firefox.install(dir);
    return firefox;
  }

  /** Installs the extension from its folder; over itself, that is an update. */
  async install(dir = FIREFOX_BUILD): Promise<void> {
    await this.send("webExtension.install", { extensionData: { type: "path", path: resolve(dir) } });
  }

  /** Keeps the errors of web pages; those of our own pages and of the page script are `faults`. */
  private note({ level, type, text, source, stackTrace }: LogEntry): void {
    const where = stackTrace?.callFrames[0]?.url ?? "";
    if (level !== "error" || source.context === undefined || where.includes(UUID)) return;
    this.pageErrors.add(`${where}: ${type === "javascript" ? "uncaught " : ""}${text}`);
  }

  /** Sends a command of the protocol and gives its result. Throws what the browser calls an error. */
  async send<T = unknown>(method: string, params: object): Promise<T> {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} had no answer in ${PATIENCE} ms`)), PATIENCE);
      const stop = () => clearTimeout(timer);
      this.waiting.set(id, {
        resolve: (value) => (stop(), resolve(value)),
        reject: (error) => (stop(), reject(error)),
      });
    }) as Promise<T>;
  }

  /** Address of one of our pages. */
  url(door: Door, hash = ""): string {
    return `moz-extension://${UUID}/${door}.html${hash}`;
  }

  /** Opens a page in a new tab, of a container if one is given: one of ours by its name, or any address. */
  async open(page: Door | URL, hash = "", userContext?: string): Promise<FirefoxPage> {
    const { context } = await this.send<{ context: string }>("browsingContext.create", { type: "tab", userContext });
    const url = page instanceof URL ? page.href : this.url(page, hash);
    // A page of an extension never tells that it is there, so it is asked.
    await this.send("browsingContext.navigate", { context, url, wait: "none" });
    const opened = new FirefoxPage(this, context);
    // Chips come to a page that is seen.
    if (page instanceof URL) await opened.activate();
    await opened.waitFor(`location.href.startsWith(${JSON.stringify(url)}) && document.readyState === "complete"`);
    return opened;
  }

  /** All tabs and windows, by their address. A popup at the toolbar and a sidebar are not among them. */
  async pages(): Promise<{ url: string; page: FirefoxPage }[]> {
    const { contexts } = await this.send<{ contexts: { context: string; url: string }[] }>(
      "browsingContext.getTree",
      {},
    );
    return contexts.map(({ context, url }) => ({ url, page: new FirefoxPage(this, context) }));
  }

  /** The page of ours that appears by itself in a tab or window of its own: the welcome page. */
  async waitForSurface(door: Door, timeout = PATIENCE): Promise<FirefoxPage> {
    return this.waitUntil(
      async () => (await this.pages()).find(({ url }) => url.startsWith(this.url(door)))?.page,
      `the ${door} page`,
      timeout,
    );
  }

  /** Asks until there is an answer, and gives it. The description goes into the error, with what the extension is doing. */
  async waitUntil<T>(ask: () => Promise<T | undefined>, what: string, timeout = PATIENCE): Promise<T> {
    const end = Date.now() + timeout;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}\n${await this.state()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Runs an expression in the browser's own window, with its rights: for what no page and no extension may do. */
  async evaluateInBrowser(expression: string): Promise<Remote> {
    const tree = await this.send<{ contexts: { context: string }[] }>("browsingContext.getTree", {
      "moz:scope": "chrome",
    });
    const target = { context: tree.contexts[0]?.context };
    const answer = await this.send<{ result: Remote }>("script.evaluate", { expression, target, awaitPromise: true });
    return answer.result;
  }

  /** What our pages, our background page and the page script threw and nobody caught; the browser keeps 250 messages. */
  private async faults(): Promise<string[]> {
    const { value } = await this.evaluateInBrowser(`JSON.stringify(Services.console.getMessageArray()
      .filter((said) => said instanceof Ci.nsIScriptError && said.flags === Ci.nsIScriptError.errorFlag)
      .map(({ errorMessage, sourceName, lineNumber }) => errorMessage + " at " + sourceName + ":" + lineNumber)
      .filter((line) => line.includes("${UUID}"))
      // Notes of the browser's own: a call that is out of date, a page that went before it was answered or was loaded.
      .filter((line) => !/^(Error: Warning processing|FrameData missing for \\S+ page|Promise (rejected|resolved) (after context unloaded|while context is inactive))/.test(line)))`);
    return JSON.parse(value as string) as string[];
  }

  /** What the extension is doing, in lines for the message of a failed test. Never throws. */
  async state(): Promise<string> {
    try {
      const pages = await this.pages();
      const lines = [`pages: ${pages.map(({ url }) => url).join(" ")}`, ...(await this.faults())];
      const ours =
        pages.find(({ url }) => url.startsWith(`moz-extension://${UUID}/`))?.page ?? (await this.open("options"));
      return [...lines, await ours.evaluate<string>(STATE)].join("\n");
    } catch (error) {
      return `the state cannot be read: ${String(error)}`;
    }
  }

  /** Closes the browser and removes its profile. Throws what we threw and nobody caught, unless it was `expected`. */
  async close(expected = /^$/): Promise<void> {
    browsers.delete(this);
    const said = await this.faults().catch((error: unknown) => [String(error)]);
    const faults = said.filter((line) => !expected.test(line));
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    await this.send("browser.close", {}).catch(() => this.process.kill("SIGKILL"));
    await ended;
    this.socket.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
    if (faults.length > 0) throw new Error(`the extension threw:\n${faults.join("\n")}`);
    const errors = this.pageErrors.take();
    if (errors.length > 0) throw new Error(`web pages had errors:\n${errors.join("\n")}`);
  }
}

/** One page in Firefox. */
export class FirefoxPage {
  constructor(
    private readonly firefox: Firefox,
    private readonly context: string,
  ) {}

  /** Value of an expression in the page, awaited. It has to be JSON. Throws what the expression throws. */
  async evaluate<T>(expression: string): Promise<T> {
    const { value } = await this.run(`Promise.resolve(${expression}).then((value) => JSON.stringify(value))`);
    return (value === undefined ? undefined : JSON.parse(value as string)) as T;
  }

  /** Waits until an expression, or what it promises, is true in the page. */
  async waitFor(expression: string, timeout = PATIENCE): Promise<void> {
    // While a page loads, its world may vanish under the question.
    const ask = () => this.evaluate<boolean>(`Promise.resolve(${expression}).then(Boolean)`).catch(() => false);
    await this.firefox.waitUntil(async () => (await ask()) || undefined, expression, timeout);
  }

  /** The visible text of the page. */
  async text(): Promise<string> {
    return this.evaluate<string>("document.body.innerText");
  }

  /**
   * Clicks an element with the real mouse: by a selector, or by an expression that gives it. It has to be on and to stand
   * still: a click on what moves just then hits what has come there.
   */
  async click(element: string): Promise<void> {
    const expression = /[(=]/.test(element) && element.startsWith("document") ? element : query(element);
    const isStill = `(async () => {
      const place = () => JSON.stringify(${expression}?.getBoundingClientRect());
      ${expression}?.scrollIntoView({ block: "center", behavior: "instant" });
      const before = place();
      await new Promise((next) => setTimeout(next, 100));
      return before !== undefined && place() === before && !${expression}.matches("[aria-disabled=true]");
    })()`;
    for (let tries = 1; ; tries += 1) {
      await this.waitFor(isStill);
      try {
        return await this.clickElement((await this.run(expression)).sharedId!);
      } catch (error) {
        // The page has scrolled in between, as one does that puts the focus into its first field.
        if (tries > 5 || !/out of bounds/.test(String(error))) throw error;
      }
    }
  }

  /** Clicks the first element of a closed shadow root with the real mouse: a chip. */
  async clickChip(index = 0): Promise<void> {
    // A chip takes a press once it has stood still for a quarter of a second.
    const still = async () => {
      const id = (await this.chips())[index];
      return id !== undefined && (await this.isStill(id)) ? id : undefined;
    };
    const id = await this.firefox.waitUntil(still, `chip ${index}, standing still`);
    await this.clickElement(id);
  }

  /** The buttons in closed shadow roots on the page, as ids of the protocol. */
  async chips(): Promise<string[]> {
    const root = await this.run("document.documentElement", { includeShadowTree: "all", maxDomDepth: 100 });
    const found: string[] = [];
    const walk = (node: Remote, isInside: boolean) => {
      const { children, shadowRoot, localName, attributes } = node.value as {
        children?: Remote[];
        shadowRoot?: Remote | null;
        localName?: string;
        attributes?: Record<string, string>;
      };
      if (isInside && localName === "button" && attributes?.["hidden"] === undefined) found.push(node.sharedId!);
      for (const child of children ?? []) walk(child, isInside);
      if (shadowRoot) walk(shadowRoot, isInside || (shadowRoot.value as { mode?: string }).mode === "closed");
    };
    walk(root, false);
    return found;
  }

  /** Clicks into a field, takes out what is in it, and types. */
  async fill(element: string, text: string): Promise<void> {
    await this.click(element);
    await this.evaluate("document.execCommand('selectAll')");
    await this.type(text);
  }

  /** Gives a file to a field for files, as the agent does in the browser's own dialog. */
  async chooseFile(element: string, path: string): Promise<void> {
    const { sharedId } = await this.run(element);
    await this.firefox.send("input.setFiles", { context: this.context, element: { sharedId }, files: [path] });
  }

  /** Types with the real keyboard into what has the focus; `\uE007` is Enter, `\uE004` Tab, `\uE00C` Escape. */
  async type(text: string): Promise<void> {
    const actions = Array.from(text).flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    await this.perform([{ type: "key", id: "keyboard", actions }]);
  }

  /** Moves the mouse to a point of the window, and presses there if asked to. */
  async point(x: number, y: number, isPressed = false): Promise<void> {
    const press = [
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    const move = { type: "pointerMove", x: Math.round(x), y: Math.round(y) };
    await this.perform([{ type: "pointer", id: "mouse", actions: [move, ...(isPressed ? press : [])] }]);
  }

  /** Calls a function of the page with nodes as its arguments. */
  async callWith(functionDeclaration: string, ids: string[]): Promise<void> {
    await this.firefox.send("script.callFunction", {
      functionDeclaration,
      arguments: ids.map((sharedId) => ({ sharedId })),
      target: { context: this.context },
      awaitPromise: true,
    });
  }

  /** Opens another address in this tab, and waits until it is loaded. */
  async go(url: string): Promise<void> {
    await this.firefox.send("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  /** Closes the tab. */
  async close(): Promise<void> {
    await this.firefox.send("browsingContext.close", { context: this.context });
  }

  /** Brings the page to the front. */
  async activate(): Promise<void> {
    await this.firefox.send("browsingContext.activate", { context: this.context });
  }

  /** A picture of the page, as a PNG file. */
  async screenshot(path: string): Promise<void> {
    writeFileSync(path, Buffer.from(await this.picture(), "base64"));
  }

  /** A picture of the page, as PNG in base64. */
  async picture(): Promise<string> {
    await this.activate();
    const { data } = await this.firefox.send<{ data: string }>("browsingContext.captureScreenshot", {
      context: this.context,
    });
    return data;
  }

  /** Sets the size of what the page sees, in CSS pixels. */
  async resize(width: number, height: number): Promise<void> {
    await this.firefox.send("browsingContext.setViewport", { context: this.context, viewport: { width, height } });
  }

  private async isStill(sharedId: string): Promise<boolean> {
    const { result } = await this.firefox.send<{ result: Remote }>("script.callFunction", {
      functionDeclaration: `async (element) => {
        const place = () => JSON.stringify(element.getBoundingClientRect());
        const before = place();
        await new Promise((next) => setTimeout(next, 500));
        return before === place();
      }`,
      arguments: [{ sharedId }],
      target: { context: this.context },
      awaitPromise: true,
    });
    return result.value === true;
  }

  private async clickElement(sharedId: string): Promise<void> {
    await this.activate();
    await this.perform([
      {
        type: "pointer",
        id: "mouse",
        actions: [
          // Our confirmation asks for a mouse that moved within the page before it presses.
          { type: "pointerMove", x: 5, y: 5 },
          { type: "pointerMove", x: 0, y: 0, origin: { type: "element", element: { sharedId } } },
          { type: "pointerDown", button: 0 },
          { type: "pointerUp", button: 0 },
        ],
      },
    ]);
  }

  private async perform(actions: object[]): Promise<void> {
    await this.firefox.send("input.performActions", { context: this.context, actions });
  }

  private async run(expression: string, serializationOptions: object = {}): Promise<Remote> {
    const answer = await this.firefox.send<{
      type: string;
      result: Remote;
      exceptionDetails?: { text: string };
    }>("script.evaluate", {
      expression,
      target: { context: this.context },
      awaitPromise: true,
      serializationOptions,
    });
    if (answer.type !== "success") throw new Error(answer.exceptionDetails?.text ?? "the page threw");
    return answer.result;
  }
}

function query(selector: string): string {
  return `document.querySelector(${JSON.stringify(selector)})`;
}
