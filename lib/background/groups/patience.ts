import type { FailureCode } from "../../shared/model";

/** Younger data (ms) is read again only at the agent's request. */
export const FRESH = 120_000;
/** Wait (ms) while gateway or network is away, unless the gateway names a time. */
export const PAUSE = 60_000;
/** Waits in vain before a reading gives up. */
export const TRIES = 10;
/** Failures that pass by themselves. */
export const PASSING: ReadonlySet<FailureCode> = new Set(["rate-limited", "offline", "timeout", "gateway-down"]);
