import type { Budget } from "../../shared/model";
import { readBudget } from "../../store/read";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";

/**
 * The request allowance of one connection, shared by everything that calls its gateway (contract, section 4.2 and rule
 * 5.18). Every answer states it; until then, and between answers, we count ourselves.
 */
export interface Allowance {
  /**
   * Asks for one request. A ticket counts as used from now on and must be reported exactly once; without one, nothing
   * may be sent before `retryAt` (our clock, ms).
   */
  take(priority: "agent" | "background"): Promise<Ticket | { ok: false; retryAt: number }>;
  /** As it is shown; calls in flight count as used. */
  state(): Budget;
}

/** A request that was granted. */
export interface Ticket {
  ok: true;
  /**
   * What became of it: the answer, or nothing when none came (the gateway may have counted it all the same).
   * `serverTime` is the gateway's own timestamp, where it sent one. After a 429 it returns the time (our clock, ms) before which nothing is sent again.
   */
  report(answer?: { status: number; headers: Headers; serverTime?: number }): number | undefined;
}

/** Where the allowance is kept between two lives of the worker. */
export interface BudgetPorts {
  load(): Promise<Budget | undefined>;
  save(budget: Budget): Promise<void>;
}

/** The documented allowance, for as long as the gateway has stated no other: 100 requests a minute. */
const LIMIT = 100;
const WINDOW = 60_000;

/** Share of the allowance that background work leaves to the agent. */
const RESERVE = 0.05;

/** The reset time comes in whole seconds and may be rounded down; one second later it is true in any case. */
const GUARD = 1000;

const SHORTEST = 1000;
const LONGEST = 3_600_000;

/** The ports onto the store's `budgets` table, so that screens show the allowance and a new worker starts from it. */
export function storedBudget(store: Store, connection: string): BudgetPorts {
  return {
    load: () => readBudget(store, connection),
    save: async (budget) => {
      await write(store, ["budgets"], (tx) => tx.objectStore("budgets").put(budget));
    },
  };
}

/** Opens the allowance of a connection. The caller keeps one for each connection and passes it to its gateways. */
export function openBudget(connection: string, ports: BudgetPorts, now: () => number = Date.now): Allowance {
  let limit = LIMIT;
  /** What the gateway said is left, less what we know to be used since. Calls in flight are not yet taken off. */
  let left = LIMIT;
  /** End of the window by our clock; 0 between two windows. */
  let resetAt = 0;
  let isLimited = false;
  /** The gateway's own reset time (its clock, ms) of the newest window that it stated. */
  let window = 0;
  /** Raised when a window ended by our clock, so that late answers of the old one are known. */
  let round = 0;
  let inFlight = 0;
  let serial = 0;
  /** 429s in a row, for the backoff. */
  let refusals = 0;

  let loading: Promise<void> | undefined;
  let saving: Promise<void> | undefined;
  let isDirty = false;

  async function load(): Promise<void> {
    const saved = await ports.load().catch(() => undefined); // Unreadable: start as if it were the first time.
    if (!saved || saved.resetAt <= now()) {
      if (saved && saved.limit >= 1) left = limit = saved.limit;
      return;
    }
    ({ limit, resetAt, isLimited } = saved);
    left = saved.remaining;
  }

  function state(): Budget {
    return { connection, limit, remaining: Math.max(0, left - inFlight), resetAt, isLimited };
  }

  /** Writes the newest state; while one write runs, later changes wait and are written together. */
  function save(): void {
    isDirty = true;
    saving ??= (async () => {
      while (isDirty) {
        isDirty = false;
        // A full disk must not stop a call: the row is for the screens and for a better start of the next worker.
        await ports.save(state()).catch(() => undefined);
      }
      saving = undefined;
    })();
  }

  function turn(): void {
    // A clock that was set back must not lock the connection for longer than any gateway could ask.
    resetAt = Math.min(resetAt, now() + LONGEST);
    if (resetAt === 0 || now() < resetAt) return;
    left = limit;
    resetAt = 0;
    isLimited = false;
    round += 1;
  }

  function report(ticket: { round: number; isAlone: boolean }, answer?: Parameters<Ticket["report"]>[0]) {
    if (!answer) {
      if (ticket.round === round) left -= 1;
      return undefined;
    }
    const { status, headers } = answer;
    const serverNow = clockOf(headers, [answer.serverTime, dateOf(headers), now()]);
    const stated = readLimit(headers, serverNow);
    if (stated.limit !== undefined) limit = stated.limit;

    if (status === 429) {
      const at = retryAt(headers, { now: now(), serverNow, refusals });
      if (!isLimited) refusals += 1;
      resetAt = isLimited ? Math.max(resetAt, at) : at;
      isLimited = true;
      left = 0;
      return resetAt;
    }
    if (isLimited) return undefined;
    refusals = 0;

    if (stated.remaining === undefined) {
      if (ticket.round === round) left -= 1;
    } else if (stated.resetAt === undefined) {
      left = ticket.isAlone ? stated.remaining : Math.min(left, stated.remaining);
    } else {
      // Rounding moves the reset time by a second within one window; answers come in any order.
      const isSame = Math.abs(stated.resetAt - window) <= 1000;
      const isOld = stated.resetAt < window - 1000 || (isSame && ticket.round < round);
      if (!isOld) {
        left = isSame && !ticket.isAlone ? Math.min(left, stated.remaining) : stated.remaining;
        window = Math.max(window, stated.resetAt);
        resetAt = Math.min(Math.max(now() + stated.resetAt - serverNow, now()) + GUARD, now() + LONGEST);
      }
    }
    left = Math.min(left, limit);
    return undefined;
  }

  return {
    state,
    async take(priority) {
      await (loading ??= load());
      turn();
      const reserve = priority === "background" ? Math.floor(limit * RESERVE) : 0;
      if (isLimited || left - inFlight <= reserve) return { ok: false, retryAt: resetAt || now() + WINDOW };
      // No window has been stated yet: one begins with the first request that we send.
      if (resetAt === 0) resetAt = now() + WINDOW;
      inFlight += 1;
      serial += 1;
      const own = serial;
      const wasAlone = inFlight === 1;
      const taken = round;
      let isReported = false;
      save();
      return {
        ok: true,
        report(answer) {
          if (isReported) return undefined;
          isReported = true;
          inFlight -= 1;
          // Alone: no other call was under way at any time, so that the gateway's number cannot be an older one.
          const at = report({ round: taken, isAlone: wasAlone && own === serial }, answer);
          save();
          return at;
        },
      };
    },
  };
}

/**
 * When to try again after a 429, by our clock: the latest of the gateway's reset time, `Retry-After` (seconds or a
 * date) and a doubling backoff, never less than one second nor more than one hour away.
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
  const untilRetry = after === "" ? 0 : Number.isNaN(seconds) ? Date.parse(after) - serverNow : seconds * 1000;
  const wait = Math.max(backoff, untilReset, Number.isNaN(untilRetry) ? 0 : untilRetry);
  return now + Math.min(Math.max(wait, SHORTEST), LONGEST);
}

/** The gateway's clock by its `Date` header, in ms. */
export function dateOf(headers: Headers): number | undefined {
  const at = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(at) ? undefined : at;
}

/**
 * The gateway's clock as its reset time goes by it: the first of the clocks by which that time lies ahead, within reason.
 * A proxy may set `Date` by another clock, and a gateway may send a timestamp that never moves.
 */
function clockOf(headers: Headers, given: (number | undefined)[]): number {
  const clocks = given.filter((clock) => clock !== undefined);
  const fits = (clock: number) => {
    const { resetAt } = readLimit(headers, clock);
    return resetAt === undefined || (resetAt - clock > -2 * GUARD && resetAt - clock <= LONGEST);
  };
  return clocks.find(fits) ?? clocks[0]!;
}

/** The three headers, each absent when it makes no sense. `resetAt` is by the gateway's clock, in ms. */
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
    resetAt: reset === undefined || reset < 0 ? undefined : resetTime(reset, serverNow),
  };
}

/** Documented are seconds since 1970; gateways in front of it may send ms, or the seconds that are left. */
function resetTime(reset: number, serverNow: number): number {
  if (reset > 1e11) return reset;
  return reset < 1e7 ? serverNow + reset * 1000 : reset * 1000;
}
