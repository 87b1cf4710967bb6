import { cleanup } from "@testing-library/preact";
import { afterEach, beforeEach, vi } from "vitest";

/** What every test of a screen begins and ends with. */

beforeEach(() => {
  // happy-dom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});
