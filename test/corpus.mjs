/**
 * Scores the finding of invites on a labelled corpus, and lists every miss and every false find with the reason that the
 * corpus gives: `node test/corpus.mjs <path of a .jsonl> [folder of the built extension]`.
 *
 * Each record goes through the real page script in a real Chromium: a code counts as found when a chip stands in the
 * record and a press of this chip asks for the code. Only the worker is replaced, by one that writes down what it is
 * asked. Beside it the same records go through the text parser alone; where the two differ, the record is listed.
 *
 * A record is `{id, html, expected_unique, optional_codes, tags, why}`. Recall: codes of `expected_unique` found. Wrong:
 * codes found that are in neither list. Both are counted over the unique codes of each record.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { chromium } from "playwright-core";
import { parserScript } from "./parser.mjs";

const [path, dir = ".output/chrome-mv3"] = process.argv.slice(2);
if (!path) {
  console.error("node test/corpus.mjs <path of a .jsonl> [folder of the built extension]");
  process.exit(2);
}
const records = readFileSync(path, "utf8").split("\n").filter(Boolean).map(JSON.parse);
const RECORDS_PER_PAGE = 8;
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
for (const [number, group] of pages.entries()) {
  await page.goto(`http://127.0.0.1:${server.address().port}/${number}`);
  await settle();
  const found = await pressAll();
  for (const [i, record] of group.entries()) {
    const sources = await page
      .locator(`#record-${i}`)
      .evaluate((section) => [
        [["", section.innerText]],
        ...[...section.querySelectorAll("a,area,form,[onclick]")].map((element) =>
          [...element.attributes].map(({ name, value }) => [name, value]),
        ),
      ]);
    const byParser = new Set(sources.flatMap(readSource));
    results.push({ record, found: found[i] ?? new Set(), byParser });
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

/** Waits until the page script has said nothing new for a while. */
async function settle() {
  let before = -1;
  for (;;) {
    const chips = (await chipsOf()).length;
    if (chips === before) return;
    before = chips;
    await page.waitForTimeout(1_500);
  }
}

/** The chips of the page as CDP nodes, with the number of the record in which each stands. */
async function chipsOf() {
  const { root } = await session.send("DOM.getDocument", { depth: -1, pierce: true });
  const chips = [];
  const visit = (node, record) => {
    const id = /^record-(\d+)$/.exec(attribute(node, "id") ?? "")?.[1];
    const own = id === undefined ? record : Number(id);
    for (const shadow of node.shadowRoots ?? []) {
      const button =
        shadow.shadowRootType === "closed" && shadow.children?.find(({ localName }) => localName === "button");
      if (button) chips.push({ record: own, backendNodeId: button.backendNodeId });
      visit(shadow, own);
    }
    for (const child of node.children ?? []) visit(child, own);
  };
  visit(root);
  return chips;
}

function attribute({ attributes = [] }, name) {
  const at = attributes.findIndex((value, i) => i % 2 === 0 && value === name);
  return at < 0 ? undefined : attributes[at + 1];
}

/** Presses every chip by the keyboard and gives the codes that were asked for, by record. */
async function pressAll() {
  const found = [];
  for (const { record, backendNodeId } of await chipsOf()) {
    const asked = () => worker.evaluate(() => globalThis.staged);
    const before = (await asked()).length;
    await session.send("DOM.focus", { backendNodeId });
    await page.keyboard.press("Enter");
    for (let tries = 0; tries < 40 && (await asked()).length === before; tries += 1) await page.waitForTimeout(25);
    const code = (await asked())[before];
    if (code) (found[record] ??= new Set()).add(code);
  }
  return found;
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
     chrome.runtime.onMessage.addListener(({ command, input }, _sender, reply) => {
       if (command === "stageInvite") globalThis.staged.push(input.code);
       reply({ ok: true, value: command === "reportInvites" ? { invites: input.sources.map((source) => parser.readSource(source)), looks: ["", "", "", ""] } : true });
       return true;
     });`,
  );
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    headless: true,
    ignoreDefaultArgs: ["--disable-extensions"],
    args: [
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--no-first-run",
      // Images and frames of the records lead nowhere.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
  return { context, worker: context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker")) };
}
