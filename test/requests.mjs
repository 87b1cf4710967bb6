import { printTable } from "./setup.mjs";

/**
 * `node test/requests.mjs`: how many requests each flow costs, against the least that would do. Ends with 1 when one costs
 * more than twice that and one. It is a test of the unit project, told to print its table.
 */
await printTable("REQUESTS", ["test/lib/background/requests.test.ts"]);
