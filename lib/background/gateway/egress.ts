import ky from "ky";
import { readAddress } from "../../shared/address";
import type { Auth } from "../../shared/model";
import type { Call } from "./dialects";
import type { Secret } from "./secret";

/** After decompression. */
const MAX_BYTES = 5 * 1024 * 1024;

/** `headers` if an answer came; `failure` if none or unusable. */
export interface Exchange {
  status: number;
  headers?: Headers;
  text?: string;
  failure?: "redirected" | "timeout" | "offline" | "too-large";
}

/**
 * Sends a request; no other code reaches a gateway. Never throws. Redirects could carry the key elsewhere: `manual`
 * does not follow them, `error` would look like a lost connection.
 */
export async function egress(
  url: URL,
  call: Call,
  how: {
    auth: Auth;
    secret: Secret;
    timeout: number;
    signal?: AbortSignal;
    answer?: (request: Request) => Response | Promise<Response>;
  },
): Promise<Exchange> {
  // Unlike `AbortSignal.timeout`, also ends an in-process answer and a trickling body.
  const control = new AbortController();
  const abort = () => control.abort();
  const timer = setTimeout(abort, how.timeout);
  how.signal?.addEventListener("abort", abort, { signal: control.signal });
  const aborted = new Promise<never>((_, reject) => {
    control.signal.addEventListener("abort", () => reject(new Error("timeout")), { once: true });
  });
  // Prevents an unhandled rejection after the last race.
  aborted.catch(() => undefined);
  const send = how.answer ?? ((request: Request) => fetch(request));

  let response: Response | undefined;
  try {
    response = await Promise.race([
      aborted,
      ky(url, {
        method: call.method,
        ...(call.body === undefined ? {} : { json: call.body }),
        headers: { Accept: "application/json", ...keyHeader(how.auth, how.secret) },
        redirect: "manual",
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        signal: control.signal,
        // Timed above; callers judge the status and repeat nothing.
        retry: 0,
        timeout: false,
        throwHttpErrors: false,
        fetch: async (request) => send(request as Request),
      }),
    ]);
    const { status, headers } = response;
    const isElsewhere = response.redirected || (response.url !== "" && new URL(response.url).origin !== url.origin);
    if (response.type === "opaqueredirect" || isElsewhere || (status >= 300 && status < 400 && status !== 304)) {
      return { status, headers, failure: "redirected" };
    }
    const text = await Promise.race([aborted, readText(response)]);
    return text === undefined ? { status, headers, failure: "too-large" } : { status, headers, text };
  } catch {
    // The error may contain the address and headers.
    const failure = control.signal.aborted ? "timeout" : "offline";
    return { status: response?.status ?? 0, headers: response?.headers, failure };
  } finally {
    clearTimeout(timer);
    // Also closes an unread body's connection.
    control.abort();
  }
}

function keyHeader(auth: Auth, secret: Secret): Record<string, string> {
  return auth === "bearer" ? { Authorization: `Bearer ${secret.reveal()}` } : { "X-Api-Key": secret.reveal() };
}

async function readText(response: Response): Promise<string | undefined> {
  if (Number(response.headers.get("content-length") ?? 0) > MAX_BYTES) return undefined;
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > MAX_BYTES) return undefined;
    text += decoder.decode(value, { stream: true });
  }
}

/** Returns a call's URL; undefined if it leaves the connection's origin or URL parsing rewrites it. */
export function targetOf(origin: string, path: string, isInProcess: boolean): URL | undefined {
  if (!isInProcess && readAddress(origin) !== origin) return undefined;
  const url = URL.parse(path, origin);
  return url && url.origin === origin && url.pathname + url.search === path ? url : undefined;
}
