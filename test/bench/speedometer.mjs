import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { close, copyOf, launch, median } from "./browsers.mjs";

/**
 * What the page script costs web applications, by Speedometer 3.1 or newer: `node test/bench/speedometer.mjs FOLDER`, where
 * the folder is a checkout of github.com/WebKit/Speedometer. Its applications stand in frames, so it runs with a copy of the
 * build whose page script runs in frames too. Needs a quiet machine.
 *
 *   --build FOLDER   the built extension; `.output/chrome-mv3` unless given
 *   --pairs N        runs with the extension and without, in turn (8 unless given)
 *   --iterations N   of each run (1 unless given)
 *   --suites A,B     only these applications, by parts of their names
 *   --trace          one more run with the browser's trace: processor time of the page script itself in each application
 *
 * A ratio is the time with the extension by the time without it, as the median of the pairs. Ends with 1 when the ratio of
 * the whole is above 1.02.
 */

const GOAL = 1.02;
const PROCESSOR = "processor time of the pages";
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    build: { type: "string", default: ".output/chrome-mv3" },
    pairs: { type: "string", default: "8" },
    iterations: { type: "string", default: "1" },
    suites: { type: "string" },
    trace: { type: "boolean" },
  },
});
const folder = resolve(positionals[0] ?? "");
if (!positionals[0] || !existsSync(join(folder, "resources/tests.mjs"))) {
  console.error(
    "node test/bench/speedometer.mjs FOLDER: a checkout of github.com/WebKit/Speedometer, branch release/3.1",
  );
  process.exit(2);
}

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".png": "image/png",
};
const server = createServer((request, response) => {
  const path = join(folder, decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
  const file = path.endsWith("/") ? `${path}index.html` : path;
  const isThere = file.startsWith(folder) && existsSync(file);
  response.writeHead(isThere ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  response.end(isThere ? readFileSync(file) : "");
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}/`;

const SIZE = { height: 900 };
const withUs = await launch(inFrames(resolve(options.build)), SIZE);
const without = await launch(undefined, SIZE);
const suites = await chosenSuites();
const query = new URLSearchParams({ startAutomatically: "true", iterationCount: options.iterations, suites });

// The first run of a browser is slower than those that follow.
await measure(without);
await measure(withUs);
const pairs = [];
for (let pair = 0; pair < Number(options.pairs); pair += 1) {
  // Every other pair the other way round, so that what the machine does besides hits both.
  const turns = pair % 2 ? ["ours", "theirs"] : ["theirs", "ours"];
  const taken = {};
  for (const who of turns) taken[who] = await measure(who === "ours" ? withUs : without);
  pairs.push(taken);
  console.log(
    `pair ${pair + 1}: ${ratio(taken, "Geomean").toFixed(3)}, processor ${ratio(taken, PROCESSOR).toFixed(3)}`,
  );
}
for (const name of Object.keys(pairs[0].ours)) if (name !== "Geomean" && name !== PROCESSOR) tell(name);
tell("Geomean");
tell(PROCESSOR);
if (options.trace) await trace();

await close(withUs, without);
server.close();
const whole = median(pairs.map((pair) => ratio(pair, "Geomean")));
console.log(
  `${whole <= GOAL ? "✓" : "✗"} ratio of the whole ${whole.toFixed(3)} (goal ${GOAL}), ${pairs.length} pairs`,
);
process.exit(whole <= GOAL ? 0 : 1);

/**
 * Runs the benchmark once and gives the time of each application in ms, their geometric mean as `Geomean`, and the
 * processor time of all pages as `PROCESSOR`: whatever else the machine does, it stays about the same.
 */
async function measure(context) {
  const browser = await context.browser().newBrowserCDPSession();
  const processorTime = async () => {
    const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
    return 1000 * sum(processInfo.filter(({ type }) => type === "renderer").map(({ cpuTime }) => cpuTime));
  };
  const tab = await context.newPage();
  const before = await processorTime();
  await tab.goto(`${origin}?${query}`);
  await tab.waitForFunction("Object.keys(benchmarkClient.metrics).length > 0", undefined, { timeout: 1_200_000 });
  const times = await tab.evaluate(() => {
    const metrics = Object.values(globalThis.benchmarkClient.metrics);
    const isSuite = ({ name, parent, children }) => name === "Geomean" || (!parent && children.length > 0);
    return Object.fromEntries(metrics.filter(isSuite).map(({ name, mean }) => [name, mean]));
  });
  times[PROCESSOR] = (await processorTime()) - before;
  await browser.detach();
  await tab.close();
  return times;
}

/** Prints the time of the page script's own calls in each application, beside what the application takes. */
async function trace() {
  const browser = await withUs.browser().newBrowserCDPSession();
  const events = [];
  browser.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const categories = ["devtools.timeline", "v8.execute", "loading"];
  await browser.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: categories, traceBufferSizeInKb: 400_000 },
  });
  const times = await measure(withUs);
  const done = new Promise((finished) => browser.once("Tracing.tracingComplete", finished));
  await browser.send("Tracing.end");
  await done;
  const addresses = new Map();
  const spent = new Map();
  let until = 0;
  for (const { name, ts, dur = 0, tdur = dur, args } of events.toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)) {
    const { frame, url = "" } = args?.data ?? {};
    if (name === "CommitLoad") addresses.set(frame, url);
    const isOurs =
      /^(FunctionCall|EvaluateScript|v8\.compile)$/.test(name) && /^chrome-extension:.*invites\.js/.test(url);
    // A call within a call is in it already.
    if (!isOurs || ts < until) continue;
    until = ts + dur;
    const where = new URL(addresses.get(frame) ?? origin).pathname.replace(/index\.html$/, "");
    const one = spent.get(where) ?? { calls: 0, time: 0 };
    spent.set(where, { calls: one.calls + 1, time: one.time + tdur / 1000 });
  }
  console.log(`the page script's own calls (the pages take ${times[PROCESSOR].toFixed(0)} ms of the processor):`);
  for (const [where, { calls, time }] of [...spent].toSorted(([, a], [, b]) => b.time - a.time)) {
    console.log(`  ${time.toFixed(1).padStart(7)} ms in ${String(calls).padStart(5)} calls  ${where}`);
  }
}

function tell(name) {
  const ratios = pairs.map((pair) => ratio(pair, name)).toSorted((a, b) => a - b);
  const time = median(pairs.map(({ theirs }) => theirs[name]));
  console.log(
    `${name.padEnd(42)} ${median(ratios).toFixed(3)} (${ratios[0].toFixed(2)} to ${ratios.at(-1).toFixed(2)}), ${time.toFixed(1)} ms without us`,
  );
}

function ratio({ ours, theirs }, name) {
  return ours[name] / theirs[name];
}

function sum(values) {
  return values.reduce((all, value) => all + value, 0);
}

/** Full names of the chosen applications, or of those that the benchmark takes by itself. */
async function chosenSuites() {
  const tab = await without.newPage();
  await tab.goto(origin);
  const names = await tab.evaluate(async () => {
    const { Suites } = await import("/resources/tests.mjs");
    return Suites.map(({ name, tags, disabled }) => ({ name, isUsual: !disabled && [...tags].includes("default") }));
  });
  await tab.close();
  const parts = options.suites?.split(",");
  const isChosen = ({ name, isUsual }) => (parts ? parts.some((part) => name.includes(part)) : isUsual);
  const chosen = names.filter(isChosen).map(({ name }) => name);
  if (chosen.length === 0) throw new Error(`There are: ${names.map(({ name }) => name).join(", ")}`);
  return chosen.join(",");
}

/** A copy of a build whose page script runs in frames. */
function inFrames(build) {
  const copy = copyOf(build);
  const file = join(copy, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  for (const script of manifest.content_scripts) script.all_frames = true;
  writeFileSync(file, JSON.stringify(manifest));
  return copy;
}
