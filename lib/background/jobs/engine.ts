import { fail, ok, type Reply } from "../../shared/failure";
import type { NewStep } from "../../shared/jobs/kind";
import type { Job, JobInput, Pace, Step } from "../../shared/model";
import { rulesOf } from "../../store/read";
import { addJob, assertMove, JOB_MOVES, journal, NotWritten, STEP_MOVES } from "./journal";
import { putRecord, readStepsIn, RECORD, type StoredJob } from "./record";
import type { Runner } from "./runner";
import type { JobPorts } from "./ports";
import type { Change } from "./slice";

/** What the commands of the engine share: beginning a job, and changing one that has begun. */

/** What the commands of the engine work with. */
export interface Engine extends JobPorts {
  undo: number;
  runner: Runner;
}

/** Writes a job and wakes the runner. A second call with the same nonce returns the same job. */
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
    return ok({ id });
  } catch (error) {
    return notWritten(error);
  }
}

/** The pace that the company allows. */
export async function paceOf(engine: Engine, pace: Pace): Promise<Pace> {
  const { store } = engine;
  return (await rulesOf(store)).maxPace === "careful" ? "careful" : pace;
}

/** Changes an unfinished job in one transaction. `bad-input`: there is no such job. */
export async function change(
  engine: Engine,
  id: string,
  how: (job: StoredJob, steps: Step[]) => Partial<Change> | undefined,
): Promise<Reply<void>> {
  const { runner, store } = engine;
  try {
    const isFound = await runner.order(() =>
      journal(store, [...RECORD, "invites"], async (tx) => {
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
    return isFound ? ok(undefined) : fail("bad-input");
  } catch (error) {
    return notWritten(error);
  }
}

function notWritten(error: unknown): Reply<never> {
  return fail(error instanceof NotWritten ? "storage-full" : "broken");
}

/** Whether a job has ended. */
export function isOver({ state }: Pick<Job, "state">): boolean {
  return state === "done" || state === "cancelled";
}
