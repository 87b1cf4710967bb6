import { join } from "node:path";
import { root, run, setUp } from "../setup.mjs";

/**
 * Builds the extension for a bench, runs it, prints a line for each figure, and ends the process: with 1 when a goal is
 * missed. `E2E_BUILD=folder` takes a build that is there.
 * @template {{ what: string, value: number, goal: number, unit: string }} Figure
 * @template Module
 * @param {string} file The module of the bench, in this folder.
 * @param {(module: Module, log: (line: string) => void) => Promise<Figure[]>} measure
 */
export async function bench(file, measure) {
  try {
    if (!process.env.E2E_BUILD) {
      process.env.CHROMIUM_PATH = (await setUp({})).chromium;
      const wxt = join(root, "node_modules", "wxt", "bin", "wxt.mjs");
      const { code, output } = await run(process.execPath, [wxt, "build", "--mode", "e2e"], { limit: 300_000 });
      if (code !== 0) throw new Error(output);
    }
    const { runnerImport } = await import("vite");
    const options = { root, configFile: /** @type {const} */ (false), logLevel: /** @type {const} */ ("error") };
    const imported = await runnerImport(join(root, "test/bench", file), options);
    const figures = await measure(/** @type {Module} */ (imported.module), (line) => console.log(line));
    for (const { what, value, goal, unit } of figures) {
      console.log(`${value <= goal ? "✓" : "✗"} ${what}: ${value.toFixed(2)}${unit} (goal ${goal}${unit})`);
    }
    process.exit(figures.every(({ value, goal }) => value <= goal) ? 0 : 1);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}
