import type { Browser } from "webextension-polyfill";
import type { Settings } from "../../shared/model";
import { readOpenJobs, readSettings } from "../../store/read";
import type { Store } from "../../store/schema";
import type { Vault } from "./vault";

/** Alarm that looks again whether to lock, while the agent rests: jobs may have been running, or the worker died. */
export const LOCK_ALARM = "lock";

/** What the idle lock works with. */
export interface IdleLockPorts {
  store: Store;
  vault: Vault;
  browser: Pick<Browser, "alarms" | "idle">;
  lock: () => Promise<void>;
}

/** Seconds without the agent after which the browser reports idleness; 60 where locking is off. */
function idleSeconds({ lockAfter }: Pick<Settings, "lockAfter">): number {
  return lockAfter > 0 ? lockAfter * 60 : 60;
}

/** Asks the browser to report idleness after the time of these settings. */
export function watchIdle({ idle }: Pick<Browser, "idle">, settings: Pick<Settings, "lockAfter">): void {
  idle.setDetectionInterval(idleSeconds(settings));
}

/**
 * Locks when the agent's rest asks for it: at once with the computer's screen (`locked`), after the idle time of the
 * settings when no job runs, which needs the key. The alarm is set first and cleared last, so that a worker that dies on
 * the way leaves nothing unlocked.
 */
export async function lockAtRest(
  { store, vault, browser, lock }: IdleLockPorts,
  event?: "idle" | "locked",
): Promise<void> {
  await browser.alarms.create(LOCK_ALARM, { delayInMinutes: 1, periodInMinutes: 1 });
  const settings = await readSettings(store);
  const state = event === "locked" ? event : await browser.idle.queryState(idleSeconds(settings));
  if (state === "locked" && (await vault.mode()) === "passphrase") await lock();
  else if (event !== "locked" && settings.lockAfter > 0 && state !== "active") {
    const open = await readOpenJobs(store);
    if (open.some((job) => job.state !== "paused")) return;
    await lock();
  }
  await browser.alarms.clear(LOCK_ALARM);
}
