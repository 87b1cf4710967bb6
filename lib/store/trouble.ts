import type { FailureCode } from "../shared/model";

/** By error name. */
const CODES: Record<string, FailureCode> = {
  QuotaExceededError: "storage-full",
  VersionError: "store-newer",
  // Refused (private window, "never remember history"), or lost midway (data cleared, disk trouble).
  InvalidStateError: "store-closed",
  SecurityError: "store-closed",
  NotFoundError: "store-closed",
  UnknownError: "store-closed",
  NotReadableError: "store-closed",
  AbortError: "store-closed",
};

/** Returns a store exception's failure; `broken` for any other. */
export function storeFailure(error: unknown): FailureCode {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return Object.hasOwn(CODES, name) ? CODES[name]! : "broken";
}
