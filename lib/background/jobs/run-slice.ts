import { kindOf } from "../../shared/jobs/kinds";
import type { FailureCode, Pause, Step } from "../../shared/model";
import type { StoredJob } from "./record";
import { readGroup, readNotes, readRoster } from "../../store/read";
import { rulesOf } from "../../store/read-account";
import { readSteps, readRemovals } from "../../store/read-jobs";
import { storeFailure } from "../../store/trouble";
import type { Gateway } from "../gateway/gateway";
import { setAside } from "./aside";
import { EXECUTORS } from "./executors";
import { addJob, areSound, commit, Fenced, intend, isPending, takeJob } from "./journal";
import type { Slice } from "./slice";
import { RETRY, type RunnerState } from "./ports";

/** Works on a job once. Never rejects: errors pause the job. */
export async function runSlice(state: RunnerState, due: StoredJob): Promise<void> {
  const { ports, store, parked } = state;
  try {
    state.tried.add(due.id);
    const gateway = await ports.gateway(due.connection);
    // Already paused for this.
    if (!gateway.ok && due.state === "paused" && due.pause?.reason === gateway.failure.code) return;
    let job = due;
    if (job.state !== "running" || !state.held.has(job.id)) {
      job = await takeJob(store, job.id);
      state.held.add(job.id);
    }
    const steps = await readSteps(store, job.id);
    if (!areSound(steps)) {
      await setAside(store, job, state.clock.now());
      return;
    }
    if (!gateway.ok) await noGateway(state, job, steps, gateway.failure);
    else if (!(await repair(state, job, steps)))
      await EXECUTORS[job.input.kind].run(await sliceOf(state, job, steps, gateway.value));
    parked.delete(due.id);
  } catch (error) {
    await stopped(state, due, error);
  }
}

async function sliceOf(state: RunnerState, job: StoredJob, steps: Step[], gateway: Gateway): Promise<Slice> {
  const { settleTime, store, clock, ports, active, undo } = state;
  const slice: Slice = {
    job,
    steps,
    gateway,
    settleTime,
    mustBeCareful: (await rulesOf(store)).maxPace === "careful",
    connection: await store.db.get("connections", job.connection),
    now: () => clock.now(),
    random: () => ports.random(),
    async recent(group) {
      const roster = await readRoster(store, job.connection, group);
      const isRecent = roster !== undefined && Math.abs(clock.now() - roster.readAt) < 86_400_000;
      return isRecent ? roster.members.map(({ id }) => id) : undefined;
    },
    // An effect may be as late as the settle time.
    removals: (group, since) => readRemovals(store, job, group, since - settleTime),
    group: (id) => readGroup(store, job.connection, id),
    async knownGroups() {
      const rows = await store.db.getAllFromIndex(
        "groups",
        "name",
        IDBKeyRange.bound([job.connection, 0], [job.connection, 0, []]),
      );
      const { list } = await readNotes(store, job.connection);
      return { at: list?.endedAt ?? 0, ids: rows.map(({ id }) => id) };
    },
    invite: (code) => store.db.get("invites", [job.connection, code]),
    focus(target) {
      const own = active.get(job.id);
      if (!own || own.touched.length === 1) return;
      own.touched = [`${job.connection} ${target}`];
      state.kick();
    },
    async intend(wanted, list) {
      const sent = await intend(store, slice.job, wanted, clock.now(), list);
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
 * Marks steps left `sending` by a dead worker as unknown, and restarts settling where a moved clock put the sending in
 * the future. Returns whether anything changed.
 */
async function repair(state: RunnerState, job: StoredJob, steps: Step[]): Promise<boolean> {
  const { clock, store } = state;
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
  const remaining = readings.filter(([group, { at }]) => group === "" || !isAhead(at));
  if (changes.length === 0 && remaining.length === readings.length) return false;
  await commit(store, job, changes, { at: now }, { readings: Object.fromEntries(remaining) }, {}, now);
  return true;
}

/** Fails a single-step job that cannot start; pauses any other. */
async function noGateway(
  state: RunnerState,
  job: StoredJob,
  steps: Step[],
  failure: { code: FailureCode; detail?: string; retryAt?: number },
) {
  const { clock, store } = state;
  const { code, detail } = failure;
  const now = clock.now();
  const canWait = code === "locked" || code === "offline" || code === "rate-limited";
  const kind = kindOf(job.input);
  const isStart = steps.every((step) => step.state === "todo");
  if (!canWait && isStart && kind.isSingle(job.input)) {
    const changes = steps.map((step): Step => {
      return { ...step, state: "failed", verdict: kind.verdicts(step)[1], failure: code, detail };
    });
    await commit(store, job, changes, { end: true }, {}, {}, now);
    return;
  }
  const until = failure.retryAt ?? (code === "offline" || code === "rate-limited" ? now + RETRY : undefined);
  await commit(store, job, [], { pause: { reason: code, detail, until } }, {}, {}, now);
}

async function stopped(state: RunnerState, job: StoredJob, error: unknown): Promise<void> {
  const { parked, clock, store } = state;
  state.held.delete(job.id);
  // Paused, cancelled, or another runner's now.
  if (error instanceof Fenced) return;
  parked.set(job.id, clock.now() + RETRY);
  const reason = storeFailure(error);
  // Store trouble may pass; our own error would recur.
  const pause: Pause = reason === "broken" ? { reason } : { reason, until: clock.now() + RETRY };
  try {
    const mine = await takeJob(store, job.id);
    await commit(store, mine, [], { pause }, {}, {}, clock.now());
  } catch {
    // The store still refuses: the next alarm retries.
  }
}

function replace(slice: Slice, changes: Step[]): void {
  for (const step of changes) slice.steps[step.index] = step;
}
