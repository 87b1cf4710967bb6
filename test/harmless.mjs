import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root, run, say } from "./setup.mjs";
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
/** Pages that are open at once. */
const TOGETHER = options.firefox ? 1 : 4;

if (!existsSync(join(here, "node_modules"))) {
  say("Installing the frameworks and editors (npm ci in test/harmless)");
  const install = ["ci", "--prefix", here, "--ignore-scripts", "--loglevel=error"];
  const { code, output } = await run("npm", install, { limit: 600_000, shell: true });
  if (code !== 0) throw new Error(output);
}
const extension = resolve(root, options.build ?? `.output/${options.firefox ? "firefox" : "chrome"}-mv3`);
if (!existsSync(join(extension, "manifest.json"))) throw new Error(`There is no build in ${extension}: npx wxt build`);

const isChosen = (/** @type {string} */ name) => words.length === 0 || words.some((word) => name.includes(word));
const out = join(root, ".output", "harmless");
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
  if (isChosen(`document ${name}`))
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
console.log(`${total.cases} cases, ${total.differences} differences`);
process.exit(total.differences ? 1 : 0);

/** Runs one page with the extension and without it, and prints its line: the differences by what is different. */
async function compare(/** @type {Case} */ { name, path, flow, hasChips }) {
  const visit = async (/** @type {import("./harmless/browsers.mjs").Browser} */ browser) => {
    const tab = await browser.open(`${origin}${path}`);
    try {
      const steps = await flow(tab);
      steps.push(["messages", { messages: tab.messages() }]);
      return { steps, chips: await tab.chips() };
    } catch (error) {
      return { steps: [], chips: 0, failure: `${error}`.split("\n")[0], messages: tab.messages() };
    } finally {
      await tab.close();
    }
  };
  const [ours, theirs] = await Promise.all([visit(withUs), visit(without)]);
  const kinds = new Map();
  const found = [];
  for (const [who, { failure, messages }] of Object.entries({ "with us": ours, "without us": theirs })) {
    if (failure) found.push(`stopped ${who}: ${failure} ${messages}`);
  }
  if (hasChips && !found.length && ours.chips === 0) found.push("no chip at the end: nothing was tried");
  for (const [i, [step, expected]] of theirs.steps.entries()) {
    const [, actual] = ours.steps[i] ?? [];
    if (!actual) continue;
    const keys = Object.keys(expected).filter((key) => JSON.stringify(actual[key]) !== JSON.stringify(expected[key]));
    for (const key of keys) kinds.set(key, (kinds.get(key) ?? 0) + 1);
    if (keys.length) found.push(`${step}: ${keys.map((key) => differ(key, expected[key], actual[key])).join("; ")}`);
  }
  total.cases += Math.max(1, theirs.steps.length);
  total.differences += found.length;
  const counts = `${String(theirs.steps.length).padStart(3)} cases, ${found.length} differences, ${ours.chips} chips`;
  const summary = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(", ");
  console.log(`${found.length ? "✗" : "✓"} ${name.padEnd(40)} ${counts}${summary && `: ${summary}`}`);
  for (const line of options.details ? found : found.slice(0, 1)) console.log(`    ${line}`);
}

/** The first place where two values differ, in one line. */
function differ(/** @type {string} */ key, /** @type {unknown} */ expected, /** @type {unknown} */ actual) {
  const [a, b] = [expected, actual].map((value) => (typeof value === "string" ? value : JSON.stringify(value ?? null)));
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const part = (/** @type {string} */ text) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 60));
  return `${key} is ${part(b)}, without us ${part(a)}`;
}
