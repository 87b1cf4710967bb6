import { bench } from "./run.mjs";

/**
 * `node test/bench/table.mjs`: builds, opens a file of contact cards of 60 MB and the table of 500 people in 50 groups in the
 * popup, prints the longest task of each; ends with 1 when a goal is missed.
 */
await bench("table.ts", (/** @type {typeof import("./table")} */ { benchTable }, log) => benchTable(log));
