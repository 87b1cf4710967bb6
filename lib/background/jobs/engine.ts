import { fail, ok, type Reply } from "../../shared/failure";
import { isUnsent } from "../../shared/invitation";
import type { NewStep } from "../../shared/jobs/kind";
import type { Job, JobInput, Pace, Step } from "../../shared/model";
import { rulesOf } from "../../store/read-account";
import { readSteps } from "../../store/read-jobs";
import { storeFailure } from "../../store/trouble";
import { write } from "../../store/write";
import { addJob, assertMove, JOB_MOVES, STEP_MOVES } from "./journal";
import { putRecord, readStepsIn, RECORD, type StoredJob } from "./record";
import type { Runner } from "./runner";
import type { JobPorts } from "./ports";
import type { Change } from "./slice";

/** What all commands work with. */
export interface Engine extends JobPorts {
  undo: number;
  runner: Runner;
}

/** Writes a job, once per nonce, and wakes the runner. */
export async function begin(
  engine: Engine,
  connection: string,
  input: JobInput,
  nonce: string,
  steps?: NewStep[],
): Promise<Reply<{ id: string }>> {
  const { runner, store, undo, clock } = engine;
  try {
    const wanted = "pace" in input ? { ...input, pace: await paceOf(engine, input.pace) } : input;
    const id = await runner.order(() => addJob(store, { connection, input: wanted, nonce, undo }, clock.now(), steps));
    return id === undefined ? fail("no-connection") : ok({ id });
  } catch (error) {
    return fail(storeFailure(error));
  }
}

/** Returns the first of `nonce`, `nonce:1` … that is no job's, or that of a job open or with an effect. */
export async function liveNonce(engine: Engine, nonce: string, tries = 0): Promise<string> {
  const { store } = engine;
  const wanted = tries === 0 ? nonce : `${nonce}:${tries}`;
  const job = await store.db.getFromIndex("jobs", "nonce", wanted);
  const isVain = job !== undefined && isOver(job) && (await readSteps(store, job.id)).every(isUnsent);
  return isVain ? liveNonce(engine, nonce, tries + 1) : wanted;
}

/** Returns the pace, as slow as the company demands. */
export async function paceOf(engine: Engine, pace: Pace): Promise<Pace> {
  const { store } = engine;
  return (await rulesOf(store)).maxPace === "careful" ? "careful" : pace;
}

/** Changes a job and wakes the runner. `too-late`: no such job any more, or `how` returned undefined. */
export async function change(
  engine: Engine,
  id: string,
  how: (job: StoredJob, steps: Step[]) => Partial<Change> | undefined,
): Promise<Reply<void>> {
  const { runner, store } = engine;
  try {
    const isFound = await runner.order(() =>
      write(store, [...RECORD, "invites"], async (tx) => {
        const job = await tx.objectStore("jobs").get(id);
        if (!job) return false;
        const steps = await readStepsIn(tx, id);
        const changed = how(job, steps);
        if (!changed) return false;
        const changes = (changed.steps ?? []).map((after) => ({ before: steps[after.index], after }));
        for (const { before, after } of changes) assertMove(STEP_MOVES, before?.state ?? after.state, after.state);
        for (const invite of changed.invites ?? []) await tx.objectStore("invites").put(invite);
        const next = { ...job, ...changed.job };
        assertMove(JOB_MOVES, job.state, next.state);
        await putRecord(tx, next, changes);
        return true;
      }),
    );
    return isFound ? ok(undefined) : fail("too-late");
  } catch (error) {
    return fail(storeFailure(error));
  }
}

/** Whether the job has ended. */
export function isOver({ state }: Pick<Job, "state">): boolean {
  return state === "done" || state === "cancelled";
}
