/**
 * Files that go through one behaviour case by case (every layout, every point of death, every route) or start a browser for
 * each case, by project. They take half of the time: `npm test` leaves them to `npm test -- long`, and `.ci/run` runs both.
 * @type {Record<string, string[]>}
 */
export const LONG = {
  chromium: [
    "test/attacks/routes.test.ts",
    "test/e2e/chromium/forms.test.ts",
    "test/e2e/chromium/placement.test.ts",
    "test/e2e/chromium/standing.test.ts",
    "test/e2e/chromium/worker-death.test.ts",
  ],
  firefox: [
    "test/e2e/firefox/forms.test.ts",
    "test/e2e/firefox/placement.test.ts",
    "test/e2e/firefox/policy.test.ts",
    "test/e2e/firefox/standing.test.ts",
  ],
  unit: ["test/lib/background/jobs/cost.test.ts", "test/lib/background/jobs/crash.test.ts", "test/lib/steps.test.ts"],
};
