import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { build } from "vite";

/** What the built searches offer in a page of ours. */
interface Search {
  search(connection: string, text: string): Promise<number>;
  searchHistory(connection: string, text: string): Promise<number>;
}

/** The searches as one script that sets `search` and `searchHistory`, for a page of ours. */
export async function buildSearch(): Promise<string> {
  const built = await build({
    root: fileURLToPath(new URL("../../", import.meta.url)),
    configFile: false,
    logLevel: "error",
    build: { write: false, lib: { entry: "test/bench/search-page.ts", formats: ["iife"], name: "page" } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  return (output as { output: { code: string }[] }).output[0]!.code;
}

/** Times a search in a page of ours that has the built ones; in ms. */
export async function timeSearch(page: Page, name: keyof Search, connection: string, text: string): Promise<number> {
  return page.evaluate(
    async ([search, id, words]) => {
      const begun = performance.now();
      await (globalThis as unknown as Search)[search](id, words);
      return performance.now() - begun;
    },
    [name, connection, text] as const,
  );
}
