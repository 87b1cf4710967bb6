/**
 * Scores the finding of invites on a labelled corpus, and lists every miss and every false find with the reason that the
 * corpus gives: `node test/corpus.mjs <path of a .jsonl> [folder of the built extension]`.
 *
 * Each record goes through the real page script in a real Chromium: a code counts as found when the worker reads it in what
 * the page script tells of the page. Only the worker is replaced, by one that writes down what it reads and is asked. The
 * last line counts the codes that a press on a chip asks for: where a page has no room beside a link, it has no chip.
 * Beside it the same records go through the text parser alone; where the two differ, the record is listed.
 *
 * A record is `{id, html, expected_unique, optional_codes, tags, why}`. Recall: codes of `expected_unique` found. Wrong:
 * codes found that are in neither list. Both are counted over the unique codes of each record.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { launchChromium } from "./chromium.mjs";
import { parserScript } from "./parser.mjs";

const [path, dir = ".output/chrome-mv3"] = process.argv.slice(2);
if (!path) {
  console.error("node test/corpus.mjs <path of a .jsonl> [folder of the built extension]");
  process.exit(2);
}
const records = readFileSync(path, "utf8").split("\n").filter(Boolean).map(JSON.parse);
const RECORDS_PER_PAGE = 8;
const look = readFileSync("lib/background/page/chip.css", "utf8");
const folder = mkdtempSync(join(tmpdir(), "wappfy-corpus-"));

const parser = await parserScript();
const { readSource } = runInNewContext(`${parser}; parser`);
const pages = records.reduce((all, record, i) => {
  if (i % RECORDS_PER_PAGE === 0) all.push([]);
  all.at(-1).push(record);
  return all;
}, []);

const server = createServer((request, response) => {
  const page = pages[Number(request.url.slice(1))] ?? [];
  const sections = page.map(({ html }, i) => `<section id="record-${i}">${html}</section>`);
  response.setHeader("content-type", "text/html; charset=utf-8");
  // Some records redirect by script.
  response.setHeader("content-security-policy", "script-src 'none'");
  response.end(`<!doctype html><title>records</title><link rel="icon" href="data:,">${sections.join("<hr>")}`);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const { context, worker } = await launch();
const page = await context.newPage();
const session = await context.newCDPSession(page);
await page.setViewportSize({ width: 1280, height: 12_000 });

const results = [];
let pressed = 0;
for (const [number, group] of pages.entries()) {
  await page.goto(`http://127.0.0.1:${server.address().port}/${number}`);
  const codes = await settle();
  pressed += await pressAll();
  for (const [i, record] of group.entries()) {
    // Where a page draws nothing, the code is that of another record.
    const written = await page.locator(`#record-${i}`).evaluate((section) => {
      for (const hidden of section.querySelectorAll("script,style,template,option")) hidden.remove();
      return section.innerHTML + section.textContent.replace(/[^a-z0-9]/gi, "");
    });
    const found = new Set(codes.filter((code) => written.includes(code)));
    const sources = await page
      .locator(`#record-${i}`)
      .evaluate((section) => [
        [["", section.innerText]],
        ...[...section.querySelectorAll("a,area,form,[onclick]")].map((element) =>
          [...element.attributes].map(({ name, value }) => [name, value]),
        ),
      ]);
    const byParser = new Set(sources.flatMap(readSource));
    results.push({ record, found, byParser });
  }
}
await context.close();
server.close();
rmSync(folder, { recursive: true, force: true });

for (const { record, found, byParser } of results) {
  const say = (what, code) => console.log(`${what}  ${code}  #${record.id} [${record.tags}] ${record.why}`);
  for (const code of record.expected_unique) if (!found.has(code)) say("MISSED", code);
  for (const code of wrong(record, found)) say("FALSE ", code);
  for (const code of found) if (!byParser.has(code)) say("PAGE ONLY", code);
  for (const code of byParser) if (!found.has(code)) say("TEXT ONLY", code);
}
report("page, all records", results, "found");
report(
  "page, without judgement",
  results.filter(({ record }) => !record.tags.includes("judgement")),
  "found",
);
report("text parser, all records", results, "byParser");
console.log(`chips whose press asks for their code: ${pressed}`);

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
  console.log(`${name.padEnd(26)} ${recall}  ${precision}`);
}

/** Waits until the page script has said nothing new for a while, and returns the codes that were read on this page. */
async function settle() {
  let before = -1;
  for (;;) {
    const codes = await worker.evaluate(() => globalThis.read);
    if (codes.length === before) return codes;
    before = codes.length;
    await page.waitForTimeout(1_500);
  }
}

/** Presses every chip by the keyboard, and returns how many codes were asked for. Then begins anew. */
async function pressAll() {
  const { root } = await session.send("DOM.getDocument", { depth: -1, pierce: true });
  const html = root.children?.find(({ localName }) => localName === "html");
  const shadows = (html?.children ?? []).flatMap(({ shadowRoots = [] }) => shadowRoots);
  for (const { nodeId } of shadows) {
    const { nodeIds } = await session.send("DOM.querySelectorAll", { nodeId, selector: "button:not([hidden])" });
    for (const button of nodeIds) {
      await session.send("DOM.focus", { nodeId: button });
      await page.keyboard.press("Enter");
    }
  }
  await page.waitForTimeout(200);
  return worker.evaluate(() => {
    const count = new Set(globalThis.staged).size;
    globalThis.staged = [];
    globalThis.read = [];
    return count;
  });
}

/** A Chromium with the built extension, its worker replaced. */
async function launch() {
  const extension = join(folder, "extension");
  cpSync(resolve(dir), extension, { recursive: true });
  const { background } = JSON.parse(readFileSync(join(extension, "manifest.json"), "utf8"));
  writeFileSync(
    join(extension, background.service_worker),
    `${parser}
     globalThis.staged = [];
     globalThis.read = [];
     chrome.runtime.onMessage.addListener(({ command, input }, _sender, reply) => {
       if (command === "stageInvite") globalThis.staged.push(input.code);
       if (command !== "reportInvites") return reply({ ok: true, value: true });
       const invites = input.sources.map((source) => parser.readSource(source));
       read.push(...invites.flat());
       reply({ ok: true, value: { invites, look: ${JSON.stringify(look)} } });
       return true;
     });`,
  );
  // Images and frames of the records lead nowhere.
  const args = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
  const context = await launchChromium(extension, { args });
  return { context, worker: context.serviceWorkers()[0] };
}
