import { join } from "node:path";
import { root, run, setUp } from "../setup.mjs";

/**
 * `node test/bench/people.mjs`: builds, pastes long lists into the popup, prints the longest task of the page; ends with 1
 * when a goal is missed. `E2E_BUILD=folder` takes a build that is there.
 */

try {
  if (!process.env.E2E_BUILD) {
    process.env.CHROMIUM_PATH = (await setUp({})).chromium;
    const wxt = join(root, "node_modules", "wxt", "bin", "wxt.mjs");
    const { code, output } = await run(process.execPath, [wxt, "build", "--mode", "e2e"], { limit: 300_000 });
    if (code !== 0) throw new Error(output);
  }
  const { runnerImport } = await import("vite");
  const options = { root, configFile: /** @type {const} */ (false), logLevel: /** @type {const} */ ("error") };
  /** @type {{ module: typeof import("./people") }} */
  const { module } = await runnerImport(join(root, "test/bench/people.ts"), options);
  const figures = await module.benchPeople((line) => console.log(line));
  for (const { what, value, goal } of figures) {
    console.log(`${value <= goal ? "✓" : "✗"} ${what}: longest task ${value.toFixed(0)} ms (goal ${goal} ms)`);
  }
  process.exit(figures.every(({ value, goal }) => value <= goal) ? 0 : 1);
} catch (error) {
  console.error(error);
  process.exit(1);
}
