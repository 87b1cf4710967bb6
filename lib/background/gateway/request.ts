import type { Reply } from "../../shared/failure";
import type { Connection, FailureCode } from "../../shared/model";
import type { Answer, Certainty, GatewayFailure } from "./answer";
import { parse, readMeta, withoutKey } from "./body";
import { type Allowance, dateOf, type Ticket } from "./budget";
import type { Call } from "./dialects";
import { egress, type Exchange, targetOf } from "./egress";
import { isFields, unwrap } from "./fields";
import type { CallOptions, NotesPort } from "./gateway";
import { isRefusal, readRefusal } from "./refusal";
import type { Secret } from "./secret";

/** One request to the gateway: what must hold before it leaves, and its answer as a yes or a no. */

/** What a gateway client works with. */
export interface GatewayOptions {
  /** Where and how; a candidate that is not stored yet will do. Listing instances needs no `instance`. */
  connection: Pick<Connection, "origin" | "instance" | "dialect" | "auth">;
  /** Called for each request; the result is not kept. May fail with `locked` or `no-key`. */
  key: () => Promise<Reply<Secret>>;
  /** The connection's one allowance: `openBudget`. */
  budget: Allowance;
  /** What is known of this gateway from earlier calls. Without it, each gateway learns for itself. */
  notes?: NotesPort;
  /** Answers in-process instead of the network: the sandbox. */
  fetch?: (request: Request) => Response | Promise<Response>;
  /** Whether the browser grants us the origin right now. Without it, everything is allowed. */
  isAllowed?: (origin: string) => Promise<boolean>;
  /** Whether there is a network at all; only a definite no counts. */
  isOnline?: () => boolean;
  /** For one request from start to the last byte of its answer, in ms; never more than 25 s. */
  timeout?: number;
}

/** One request may take this long in all, in ms; the worker may be killed after 30 s. */
const TIMEOUT = 25_000;

/** An answer that says yes. `isHtml` and text in `body`: it was no JSON. */
export interface Good {
  ok: true;
  status: number;
  /** Parsed JSON; text that is none; undefined when there was nothing. */
  body: unknown;
  requestId?: string;
  serverTime?: number;
}

/** An answer that says no, or none at all. */
export type Bad = { ok: false; failure: GatewayFailure; serverTime?: number; isPending?: boolean };

/** Sends one request. Never throws, never sends it twice. Without `call`, the input did not fit the route. */
export async function request(
  options: GatewayOptions,
  call: Call | undefined,
  { priority, signal }: CallOptions,
): Promise<Good | Bad> {
  const { connection, key, budget, isAllowed, isOnline = isBrowserOnline } = options;
  if (!call) return unsent("bad-input");
  const url = targetOf(connection.origin, call.path, options.fetch !== undefined);
  if (!url) return unsent("bad-address");
  if (isAllowed && !(await isAllowed(connection.origin))) return unsent("no-permission");
  if (!options.fetch && !isLoopback(url) && !isOnline()) return unsent("offline");
  const secret = await key();
  if (!secret.ok) return { ok: false, failure: { ...secret.failure, certainty: "unsent" } };
  if (!secret.value.isHeaderValue()) return unsent("no-key");
  if (signal?.aborted) return unsent("timeout");
  const ticket = await budget.take(priority);
  if (!ticket.ok) return unsent("rate-limited", { retryAt: ticket.retryAt });
  if (signal?.aborted) {
    ticket.report();
    return unsent("timeout");
  }
  const exchange = await egress(url, call, {
    auth: connection.auth,
    secret: secret.value,
    timeout: Math.min(options.timeout ?? TIMEOUT, TIMEOUT),
    signal,
    answer: options.fetch,
  });
  const { headers } = exchange;
  if (headers) return readExchange(call, { ...exchange, headers }, ticket, secret.value);
  ticket.report();
  return { ok: false, failure: { code: exchange.failure ?? "offline", certainty: "unknown" } };
}

/** What an answer means for the call, after the ticket has taken from it what the allowance is. */
function readExchange(
  call: Call,
  exchange: Exchange & { headers: Headers },
  ticket: Ticket,
  secret: Secret,
): Good | Bad {
  const { status, headers, failure } = exchange;
  const given = parse(exchange.text ?? "", headers.get("content-type") ?? "");
  const parsed = { ...given, body: withoutKey(given.body, secret) };
  const { requestId, timestamp } = readMeta(parsed.body, headers, secret);
  const serverTime = timestamp ?? dateOf(headers);
  const more = { status, ...(requestId === undefined ? {} : { requestId }) };
  const bad = (code: FailureCode, certainty: Certainty, rest: Partial<GatewayFailure> = {}): Bad => ({
    ok: false,
    failure: { code, certainty, ...more, ...rest },
    serverTime,
  });

  const isGood = status >= 200 && status < 300;
  const isNo = !isGood || isRefusal(parsed.body) || (unwrap(parsed.body) === false && isWrite(call));
  const refusal = isNo ? readRefusal(call.operation, { status, ...parsed }, secret.reveal()) : undefined;
  // An answer to a refused key states the allowance of strangers, not the account's.
  const isStranger = refusal?.code === "key-refused" || refusal?.code === "no-right";
  const retryAt = ticket.report(isStranger ? undefined : { status, headers, serverTime: timestamp });
  if (failure) return bad(failure, "unknown");
  if (refusal) {
    const { isPending, code, certainty, ...rest } = refusal;
    const times = retryAt === undefined ? {} : { retryAt };
    return { ...bad(code, certainty, { ...rest, ...times }), ...(isPending ? { isPending } : {}) };
  }
  if (parsed.isHtml) return bad("not-json", "unknown");
  // JSON that was cut off on the way: after a write, the rest may have said anything.
  if (parsed.isBroken) return bad("bad-answer", "unknown");
  return { ok: true, status, body: parsed.body, requestId, serverTime };
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1";
}

/** Only a definite no counts: the browser may say yes without a way to anywhere. */
function isBrowserOnline(): boolean {
  return (globalThis.navigator as Navigator | undefined)?.onLine !== false;
}

function isWrite({ method }: Call): boolean {
  return method !== "GET";
}

function unsent(code: FailureCode, more: Partial<GatewayFailure> = {}): Bad {
  return { ok: false, failure: { code, certainty: "unsent", ...more } };
}

/** A failed request as the answer of a call. */
export function plain({ failure, serverTime }: Bad): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure, serverTime };
}

/** The value of a call, and what its answer says beside it. */
export function good<T>(answer: Good | undefined, value: T, timed?: { serverTime?: number }): Answer<T> {
  return { ok: true, value, requestId: answer?.requestId, serverTime: answer?.serverTime ?? timed?.serverTime };
}

/** Something came that cannot be understood. */
export function badAnswer({ status, requestId, serverTime }: Good): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure: { code: "bad-answer", certainty: "unknown", status, requestId }, serverTime };
}

/** An answer came with nothing in it. */
export function emptyAnswer({ status, requestId, serverTime }: Good): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure: { code: "empty-answer", certainty: "unknown", status, requestId }, serverTime };
}

/** Whether an answer has nothing in it: no body, an empty value, or the word of a program that had none. */
export function isNothing(body: unknown): boolean {
  const value = unwrap(body);
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return /^(https?:\/\/chat\.whatsapp\.com\/)?(undefined|null)?$/.test(value.trim());
  return isFields(value) && Object.values(value).every((one) => one === null || one === "" || isNothing(one));
}
