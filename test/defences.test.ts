import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFENCES } from "./defences.mjs";

test.each(DEFENCES)("T87 the defences of $file stand where their list says", ({ file, tests, defences }) => {
  const text = readFileSync(file, "utf8");
  for (const path of [tests].flat()) expect(existsSync(path), path).toBe(true);
  for (const [name, edits] of Object.entries(defences)) {
    let mutated = text;
    for (const [from, to] of edits) {
      expect([name, from, mutated.split(from).length - 1]).toEqual([name, from, 1]);
      mutated = mutated.replace(from, () => to);
    }
    expect(mutated).not.toBe(text);
  }
});
