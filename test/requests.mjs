import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./setup.mjs";

/**
 * `node test/requests.mjs`: how many requests each flow costs, against the least that would do. Ends with 1 when one costs
 * more than twice that and one. It is a test of the unit project, told to print its table.
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
    "test/lib/background/requests.test.ts",
  ],
  { limit: 180_000, env: { REQUESTS: "1", NO_COLOR: "1" } },
);
console.log(output.trim());
process.exit(code === 0 ? 0 : 1);
