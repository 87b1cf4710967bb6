import { bench } from "./run.mjs";

/**
 * `node test/bench/people.mjs`: builds, pastes long lists into the popup, prints the longest task of the page; ends with 1
 * when a goal is missed.
 */
await bench("people.ts", (/** @type {typeof import("./people")} */ { benchPeople }, log) => benchPeople(log));
