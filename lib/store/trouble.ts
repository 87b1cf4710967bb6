import type { FailureCode } from "../shared/model";

/** What each refusal of the database means for the agent, by the name of its error. */
const CODES: Record<string, FailureCode> = {
  QuotaExceededError: "storage-full",
  VersionError: "store-newer",
  // Refused at all (a private window, "never remember history"), or closed in the middle (data cleared, disk in trouble).
  InvalidStateError: "store-closed",
  SecurityError: "store-closed",
  NotFoundError: "store-closed",
  UnknownError: "store-closed",
  NotReadableError: "store-closed",
  AbortError: "store-closed",
};

/** The failure that an exception of the store stands for; `broken` for any other exception. */
export function storeFailure(error: unknown): FailureCode {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return Object.hasOwn(CODES, name) ? CODES[name]! : "broken";
}
