import type { Reply } from "../../shared/failure";
import type { Connection, EachReading } from "../../shared/model";
import { readNotes } from "../../store/read";
import { PAUSE } from "./patience";
import { begin, isSameReading, note, readOpen, todoOf } from "./reader-notes";
import { readRound, endRound, type Work } from "./round";
import type { ReaderPorts, Task } from "./task";

const HOUR = 3_600_000;
/** While the agent is away, what is older than this (ms) is read again. */
const STALE = 6 * HOUR;
/** Longer waits (ms) need the alarm, as the worker would die. */
const SLEEP_MAX = 20_000;
/** How often (ms) a busy worker renews its alarm, which also keeps it alive. */
const ALIVE = 10_000;

const NONE: EachReading = { startedAt: 0, since: 0, total: 0, done: 0 };

/**
 * Reads many groups, oldest first, behind the agent's own requests. Each is stored at once, so a stopped reading
 * resumes.
 */
export interface Reader {
  /**
   * Starts with all or the given groups, or resumes a paused reading of the same. Reads each however recent it is.
   * Returns before the end.
   */
  start(connection: Connection, groups?: string[]): Promise<Reply<void>>;
  /** What was read stays. */
  stop(connection: Connection, as: "paused" | "ended"): Promise<Reply<void>>;
  /** Resumes readings that are due or had to stop: on alarm, start, unlock. */
  goOn(): Promise<void>;
  /** While the agent is away: reads again what is hours old. */
  freshen(connection: Connection): Promise<void>;
  /** Pauses what `freshen` began. */
  rest(): Promise<void>;
}

interface State {
  task: Task;
  ports: ReaderPorts;
  refreshList: (connection: Connection) => Promise<Reply<unknown>>;
  running: Set<string>;
  wanted: Set<string>;
  aliveAt: number;
}

/** Opens the reading of a task; `refreshList` reads a group list. */
export function openReader(
  task: Task,
  ports: ReaderPorts,
  refreshList: (connection: Connection) => Promise<Reply<unknown>>,
): Reader {
  const state: State = { task, ports, refreshList, running: new Set(), wanted: new Set(), aliveAt: 0 };
  return {
    start: (connection, groups) => start(state, connection, groups),
    stop: async (connection, as) => {
      const { now } = ports;
      const stopped = await begin(ports.store, task, connection, (reading = NONE) =>
        as === "ended" ? ended(reading, now()) : { ...reading, isPaused: true },
      );
      if (as === "ended") void drive(state, connection.id);
      await resetAlarm(state);
      return stopped;
    },
    goOn: async () => {
      for (const [connection] of await readOpen(ports.store, task)) void drive(state, connection);
      await resetAlarm(state);
    },
    freshen: async (connection) => {
      const reading = (await readNotes(ports.store, connection.id))[task.field];
      const isOpen = reading !== undefined && reading.endedAt === undefined && reading.isIdle !== true;
      if (!isOpen) await start(state, connection, undefined, true);
    },
    rest: async () => {
      for (const [connection] of await readOpen(ports.store, task)) {
        await note(ports.store, task, connection, (reading) =>
          reading.isIdle ? { ...reading, isPaused: true } : reading,
        );
      }
      await resetAlarm(state);
    },
  };
}

async function start(state: State, connection: Connection, groups?: string[], isIdle = false): Promise<Reply<void>> {
  const { store, now } = state.ports;
  // Alarm first, in case the worker dies before the work is stored.
  state.wanted.add(connection.id);
  await setAlarm(state, now() + PAUSE);
  const at = now();
  const begun = await begin(store, state.task, connection, (before) => {
    const open = before?.endedAt === undefined ? before : undefined;
    const all = open?.groups ? open.next : open;
    const fresh: EachReading = { startedAt: at, since: isIdle ? at - STALE : at, total: 0, done: 0 };
    const isSame = open && !isIdle && String(open.groups) === String(groups);
    const next = groups && all && !all.isIdle ? { next: all } : {};
    const from = isSame ? open : groups ? { ...fresh, groups, ...next } : isIdle ? fresh : (all ?? fresh);
    return { ...without(from, "isPaused", "isIdle", "failure", "tries"), ...(isIdle ? { isIdle } : {}) };
  });
  void drive(state, connection.id);
  return begun;
}

/** Works on a connection, once more if requested meanwhile. Never rejects. */
async function drive(state: State, connection: string): Promise<void> {
  const { running, wanted } = state;
  wanted.add(connection);
  if (running.has(connection)) return;
  running.add(connection);
  try {
    while (wanted.delete(connection)) await run(state, connection);
    running.delete(connection);
    await resetAlarm(state);
  } catch {
    // The alarm already set tries again.
    running.delete(connection);
  }
}

async function run(state: State, id: string): Promise<void> {
  const { task } = state;
  const { store, now, sleep } = state.ports;
  for (;;) {
    const connection = await store.db.get("connections", id);
    const reading = (await readNotes(store, id))[task.field];
    if (!connection || !reading || reading.isPaused || reading.endedAt !== undefined) return;
    const wait = (reading.goesOnAt ?? 0) - now();
    // No gateway asks for over an hour: the clock was moved back.
    if (wait > 0 && wait <= HOUR) {
      if (wait > SLEEP_MAX) return;
      await setAlarm(state, now() + PAUSE);
      await sleep(wait);
      continue;
    }
    // Only the agent can make it try again.
    if (reading.failure && connection.trouble) return;
    if (await awaitsList(state, connection, reading)) continue;
    // After a clock moved back, nothing would count as recent.
    const since = Math.min(reading.since, now());
    const todo = await todoOf(store, task, id, { ...reading, since });
    const isDone = todo.groups.length === 0;
    await note(store, task, connection, (one) => {
      if (!isSameReading(one, reading)) return one;
      const done = todo.total - todo.groups.length;
      const progress = { ...without(one, "goesOnAt", "wait", "failure"), since, total: todo.total, done };
      return isDone ? ended(progress, now()) : progress;
    });
    if (isDone && reading.next) continue;
    if (isDone) return;
    const work: Work = { task, connection, reading, groups: todo.groups };
    const round = await readRound(state.ports, work, () => keepAlive(state));
    if (!(await endRound(state.ports, work, round))) return;
  }
}

/**
 * Reads the list first if it contains what is wanted, in fewer requests. Returns true while that continues by itself.
 */
async function awaitsList(state: State, connection: Connection, reading: EachReading): Promise<boolean> {
  const { store } = state.ports;
  const notes = await readNotes(store, connection.id);
  const isWorthIt = state.task.isInList && (notes.list?.hasMembers ?? connection.dialect === "reference");
  const isDone = (notes.list?.startedAt ?? 0) >= reading.since && notes.list?.endedAt !== undefined;
  if (!isWorthIt || isDone || reading.groups) return false;
  const reply = await state.refreshList(connection);
  const { list } = await readNotes(store, connection.id);
  if (!reply.ok || list?.endedAt !== undefined || list?.goesOnAt === undefined) return false;
  const { goesOnAt, wait } = list;
  await note(store, state.task, connection, (one) => ({ ...one, goesOnAt, wait }));
  return true;
}

async function resetAlarm(state: State): Promise<void> {
  const { task } = state;
  const { store, alarms, now } = state.ports;
  // A locked vault or a refused key ends by an act of the agent, not by the alarm.
  const open = (await readOpen(store, task)).filter(([, { failure }]) => failure === undefined);
  const isBusy = state.running.size > 0 || state.wanted.size > 0;
  const next = Math.min(...open.map(([, { goesOnAt }]) => goesOnAt ?? 0), now() + HOUR);
  if (isBusy) await setAlarm(state, now() + PAUSE);
  else if (open.length === 0) await alarms.clear(task.alarm);
  else await setAlarm(state, Math.max(next, now() + 1000));
}

/** Repeating, to wake a dead worker. */
async function setAlarm(state: State, when: number): Promise<void> {
  state.aliveAt = state.ports.now();
  await state.ports.alarms.create(state.task.alarm, { when, periodInMinutes: 1 });
}

async function keepAlive(state: State): Promise<void> {
  const { now } = state.ports;
  if (Math.abs(now() - state.aliveAt) >= ALIVE) await setAlarm(state, now() + PAUSE);
}

/** Returns the reading that waited for this one, or this one ended. */
function ended(reading: EachReading, at: number): EachReading {
  return reading.next ?? { ...reading, endedAt: reading.endedAt ?? at };
}

function without(reading: EachReading, ...fields: (keyof EachReading)[]): EachReading {
  const rest = Object.entries(reading).filter(([field]) => !fields.some((each) => each === field));
  return Object.fromEntries(rest) as unknown as EachReading;
}
