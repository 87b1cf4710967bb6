import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SourceMap } from "node:module";
import { gzipSync } from "node:zlib";
import { build as bundle, parseSync } from "vite";

/**
 * Measures the built files against what they may weigh, prints the figures, and fails when one is too heavy. The page script
 * weighs on every page that the agent visits, the popup's first load on every press of the toolbar button. `node
 * test/budget.mjs modules` prints how many bytes of the page script and of the popup's first scripts come from which of their
 * modules.
 */

const KB = 1024;
const builds = [".output/chrome-mv3", ".output/firefox-mv3"];

/** Returns scripts and everything that they import before they run, not what comes later. */
function withImports(/** @type {string[]} */ scripts) {
  const waiting = [...scripts];
  const files = new Set();
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const { module } = parseSync(file, readFileSync(file, "utf8"));
    const from = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)];
    for (const { moduleRequest } of from) if (moduleRequest) waiting.push(resolve(dirname(file), moduleRequest.value));
  }
  return [...files];
}

/** Returns what a page of ours loads before it shows anything: its document, its style sheets, its scripts and their imports. */
function firstLoad(/** @type {string} */ build, /** @type {string} */ page) {
  const path = join(build, page);
  const html = readFileSync(path, "utf8");
  const loaded = (/** @type {RegExp} */ pattern) =>
    [...html.matchAll(pattern)].map(([, address]) => resolve(build, `.${address}`));
  const scripts = loaded(/<script[^>]+src="([^"]+)"/g);
  const styles = loaded(/<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"/g);
  return [path, ...styles, ...withImports(scripts)];
}

/** Bytes of files as they are and compressed one by one, as they lie in a store's package. */
function weigh(/** @type {string[]} */ files) {
  const contents = files.map((file) => readFileSync(file));
  return {
    raw: contents.reduce((sum, content) => sum + content.length, 0),
    gzip: contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0),
  };
}

/** When a module of the page script runs: all others place chips, which a page without an invite never asks for. */
const WHEN = /** @type {const} */ ({
  "on every page": /^entrypoints|page.(?:dom|find|line|listen|visit|watch)\.ts$/,
  'for "This page"': /page.(?:search|ring)\.ts$/,
  "on pages with an invite": /./,
});

/** @typedef {import("vite").Rolldown.OutputChunk} Script */

/** Builds a script with its source map; returns it and what it imports before it runs. */
async function buildScripts(/** @type {import("vite").BuildOptions} */ options) {
  const built = await bundle({
    configFile: false,
    logLevel: "silent",
    build: { write: false, sourcemap: true, ...options },
  });
  const { output } = /** @type {import("vite").Rolldown.RolldownOutput[]} */ ([built].flat())[0];
  const scripts = new Map();
  const waiting = [output[0].fileName];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (scripts.has(file)) continue;
    const script = /** @type {Script} */ (output.find(({ fileName }) => fileName === file));
    scripts.set(file, script);
    waiting.push(...script.imports);
  }
  return [...scripts.values()];
}

/** Returns the bytes of scripts by the module that they come from, the heaviest first. */
function bytesOf(/** @type {Script[]} */ scripts) {
  /** @type {Map<string, number>} */
  const bytes = new Map();
  for (const { code, map } of scripts) {
    if (!map) {
      // The bundler's own, which loads the others.
      bytes.set("no module", (bytes.get("no module") ?? 0) + code.length);
      continue;
    }
    const sources = new SourceMap(JSON.parse(map.toString()));
    for (const [line, text] of code.split("\n").entries()) {
      for (let column = 0; column < text.length; column += 1) {
        const entry = sources.findEntry(line, column);
        const source = "originalSource" in entry ? entry.originalSource : undefined;
        const module = source?.replace(/^.*?\/(?=(?:lib|entrypoints|components|node_modules)\/)/, "") ?? "no module";
        bytes.set(module, (bytes.get(module) ?? 0) + 1);
      }
    }
  }
  return [...bytes].toSorted(([, a], [, b]) => b - a);
}

/** Prints the bytes of the page script that come from each of its modules, and when they run; then those of the popup. */
async function tellModules() {
  const pageScript = await buildScripts({
    lib: { entry: "entrypoints/invites.ts", formats: ["iife"], name: "invites" },
  });
  const sums = new Map();
  console.log("page script");
  for (const [module, count] of bytesOf(pageScript)) {
    console.log(`${String(count).padStart(7)} bytes  ${module}`);
    const [when] = Object.entries(WHEN).find(([, modules]) => modules.test(module)) ?? [];
    sums.set(when, (sums.get(when) ?? 0) + count);
  }
  for (const [when, sum] of sums) console.log(`${(sum / KB).toFixed(1).padStart(7)} KB     ${when}`);
  console.log("popup, first scripts");
  const popup = await buildScripts({ rolldownOptions: { input: "entrypoints/popup/main.tsx" } });
  for (const [module, count] of bytesOf(popup)) console.log(`${String(count).padStart(7)} bytes  ${module}`);
}

if (process.argv[2] === "modules") {
  await tellModules();
  process.exit();
}

let isHeavy = false;
for (const build of builds) {
  const rows = [
    {
      what: "page script",
      files: [join(build, "invites.js")],
      limits: { raw: 28.5 * KB, gzip: 11.9 * KB },
    },
    ...["popup", "sidepanel", "app", "options", "welcome"].map((page) => ({
      what: `${page}, first load`,
      files: firstLoad(build, `${page}.html`),
      // The others have the rules for wide windows, too.
      limits: { raw: Infinity, gzip: (page === "popup" ? 32 : 33) * KB },
    })),
    { what: "worker", files: withImports([join(build, "background.js")]), limits: { raw: Infinity, gzip: Infinity } },
  ];
  for (const { what, files, limits } of rows) {
    const weight = weigh(files.map((file) => resolve(file)));
    const figures = /** @type {const} */ (["raw", "gzip"]).map((kind) => {
      const isOver = weight[kind] > limits[kind];
      isHeavy ||= isOver;
      const limit = `${limits[kind] === Infinity ? "" : ` of ${limits[kind] / KB}`}${isOver ? " TOO HEAVY" : ""}`;
      return `${(weight[kind] / KB).toFixed(1)} KB ${kind}${limit}`;
    });
    console.log(`  ${build.slice(".output/".length).padEnd(12)} ${what.padEnd(22)} ${figures.join(", ")}`);
  }
}
process.exit(isHeavy ? 1 : 0);
