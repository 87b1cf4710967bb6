import type { StoredJob } from "./record";
import { readOpenJobs } from "../../store/read";
import { readSteps } from "../../store/read-jobs";
import { isSound } from "./journal";
import { SETTLE } from "./slice";
import { kindOf } from "../../shared/jobs/kinds";
import { UNDO } from "./ports";
import { type AlarmTimes, type JobPorts, RETRY, type RunnerState } from "./ports";
import { setAside } from "./aside";
import { runSlice } from "./run-slice";
import { dueAt, WAIT_MAX, withoutMovedClock } from "./due";

/** Name of lock and alarm. */
export const JOBS = "jobs";
const SLEEP_MAX = 20_000;
/** Shortest alarm period in every browser, in ms. */
const PERIOD = 30_000;
/** Slices per connection: browsers open six connections per host, two of them for the agent. */
const AT_ONCE = 4;

/** The engine's alarm: at `when`, then every `period` ms, in case the worker dies or cannot open its store. */
export function jobsAlarm(now: number, period = PERIOD, when = now + period): AlarmTimes {
  return { when, periodInMinutes: period / 60_000 };
}

/** Works on open jobs in slices: in turn on the same group, otherwise side by side. */
export interface Runner {
  /** Runs whatever is due, until only waiting is left. Never rejects. */
  wake(): Promise<void>;
  /**
   * Sets the alarm (the worker may die anywhere), runs a write that may open a job, then wakes. Throws errors of alarm
   * and write.
   */
  order<T>(write: () => Promise<T>): Promise<T>;
}

/** Opens the runner, idle until called. */
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
      // Store or alarm failed: the next alarm or event retries.
      state.isKicked = false;
    }
    if (state.isKicked) continue;
    // No await since the check, so no wake-up is lost.
    state.running = undefined;
    return;
  }
}

async function loop(state: RunnerState): Promise<void> {
  const { clock, active, ports, parked } = state;
  try {
    for (;;) {
      // From here, any event ends the wait below.
      state.isKicked = false;
      const event = new Promise<void>((resolve) => {
        state.kick = resolve;
      });
      const now = clock.now();
      const open = (await soundJobs(state)).filter(({ id }) => !active.has(id));
      const jobs = await Promise.all(open.map((job) => withoutMovedClock(state, job, now)));
      if (jobs.length === 0 && active.size === 0) {
        // A concurrent order sets its own alarm and wakes us.
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
      // Also for jobs awaiting the agent: that wait may end while no worker runs.
      await setAlarm(state, isAlive ? undefined : Math.min(next, now + WAIT_MAX.other));
      if (!isAlive) return;
      await begin(state, due);
      const sleep = Math.min(next - now, SLEEP_MAX);
      await Promise.race(next === Infinity ? [event] : [event, clock.sleep(sleep)]);
    }
  } finally {
    // Keep the lock while slices run.
    await Promise.all([...active.values()].map(({ ended }) => ended));
  }
}

/**
 * Starts a slice of each due job, most urgent first, unless it overlaps another. A waiting job reserves its groups, so
 * smaller jobs cannot starve it.
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

/** Groups, or the group list, that no other slice may touch. */
async function touchedBy(state: RunnerState, { id, connection, input }: StoredJob): Promise<string[]> {
  const { store } = state;
  const kind = kindOf(input);
  const targets = [...kind.targets(input)];
  // The new group is proved in this job.
  if (kind.leadsTo === "new-group") targets.push(...(await readSteps(store, id)).map(({ target }) => target));
  return targets.map((target) => `${connection} ${target}`);
}

/** Open jobs that this code understands; sets others aside. */
async function soundJobs(state: RunnerState): Promise<StoredJob[]> {
  const { store, clock } = state;
  const jobs = (await readOpenJobs(store)) as StoredJob[];
  const sound: StoredJob[] = [];
  for (const job of jobs) {
    if (isSound(job)) sound.push(job);
    else await setAside(store, job, clock.now());
  }
  return sound;
}
