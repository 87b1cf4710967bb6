import { join } from "node:path";
import { root, run, setUp } from "../setup.mjs";

/** `node test/bench/popup.mjs`: builds, measures the popup, prints the figures; ends with 1 when a goal is missed. */

try {
  process.env.CHROMIUM_PATH = (await setUp({})).chromium;
  const wxt = join(root, "node_modules", "wxt", "bin", "wxt.mjs");
  const { code, output } = await run(process.execPath, [wxt, "build", "--mode", "e2e"], { limit: 300_000 });
  if (code !== 0) throw new Error(output);
  const { runnerImport } = await import("vite");
  const options = { root, configFile: /** @type {const} */ (false), logLevel: /** @type {const} */ ("error") };
  /** @type {{ module: typeof import("./popup") }} */
  const { module } = await runnerImport(join(root, "test/bench/popup.ts"), options);
  const figures = await module.benchPopup((line) => console.log(line));
  for (const { what, value, goal, unit } of figures) {
    console.log(`${value <= goal ? "✓" : "✗"} ${what}: ${value.toFixed(2)}${unit} (goal ${goal}${unit})`);
  }
  process.exit(figures.every(({ value, goal }) => value <= goal) ? 0 : 1);
} catch (error) {
  console.error(error);
  process.exit(1);
}
