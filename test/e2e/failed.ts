import { beforeEach } from "vitest";
import { browsers } from "./state";

/** Prints what the extension is doing when a test in a browser fails, whatever it waited for. */
beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => {
    for (const browser of browsers) console.error(await browser.state());
  });
});
