import { bench } from "./run.mjs";

/**
 * `node test/bench/numbers.mjs`: reads 20,000 random valid numbers of the 60 largest countries, each in five spellings, and
 * prints how many of them became somebody else or were not taken, the same ones in each run; ends with 1 when a goal is
 * missed. It opens no browser, so nothing is built for it.
 */
process.env.E2E_BUILD ??= "none";
await bench("numbers.ts", async (/** @type {typeof import("./numbers")} */ { benchNumbers }, log) => benchNumbers(log));
