import type { FailureCode } from "./model";

/** A failure as data; `failureText` of notice.tsx returns its texts. */
export interface Failure {
  code: FailureCode;
  /** The server's sentence, cut to 200 characters; shown as text, never markup. */
  detail?: string;
  requestId?: string;
  /** When to retry, in ms since 1970. */
  retryAt?: number;
}

/** Result of commands and gateway calls, which do not throw. */
export type Reply<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** Wraps a value as a reply. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** Wraps a failure as a reply. */
export function fail(code: FailureCode, more: Omit<Failure, "code"> = {}): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, ...more } };
}
