import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";
import { exit, root, setUp } from "./setup.mjs";

/**
 * Where the chips stand: `node test/placement.mjs [--browser firefox] [--only words] [--build folder] [--shots folder]`.
 * Opens each page of `placement/` without and with the extension, in a real browser, and counts what the chips cover,
 * leave, move and take. Needs a build; the production one of the browser unless another is named. Ends with 1 when a bar
 * is passed.
 */

const { values } = parseArgs({
  options: {
    browser: { type: "string", default: "chromium" },
    only: { type: "string", default: "" },
    build: { type: "string" },
    shots: { type: "string" },
  },
});
const browser = values.browser === "firefox" ? "firefox" : "chromium";
const installed = await setUp({ firefox: browser === "firefox" });
process.env.CHROMIUM_PATH = installed.chromium;
process.env.FIREFOX_PATH = installed.firefox ?? "";
const build = resolve(values.build ?? join(root, ".output", browser === "firefox" ? "firefox-mv3" : "chrome-mv3"));
if (values.shots) mkdirSync(values.shots, { recursive: true });

/** @param {string} file */
const load = async (file) =>
  (await runnerImport(join(root, file), { root, configFile: false, logLevel: "error" })).module;
/** @type {typeof import("./placement/lab")} */
const { Lab } = await load("test/placement/lab.ts");
/** @type {typeof import("./placement/measure")} */
const { LAYOUTS, measureAll, judgeResults, BARS } = await load("test/placement/measure.ts");

const kinds = /** @type {(keyof typeof BARS)[]} */ (Object.keys(BARS));
console.log("chips/invites".padEnd(14), kinds.map((kind) => kind.padEnd(9)).join(" "), "page");
const lab = await Lab.start(browser, build);
/** @param {import("./placement/measure").Result} result */
const tell = ({ name, chips, invites, faults }) => {
  const counts = kinds.map((kind) => String(faults[kind].length || "·").padEnd(9)).join(" ");
  console.log(`${chips}/${invites}`.padEnd(14), counts, name);
};
const layouts = LAYOUTS.filter(({ name }) => name.includes(values.only));
const results = await measureAll(lab, layouts, browser === "firefox" ? 1 : 3, tell, values.shots);
await lab.close();
console.log();
let isGood = true;
for (const { what, count, most, of, where } of Object.values(judgeResults(results))) {
  isGood &&= count <= most;
  console.log(`${count <= most ? "✓" : "✗"} ${what}: ${count} of ${of} (at most ${most})`);
  for (const line of where) console.log(`    ${line}`);
}
exit(isGood ? 0 : 1);
