import type { Reply } from "../../shared/failure";
import type { Connection, FailureCode } from "../../shared/model";
import type { Answer, Certainty, GatewayFailure } from "./answer";
import { parse, readMeta, withoutKey } from "./body";
import { type Allowance, dateOf, type Ticket } from "./budget";
import type { Call } from "./dialects";
import { egress, type Exchange, targetOf } from "./egress";
import { isFields, unwrap } from "./fields";
import type { CallOptions, NotesPort } from "./gateway";
import type { PagingWords } from "./pages";
import { readPagingHeaders } from "./read-groups";
import type { NamesPort } from "./read-names";
import { isOfPeople, isRefusal, readRefusal } from "./refusal";
import type { Secret } from "./secret";

/** What a gateway client needs. */
export interface GatewayOptions {
  /** May be unsaved; listing instances needs no `instance`. */
  connection: Pick<Connection, "origin" | "instance" | "dialect" | "auth">;
  /** Called per request. May fail with `locked` or `no-key`. */
  key: () => Promise<Reply<Secret>>;
  budget: Allowance;
  /** Default: in memory. */
  notes?: NotesPort;
  names?: NamesPort;
  /** Answers in-process, for the sandbox. */
  fetch?: (request: Request) => Response | Promise<Response>;
  /** Whether the browser grants the origin. Default: always. */
  isAllowed?: (origin: string) => Promise<boolean>;
  /** Default: the browser's `onLine`. */
  isOnline?: () => boolean;
  /** To the last byte, in ms; at most 25 s. */
  timeout?: number;
}

/** In ms; the worker may be killed after 30 s. */
const TIMEOUT = 25_000;

/** A successful answer. */
export interface Good {
  ok: true;
  status: number;
  /** Parsed JSON, else text; undefined if empty. */
  body: unknown;
  requestId?: string;
  serverTime?: number;
  /** From its headers. */
  paging?: PagingWords;
}

/** A refusal, or no answer. */
export type Bad = { ok: false; failure: GatewayFailure; serverTime?: number; isPending?: boolean };

/** Sends one request, once. Never throws. `call` is undefined for malformed input. */
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
  const isNo = !isGood || isRefused(call, parsed.body) || (unwrap(parsed.body) === false && isWrite(call));
  const refusal = isNo ? readRefusal(call.operation, { status, ...parsed }, secret.reveal()) : undefined;
  // Answers to a refused key state the allowance of keyless callers.
  const isStranger = refusal?.code === "key-refused" || refusal?.code === "no-right";
  const retryAt = ticket.report(isStranger ? undefined : { status, headers, serverTime: timestamp });
  if (failure) return bad(failure, "unknown");
  if (refusal) {
    const { isPending, code, certainty, ...rest } = refusal;
    const times = retryAt === undefined ? {} : { retryAt };
    return { ...bad(code, certainty, { ...rest, ...times }), ...(isPending ? { isPending } : {}) };
  }
  if (parsed.isHtml) return bad("not-json", "unknown");
  // Truncated JSON may have said anything.
  if (parsed.isBroken) return bad("bad-answer", "unknown");
  return { ok: true, status, body: parsed.body, requestId, serverTime, paging: readPagingHeaders(headers) };
}

function isRefused({ operation, body }: Call, answer: unknown): boolean {
  return isRefusal(answer) && !isOfPeople(operation, (body?.["participants"] ?? []) as string[], answer);
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1";
}

/** Only false is reliable. */
function isBrowserOnline(): boolean {
  return (globalThis.navigator as Navigator | undefined)?.onLine !== false;
}

function isWrite({ method }: Call): boolean {
  return method !== "GET";
}

function unsent(code: FailureCode, more: Partial<GatewayFailure> = {}): Bad {
  return { ok: false, failure: { code, certainty: "unsent", ...more } };
}

/** Converts a failed request into a failed call. */
export function plain({ failure, serverTime }: Bad): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure, serverTime };
}

/** Returns a successful call. */
export function good<T>(answer: Good | undefined, value: T, timed?: { serverTime?: number }): Answer<T> {
  return { ok: true, value, requestId: answer?.requestId, serverTime: answer?.serverTime ?? timed?.serverTime };
}

/** Fails a call with an unreadable answer. */
export function badAnswer({ status, requestId, serverTime }: Good): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure: { code: "bad-answer", certainty: "unknown", status, requestId }, serverTime };
}

/** Fails a call with an empty answer. */
export function emptyAnswer({ status, requestId, serverTime }: Good): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure: { code: "empty-answer", certainty: "unknown", status, requestId }, serverTime };
}

/** Whether an answer is empty, or just `undefined` or `null`. */
export function isNothing(body: unknown): boolean {
  const value = unwrap(body);
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return /^(https?:\/\/chat\.whatsapp\.com\/)?(undefined|null)?$/.test(value.trim());
  return isFields(value) && Object.values(value).every((one) => one === null || one === "" || isNothing(one));
}
