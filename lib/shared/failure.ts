import type { FailureCode } from "./model";

/** A failure as data. The sentence and the next step come from `_locales` by `code`; see `failureText` of i18n.ts. */
export interface Failure {
  code: FailureCode;
  /** The server's own sentence, cleaned and cut to 200 characters. Shown as text, never as markup. */
  detail?: string;
  /** `meta.requestId` of the gateway, for the agent to copy. */
  requestId?: string;
  /** Wall time in ms from which another try makes sense (rate limit). */
  retryAt?: number;
}

/** What every command and every gateway call returns: a value or a failure, never an exception. */
export type Reply<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** A good reply. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** A failed reply. */
export function fail(code: FailureCode, more: Omit<Failure, "code"> = {}): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, ...more } };
}
