/**
 * Files that go through one behaviour case by case (every layout, point of death, route, screen, hostile page or answer) or start a
 * browser for each case, by project. They take more than half of the time: `npm test` leaves them to `npm test -- long`, and
 * `.ci/run` runs both.
 * @type {Record<string, string[]>}
 */
export const LONG = {
  chromium: [
    "test/attacks/network.test.ts",
    "test/attacks/page.test.ts",
    "test/attacks/routes.test.ts",
    "test/e2e/chromium/across-groups.test.ts",
    "test/e2e/chromium/across-links.test.ts",
    "test/e2e/chromium/dialect.test.ts",
    "test/e2e/chromium/forms.test.ts",
    "test/e2e/chromium/jobs-restart.test.ts",
    "test/e2e/chromium/jobs-trouble.test.ts",
    "test/e2e/chromium/keyboard-people.test.ts",
    "test/e2e/chromium/page.test.ts",
    "test/e2e/chromium/placement.test.ts",
    "test/e2e/chromium/policy.test.ts",
    "test/e2e/chromium/sleep.test.ts",
    "test/e2e/chromium/standing.test.ts",
    "test/e2e/chromium/styles.test.ts",
    "test/e2e/chromium/worker-death.test.ts",
  ],
  firefox: [
    "test/e2e/firefox/across-groups.test.ts",
    "test/e2e/firefox/forms.test.ts",
    "test/e2e/firefox/placement.test.ts",
    "test/e2e/firefox/places.test.ts",
    "test/e2e/firefox/policy.test.ts",
    "test/e2e/firefox/standing.test.ts",
  ],
  unit: ["test/lib/background/jobs/cost.test.ts", "test/lib/background/jobs/crash.test.ts", "test/lib/steps.test.ts"],
};
