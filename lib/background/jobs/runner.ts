import type { StoredJob } from "./record";
import { readOpenJobs, readSteps } from "../../store/read";
import { isSound } from "./journal";
import { SETTLE } from "./slice";
import { kindOf } from "../../shared/jobs/kinds";
import { UNDO } from "./ports";
import { type AlarmTimes, type JobPorts, RETRY, type RunnerState } from "./ports";
import { runSlice, setAside } from "./run-slice";
import { dueAt, WAIT_MAX, withoutMovedClock } from "./due";

/** Name of the lock and of the alarm. */
export const JOBS = "jobs";
const SLEEP_MAX = 20_000;
/** The shortest period of an alarm that every browser keeps, in ms. */
const PERIOD = 30_000;
/** Slices of one connection at a time. Browsers open six connections to a host: two are left to what the agent looks at. */
const AT_ONCE = 4;

/**
 * The times of the engine's alarm. It fires at `when` (one period from now unless given) and then with each period (ms)
 * until it is set anew or cleared: a worker that dies, or cannot open its store, is woken again.
 */
export function jobsAlarm(now: number, period = PERIOD, when = now + period): AlarmTimes {
  return { when, periodInMinutes: period / 60_000 };
}

/**
 * Works on the open jobs, a slice of each at a time. Jobs that touch the same group take turns; the others do not wait for
 * each other.
 */
export interface Runner {
  /** Goes on with whatever is due. Resolves when there is nothing to do but wait; never rejects. */
  wake(): Promise<void>;
  /**
   * Runs a write that may open a job, then wakes. The alarm is set before the write, so that whenever a job is open an
   * alarm is set, wherever the worker dies. Throws what `write` throws, and when the alarm cannot be set.
   */
  order<T>(write: () => Promise<T>): Promise<T>;
}

/** The runner over its ports. Nothing runs until `wake` or `order`. */
export function openRunner(ports: JobPorts): Runner {
  const state: RunnerState = {
    ports,
    store: ports.store,
    clock: ports.clock,
    settleTime: ports.settleTime ?? SETTLE,
    undo: ports.undo ?? UNDO,
    isKicked: false,
    orders: 0,
    kick: () => undefined,
    tried: new Set(),
    held: new Set(),
    parked: new Map(),
    active: new Map(),
  };
  return { wake: () => wake(state), order: (write) => order(state, write) };
}

function wake(state: RunnerState): Promise<void> {
  state.isKicked = true;
  state.tried = new Set();
  state.kick();
  state.running ??= drive(state);
  return state.running;
}

async function order<T>(state: RunnerState, write: () => Promise<T>): Promise<T> {
  state.orders += 1;
  try {
    await setAlarm(state);
    return await write();
  } finally {
    state.orders -= 1;
    void wake(state);
  }
}

async function setAlarm(state: RunnerState, when?: number): Promise<void> {
  const { ports, clock } = state;
  await ports.alarms.create(JOBS, jobsAlarm(clock.now(), ports.period, when));
}

async function drive(state: RunnerState): Promise<void> {
  const { ports } = state;
  for (;;) {
    state.isKicked = false;
    state.held = new Set();
    try {
      await ports.lock(JOBS, () => loop(state));
    } catch {
      // The store cannot be read, or the alarm not be set: the alarm that is set, or the next event, tries again.
      state.isKicked = false;
    }
    if (state.isKicked) continue;
    // In the same step as the question above, so that no waking falls between.
    state.running = undefined;
    return;
  }
}

async function loop(state: RunnerState): Promise<void> {
  const { clock, active, ports, parked } = state;
  try {
    for (;;) {
      // Whatever happens from here on ends the waiting below.
      state.isKicked = false;
      const event = new Promise<void>((resolve) => {
        state.kick = resolve;
      });
      const now = clock.now();
      const open = (await soundJobs(state)).filter(({ id }) => !active.has(id));
      const jobs = await Promise.all(open.map((job) => withoutMovedClock(state, job, now)));
      if (jobs.length === 0 && active.size === 0) {
        // Whoever ordered something since the jobs were read has set the alarm for it, and wakes us when it is written.
        if (state.orders === 0 && !state.isKicked) await ports.alarms.clear(JOBS);
        return;
      }
      for (const [id, at] of parked) if (at > now + RETRY) parked.delete(id);
      const waiting = jobs
        .map((job) => ({ job, at: dueAt(state, job) }))
        .toSorted((a, b) => a.at - b.at || a.job.createdAt - b.job.createdAt);
      const due = waiting.filter(({ at }) => at <= now).map(({ job }) => job);
      const next = waiting.find(({ at }) => at > now)?.at ?? Infinity;
      const isAlive = active.size > 0 || due.length > 0 || next - now < SLEEP_MAX;
      // Also for jobs that wait for the agent: what ends their waiting may come while no worker is alive.
      await setAlarm(state, isAlive ? undefined : Math.min(next, now + WAIT_MAX.other));
      if (!isAlive) return;
      await begin(state, due);
      const sleep = Math.min(next - now, SLEEP_MAX);
      await Promise.race(next === Infinity ? [event] : [event, clock.sleep(sleep)]);
    }
  } finally {
    // The lock is released only when nothing is under way any more.
    await Promise.all([...active.values()].map(({ ended }) => ended));
  }
}

/**
 * Begins a slice of each of these jobs, the most urgent first, unless another one touches the same. What such a job
 * touches is kept free for it, so that no stream of smaller ones holds it up.
 */
async function begin(state: RunnerState, due: StoredJob[]): Promise<void> {
  const { active } = state;
  const busy = new Set([...active.values()].flatMap(({ touched }) => touched));
  for (const job of due) {
    const touched = await touchedBy(state, job);
    const isFree = !touched.some((each) => busy.has(each));
    for (const each of touched) busy.add(each);
    const others = [...active.values()].filter(({ connection }) => connection === job.connection);
    if (!isFree || others.length >= AT_ONCE) continue;
    const ended = runSlice(state, job).finally(() => {
      active.delete(job.id);
      state.kick();
    });
    active.set(job.id, { connection: job.connection, touched, ended });
  }
}

/** What no other slice may touch while this job is worked on: the groups, or the list of groups. */
async function touchedBy(state: RunnerState, { id, connection, input }: StoredJob): Promise<string[]> {
  const { store } = state;
  const kind = kindOf(input);
  const targets = [...kind.targets(input)];
  // The group that it made is proved in the same job.
  if (kind.leadsTo === "new-group") targets.push(...(await readSteps(store, id)).map(({ target }) => target));
  return targets.map((target) => `${connection} ${target}`);
}

/** Open jobs whose records this code understands; the others are set aside, never run. */
async function soundJobs(state: RunnerState): Promise<StoredJob[]> {
  const { store } = state;
  const jobs = (await readOpenJobs(store)) as StoredJob[];
  const sound: StoredJob[] = [];
  for (const job of jobs) {
    if (isSound(job)) sound.push(job);
    else await setAside(state, job);
  }
  return sound;
}
