import type { Browser } from "webextension-polyfill";

/**
 * Hides `storage` from content scripts where supported (not in Firefox; `local` since Chrome 140). A second defence:
 * `local` is empty, `session` hidden by default.
 */
export async function hideStorage({ storage }: Pick<Browser, "storage">): Promise<void> {
  for (const area of [storage.local, storage.session]) {
    const { setAccessLevel } = area as { setAccessLevel?: (level: { accessLevel: string }) => Promise<void> };
    try {
      await setAccessLevel?.call(area, { accessLevel: "TRUSTED_CONTEXTS" });
    } catch {
      // Not supported.
    }
  }
}
