import type { FailureCode } from "../../shared/model";

/** How long readings that go on by themselves wait, for the list of groups and for their members alike. */

/** What was read so short a time ago (ms) is not read again unless the agent asks. */
export const FRESH = 120_000;
/** How long a reading waits for a gateway or a network that is away (ms), where the gateway names no time. */
export const PAUSE = 60_000;
/** Waits in a row without an answer after which a reading gives up. */
export const TRIES = 10;
/** Failures that pass by themselves. */
export const PASSING: ReadonlySet<FailureCode> = new Set(["rate-limited", "offline", "timeout", "gateway-down"]);
