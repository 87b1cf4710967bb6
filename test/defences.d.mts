/** The defences of one file and the tests that watch it. */
export interface Group {
  file: string;
  tests: string | string[];
  /** `unit` where none is named; `build` is a unit test of the built files. */
  project?: "unit" | "components" | "build" | "chromium" | "real-input";
  /** A part of the test's name, for files of which each test takes seconds. */
  only?: string;
  /** Per name the texts that are replaced, in order, each of which stands in the file exactly once. */
  defences: Record<string, [from: string, to: string][]>;
}
/** What `mutations.mjs` takes away. */
export const DEFENCES: Group[];
