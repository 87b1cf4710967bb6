import { afterEach, beforeEach, expect } from "vitest";
import { browsers } from "./state";

/** Prints what the extension is doing when a test in a browser fails, whatever it waited for. */
beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => {
    for (const browser of browsers) console.error(await browser.state());
  });
});

/** A test fails by an error of a web page that it did not expect, whatever else it looked at. */
afterEach(() => {
  const errors = [...browsers].flatMap(({ pageErrors }) => pageErrors.take());
  expect(errors, "errors of web pages").toEqual([]);
});
