import { bench } from "./run.mjs";

/**
 * `node test/bench/search.mjs`: builds, reads 300 groups of 1,000 members through the worker, searches them as somebody
 * types, and prints the time of a search, the size of the store and the worker's memory; ends with 1 when a goal is missed.
 */
await bench("search.ts", (/** @type {typeof import("./search")} */ { benchSearch }, log) => benchSearch(log));
