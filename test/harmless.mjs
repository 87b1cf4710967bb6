import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { exit, root, run, say } from "./setup.mjs";
import { launchChromium, launchFirefox } from "./harmless/browsers.mjs";
import { buildPages } from "./harmless/build.mjs";
import { OTHERS, READING } from "./harmless/documents.mjs";
import { edit, open, operate, read } from "./harmless/flows.mjs";

/**
 * Whether pages are the same with the extension and without it: `node test/harmless.mjs [words of names]`. Builds pages
 * with real frameworks and editors (their packages are installed here, for this command alone), runs each in two browsers,
 * one of them with the built extension, and compares after every step what the page shows, holds, selects and says.
 *
 *   --build FOLDER   the built extension; `.output/chrome-mv3` or `.output/firefox-mv3` unless given
 *   --firefox        in Firefox, where the page that is read and the undoing in editors are left out
 *   --details        prints every difference, not only the first of each page
 *
 * Ends with 1 when there is a difference, or a page that should have chips has none.
 */

const here = join(root, "test/harmless");
const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { build: { type: "string" }, firefox: { type: "boolean" }, details: { type: "boolean" } },
});
/** In ms after the page was read; `undefined` draws it in the browser. */
const DELAYS = [undefined, 0, 200, 600, 2_500];
/** How often a page that differs is run again without us, to see whether it is the same each time. */
const REPEATS = 5;
/** Pages that are open at once. */
const TOGETHER = options.firefox ? 1 : 4;

if (!existsSync(join(here, "node_modules"))) {
  say("Installing the frameworks and editors (npm ci in test/harmless)");
  const install = ["ci", "--prefix", `"${here}"`, "--ignore-scripts", "--loglevel=error"];
  const { code, output } = await run("npm", install, { limit: 600_000, shell: true });
  if (code !== 0) throw new Error(output);
}
const extension = resolve(root, options.build ?? `.output/${options.firefox ? "firefox" : "chrome"}-mv3`);
if (!existsSync(join(extension, "manifest.json"))) throw new Error(`There is no build in ${extension}: npx wxt build`);

const isChosen = (/** @type {string} */ name) => words.length === 0 || words.some((word) => name.includes(word));
const out = mkdtempSync(join(tmpdir(), "wappfy-pages-"));
const pages = await buildPages(out, isChosen);

const documents = new Map(
  pages.flatMap(({ name, html, empty }) => [
    [`/${name}/hydrated`, ["text/html", html]],
    [`/${name}/drawn`, ["text/html", empty]],
  ]),
);
documents.set("/reading", ["text/html", READING]);
for (const [name, type, text] of OTHERS) documents.set(`/document/${name}`, [type, text]);
const TYPES = { ".js": "text/javascript", ".css": "text/css" };
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
  const file = join(out, path.slice(1));
  const type = TYPES[extname(path)];
  const [kind, text] = documents.get(path) ?? [type, type && existsSync(file) ? readFileSync(file) : undefined];
  // Nothing for the picture that browsers ask for by themselves: a 404 would be on the console of some page.
  const status = path === "/favicon.ico" ? 204 : text === undefined ? 404 : 200;
  response.writeHead(status, { "content-type": `${kind}; charset=utf-8` });
  response.end(text);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
const origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;

/** @typedef {{ name: string, path: string, flow: (tab: import("./harmless/browsers.mjs").Tab) => Promise<import("./harmless/flows.mjs").Step[]>, hasChips: boolean }} Case */

/** @type {Case[]} */
const cases = pages.flatMap(({ name, kind }) => {
  const path = `/${encodeURIComponent(name)}`;
  if (kind === "editor")
    return [false, true].map((isReadOnly) => ({
      name: `${name}, ${isReadOnly ? "read-only" : "editable"} first`,
      path: `${path}/drawn${isReadOnly ? "?readonly" : ""}`,
      flow: (tab) => edit(tab, isReadOnly),
      hasChips: false,
    }));
  if (kind === "plain")
    return [{ name, path: `${path}/drawn`, flow: (tab) => operate(tab, undefined), hasChips: true }];
  return DELAYS.filter((delay) => kind === "framework" || delay !== undefined).map((delay) => ({
    name: `${name}, ${delay === undefined ? "drawn in the browser" : `hydrated after ${delay / 1000} s`}`,
    path: delay === undefined ? `${path}/drawn` : `${path}/hydrated?delay=${delay}`,
    flow: (tab) => operate(tab, delay),
    hasChips: true,
  }));
});
for (const [name] of OTHERS) {
  // Firefox saves a feed as a file and shows nothing.
  if (isChosen(`document ${name}`) && !(options.firefox && name === "rss"))
    cases.push({ name: `document ${name}`, path: `/document/${name}`, flow: open, hasChips: false });
}

const launch = options.firefox ? launchFirefox : launchChromium;
const [withUs, without] = await Promise.all([launch(extension), launch(undefined)]);
const total = { cases: 0, differences: 0 };
const waiting = [...cases];
await Promise.all(
  Array.from({ length: TOGETHER }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await compare(next);
  }),
);
// It needs the clipboard for itself.
if (!options.firefox && isChosen("reading"))
  await compare({ name: "reading", path: "/reading", flow: read, hasChips: true });
await Promise.all([withUs.close(), without.close()]);
server.close();
rmSync(out, { recursive: true, force: true });
console.log(`${total.cases} cases, ${total.differences} differences`);
exit(total.differences ? 1 : 0);

/** Runs a page in one of the browsers, and returns what was seen after each step, as JSON by what it is about. */
async function visit(
  /** @type {import("./harmless/browsers.mjs").Browser} */ browser,
  /** @type {Case} */ { path, flow, hasChips },
) {
  const tab = await browser.open(`${origin}${path}`);
  try {
    const steps = await flow(tab);
    steps.push(["messages", { messages: tab.messages() }]);
    const seen = steps.flatMap(([step, found]) =>
      Object.entries(found).map(([kind, value]) => ({ step, kind, value: JSON.stringify(value ?? null) })),
    );
    let chips = await tab.chips();
    // They may still be on their way; without us none ever comes.
    const most = hasChips && browser === withUs ? 20 : 0;
    for (let tries = 0; chips === 0 && tries < most; tries += 1) {
      await new Promise((next) => setTimeout(next, 250));
      chips = await tab.chips();
    }
    return { seen, steps: steps.length, chips };
  } catch (error) {
    return { seen: [], steps: 1, chips: 0, failure: `${`${error}`.split("\n")[0]} ${tab.messages()}` };
  } finally {
    await tab.close();
  }
}

/** Runs one page with the extension and without it, and prints its line: how many steps differ, and in what. */
async function compare(/** @type {Case} */ one) {
  const [ours, theirs] = await Promise.all([visit(withUs, one), visit(without, one)]);
  const differs = (/** @type {typeof ours} */ other) => {
    const isSame = other.seen.length === ours.seen.length;
    return ours.seen.filter(({ value }, i) => !isSame || value !== other.seen[i]?.value);
  };
  let different = differs(theirs);
  // What also comes without us is the page's own: it is not the same each time, as the caret of an editor on a busy machine.
  for (let run = 0; run < REPEATS && different.length > 0; run += 1) {
    const again = new Set(differs(await visit(without, one)));
    different = different.filter((seen) => again.has(seen));
  }
  const found = different.map(({ step, kind, value }) => {
    const expected = theirs.seen.find((other) => other.step === step && other.kind === kind)?.value ?? "nothing";
    return `${step}: ${kind} is ${differ(value, expected)}`;
  });
  if (ours.failure) found.push(`stopped with us: ${ours.failure}`);
  if (theirs.failure) found.push(`stopped without us: ${theirs.failure}`);
  if (one.hasChips && !ours.failure && ours.chips === 0) found.push("no chip at the end: nothing was tried");
  const steps = new Set(found.map((line) => line.split(":")[0])).size;
  total.cases += theirs.steps;
  total.differences += steps;
  const kinds = [...new Set(different.map(({ kind }) => kind))].map(
    (kind) => `${kind} ${different.filter((other) => other.kind === kind).length}`,
  );
  const counts = `${String(theirs.steps).padStart(3)} cases, ${steps} differences, ${ours.chips} chips`;
  console.log(`${found.length ? "✗" : "✓"} ${one.name.padEnd(40)} ${counts}  ${kinds.join(", ")}`);
  for (const line of options.details ? found : found.slice(0, 2)) console.log(`    ${line}`);
}

/** The first place where two values differ, in one line. */
function differ(/** @type {string} */ actual, /** @type {string} */ expected) {
  let at = 0;
  while (at < actual.length && actual[at] === expected[at]) at += 1;
  const [ours, theirs] = [actual, expected].map((text) => text.slice(Math.max(0, at - 20), at + 60));
  return `…${ours}…, without us …${theirs}…`;
}
