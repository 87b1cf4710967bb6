import type { Browser } from "webextension-polyfill";
import type { Settings } from "../../shared/model";
import { readOpenJobs, readSettings } from "../../store/read";
import type { Store } from "../../store/schema";
import type { Vault } from "./vault";

/** Repeats the check while the agent is away, as jobs may run or the worker die. */
export const LOCK_ALARM = "lock";

/** What the idle lock needs. */
export interface IdleLockPorts {
  store: Store;
  vault: Vault;
  browser: Pick<Browser, "alarms" | "idle">;
  lock: () => Promise<void>;
}

function idleSeconds({ lockAfter }: Pick<Settings, "lockAfter">): number {
  return lockAfter > 0 ? lockAfter * 60 : 60;
}

/** Sets the idle time to report. */
export function watchIdle({ idle }: Pick<Browser, "idle">, settings: Pick<Settings, "lockAfter">): void {
  idle.setDetectionInterval(idleSeconds(settings));
}

/**
 * Locks the vault when the screen is locked (mode `passphrase`), or after the idle time without active jobs, also
 * behind a locked screen. The alarm is set first and cleared last, in case the worker dies.
 */
export async function lockAtRest(
  { store, vault, browser, lock }: IdleLockPorts,
  event?: "idle" | "locked",
): Promise<void> {
  await browser.alarms.create(LOCK_ALARM, { delayInMinutes: 1, periodInMinutes: 1 });
  const settings = await readSettings(store);
  const state = event === "locked" ? event : await browser.idle.queryState(idleSeconds(settings));
  if (state === "locked" && (await vault.mode()) === "passphrase") await lock();
  else if (event === "locked" && settings.lockAfter > 0) {
    // The browser reports no idle time after a locked screen.
    await browser.alarms.create(LOCK_ALARM, { delayInMinutes: settings.lockAfter, periodInMinutes: 1 });
    return;
  } else if (settings.lockAfter > 0 && state !== "active") {
    const open = await readOpenJobs(store);
    if (open.some((job) => job.state !== "paused")) return;
    await lock();
  }
  await browser.alarms.clear(LOCK_ALARM);
}
