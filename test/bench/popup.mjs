import { bench } from "./run.mjs";

/** `node test/bench/popup.mjs`: builds, measures the popup, prints the figures; ends with 1 when a goal is missed. */
await bench("popup.ts", (/** @type {typeof import("./popup")} */ { benchPopup }, log) => benchPopup(log));
