import type { Reply } from "../../shared/failure";
import type { FailureCode, Job, JobKind, Pause, Step } from "../../shared/model";
import { deleteRecord, putRecord, readStepsIn, RECORD, type StoredJob } from "./record";
import { readGroup, readOpenJobs, readRoster, readSteps } from "../../store/read";
import type { Store } from "../../store/schema";
import type { Gateway } from "../gateway/gateway";
import { runMembership } from "./membership";
import { runCreate } from "./create";
import {
  addJob,
  areSound,
  commit,
  Fenced,
  intend,
  isPending,
  isSound,
  journal,
  NotWritten,
  takeJob,
  WAITING_FOR_AGENT,
} from "./journal";
import { runJoin } from "./join";
import { runLeave } from "./leave";
import { runSend } from "./send";
import { SETTLE, type Executor, type Slice } from "./slice";
import { isSingle, targetsOf, UNDO, VERDICTS } from "./steps";
import { runUpdate } from "./update";

/** Name of the lock and of the alarm. */
export const JOBS = "jobs";
const SLEEP_MAX = 20_000;
/** The wait before another try of what the browser or the gateway could not do just now, in ms. */
const RETRY = 30_000;
/** The shortest period of an alarm that every browser keeps, in ms. */
const PERIOD = 30_000;
/** Slices of one connection at a time. Browsers open six connections to a host: two are left to what the agent looks at. */
const AT_ONCE = 4;
const WAIT_MAX = { "rate-limited": 3_600_000, other: 300_000 } as const;

/** As `browser.alarms.create` takes it. `when` is wall time in ms. */
export interface AlarmTimes {
  when: number;
  periodInMinutes: number;
}

/**
 * The times of the engine's alarm. It fires at `when` (one period from now unless given) and then with each period (ms)
 * until it is set anew or cleared: a worker that dies, or cannot open its store, is woken again.
 */
export function jobsAlarm(now: number, period = PERIOD, when = now + period): AlarmTimes {
  return { when, periodInMinutes: period / 60_000 };
}

/** What the engine works with. Nothing else is touched. */
export interface JobPorts {
  store: Store;
  /** The gateway of a connection; fails with `locked`, `no-key`, `no-permission`, `no-connection` … */
  gateway(connection: string): Promise<Reply<Gateway>>;
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** `browser.alarms`: an alarm of the same name is replaced. */
  alarms: { create(name: string, when: AlarmTimes): unknown; clear(name: string): unknown };
  /** `navigator.locks.request`: one holder in the whole profile. */
  lock(name: string, work: () => Promise<void>): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
  /** Other times for a test build, in ms. */
  settle?: number;
  undo?: number;
  period?: number;
}

const EXECUTORS: Record<JobKind, Executor> = {
  add: runMembership,
  remove: runMembership,
  create: runCreate,
  update: runUpdate,
  leave: runLeave,
  join: runJoin,
  send: runSend,
};

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
  const { store, clock } = ports;
  const settle = ports.settle ?? SETTLE;
  const undo = ports.undo ?? UNDO;

  // All of this is memory for one life of the worker; losing it costs nothing but a little time.
  let running: Promise<void> | undefined;
  let isKicked = false;
  let orders = 0;
  let kick: () => void = () => undefined;
  let tried = new Set<string>();
  let taken = new Set<string>();
  const parked = new Map<string, number>();
  const active = new Map<string, { connection: string; touched: string[]; ended: Promise<void> }>();

  function wake(): Promise<void> {
    isKicked = true;
    tried = new Set();
    kick();
    running ??= drive();
    return running;
  }

  async function order<T>(write: () => Promise<T>): Promise<T> {
    orders += 1;
    try {
      await setAlarm();
      return await write();
    } finally {
      orders -= 1;
      void wake();
    }
  }

  async function setAlarm(when?: number): Promise<void> {
    await ports.alarms.create(JOBS, jobsAlarm(clock.now(), ports.period, when));
  }

  async function drive(): Promise<void> {
    for (;;) {
      isKicked = false;
      taken = new Set();
      try {
        await ports.lock(JOBS, loop);
      } catch {
        // The store cannot be read, or the alarm not be set: the alarm that is set, or the next event, tries again.
        isKicked = false;
      }
      if (isKicked) continue;
      // In the same step as the question above, so that no waking falls between.
      running = undefined;
      return;
    }
  }

  async function loop(): Promise<void> {
    try {
      for (;;) {
        // Whatever happens from here on ends the waiting below.
        isKicked = false;
        const event = new Promise<void>((resolve) => {
          kick = resolve;
        });
        const now = clock.now();
        const open = (await soundJobs()).filter(({ id }) => !active.has(id));
        const jobs = await Promise.all(open.map((job) => withoutMovedClock(job, now)));
        if (jobs.length === 0 && active.size === 0) {
          // Whoever ordered something since the jobs were read has set the alarm for it, and wakes us when it is written.
          if (orders === 0 && !isKicked) await ports.alarms.clear(JOBS);
          return;
        }
        for (const [id, at] of parked) if (at > now + RETRY) parked.delete(id);
        const waiting = jobs
          .map((job) => ({ job, at: dueAt(job) }))
          .toSorted((a, b) => a.at - b.at || a.job.createdAt - b.job.createdAt);
        const due = waiting.filter(({ at }) => at <= now).map(({ job }) => job);
        const next = waiting.find(({ at }) => at > now)?.at ?? Infinity;
        const isAlive = active.size > 0 || due.length > 0 || next - now < SLEEP_MAX;
        // Also for jobs that wait for the agent: what ends their waiting may come while no worker is alive.
        await setAlarm(isAlive ? undefined : Math.min(next, now + WAIT_MAX.other));
        if (!isAlive) return;
        await begin(due);
        const sleep = Math.min(next - now, SLEEP_MAX);
        await Promise.race(next === Infinity ? [event] : [event, clock.sleep(sleep)]);
      }
    } finally {
      // The lock is given back when nothing is under way any more.
      await Promise.all([...active.values()].map(({ ended }) => ended));
    }
  }

  /**
   * Begins a slice of each of these jobs, the most urgent first, unless another one touches the same. What such a job
   * touches is kept free for it, so that no stream of smaller ones holds it up.
   */
  async function begin(due: StoredJob[]): Promise<void> {
    const busy = new Set([...active.values()].flatMap(({ touched }) => touched));
    for (const job of due) {
      const touched = await touchedBy(job);
      const isFree = !touched.some((each) => busy.has(each));
      for (const each of touched) busy.add(each);
      const others = [...active.values()].filter(({ connection }) => connection === job.connection);
      if (!isFree || others.length >= AT_ONCE) continue;
      const ended = runSlice(job).finally(() => {
        active.delete(job.id);
        kick();
      });
      active.set(job.id, { connection: job.connection, touched, ended });
    }
  }

  /** What no other slice may touch while this job is worked on: the groups, or the list of groups. */
  async function touchedBy({ id, connection, input }: StoredJob): Promise<string[]> {
    const targets = targetsOf(input);
    // The group that it made is proved in the same job.
    if (input.kind === "create") targets.push(...(await readSteps(store, id)).map(({ target }) => target));
    return targets.map((target) => `${connection} ${target}`);
  }

  /** Open jobs whose records this code understands; the others are set aside, never run. */
  async function soundJobs(): Promise<StoredJob[]> {
    const jobs = (await readOpenJobs(store)) as StoredJob[];
    const sound: StoredJob[] = [];
    for (const job of jobs) if (isSound(job) || !(await setAside(job))) sound.push(job);
    return sound.filter(isSound);
  }

  async function setAside(job: StoredJob): Promise<boolean> {
    await journal(store, [...RECORD, "aside"], async (tx) => {
      const steps = await readStepsIn(tx, job.id);
      const aside = { id: `jobs ${job.id}`, table: "jobs", key: job.id, value: { job, steps }, at: clock.now() };
      await tx.objectStore("aside").put(aside);
      await deleteRecord(tx, job.id);
    });
    return true;
  }

  /**
   * A wait that is longer than its kind can be comes from a clock that was moved back (security rule R17): it is cut,
   * in the store, so that the next life of the worker does not begin it again.
   */
  async function withoutMovedClock(job: StoredJob, now: number): Promise<StoredJob> {
    const latest = now + longest(job);
    const { until } = job.pause ?? {};
    const isMoved = job.state === "paused" ? until !== undefined && until > latest : job.notBefore > latest;
    if (!isMoved) return job;
    const cut: StoredJob = {
      ...job,
      notBefore: Math.min(job.notBefore, latest),
      undoUntil: Math.min(job.undoUntil, now + undo),
      pause: job.pause && { ...job.pause, until: until && Math.min(until, latest) },
    };
    await journal(store, [...RECORD], async (tx) => {
      const current = await tx.objectStore("jobs").get(job.id);
      if (current?.epoch === job.epoch && current.state === job.state) await putRecord(tx, cut);
    });
    return cut;
  }

  function longest(job: Job): number {
    if (job.state === "paused") return job.pause?.reason === "rate-limited" ? WAIT_MAX["rate-limited"] : WAIT_MAX.other;
    return job.undoUntil > 0 && job.undoUntil === job.notBefore ? undo : Math.max(settle, 60_000);
  }

  /** When a job is to be worked on; Infinity when it waits for the agent. */
  function dueAt(job: Job): number {
    const notBefore = parked.get(job.id) ?? 0;
    if (job.state !== "paused") return Math.max(job.notBefore, notBefore);
    const { reason, until } = job.pause ?? { reason: "agent" };
    if (until !== undefined) return Math.max(until, notBefore);
    return WAITING_FOR_AGENT.has(reason) && !tried.has(job.id) ? 0 : Infinity;
  }

  async function runSlice(due: StoredJob): Promise<void> {
    try {
      tried.add(due.id);
      const gateway = await ports.gateway(due.connection);
      // Still locked: it is paused for that already.
      if (!gateway.ok && due.state === "paused" && due.pause?.reason === gateway.failure.code) return;
      let job = due;
      if (job.state !== "running" || !taken.has(job.id)) {
        job = await takeJob(store, job.id);
        taken.add(job.id);
      }
      const steps = await readSteps(store, job.id);
      if (!areSound(steps)) {
        await setAside(job);
        return;
      }
      if (!gateway.ok) await noGateway(job, steps, gateway.failure);
      else if (!(await repair(job, steps))) await EXECUTORS[job.input.kind](await sliceOf(job, steps, gateway.value));
      parked.delete(due.id);
    } catch (error) {
      await stopped(due, error);
    }
  }

  async function sliceOf(job: StoredJob, steps: Step[], gateway: Gateway): Promise<Slice> {
    const slice: Slice = {
      job,
      steps,
      gateway,
      settle,
      connection: await store.db.get("connections", job.connection),
      now: () => clock.now(),
      random: () => ports.random(),
      async recent(group) {
        const roster = await readRoster(store, job.connection, group);
        const isRecent = roster !== undefined && Math.abs(clock.now() - roster.readAt) < 86_400_000;
        return isRecent ? roster.members.map(({ id }) => id) : undefined;
      },
      group: (id) => readGroup(store, job.connection, id),
      async knownGroups() {
        const rows = await store.db.getAllFromIndex(
          "groups",
          "name",
          IDBKeyRange.bound([job.connection, 0], [job.connection, 0, []]),
        );
        return rows.map(({ id }) => id);
      },
      invite: (code) => store.db.get("invites", [job.connection, code]),
      focus(target) {
        const own = active.get(job.id);
        if (!own || own.touched.length === 1) return;
        own.touched = [`${job.connection} ${target}`];
        kick();
      },
      async intend(wanted, ids) {
        const sent = await intend(store, slice.job, wanted, clock.now(), ids);
        replace(slice, sent);
        return sent;
      },
      async commit(changes, next, patch = {}, learnt = {}) {
        slice.job = await commit(store, slice.job, changes, next, patch, learnt, clock.now());
        replace(slice, changes);
      },
      async follow(input, nonce) {
        await addJob(store, { connection: job.connection, input, nonce, undo }, clock.now());
      },
    };
    return slice;
  }

  /**
   * What a dead worker left as `sending` is of unknown outcome. A sending time in the future means that the clock was
   * moved back: the settle time starts anew (security rule R17). Gives whether there was something.
   */
  async function repair(job: StoredJob, steps: Step[]): Promise<boolean> {
    const now = clock.now();
    const isAhead = (at: number | undefined) => at !== undefined && at > now + 60_000;
    const changes = steps
      .filter((step) => step.state === "sending" || (isPending(step) && isAhead(step.sentAt)))
      .map((step): Step => {
        const sentAt = isAhead(step.sentAt) ? now : step.sentAt;
        return step.state === "sending"
          ? { ...step, state: "unknown", verdict: "unconfirmed", sentAt }
          : { ...step, sentAt };
      });
    const readings = Object.entries(job.readings ?? {});
    const kept = readings.filter(([group, { at }]) => group === "" || !isAhead(at));
    if (changes.length === 0 && kept.length === readings.length) return false;
    await commit(store, job, changes, { at: now }, { readings: Object.fromEntries(kept) }, {}, now);
    return true;
  }

  /** A single-step job that cannot even begin has failed; any other waits. */
  async function noGateway(
    job: StoredJob,
    steps: Step[],
    failure: { code: FailureCode; detail?: string; retryAt?: number },
  ) {
    const { code, detail } = failure;
    const now = clock.now();
    const canWait = code === "locked" || code === "offline" || code === "rate-limited";
    const [, missed] = VERDICTS[job.input.kind];
    const isStart = steps.every((step) => step.state === "todo");
    if (!canWait && isStart && isSingle(job.input)) {
      const changes = steps.map((step): Step => ({ ...step, state: "failed", verdict: missed, failure: code, detail }));
      await commit(store, job, changes, { end: true }, {}, {}, now);
      return;
    }
    const until = failure.retryAt ?? (code === "offline" || code === "rate-limited" ? now + RETRY : undefined);
    await commit(store, job, [], { pause: { reason: code, detail, until } }, {}, {}, now);
  }

  async function stopped(job: StoredJob, error: unknown): Promise<void> {
    taken.delete(job.id);
    // The agent paused or cancelled it, or another runner has it: what the store says now counts.
    if (error instanceof Fenced) return;
    parked.set(job.id, clock.now() + RETRY);
    const isFull = error instanceof NotWritten;
    const pause: Pause = isFull ? { reason: "storage-full", until: clock.now() + RETRY } : { reason: "broken" };
    try {
      const mine = await takeJob(store, job.id);
      await commit(store, mine, [], { pause }, {}, {}, clock.now());
    } catch {
      // The disk is still full: nothing was sent, and the job is tried again with the next alarm.
    }
  }

  return { wake, order };
}

function replace(slice: Slice, changes: Step[]): void {
  for (const step of changes) slice.steps[step.index] = step;
}
