import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LONG } from "./long.mjs";
import { exit, root, run, setUp } from "./setup.mjs";

/**
 * `npm test`: sets up what is missing, then runs every check, one line each, failures in full. The last line is
 * `N passed, N failed, N skipped`. A check that is not a test file counts as one. `npm test -- types unit` runs only
 * those (builds that a chosen check needs have to be named too, or be there from before). `npm test -- long` runs the long
 * rows of cases that `npm test` leaves out, and `npm test -- trust` prints the table of the security tests from the reports
 * that lie there, and runs none of them. `.ci/run` does all three.
 */

const MINUTE = 60_000;
const node = process.execPath;
const bin = (/** @type {string} */ path) => join(root, "node_modules", path);
const wxt = bin("wxt/bin/wxt.mjs");
const reports = join(root, ".output", "tests");

/** @typedef {{ name: string, args: string[], isVitest?: boolean, env?: Record<string, string> }} Check */

/** @returns {Check} One project of `vitest.config.ts`: its long files, or all others. */
function vitest(/** @type {string} */ project, { workers = 1, isLong = false } = {}) {
  const name = isLong ? `long-${project}` : project;
  const args = [bin("vitest/vitest.mjs"), "run", "-c", "test/vitest.config.ts", "--project", project];
  args.push(`--maxWorkers=${workers}`, "--reporter=default", "--reporter=json");
  args.push(`--outputFile.json=${join(reports, `${name}.json`)}`);
  if (isLong) args.push(...LONG[project]);
  return { name, args, isVitest: true, env: isLong ? {} : { WITHOUT_LONG: "1" } };
}

/**
 * The checks of a group need nothing of each other and run three at a time; a group starts when the one before it has
 * ended. First come those that mostly wait, beside those that compute.
 * @type {Check[][]}
 */
const groups = [
  [{ name: "prepare", args: [wxt, "prepare"] }],
  [
    { name: "build-chrome", args: [wxt, "build"] },
    { name: "build-firefox", args: [wxt, "build", "-b", "firefox"] },
    { name: "build-chrome-e2e", args: [wxt, "build", "--mode", "e2e"] },
    { name: "build-firefox-e2e", args: [wxt, "build", "-b", "firefox", "--mode", "e2e"] },
    { name: "types", args: [bin("typescript/bin/tsc"), "--noEmit"] },
    { name: "lint", args: [bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"] },
    { name: "unused", args: [bin("knip/bin/knip.js"), "--no-progress"] },
    { name: "format", args: [bin("oxfmt/bin/oxfmt"), "--check"] },
  ],
  [{ name: "budget", args: [join(root, "test", "budget.mjs")] }],
  [
    vitest("real-input"),
    vitest("chromium", { workers: 3 }),
    vitest("firefox"),
    vitest("unit", { workers: 2 }),
    vitest("components"),
  ],
  [
    vitest("chromium", { workers: 3, isLong: true }),
    vitest("firefox", { isLong: true }),
    vitest("unit", { workers: 2, isLong: true }),
  ],
  [{ name: "trust", args: [join(root, "test", "trust.mjs")] }],
];
const names = groups.flat().map(({ name }) => name);

/** Those that run only when they are named. */
const isExtra = (/** @type {string} */ name) => name === "trust" || name.startsWith("long-");
const chosen = process.argv
  .slice(2)
  .flatMap((name) => (name === "long" ? names.filter((each) => each.startsWith("long-")) : [name]));
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length) {
  console.error(`There is no check ${unknown.join(", ")}. Checks: ${names.join(" ")} long`);
  process.exit(2);
}
const isChosen = (/** @type {string} */ name) => (chosen.length === 0 ? !isExtra(name) : chosen.includes(name));

const total = { passed: 0, failed: 0, skipped: 0 };

/**
 * Prints the line of a check, and adds it up.
 * @param {string} name
 * @param {number} since In ms, as from `Date.now()`.
 * @param {{ passed?: number, failed?: number, skipped?: number }} counts
 * @param {boolean} isCounted Whether the line shows the counts.
 */
function report(name, since, { passed = 0, failed = 0, skipped = 0 }, isCounted = false) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const sign = failed ? "✗" : skipped ? "○" : "✓";
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  const counts = isCounted ? `  ${passed} passed, ${failed} failed, ${skipped} skipped` : "";
  console.log(`${sign} ${name.padEnd(18)} ${seconds.padStart(6)} s${counts}`);
}

/** Returns the counts of a report of vitest; a file that could not be loaded is one failure. */
function count(/** @type {string} */ file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numPendingTests, numTodoTests, numFailedTests, testResults } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const broken = testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ { status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests + numTodoTests };
}

/** Runs one check and reports it. */
async function check(
  /** @type {Check} */ { name, args, isVitest, env: own },
  /** @type {Record<string, string>} */ env,
) {
  const since = Date.now();
  const file = join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const { code, output } = await run(node, args, { limit: 20 * MINUTE, env: { ...env, ...own } });
  const counts = isVitest ? count(file) : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  // Vitest also fails for an error outside of the tests, which no count shows.
  if (code !== 0) counts.failed ||= 1;
  report(name, since, counts, isVitest);
  if (counts.failed || name === "budget" || name === "trust") console.log(output.trimEnd());
}

const started = Date.now();
let browsers;
try {
  browsers = await setUp({ firefox: isChosen("firefox") || isChosen("long-firefox"), display: isChosen("real-input") });
  report("setup", started, { passed: 1 });
} catch (error) {
  report("setup", started, { failed: 1 });
  console.log(error instanceof Error ? error.message : error);
}

if (browsers) {
  const env = { CHROMIUM_PATH: browsers.chromium, FIREFOX_PATH: browsers.firefox ?? "", NO_COLOR: "1" };
  mkdirSync(reports, { recursive: true });
  for (const group of groups) {
    const waiting = group.filter(({ name }) => isChosen(name));
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await check(next, env);
    };
    await Promise.all([work(), work(), work()]);
  }
}

const { passed, failed, skipped } = total;
console.log(`${((Date.now() - started) / 1000).toFixed(0)} s in all`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
exit(failed ? 1 : 0);
