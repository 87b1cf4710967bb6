import { fork } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DEFENCES } from "./defences.mjs";
import { exit, root, run, setUp } from "./setup.mjs";

/**
 * `node test/mutations.mjs [--shard i/n] [words]`: takes the defences of `defences.mjs` away one by
 * one, in copies of the project, and prints the test that notices each. It fails where none does, where a text to be
 * replaced is not there exactly once, where no test ran at all, and where the same tests fail with the defence in place.
 * The words choose by name or file. The last line is `N passed, N failed, N skipped`; a report lies beside those of
 * `npm test`.
 */

/**
 * One defence without which the tests of its group have to fail.
 * @typedef {import("./defences.d.mts").Group} Group
 * @typedef {{ name: string, group: Group, edits: [from: string, to: string][] }} Mutation
 * @typedef {{ failed: string[], ran: number, error?: string }} Outcome What a run of tests gave.
 */

const MINUTE = 60_000;
const wxt = join(root, "node_modules/wxt/bin/wxt.mjs");
/** What has to be built before the tests of a project can see a change. */
const BUILDS = {
  unit: [],
  components: [],
  build: [[], ["-b", "firefox"]],
  chromium: [["--mode", "e2e"]],
  "real-input": [["--mode", "e2e"]],
};

/** The mutations of all groups, in their order. */
const all = DEFENCES.flatMap((group) =>
  Object.entries(group.defences).map(([name, edits]) => /** @type {Mutation} */ ({ name, group, edits })),
);

const projectOf = (/** @type {Group} */ { project = "unit" }) => project;
const needsBrowser = (/** @type {Group} */ group) => ["chromium", "real-input"].includes(projectOf(group));

/**
 * Which tests notice, as one text: groups with the same one share the run without a mutation.
 * @param {Group} group
 */
const testsOf = ({ project, tests, only }) => JSON.stringify([project, tests, only]);

/** Reads the command line. */
function readArguments() {
  const rest = process.argv.slice(2);
  const at = rest.indexOf("--shard");
  const [shard = 1, shards = 1] = at < 0 ? [] : (rest.splice(at, 2)[1]?.split("/").map(Number) ?? []);
  return { shard, shards, words: rest.join(" ") };
}

/**
 * Runs tests in a copy of the project, in one Vitest that stays between the runs. The other half of `inCopy`.
 * @returns {Promise<void>} when it stands and listens.
 */
async function serve() {
  const { createVitest } = await import("vitest/node");
  /** @type {Awaited<ReturnType<typeof createVitest>>} */
  let vitest;
  /** @type {Outcome} */
  let outcome;
  vitest = await createVitest("test", {
    root: process.cwd(),
    config: join(process.cwd(), "test/vitest.config.ts"),
    watch: false,
    maxWorkers: 1,
    // A busy computer must not pass for a test that noticed.
    testTimeout: 20_000,
    reporters: [
      {
        onTestCaseResult(test) {
          const { state } = test.result();
          if (state !== "skipped") outcome.ran += 1;
          if (state !== "failed") return;
          outcome.failed.push(test.fullName);
          // One is enough, and what a missing defence does to the other tests may take its time.
          void vitest.cancelCurrentRun("test-failure");
        },
      },
    ],
  });
  const runTests = async (/** @type {{ group: Group, edits: Mutation["edits"] }} */ { group, edits }) => {
    outcome = { failed: [], ran: 0 };
    const path = join(process.cwd(), group.file);
    const text = readFileSync(path, "utf8");
    try {
      const mutated = edits.reduce((before, [from, to]) => before.replace(from, () => to), text);
      writeFileSync(path, mutated);
      vitest.invalidateFile(path);
      const project = projectOf(group);
      for (const flags of BUILDS[project]) {
        const { code, output } = await run(process.execPath, [wxt, "build", ...flags], { limit: 3 * MINUTE });
        if (code !== 0) throw new Error(`the build failed: ${output.slice(-300)}`);
      }
      if (group.only === undefined) vitest.resetGlobalTestNamePattern();
      else vitest.setGlobalTestNamePattern(group.only);
      const found = await vitest.globTestSpecifications([group.tests].flat());
      const wanted = project === "build" ? "unit" : project;
      const specifications = found.filter((one) => one.project.name === wanted);
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
      // Vitest also gives the files of earlier runs.
      const files = testModules.filter((file) => specifications.some((one) => one.moduleId === file.moduleId));
      const broken = files.filter((file) => file.state() === "failed").map((file) => basename(file.moduleId));
      if (!outcome.failed.length) outcome.failed.push(...broken);
      if (!outcome.failed.length && unhandledErrors.length) outcome.failed.push("an error outside of the tests");
    } catch (error) {
      outcome.error = String(error);
    } finally {
      writeFileSync(path, text);
      vitest.invalidateFile(path);
    }
    process.send?.(outcome);
  };
  process.on("message", (/** @type {Parameters<typeof runTests>[0]} */ order) => void runTests(order));
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}

/** A copy of the project with a process that runs tests in it. */
async function startCopy(/** @type {Record<string, string>} */ env) {
  const folder = mkdtempSync(join(tmpdir(), "wappfy-mutations-"));
  const left = new Set([".git", ".output", ".browser", ".screenshots", "node_modules"]);
  cpSync(root, folder, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const start = () =>
    fork(join(folder, "test/mutations.mjs"), ["--serve"], {
      cwd: folder,
      env: { ...process.env, ...env },
      silent: true,
    });
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  /** @type {Promise<unknown>} */
  const answer = () =>
    new Promise((resolve) => {
      const end = (/** @type {unknown} */ value) => {
        clearTimeout(timer);
        child?.off("message", end).off("exit", died);
        resolve(value);
      };
      const died = (/** @type {number | null} */ code) =>
        end({ failed: [], ran: 0, error: `the process ended (${code})` });
      const timer = setTimeout(() => child?.kill("SIGKILL"), 4 * MINUTE);
      child?.on("message", end).on("exit", died);
    });
  return {
    /**
     * Runs the tests of a group with these edits. A run that hangs is an error, not a test that noticed.
     * @param {Group} group
     * @param {Mutation["edits"]} edits
     */
    async run(group, edits) {
      if (!child || child.exitCode !== null || child.signalCode !== null) {
        child = start();
        child.stderr?.on("data", (data) => process.env["DEBUG"] && process.stderr.write(data));
        const ready = await answer();
        if (ready !== "ready") return /** @type {Outcome} */ (ready);
      }
      const outcome = answer();
      child.send({ group, edits });
      return /** @type {Promise<Outcome>} */ (outcome);
    },
    close() {
      child?.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What keeps a mutation from being made: a text that is not there exactly once. */
function misfit(/** @type {Mutation} */ { group, edits }) {
  let text = readFileSync(join(root, group.file), "utf8");
  for (const [from, to] of edits) {
    if (text.split(from).length !== 2) return `${group.file} does not hold this exactly once: ${from}`;
    text = text.replace(from, () => to);
  }
  return undefined;
}

async function main() {
  const { shard, shards, words } = readArguments();
  const mutations = all
    .filter(({ name, group }) => name.includes(words) || group.file.includes(words))
    .filter((_, index) => index % shards === shard - 1);
  console.log(`${mutations.length} of ${all.length} mutations`);
  const browsers = mutations.some(({ group }) => needsBrowser(group)) ? await setUp({}) : undefined;
  const env = { NO_COLOR: "1", ...(browsers && { CHROMIUM_PATH: browsers.chromium }) };

  /** The run without a mutation, for each set of tests. @type {Map<string, Promise<Outcome>>} */
  const unmutated = new Map();
  /** @type {{ name: string, status: "passed" | "failed" }[]} */
  const results = [];
  const queue = [...mutations];
  const started = Date.now();
  const count = Math.min(queue.length, Math.max(1, Math.min(2, availableParallelism())));
  const copies = await Promise.all(Array.from({ length: count }, () => startCopy(env)));
  const report = (/** @type {boolean} */ isGood, /** @type {string} */ name, /** @type {string} */ why) => {
    results.push({ name, status: isGood ? "passed" : "failed" });
    console.log(`${isGood ? "✓" : "✗"} ${name.padEnd(60)} ${why}`);
  };
  try {
    await Promise.all(
      copies.map(async (copy) => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const { name, group, edits } = next;
          const wrong = misfit(next);
          if (wrong !== undefined) {
            report(false, name, wrong);
            continue;
          }
          const key = testsOf(group);
          if (!unmutated.has(key)) unmutated.set(key, copy.run(group, []));
          const before = await unmutated.get(key);
          if (!before || before.error || before.failed.length || before.ran === 0) {
            const why = before?.error ?? before?.failed[0] ?? "no test ran";
            report(false, name, `Its tests do not pass with the defence in place: ${why}`);
            continue;
          }
          const since = Date.now();
          const { failed, ran, error } = await copy.run(group, edits);
          const seconds = `${((Date.now() - since) / 1000).toFixed(1)} s`.padStart(7);
          if (error) report(false, name, error);
          else if (failed[0] !== undefined) report(true, name, `${seconds}  caught by ${failed[0]}`);
          else report(false, name, `LIVED through ${ran} tests of ${[group.tests].flat().join(", ")}`);
        }
      }),
    );
  } finally {
    for (const copy of copies) copy.close();
  }
  const reports = join(root, ".output", "tests");
  mkdirSync(reports, { recursive: true });
  const assertionResults = results.map(({ name, status }) => ({ fullName: `T87 without it: ${name}`, status }));
  const file = `mutations${shards > 1 ? `-${shard}` : ""}.json`;
  writeFileSync(
    join(reports, file),
    JSON.stringify({ testResults: [{ name: join(root, "test/mutations.mjs"), status: "passed", assertionResults }] }),
  );
  const failed = results.filter(({ status }) => status === "failed").length;
  console.log(`${((Date.now() - started) / 1000).toFixed(0)} s`);
  console.log(`${results.length - failed} passed, ${failed} failed, 0 skipped`);
  exit(failed || results.length === 0 ? 1 : 0);
}

await (process.argv.includes("--serve") ? serve() : main());
