import type { Browser } from "webextension-polyfill";

/**
 * Returns the browser's own API (promise-based in all supported browsers), for code that the popup runs before showing
 * anything: the wrapper (`webextension-polyfill`) weighs 3 KB and comes with the screens and the worker.
 */
export function ownBrowser(): Browser {
  const { browser, chrome } = globalThis as unknown as { browser?: Browser; chrome: Browser };
  // A page may have an element with the id `browser`.
  return browser?.i18n ? browser : chrome;
}

/** Whether `ownBrowser` finds an API. */
export function hasBrowser(): boolean {
  return (ownBrowser() as Browser | undefined)?.i18n !== undefined;
}
