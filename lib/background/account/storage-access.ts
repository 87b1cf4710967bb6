import type { Browser } from "webextension-polyfill";

/**
 * Keeps content scripts out of `storage` where the browser can: Chrome before 140 has the call for `local` and refuses it,
 * Firefox has none. A second belt, so a refusal stops nothing: nothing lies in `local`, and `session` is closed to content
 * scripts unless an extension opens it.
 */
export async function hideStorage({ storage }: Pick<Browser, "storage">): Promise<void> {
  for (const area of [storage.local, storage.session]) {
    const { setAccessLevel } = area as { setAccessLevel?: (level: { accessLevel: string }) => Promise<void> };
    try {
      await setAccessLevel?.call(area, { accessLevel: "TRUSTED_CONTEXTS" });
    } catch {
      // Refused by this version of the browser.
    }
  }
}
