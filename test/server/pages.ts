import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The web pages of the test server: the files of `test/pages`, and those that a test makes. */

const PAGES = fileURLToPath(new URL("../pages/", import.meta.url));
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".xhtml": "application/xhtml+xml; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};
const HTML_TYPE = { "content-type": "text/html; charset=utf-8" };

/** Pages that a test made, by their paths. */
export type MadePages = ReadonlyMap<string, { body: string; headers: Record<string, string> }>;

/** Serves a page: one that was made, or a file. `?csp=` sends that content security policy with it. */
export async function servePage(
  url: URL,
  res: ServerResponse,
  pages: MadePages,
  pageHeaders: Record<string, string>,
): Promise<void> {
  const csp = url.searchParams.get("csp");
  const headers = { ...pageHeaders, ...(csp ? { "content-security-policy": csp } : {}) };
  const path = url.pathname === "/" ? "/invites.html" : decodeURIComponent(url.pathname);
  const made = pages.get(path);
  if (made) {
    res.writeHead(200, { ...HTML_TYPE, ...headers, ...made.headers }).end(made.body);
    return;
  }
  // Browsers ask for it by themselves, and write to the console of the page when there is none.
  if (path === "/favicon.ico") return void res.writeHead(204).end();
  const file = normalize(join(PAGES, path));
  const body = file.startsWith(PAGES) ? await readFile(file).catch(() => null) : null;
  if (!body) res.writeHead(404, HTML_TYPE).end("<!doctype html><title>Not found</title>Not found");
  else res.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers }).end(body);
}
