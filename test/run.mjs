import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run, setUp } from "./setup.mjs";

/**
 * `npm test`: sets up what is missing, then runs every check, one line each, failures in full, and a last line
 * `N passed, N failed`. A check that is not a test file counts as one. `npm test -- types unit` runs only those
 * (builds that a chosen check needs have to be named too, or be there from before).
 */

const MINUTE = 60_000;
const node = process.execPath;
const bin = (/** @type {string} */ path) => join(root, "node_modules", path);
const wxt = bin("wxt/bin/wxt.mjs");
const reports = join(root, ".output", "tests");

/** @type {{ name: string, args: string[], isVitest?: boolean }[]} */
const checks = [
  { name: "prepare", args: [wxt, "prepare"] },
  { name: "types", args: [bin("typescript/bin/tsc"), "--noEmit"] },
  { name: "lint", args: [bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"] },
  { name: "format", args: [bin("oxfmt/bin/oxfmt"), "--check"] },
  { name: "build-chrome", args: [wxt, "build"] },
  { name: "build-firefox", args: [wxt, "build", "-b", "firefox"] },
  { name: "build-chrome-e2e", args: [wxt, "build", "--mode", "e2e"] },
  { name: "build-firefox-e2e", args: [wxt, "build", "-b", "firefox", "--mode", "e2e"] },
  { name: "budget", args: [join(root, "test", "budget.mjs")] },
  ...["unit", "components", "chromium", "real-input", "firefox"].map((name) => ({
    name,
    isVitest: true,
    args: [
      bin("vitest/vitest.mjs"),
      "run",
      "-c",
      "test/vitest.config.ts",
      "--project",
      name,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${join(reports, `${name}.json`)}`,
      // Two browsers side by side wait for each other less than one after the other; more would starve.
      ...(name === "chromium" ? ["--maxWorkers=2"] : []),
    ],
  })),
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length) {
  console.error(`There is no check ${unknown.join(", ")}. Checks: ${checks.map((check) => check.name).join(" ")}`);
  process.exit(2);
}

let passed = 0;
let failed = 0;

/**
 * Prints the line of a check.
 * @param {boolean} isGood
 * @param {string} name
 * @param {number} since
 * @param {string} [more]
 */
function report(isGood, name, since, more = "") {
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  console.log(`${isGood ? "✓" : "✗"} ${name.padEnd(18)} ${seconds.padStart(6)} s  ${more}`.trimEnd());
}

/** Tests that passed and failed, from a report of vitest; a file that could not be loaded is one failure. */
function count(/** @type {string} */ file) {
  if (!existsSync(file)) return { good: 0, bad: 1, skipped: 0 };
  const { numPassedTests, numPendingTests, numTodoTests, numFailedTests, testResults } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const broken = testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ { status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return { good: numPassedTests, bad: numFailedTests + broken.length, skipped: numPendingTests + numTodoTests };
}

const started = Date.now();
let browsers;
try {
  browsers = await setUp({ firefox: chosen.length === 0 || chosen.includes("firefox") });
  passed += 1;
  report(true, "setup", started);
} catch (error) {
  failed += 1;
  report(false, "setup", started);
  console.log(error instanceof Error ? error.message : error);
}

if (browsers) {
  const env = { CHROMIUM_PATH: browsers.chromium, FIREFOX_PATH: browsers.firefox ?? "", NO_COLOR: "1" };
  mkdirSync(reports, { recursive: true });
  for (const { name, args, isVitest } of checks) {
    if (chosen.length && !chosen.includes(name)) continue;
    const since = Date.now();
    const file = join(reports, `${name}.json`);
    rmSync(file, { force: true });
    const { code, output } = await run(node, args, { limit: 18 * MINUTE, env });
    if (isVitest) {
      const { good, bad, skipped } = count(file);
      // Vitest also fails for an error outside of the tests, which no count shows.
      const wrong = bad || (code === 0 ? 0 : 1);
      passed += good;
      failed += wrong;
      report(!wrong, name, since, `${good} passed, ${wrong} failed${skipped ? `, ${skipped} skipped` : ""}`);
      if (wrong) console.log(output);
    } else {
      if (code === 0) passed += 1;
      else failed += 1;
      report(code === 0, name, since);
      if (code !== 0 || name === "budget") console.log(output.trimEnd());
    }
  }
}

report(failed === 0, "all", started);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
