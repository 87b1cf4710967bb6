import type { Job } from "../../shared/model";
import { putRecord, RECORD, type StoredJob } from "./record";
import { write } from "../../store/write";
import { WAITING_FOR_AGENT } from "./journal";
import type { RunnerState } from "./ports";

/** Longest possible pause, in ms. */
export const WAIT_MAX = { "rate-limited": 3_600_000, other: 300_000 } as const;

/** Shortens and stores a wait too long for its kind: the clock was moved back. */
export async function withoutMovedClock(state: RunnerState, job: StoredJob, now: number): Promise<StoredJob> {
  const { undo, store } = state;
  const latest = now + longest(state, job);
  const { until } = job.pause ?? {};
  const isMoved = job.state === "paused" ? until !== undefined && until > latest : job.notBefore > latest;
  if (!isMoved) return job;
  const cut: StoredJob = {
    ...job,
    notBefore: Math.min(job.notBefore, latest),
    undoUntil: Math.min(job.undoUntil, now + undo),
    pause: job.pause && { ...job.pause, until: until && Math.min(until, latest) },
  };
  await write(store, [...RECORD], async (tx) => {
    const current = await tx.objectStore("jobs").get(job.id);
    if (current?.epoch === job.epoch && current.state === job.state) await putRecord(tx, cut);
  });
  return cut;
}

function longest(state: RunnerState, job: Job): number {
  const { undo, settleTime } = state;
  if (job.state === "paused") return job.pause?.reason === "rate-limited" ? WAIT_MAX["rate-limited"] : WAIT_MAX.other;
  return job.undoUntil > 0 && job.undoUntil === job.notBefore ? undo : Math.max(settleTime, 60_000);
}

/** When the job is due (ms); Infinity while awaiting the agent. */
export function dueAt(state: RunnerState, job: Job): number {
  const { parked } = state;
  const notBefore = parked.get(job.id) ?? 0;
  if (job.state !== "paused") return Math.max(job.notBefore, notBefore);
  const { reason, until } = job.pause ?? { reason: "agent" };
  if (until !== undefined) return Math.max(until, notBefore);
  return WAITING_FOR_AGENT.has(reason) && !state.tried.has(job.id) ? 0 : Infinity;
}
