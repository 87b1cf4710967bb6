import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./setup.mjs";

/**
 * `node test/faults.mjs`: everything that can go wrong on the way, at every write, against a real HTTP gateway. Prints for
 * each what was sent, what it did by the server's own log, and the sentences that the agent saw; ends with 1 when something
 * was lost or done twice. It is a test of the unit project, told to print its table.
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
  ],
  { limit: 180_000, env: { FAULTS: "1", NO_COLOR: "1" } },
);
console.log(output.trim());
process.exit(code === 0 ? 0 : 1);
