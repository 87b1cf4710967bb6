import ky from "ky";
import { readAddress } from "../../shared/address";
import type { Auth } from "../../shared/model";
import type { Call } from "./dialects";
import type { Secret } from "./secret";

/** No answer is read beyond this many bytes, unpacked. */
const MAX_BYTES = 5 * 1024 * 1024;

/** What came back: headers when there was an answer, `failure` when it cannot be used. */
export interface Exchange {
  status: number;
  headers?: Headers;
  text?: string;
  failure?: "redirected" | "timeout" | "offline" | "too-large";
}

/**
 * The one way out. Never throws.
 *
 * Redirects are not followed, so that the key goes nowhere else: a custom header would be carried along to another host.
 * `manual` and not `error`, because a browser tells `error` in the same words as a lost connection, while `manual` gives
 * an answer of the type `opaqueredirect` (in Node: the 3xx itself) and follows nothing either.
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
  // Own timer instead of AbortSignal.timeout: it also ends an in-process answer and a body that only drips.
  const control = new AbortController();
  const abort = () => control.abort();
  const timer = setTimeout(abort, how.timeout);
  how.signal?.addEventListener("abort", abort, { signal: control.signal });
  const aborted = new Promise<never>((_, reject) => {
    control.signal.addEventListener("abort", () => reject(new Error("timeout")), { once: true });
  });
  // Something always races against it; when nothing does any more, its rejection does not matter.
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
        // Nothing is repeated and nothing thrown for a status; the time is ours to keep.
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
    // The error's text may hold the address and headers; what happened is known without it.
    const failure = control.signal.aborted ? "timeout" : "offline";
    return { status: response?.status ?? 0, headers: response?.headers, failure };
  } finally {
    clearTimeout(timer);
    // Closes the connection when the answer was not read to its end, and ends the listeners.
    control.abort();
  }
}

/** The header that carries the key: the one place on the way out where it is opened. */
function keyHeader(auth: Auth, secret: Secret): Record<string, string> {
  return auth === "bearer" ? { Authorization: `Bearer ${secret.reveal()}` } : { "X-Api-Key": secret.reveal() };
}

/** The body as text, a byte order mark left out; undefined when it is larger than we read. */
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

/** The address of a call, or undefined when it would leave the connection's origin or change on the way (R5, R7, R18). */
export function targetOf(origin: string, path: string, isInProcess: boolean): URL | undefined {
  if (!isInProcess && readAddress(origin) !== origin) return undefined;
  const url = URL.parse(path, origin);
  return url && url.origin === origin && url.pathname + url.search === path ? url : undefined;
}
