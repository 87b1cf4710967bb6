import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./setup.mjs";

/**
 * `node test/faults.mjs`: everything that can go wrong on the way, at every write, against a real HTTP gateway, and each
 * gateway with a manner of its own that was met. Prints for each what was sent, what it did by the gateway's own log, what
 * the agent was told, and whether that is true by the gateway's own world; ends with 1 when something was lost, done twice
 * or untrue. They are tests of the unit project, told to print their tables.
 */

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
if (!existsSync(vitest)) {
  console.error("Run `npm test` first: it sets up what is missing.");
  process.exit(2);
}
const { code, output } = await run(
  process.execPath,
  [
    vitest,
    "run",
    "-c",
    "test/vitest.config.ts",
    "--project",
    "unit",
    "--disable-console-intercept",
    "--reporter=dot",
    "test/lib/background/jobs-matrix.test.ts",
    "test/lib/background/jobs-gateways.test.ts",
  ],
  { limit: 180_000, env: { FAULTS: "1", NO_COLOR: "1" } },
);
console.log(output.trim());
process.exit(code === 0 ? 0 : 1);
