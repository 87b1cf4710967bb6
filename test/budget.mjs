import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SourceMap } from "node:module";
import { gzipSync } from "node:zlib";
import { build as bundle, parseSync } from "vite";

/**
 * Measures the built files against what they may weigh, prints the figures, and fails when one is too heavy. The page script
 * weighs on every page that the agent visits, the popup's first load on every press of the toolbar button. `node
 * test/budget.mjs modules` prints how many bytes of the page script come from which of its modules.
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
  'for "This page"': /page.(?:look|ring)\.ts$/,
  "on pages with an invite": /./,
});

/** Prints the bytes of the page script that come from each of its modules, the heaviest first, and when they run. */
async function tellModules() {
  const built = await bundle({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      sourcemap: true,
      lib: { entry: "entrypoints/invites.ts", formats: ["iife"], name: "invites" },
    },
  });
  const [script] = /** @type {import("vite").Rolldown.RolldownOutput[]} */ (built)[0]?.output ?? [];
  if (!script?.map) throw new Error("the page script was built without its map");
  const map = new SourceMap(JSON.parse(script.map.toString()));
  /** @type {Map<string, number>} */
  const bytes = new Map();
  for (const [line, text] of script.code.split("\n").entries()) {
    for (let column = 0; column < text.length; column += 1) {
      const entry = map.findEntry(line, column);
      const source = "originalSource" in entry ? entry.originalSource : undefined;
      const module = source?.replace(/^.*\/(?=lib|entrypoints)/, "") ?? "no module";
      bytes.set(module, (bytes.get(module) ?? 0) + 1);
    }
  }
  const sums = new Map();
  for (const [module, count] of [...bytes].toSorted(([, a], [, b]) => b - a)) {
    console.log(`${String(count).padStart(7)} bytes  ${module}`);
    const [when] = Object.entries(WHEN).find(([, modules]) => modules.test(module)) ?? [];
    sums.set(when, (sums.get(when) ?? 0) + count);
  }
  for (const [when, sum] of sums) console.log(`${(sum / KB).toFixed(1).padStart(7)} KB     ${when}`);
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
      limits: { raw: 27 * KB, gzip: 11.3 * KB },
    },
    ...["popup", "sidepanel", "app", "options", "welcome"].map((page) => ({
      what: `${page}, first load`,
      files: firstLoad(build, `${page}.html`),
      limits: { raw: Infinity, gzip: 46 * KB },
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
