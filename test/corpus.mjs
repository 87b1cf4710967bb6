import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runInNewContext } from "node:vm";
import { runnerImport } from "vite";
import { parserScript } from "./parser.mjs";
import { root, setUp } from "./setup.mjs";

/**
 * Scores the finding of invites on a labelled corpus, and lists every miss and every false find with the reason that the
 * corpus gives: `node test/corpus.mjs <path of a .jsonl> [--browser firefox] [--build folder]`. Needs a build; the
 * production one of the browser unless another is named.
 *
 * Each record goes through the real page script in a real browser: a code counts as found when the worker reads it in what
 * the page script tells of the page. Only the worker is replaced, by one that tells what it reads. The last line counts the
 * chips: where a page has no room beside a link, it has none. Beside it the same records go through the text parser alone;
 * where the two differ, the record is listed.
 *
 * A record is `{id, html, expected_unique, optional_codes, tags, why}`. Recall: codes of `expected_unique` found. Wrong:
 * codes found that are in neither list. Both are counted over the unique codes of each record.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: "string", default: "chromium" }, build: { type: "string" } },
});
const [path] = positionals;
if (!path) {
  console.error("node test/corpus.mjs <path of a .jsonl> [--browser firefox] [--build folder]");
  process.exit(2);
}
const browser = values.browser === "firefox" ? "firefox" : "chromium";
const installed = await setUp({ firefox: browser === "firefox" });
process.env.CHROMIUM_PATH = installed.chromium;
process.env.FIREFOX_PATH = installed.firefox ?? "";
const build = resolve(values.build ?? join(root, ".output", browser === "firefox" ? "firefox-mv3" : "chrome-mv3"));

/** Records of one page, and the size in CSS px at which all of it is in sight. */
const PAGE = { records: 8, width: 1280, height: 12_000 };
/** In ms: how long a page says nothing before its first code is told and behind its last one, and how often it is asked. */
const QUIET = { before: 6_000, behind: 1_500, step: 100 };
const records = readFileSync(path, "utf8").split("\n").filter(Boolean).map(JSON.parse);
const { readSource } = runInNewContext(`${await parserScript()}; parser`);
const file = join(root, "test/placement/lab.ts");
/** @type {typeof import("./placement/lab")} */
const { Lab } = (await runnerImport(file, { root, configFile: false, logLevel: "error" })).module;
const lab = await Lab.start(browser, build);
const tab = await lab.newTab();
await tab.resize(PAGE.width, PAGE.height);

/** What the page shows of each record: its text and markup, and the sources that it would be without the page script. */
const READ = `[...document.querySelectorAll("section")].map((section) => {
  for (const hidden of section.querySelectorAll("script,style,template,option")) hidden.remove();
  return {
    written: section.innerHTML + section.textContent.replace(/[^a-z0-9]/gi, ""),
    sources: [
      [["", section.innerText]],
      ...[...section.querySelectorAll("a,area,form,[onclick]")].map((element) =>
        [...element.attributes].map(({ name, value }) => [name, value])),
    ],
  };
})`;

const results = [];
let chips = 0;
for (let first = 0; first < records.length; first += PAGE.records) {
  const group = records.slice(first, first + PAGE.records);
  const sections = group.map(({ html }) => `<section>${html}</section>`);
  // Some records redirect by script.
  const policy = `<meta http-equiv="content-security-policy" content="script-src 'none'">`;
  const page = lab.serve(
    `<!doctype html><meta charset="utf-8">${policy}<title>records</title>${sections.join("<hr>")}`,
  );
  await tab.open(page.url);
  const codes = await settle(page.path);
  chips += await tab.withChips();
  const read = await tab.evaluate(READ);
  for (const [i, record] of group.entries()) {
    const { written, sources } = read[i];
    const found = new Set(codes.filter((code) => written.includes(code)));
    results.push({ record, found, byParser: new Set(sources.flatMap((source) => readSource(source))) });
  }
}
// Some records have errors of their own.
await lab.close().catch(({ message }) => console.log(message.split("\n")[0]));

for (const { record, found, byParser } of results) {
  const say = (what, code) => console.log(`${what}  ${code}  #${record.id} [${record.tags}] ${record.why}`);
  for (const code of record.expected_unique) if (!found.has(code)) say("MISSED", code);
  for (const code of wrong(record, found)) say("FALSE ", code);
  for (const code of found) if (!byParser.has(code)) say("PAGE ONLY", code);
  for (const code of byParser) if (!found.has(code)) say("TEXT ONLY", code);
}
const isClear = ({ record }) => !record.tags.includes("judgement");
report(`${browser}, all records`, results, "found");
report(`${browser}, without judgement`, results.filter(isClear), "found");
report("text parser, all records", results, "byParser");
console.log(`chips: ${chips}`);

function wrong({ expected_unique: expected, optional_codes: optional }, found) {
  return [...found].filter((code) => !expected.includes(code) && !optional.includes(code));
}

function report(name, rows, key) {
  const expected = rows.flatMap(({ record }) => record.expected_unique);
  const hits = rows.flatMap((row) => row.record.expected_unique.filter((code) => row[key].has(code)));
  const misses = rows.flatMap((row) => wrong(row.record, row[key]));
  const share = (part, whole) => (whole ? part / whole : 1).toFixed(4);
  const recall = `recall ${share(hits.length, expected.length)} (${hits.length} of ${expected.length})`;
  const precision = `precision ${share(hits.length, hits.length + misses.length)} (${misses.length} wrong)`;
  console.log(`${name.padEnd(28)} ${recall}  ${precision}`);
}

/** Waits until the page script has told nothing new of a page for a while, and returns the codes that were read on it. */
async function settle(path) {
  let codes = lab.readOn(path);
  for (let quiet = 0; quiet < (codes.length ? QUIET.behind : QUIET.before); quiet += QUIET.step) {
    await new Promise((resolve) => setTimeout(resolve, QUIET.step));
    const { length } = codes;
    codes = lab.readOn(path);
    if (codes.length !== length) quiet = 0;
  }
  return codes;
}
