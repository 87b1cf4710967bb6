import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "../chromium.mjs";

/** Browsers, traces and figures of the benches of the page script. */

const folders = [];
let isGood = true;

/**
 * Serves documents by their names and gives the address of one. A name that ends in `.js` is a script.
 * @param {Map<string, string>} documents
 */
export async function serve(documents) {
  const server = createServer((request, response) => {
    const html = documents.get(new URL(request.url, "http://x").pathname.slice(1));
    const type = request.url?.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    response.writeHead(html ? 200 : 404, { "content-type": type });
    response.end(html);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return (name) => `http://127.0.0.1:${server.address().port}/${name}`;
}

/** Closes browsers, and removes the copies of the extension. */
export async function close(...contexts) {
  await Promise.all(contexts.map((context) => context.close()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** The same, and ends the process: with 1 when a limit was passed. */
export async function end(...contexts) {
  await close(...contexts);
  process.exit(isGood ? 0 : 1);
}

/** Measures turn by turn, forwards and backwards, so that what the machine does besides hits all alike. */
export async function inTurns(runs, measures) {
  const turns = Object.entries(measures);
  const taken = mapValues(measures, () => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [name, measure] of run % 2 ? turns : turns.toReversed()) taken[name].push(await measure());
  }
  return taken;
}

export function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** Prints figures, each beside its limit. */
export function tell(...figures) {
  for (const { what, value, limit, unit, note = "" } of figures) {
    isGood &&= value <= limit;
    console.log(
      `${value <= limit ? "✓" : "✗"} ${what}: ${value.toFixed(2)}${unit} of ${limit.toFixed(2)}${unit} ${note}`,
    );
  }
}

/** A copy of the extension, which goes at the end. */
export function copyOf(dir) {
  const copy = mkdtempSync(join(tmpdir(), "wappfy-copy-"));
  folders.push(copy);
  cpSync(dir, copy, { recursive: true });
  return copy;
}

/** A copy of the extension with another page script, and a worker that does nothing. */
export function withScript(dir, code) {
  const copy = copyOf(dir);
  writeFileSync(join(copy, "invites.js"), code);
  writeFileSync(join(copy, "background.js"), "");
  return copy;
}

/** A Chromium, with the extension or without. */
export async function launch(extension, size) {
  const context = await launchChromium(extension, size);
  // The welcome page opens by itself, and would be measured along.
  await new Promise((wait) => setTimeout(wait, 1500));
  for (const tab of context.pages().slice(1)) await tab.close();
  return context;
}

/** Starts the trace of a page's main thread; `stop` gives the calls into our scripts, in ms. */
export async function startTrace(tab) {
  const browser = await tab.context().browser().newBrowserCDPSession();
  const events = [];
  browser.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await browser.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["devtools.timeline", "v8.execute", "v8.compile"] },
  });
  return {
    async stop(isCall) {
      const done = new Promise((resolve) => browser.once("Tracing.tracingComplete", resolve));
      await browser.send("Tracing.end");
      await done;
      await browser.detach();
      const kinds = new Set(["FunctionCall", "EvaluateScript", "v8.compile"]);
      const calls = events
        .filter(({ ph, name, dur, args }) => ph === "X" && dur && kinds.has(name) && isCall(args?.data ?? {}))
        .toSorted((a, b) => a.ts - b.ts || b.dur - a.dur);
      // A call within a call is in it already. `tdur` is the time of the thread itself, whatever else the machine does.
      let until = 0;
      const times = [];
      for (const { ts, dur, tdur } of calls) {
        if (ts < until) continue;
        until = ts + dur;
        times.push((tdur ?? dur) / 1000);
      }
      return times;
    },
  };
}

/** The buttons of the chips, as boxes in the window: they stand in a closed root of a host beside the body. */
export async function chipsOn(tab) {
  const session = await tab.context().newCDPSession(tab);
  const { root } = await session.send("DOM.getDocument", { depth: 2 });
  const html = root.children.find(({ localName }) => localName === "html");
  const boxes = [];
  for (const { backendNodeId } of html.children.filter(({ localName }) => !/^(?:head|body)$/.test(localName))) {
    const { node } = await session.send("DOM.describeNode", { backendNodeId, depth: -1, pierce: true });
    for (const button of buttonsIn(node)) {
      const { object } = await session.send("DOM.resolveNode", { backendNodeId: button });
      const { result } = await session.send("Runtime.callFunctionOn", {
        objectId: object.objectId,
        functionDeclaration: "function () { return this.getBoundingClientRect().toJSON() }",
        returnByValue: true,
      });
      boxes.push(result.value);
    }
  }
  await session.detach();
  return boxes.filter(({ width }) => width);
}

function buttonsIn({ backendNodeId, localName, children = [], shadowRoots = [] }) {
  return [...(localName === "button" ? [backendNodeId] : []), ...[...shadowRoots, ...children].flatMap(buttonsIn)];
}

export function total(times) {
  if (!times.length) throw new Error("the page script left no trace");
  return times.reduce((sum, time) => sum + time, 0);
}

export function longest(times) {
  return Math.max(0, ...times);
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** Half of the distance between the quarters. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * 0.75)] - sorted[Math.floor(sorted.length * 0.25)]) / 2;
}
