import { ok, type Reply } from "../../shared/failure";
import type { Connection, MembersReading } from "../../shared/model";
import { readNotes } from "../../store/read";
import { FRESH, PAUSE } from "./patience";
import { begin, isSameReading, note, readOpen, todoOf } from "./roster-notes";
import { readRound, type RosterPorts, settleRound } from "./roster-round";

/** Name of the alarm that goes on with the reading of members. */
export const MEMBERS_ALARM = "members";

const HOUR = 3_600_000;
/** While the agent is away, members that are older than this (ms) are read again. */
const STALE = 6 * HOUR;
/** A wait that is longer (ms) is left to the alarm: the worker would die under it. */
const SLEEP_MAX = 20_000;
/** A working worker sets its alarm anew so often (ms). The call to the browser also keeps it from being stopped. */
const ALIVE = 10_000;

const NONE: MembersReading = { startedAt: 0, since: 0, total: 0, done: 0 };

/**
 * Reads the members of many groups, those that were read longest ago first, within the allowance and behind whatever the
 * agent does. What was read is kept at once, so that it goes on from there after a rate limit or the worker's death; its
 * state is in the notes of the connection's gateway.
 */
export interface RosterReading {
  /**
   * Begins, with all groups of the list or with those that are given; goes on at once where one with the same groups was
   * paused. Given ones are read however new they are, and a reading of all goes on after them. The reply does not wait for
   * the end.
   */
  start(connection: Connection, groups?: string[]): Promise<Reply<void>>;
  /** Pauses it, or ends it for good. What was read stays. */
  stop(connection: Connection, as: "paused" | "ended"): Promise<Reply<void>>;
  /** Goes on with those whose time has come, or that had to stop. For the alarm, a start, an unlocking. */
  goOn(): Promise<void>;
  /** The agent is away: members that were not read for hours are read again. */
  freshen(connection: Connection): Promise<void>;
  /** The agent is back: what `freshen` began is paused. */
  rest(): Promise<void>;
}

/** What one life of the worker knows: which connections it works on, and which were asked for meanwhile. */
interface State {
  ports: RosterPorts;
  refreshList: (connection: Connection) => Promise<Reply<unknown>>;
  running: Set<string>;
  wanted: Set<string>;
  aliveAt: number;
}

/** The reading of members for all connections; `refreshList` reads the list of groups. */
export function openRosterReading(
  ports: RosterPorts,
  refreshList: (connection: Connection) => Promise<Reply<unknown>>,
): RosterReading {
  const state: State = { ports, refreshList, running: new Set(), wanted: new Set(), aliveAt: 0 };
  return {
    start: (connection, groups) => start(state, connection, groups),
    stop: async ({ id }, as) => {
      const { now } = ports;
      await begin(ports.store, id, (reading = NONE) =>
        as === "ended" ? ended(reading, now()) : { ...reading, isPaused: true },
      );
      if (as === "ended") void drive(state, id);
      await settleAlarm(state);
      return ok(undefined);
    },
    goOn: async () => {
      for (const [connection] of await readOpen(ports.store)) void drive(state, connection);
      await settleAlarm(state);
    },
    freshen: async (connection) => {
      const { members } = await readNotes(ports.store, connection.id);
      const isOpen = members !== undefined && members.endedAt === undefined && members.isIdle !== true;
      if (!isOpen) await start(state, connection, undefined, true);
    },
    rest: async () => {
      for (const [connection] of await readOpen(ports.store)) {
        await note(ports.store, connection, (reading) => (reading.isIdle ? { ...reading, isPaused: true } : reading));
      }
      await settleAlarm(state);
    },
  };
}

async function start(state: State, connection: Connection, groups?: string[], isIdle = false): Promise<Reply<void>> {
  const { store, now } = state.ports;
  // Before it is written that something is to be done, so that a worker that dies between is woken again.
  state.wanted.add(connection.id);
  await setAlarm(state, now() + PAUSE);
  const at = now();
  await begin(store, connection.id, (before) => {
    const open = before?.endedAt === undefined ? before : undefined;
    const all = open?.groups ? open.next : open;
    const grace = isIdle ? STALE : groups ? 0 : FRESH;
    const fresh: MembersReading = { startedAt: at, since: at - grace, total: 0, done: 0 };
    const isSame = open && !isIdle && String(open.groups) === String(groups);
    const next = groups && all && !all.isIdle ? { next: all } : {};
    const from = isSame ? open : groups ? { ...fresh, groups, ...next } : isIdle ? fresh : (all ?? fresh);
    return { ...without(from, "isPaused", "isIdle", "failure", "tries"), ...(isIdle ? { isIdle } : {}) };
  });
  void drive(state, connection.id);
  return ok(undefined);
}

/** Works on the reading of a connection; once more when it was asked for meanwhile. Never rejects. */
async function drive(state: State, connection: string): Promise<void> {
  const { running, wanted } = state;
  wanted.add(connection);
  if (running.has(connection)) return;
  running.add(connection);
  try {
    while (wanted.delete(connection)) await run(state, connection);
    running.delete(connection);
    await settleAlarm(state);
  } catch {
    // The store cannot be read or written: the alarm that is set tries again.
    running.delete(connection);
  }
}

/** Reads until everything is read, or something longer is to be waited for. */
async function run(state: State, id: string): Promise<void> {
  const { store, now, sleep } = state.ports;
  for (;;) {
    const connection = await store.db.get("connections", id);
    const { members: reading } = await readNotes(store, id);
    if (!connection || !reading || reading.isPaused || reading.endedAt !== undefined) return;
    const wait = (reading.goesOnAt ?? 0) - now();
    // No gateway asks for more than an hour: the clock was set back.
    if (wait > 0 && wait <= HOUR) {
      if (wait > SLEEP_MAX) return;
      await setAlarm(state, now() + PAUSE);
      await sleep(wait);
      continue;
    }
    // What stopped it still stands; only the agent makes it try again.
    if (reading.failure && connection.trouble) return;
    if (await awaitsList(state, connection, reading)) continue;
    // Where the clock was set back, nothing that is read now could be as new as before.
    const since = Math.min(reading.since, now());
    const todo = await todoOf(store, id, { ...reading, since });
    const isDone = todo.groups.length === 0;
    await note(store, id, (one) => {
      if (!isSameReading(one, reading)) return one;
      const done = todo.total - todo.groups.length;
      const told = { ...without(one, "goesOnAt", "wait", "failure"), since, total: todo.total, done };
      return isDone ? ended(told, now()) : told;
    });
    if (isDone && reading.next) continue;
    if (isDone) return;
    const round = await readRound(state.ports, { connection, reading, groups: todo.groups }, () => keepAlive(state));
    if (!(await settleRound(state.ports, connection, reading, round))) return;
  }
}

/**
 * Where the list tells members, it is read first: it costs pages, not groups. True while the list is not read to its end
 * and goes on by itself.
 */
async function awaitsList(state: State, connection: Connection, reading: MembersReading): Promise<boolean> {
  const { store } = state.ports;
  const notes = await readNotes(store, connection.id);
  const isWorthIt = notes.list?.hasMembers ?? connection.dialect === "reference";
  const isDone = (notes.list?.startedAt ?? 0) >= reading.since && notes.list?.endedAt !== undefined;
  if (!isWorthIt || isDone || reading.groups) return false;
  const reply = await state.refreshList(connection);
  const { list } = await readNotes(store, connection.id);
  if (!reply.ok || list?.endedAt !== undefined || list?.goesOnAt === undefined) return false;
  const { goesOnAt } = list;
  await note(store, connection.id, (one) => ({ ...one, goesOnAt, wait: "rate-limited" }));
  return true;
}

/** Sets the alarm for the next time at which something is to be done; clears it when there is nothing. */
async function settleAlarm(state: State): Promise<void> {
  const { store, alarms, now } = state.ports;
  // What waits for the agent (a locked vault, a refused key) goes on with the agent's own act, not with the alarm.
  const open = (await readOpen(store)).filter(([, { failure }]) => failure === undefined);
  const isBusy = state.running.size > 0 || state.wanted.size > 0;
  const next = Math.min(...open.map(([, { goesOnAt }]) => goesOnAt ?? 0), now() + HOUR);
  if (isBusy) await setAlarm(state, now() + PAUSE);
  else if (open.length === 0) await alarms.clear(MEMBERS_ALARM);
  else await setAlarm(state, Math.max(next, now() + 1000));
}

/** Repeating: a worker that dies under it is woken again. */
async function setAlarm(state: State, when: number): Promise<void> {
  state.aliveAt = state.ports.now();
  await state.ports.alarms.create(MEMBERS_ALARM, { when, periodInMinutes: 1 });
}

async function keepAlive(state: State): Promise<void> {
  const { now } = state.ports;
  if (Math.abs(now() - state.aliveAt) >= ALIVE) await setAlarm(state, now() + PAUSE);
}

/** What stands after the end of a reading: the one that waited for it, or itself, ended. */
function ended(reading: MembersReading, at: number): MembersReading {
  return reading.next ?? { ...reading, endedAt: reading.endedAt ?? at };
}

/** A reading without some of its optional fields. */
function without(reading: MembersReading, ...fields: (keyof MembersReading)[]): MembersReading {
  const kept = Object.entries(reading).filter(([field]) => !fields.some((each) => each === field));
  return Object.fromEntries(kept) as unknown as MembersReading;
}
