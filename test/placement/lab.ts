import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyWithRecorder } from "../e2e/site";
import { scriptOf } from "../parser.mjs";
import { startBrowser, type BrowserName, type Tab } from "./tab";

export { type BrowserName, type Tab } from "./tab";

/** A page that is asked for with this has no chips: the worker says that its site is paused. */
const PLAIN = "?plain";

/** Tells the server of the lab which codes were read and pressed on which page. */
const TELL = `globalThis.onAsked = ({ command, input }, { url, origin }) => {
  const { port, pathname, search } = new URL(url);
  globalThis.mayRun = search !== "${PLAIN}";
  const tell = (what, codes) =>
    void fetch("http://127.0.0.1:" + port + what + pathname, { method: "POST", mode: "no-cors", body: codes.join() });
  if (command === "askToJoin") tell("/pressed", [input.code]);
  if (command === "reportInvites") tell("/read", input.sources.flatMap((source) => parser.readSource(source, origin)));
};`;

/** A browser with the real page script, a server of pages, and a worker that tells what was pressed. */
export class Lab {
  private readonly documents: string[] = [];
  /** The codes that were pressed and read, by "/pressed" or "/read" and the path of their page. */
  private readonly told = new Map<string, string[]>();

  private constructor(
    private readonly browser: Awaited<ReturnType<typeof startBrowser>>,
    private readonly server: Server,
    private readonly folder: string,
    /** The functions of `judge.ts`, as a script. */
    readonly judge: string,
  ) {
    server.on("request", (request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://x");
      if (request.method === "POST") {
        const before = this.told.get(pathname) ?? [];
        this.told.set(pathname, before);
        request.on("data", (codes: Buffer) => before.push(...codes.toString().split(",")));
      }
      const html = this.documents[Number(pathname.slice(1))];
      response.writeHead(html === undefined ? 204 : 200, { "content-type": "text/html; charset=utf-8" });
      response.end(html);
    });
  }

  /** Starts a browser with the extension that lies in a folder. */
  static async start(name: BrowserName, build: string): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), "wappfy-lab-"));
    const dir = join(folder, "extension");
    await copyWithRecorder(build, dir, TELL);
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const script = `globalThis.judge ??= (() => { ${await scriptOf("test/placement/judge.ts", "judge")}; return judge; })()`;
    return new Lab(await startBrowser(name, dir), server, folder, script);
  }

  newTab(): Promise<Tab> {
    return this.browser.newTab();
  }

  /** Serves a document and gives its address, and the same one without chips. */
  serve(html: string): { url: string; plain: string; path: string } {
    const path = `/${this.documents.push(html) - 1}`;
    const url = `http://site.test:${(this.server.address() as AddressInfo).port}${path}`;
    return { url, plain: url + PLAIN, path };
  }

  /** The codes that were asked for by presses on a page, in their order. */
  pressedOn(path: string): string[] {
    return this.told.get(`/pressed${path}`) ?? [];
  }

  /** The codes that the worker read in what the page script told of a page, each once, in their order. */
  readOn(path: string): string[] {
    return [...new Set(this.told.get(`/read${path}`) ?? [])];
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Writes a picture into a folder. */
export function savePicture(folder: string, name: string, picture: string): void {
  writeFileSync(join(folder, `${name.replaceAll(/\W+/g, "-")}.png`), Buffer.from(picture, "base64"));
}
