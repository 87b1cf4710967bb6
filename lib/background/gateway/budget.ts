import type { Budget } from "../../shared/model";
import { readBudget } from "../../store/read-account";
import type { Store } from "../../store/schema";
import { writeOf } from "../../store/write";

/** A connection's request allowance, shared by all its calls: stated by answers, counted in between. */
export interface Allowance {
  /**
   * Asks for one request. A ticket counts at once; report it exactly once. If refused, wait until `retryAt` (our clock,
   * ms).
   */
  take(priority: "agent" | "background"): Promise<Ticket | { ok: false; retryAt: number }>;
  state(): Budget;
}

/** Permission for one request. */
export interface Ticket {
  ok: true;
  /** Records the answer, or that none came. After a 429, returns when to retry (our clock, ms). */
  report(answer?: { status: number; headers: Headers; serverTime?: number }): number | undefined;
}

/** Persists the allowance across worker restarts. */
export interface BudgetPorts {
  load(): Promise<Budget | undefined>;
  save(budget: Budget): Promise<void>;
}

/** The documented limit (requests/min), until the gateway states another. */
const LIMIT = 100;
const WINDOW = 60_000;

/** Share reserved for the agent. */
const RESERVE = 0.05;

/** Reset times may be rounded down to the second. */
const GUARD = 1000;

const SHORTEST = 1000;
const LONGEST = 3_600_000;

/** Persists to the `budgets` table, which screens read; skips unsaved and forgotten connections. */
export function storedBudget(store: Store, connection: string): BudgetPorts {
  return {
    load: () => readBudget(store, connection),
    save: async (budget) => {
      await writeOf(store, connection, ["budgets"], (tx) => tx.objectStore("budgets").put(budget));
    },
  };
}

interface State {
  connection: string;
  ports: BudgetPorts;
  now: () => number;
  limit: number;
  /** Before subtracting requests in flight. */
  left: number;
  /** By our clock; 0 between windows. */
  resetAt: number;
  isLimited: boolean;
  /** Reset time of the newest window (gateway's clock, ms). */
  window: number;
  /** Counts windows, to recognise late answers. */
  round: number;
  inFlight: number;
  serial: number;
  refusals: number;
  loading?: Promise<void>;
  saving?: Promise<void>;
  isDirty: boolean;
}

type Report = Ticket["report"];

/** Opens a connection's allowance, once for all its gateways. */
export function openBudget(connection: string, ports: BudgetPorts, now: () => number = Date.now): Allowance {
  const state: State = {
    connection,
    ports,
    now,
    limit: LIMIT,
    left: LIMIT,
    resetAt: 0,
    isLimited: false,
    window: 0,
    round: 0,
    inFlight: 0,
    serial: 0,
    refusals: 0,
    isDirty: false,
  };
  return {
    state: () => budgetOf(state),
    take: (priority) => take(state, priority),
  };
}

async function take(state: State, priority: "agent" | "background"): ReturnType<Allowance["take"]> {
  await (state.loading ??= load(state));
  const now = state.now();
  endWindow(state, now);
  const reserve = priority === "background" ? Math.floor(state.limit * RESERVE) : 0;
  if (state.isLimited || state.left - state.inFlight <= reserve) {
    return { ok: false, retryAt: state.resetAt || now + WINDOW };
  }
  // The first request starts a window.
  if (state.resetAt === 0) state.resetAt = now + WINDOW;
  state.inFlight += 1;
  state.serial += 1;
  save(state);
  return { ok: true, report: reporter(state) };
}

function reporter(state: State): Report {
  const { serial, round } = state;
  const wasAlone = state.inFlight === 1;
  let isReported = false;
  return (answer) => {
    if (isReported) return undefined;
    isReported = true;
    state.inFlight -= 1;
    // Without overlapping calls, the gateway's number is current.
    const at = record(state, { round, isAlone: wasAlone && serial === state.serial }, answer);
    save(state);
    return at;
  };
}

async function load(state: State): Promise<void> {
  const saved = await state.ports.load().catch(() => undefined); // Unreadable: start afresh.
  if (!saved || saved.resetAt <= state.now()) {
    if (saved && saved.limit >= 1) state.left = state.limit = saved.limit;
    return;
  }
  const { limit, remaining: left, resetAt, isLimited } = saved;
  Object.assign(state, { limit, left, resetAt, isLimited });
}

function budgetOf({ connection, limit, left, inFlight, resetAt, isLimited }: State): Budget {
  return { connection, limit, remaining: Math.max(0, left - inFlight), resetAt, isLimited };
}

function save(state: State): void {
  state.isDirty = true;
  state.saving ??= (async () => {
    while (state.isDirty) {
      state.isDirty = false;
      // A full disk must not stop a call.
      await state.ports.save(budgetOf(state)).catch(() => undefined);
    }
    state.saving = undefined;
  })();
}

function endWindow(state: State, now: number): void {
  // If the clock was set back, wait an hour at most.
  state.resetAt = Math.min(state.resetAt, now + LONGEST);
  if (state.resetAt === 0 || now < state.resetAt) return;
  state.left = state.limit;
  state.resetAt = 0;
  state.isLimited = false;
  state.round += 1;
}

function record(state: State, ticket: { round: number; isAlone: boolean }, answer: Parameters<Report>[0]) {
  if (!answer) {
    if (ticket.round === state.round) state.left -= 1;
    return undefined;
  }
  const { status, headers } = answer;
  const now = state.now();
  const serverNow = clockOf(headers, [answer.serverTime, dateOf(headers), now]);
  const stated = readLimit(headers, serverNow);
  if (stated.limit !== undefined) state.limit = stated.limit;

  if (status === 429) {
    const at = retryAt(headers, { now, serverNow, refusals: state.refusals });
    if (!state.isLimited) state.refusals += 1;
    state.resetAt = state.isLimited ? Math.max(state.resetAt, at) : at;
    state.isLimited = true;
    state.left = 0;
    return state.resetAt;
  }
  if (state.isLimited) return undefined;
  state.refusals = 0;

  const { remaining, resetAt } = stated;
  if (remaining === undefined) {
    if (ticket.round === state.round) state.left -= 1;
  } else if (resetAt === undefined) {
    state.left = ticket.isAlone ? remaining : Math.min(state.left, remaining);
  } else {
    // Reset times vary by rounding; answers arrive in any order.
    const isSame = Math.abs(resetAt - state.window) <= 1000;
    const isOld = resetAt < state.window - 1000 || (isSame && ticket.round < state.round);
    if (!isOld) {
      state.left = isSame && !ticket.isAlone ? Math.min(state.left, remaining) : remaining;
      state.window = Math.max(state.window, resetAt);
      state.resetAt = Math.min(Math.max(now + resetAt - serverNow, now) + GUARD, now + LONGEST);
    }
  }
  state.left = Math.min(state.left, state.limit);
  return undefined;
}

/**
 * Returns when to retry after a 429 (our clock, ms): the latest of reset time, `Retry-After` and a doubling backoff,
 * from 1 s to 1 h.
 */
export function retryAt(
  headers: Headers,
  { now, serverNow, refusals }: { now: number; serverNow: number; refusals: number },
): number {
  const backoff = 1000 * 2 ** Math.min(refusals, 6);
  const reset = readLimit(headers, serverNow).resetAt;
  const untilReset = reset === undefined ? 0 : reset - serverNow + GUARD;
  const after = headers.get("retry-after")?.trim() ?? "";
  const seconds = Number(after);
  const untilRetry =
    after === "" ? 0 : Number.isNaN(seconds) ? Date.parse(after) - serverNow : timeOf(seconds, serverNow) - serverNow;
  const wait = Math.max(backoff, untilReset, Number.isNaN(untilRetry) ? 0 : untilRetry);
  return now + Math.min(Math.max(wait, SHORTEST), LONGEST);
}

/** Returns the `Date` header's time, in ms. */
export function dateOf(headers: Headers): number | undefined {
  const at = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(at) ? undefined : at;
}

/**
 * Returns the first clock that puts the reset time within an hour: proxies may set `Date`, gateways may freeze
 * timestamps.
 */
function clockOf(headers: Headers, given: (number | undefined)[]): number {
  const clocks = given.filter((clock) => clock !== undefined);
  const fits = (clock: number) => {
    const { resetAt } = readLimit(headers, clock);
    return resetAt === undefined || (resetAt - clock > -2 * GUARD && resetAt - clock <= LONGEST);
  };
  return clocks.find(fits) ?? clocks[0]!;
}

/** `resetAt`: by the gateway's clock, in ms. */
function readLimit(headers: Headers, serverNow: number): { limit?: number; remaining?: number; resetAt?: number } {
  const read = (name: string) => {
    const text = headers.get(name)?.trim() ?? "";
    const value = Number(text);
    return text === "" || !Number.isFinite(value) ? undefined : value;
  };
  const limit = read("x-ratelimit-limit");
  const remaining = read("x-ratelimit-remaining");
  const reset = read("x-ratelimit-reset");
  return {
    limit: limit !== undefined && limit >= 1 && limit <= 1_000_000 ? Math.floor(limit) : undefined,
    remaining: remaining === undefined ? undefined : Math.max(0, Math.floor(remaining)),
    resetAt: reset === undefined || reset < 0 ? undefined : timeOf(reset, serverNow),
  };
}

/** Documented as seconds since 1970; proxies may send ms, or seconds or (beyond an hour) ms remaining. */
function timeOf(given: number, serverNow: number): number {
  if (given > 1e11) return given;
  if (given >= 1e7) return given * 1000;
  return serverNow + (given > LONGEST / 1000 ? given : given * 1000);
}
