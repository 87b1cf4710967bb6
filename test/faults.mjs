import { printTable } from "./setup.mjs";

/**
 * `node test/faults.mjs`: everything that can go wrong on the way, at every write, against a real HTTP gateway, and each
 * gateway with a manner of its own that was met. Prints for each what was sent, what it did by the gateway's own log, what
 * the agent was told, and whether that is true by the gateway's own world; ends with 1 when something was lost, done twice
 * or untrue. They are tests of the unit project, told to print their tables.
 */
await printTable("FAULTS", ["test/lib/background/jobs/matrix.test.ts", "test/lib/background/jobs/gateways.test.ts"]);
