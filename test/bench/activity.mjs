import { bench } from "./run.mjs";

/**
 * `node test/bench/activity.mjs`: builds, measures the opening of Activity and a letter typed into its search, prints the
 * figures; ends with 1 when a goal is missed.
 */
await bench("activity.ts", (/** @type {typeof import("./activity")} */ { benchActivity }, log) => benchActivity(log));
