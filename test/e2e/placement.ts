import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Lab, type BrowserName } from "../placement/lab";
import type { Layout } from "../placement/layout";
import { BARS, judgeResults, measureAll, type Fault, type Result } from "../placement/measure";

export interface PlacementInput {
  browser: BrowserName;
  /** Folder of the built extension. */
  build: string;
  layouts: Layout[];
  /** How many pages are measured at once. */
  tabs: number;
  /** What is above its bar still, as `node test/placement.mjs` tells: a number that may only fall. */
  open: Partial<Record<Fault, number>>;
}

/** Declares the tests of where chips stand on pages, which are measured once. */
export function placement({ browser, build, layouts, tabs, open }: PlacementInput): void {
  describe(`where chips stand on ${layouts.length} pages`, () => {
    let lab: Lab;
    let results: Result[];
    beforeAll(async () => {
      lab = await Lab.start(browser, build);
      results = await measureAll(lab, layouts, tabs);
    }, 600_000);
    afterAll(() => lab.close());

    it("every page is measured", () => {
      expect(results.map(({ name }) => name).toSorted()).toEqual(layouts.map(({ name }) => name).toSorted());
      expect(results.filter(({ chips }) => chips).length).toBeGreaterThan(layouts.length / 2);
    });

    it.each(Object.entries(BARS).map(([fault, { what }]) => [what, fault as Fault]))("%s", (_, fault) => {
      const { count, most, where } = judgeResults(results)[fault];
      expect(count <= (open[fault] ?? most) ? [] : where).toEqual([]);
    });
  });
}
