import { defineConfig } from "vitest/config";
import { WxtVitest } from "wxt/testing/vitest-plugin";
import { LONG } from "./long.mjs";

/** The files that `npm test` leaves to `npm test -- long`; everything runs without that variable. */
const leftOut = process.env["WITHOUT_LONG"] ? Object.values(LONG).flat() : [];

/** What every run in a browser has. */
const BROWSER = {
  environment: "node",
  root: ".",
  // More than one wait of `PATIENCE`, whose message says what the extension was doing.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // Vitest gives up after a second, which a busy computer needs for a press.
  expect: { poll: { timeout: 60_000 } },
  setupFiles: ["test/e2e/failed.ts"],
  // The files share nothing but the code that they load, and to load it anew for each costs as much as some tests.
  isolate: false,
};
const REAL_INPUT = "test/attacks/real-input.test.ts";

/** One run for everything that needs no browser; the browser suites have a project each. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [WxtVitest()],
        test: {
          // Each file has a process of its own: the worker of one goes on for a moment when its last test has ended.
          name: "unit",
          include: ["test/*.test.ts", "test/lib/**/*.test.ts"],
          exclude: leftOut,
          environment: "node",
          root: ".",
          testTimeout: 60_000,
          expect: { poll: { timeout: 25_000 } },
        },
      },
      {
        plugins: [WxtVitest()],
        test: {
          name: "components",
          include: ["test/components/**/*.test.{ts,tsx}"],
          environment: "happy-dom",
          setupFiles: ["test/components/setup.ts"],
          root: ".",
          testTimeout: 60_000,
          expect: { poll: { timeout: 25_000 } },
          isolate: false,
        },
      },
      {
        test: {
          name: "chromium",
          css: true,
          include: ["test/e2e/chromium/**/*.test.ts", "test/attacks/**/*.test.ts"],
          exclude: [REAL_INPUT, ...leftOut],
          ...BROWSER,
        },
      },
      {
        // Its browsers have a window, on a display of their own.
        test: {
          name: "real-input",
          include: [REAL_INPUT],
          ...BROWSER,
        },
      },
      {
        test: {
          name: "firefox",
          include: ["test/e2e/firefox/**/*.test.ts"],
          exclude: leftOut,
          ...BROWSER,
          fileParallelism: false,
        },
      },
    ],
  },
});
