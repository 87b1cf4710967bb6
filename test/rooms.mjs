import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runnerImport } from "vite";
import { root } from "./setup.mjs";

/** `npm run draw`: draws which folders import which others, from the sources, into docs/architecture.md. */

/** @type {typeof import("./sources")} */
const { readSources } = (
  await runnerImport(join(root, "test/sources.ts"), { root, configFile: false, logLevel: "error" })
).module;

/** Returns the folder that stands for a file in the picture: a room of the worker has its own. */
function roomOf(/** @type {string} */ path) {
  const [top, second = "", third = "", ...rest] = path.split("/");
  if (top !== "lib") return top ?? "";
  return second === "background" && rest.length > 0 ? `lib/background/${third}` : `lib/${second}`;
}

/**
 * How many imports go from one room to another, by `from to`; types alone do not count.
 * @type {Map<string, number>}
 */
const counts = new Map();
for (const { path, imports } of readSources(["entrypoints", "components", "lib"])) {
  for (const { file, isType } of imports) {
    if (file === undefined || isType || !/\.tsx?$/.test(file)) continue;
    const arrow = `${roomOf(path)} ${roomOf(file)}`;
    if (roomOf(path) !== roomOf(file)) counts.set(arrow, (counts.get(arrow) ?? 0) + 1);
  }
}
const id = (/** @type {string} */ room) => room.replaceAll("/", "_");
const arrows = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
const rooms = [...new Set(arrows.flatMap(([arrow]) => arrow.split(" ")))].toSorted((a, b) => (a < b ? -1 : 1));
const isRoom = (/** @type {string} */ room) => room.startsWith("lib/background");
/** Files that lie in no room put the rooms together. */
const nameOf = (/** @type {string} */ room) =>
  room === "lib/background" ? "worker.ts, router.ts, handlers.ts" : room.replace("lib/background/", "");
const lines = [
  "flowchart TD",
  ...rooms.filter((room) => !isRoom(room)).map((room) => `  ${id(room)}["${room}"]`),
  "  subgraph worker [the worker]",
  ...rooms.filter(isRoom).map((room) => `    ${id(room)}["${nameOf(room)}"]`),
  "  end",
  // Everybody uses the shared words; their arrows would hide the others.
  ...arrows
    .map(([arrow, count]) => ({ from: arrow.split(" ")[0] ?? "", to: arrow.split(" ")[1] ?? "", count }))
    .filter(({ to }) => to !== "lib/shared")
    .map(({ from, to, count }) => `  ${id(from)} -->|${count}| ${id(to)}`),
];
const file = join(root, "docs", "architecture.md");
const text = readFileSync(file, "utf8");
writeFileSync(file, text.replace(/```mermaid\n[^]*?```/, `\`\`\`mermaid\n${lines.join("\n")}\n\`\`\``));
