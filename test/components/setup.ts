import { cleanup } from "@testing-library/preact";
import { afterEach, beforeEach, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";

/** What every test of a screen begins and ends with. */

beforeEach(() => {
  // Wide enough for the list beside a group, not for the table.
  (globalThis as unknown as { happyDOM: { setViewport(size: { width: number }): void } }).happyDOM.setViewport({
    width: 800,
  });
  // happy-dom inherits this from Node and returns Node's URL, which is no URL of the window: the client refuses it.
  URL.parse = (address, base) => (URL.canParse(address, base) ? new URL(address, base) : null);
  // happy-dom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  // No page listens: what a row under the pointer or the focus asks it to show is lost.
  Object.assign(fakeBrowser.tabs, {
    connect: () => ({ onDisconnect: { addListener: () => {} }, postMessage: () => {}, disconnect: () => {} }),
  });
});
afterEach(() => {
  cleanup();
  // The files share one document: what a test put there by itself goes, too.
  document.body.replaceChildren();
  vi.restoreAllMocks();
});
