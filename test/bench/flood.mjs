import { bench } from "./run.mjs";

/** `node test/bench/flood.mjs`: builds, measures what the agent waits while a page floods the worker, prints the figures; ends with 1 when a goal is missed. */
await bench("flood.ts", (/** @type {typeof import("./flood")} */ { benchFlood }, log) => benchFlood(log));
