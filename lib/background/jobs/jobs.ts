import type { PlanView } from "../../shared/views";
import { fail, ok, type Reply } from "../../shared/failure";
import { kindOf } from "../../shared/jobs/kinds";
import { JOB_LIMITS, type JobInput, type Pace } from "../../shared/model";
import { failedSteps } from "../../shared/summary";
import { dayOf, readGroup, readJob, readRoster, readSteps, readTally } from "../../store/read";
import { openRunner } from "./runner";
import { type JobPorts, UNDO } from "./ports";
import { type Known, planMembership } from "../membership/plan";
import { begin, type Engine, paceOf } from "./engine";
import { cancel, pause, resume, settleSteps } from "./control";
import { inviteInstead } from "./invite-instead";
import { eraseHistory, prune } from "./history";

/**
 * The job engine: every write at the gateway is a job here. One runner for the whole profile works through the open
 * jobs in slices; between two slices everything is in the store, so the worker may die at any moment (security,
 * section 6). Time: a wait under 20 s sleeps, a longer one is an alarm.
 */

export interface Jobs {
  /** Writes the job and begins it. A second call with the same nonce returns the same job. `no-connection`, `too-many`, `bad-input`, `storage-full`. */
  start(connection: string, input: JobInput, nonce: string): Promise<Reply<{ id: string }>>;
  pause(id: string): Promise<Reply<void>>;
  resume(id: string): Promise<Reply<void>>;
  /** What was not sent will not be; what was sent is still proved. A second time: ends without proof. */
  cancel(id: string): Promise<Reply<void>>;
  /** Starts a job that tries the failed steps again. `bad-input`: there is none. */
  retryFailed(id: string): Promise<Reply<{ id: string }>>;
  /** The agent says what became of steps in review. With `group` it is the group that an unsure create or join gave. */
  settleSteps(job: string, indexes: number[], as: "done" | "failed", group?: string): Promise<Reply<void>>;
  /**
   * Sends the group's invite link to the people whom a job could not add: once each, and not to numbers that the gateway
   * says are not on WhatsApp; with `person`, that one alone. `bad-input`: no one is left. `not-on-whatsapp`: none of them is there.
   */
  inviteInstead(id: string, template: string, person?: string): Promise<Reply<{ id: string }>>;
  plan(connection: string, wish: Wish): Promise<Reply<PlanView>>;
  /** Removes ended jobs with their steps; only those that ended before a moment, if given. Who was invited is kept. */
  eraseHistory(before?: number): Promise<Reply<void>>;
  /** Removes ended jobs that are older than the agent keeps them, and the oldest beyond 50,000 steps. Never rejects. */
  prune(): Promise<void>;
  /**
   * Goes on with whatever is due: at every start of the worker, alarm, unlock, granted permission. Resolves when there
   * is nothing to do but wait; never rejects.
   */
  wake(): Promise<void>;
}

/** What a change of members shall do, before anything is sent. */
interface Wish {
  op: "add" | "remove";
  groups: string[];
  people: string[];
  pace: Pace;
  /** Only these people in these groups, by their places in the lists. */
  pairs?: [group: number, person: number][];
  withAdmins?: boolean;
}

/** The engine over its ports. Nothing runs until `start` or `wake`. */
export function openJobs(ports: JobPorts): Jobs {
  const engine: Engine = { ...ports, undo: ports.undo ?? UNDO, runner: openRunner(ports) };
  return {
    start: (...args) => start(engine, ...args),
    pause: (...args) => pause(engine, ...args),
    resume: (...args) => resume(engine, ...args),
    cancel: (...args) => cancel(engine, ...args),
    retryFailed: (...args) => retryFailed(engine, ...args),
    settleSteps: (...args) => settleSteps(engine, ...args),
    inviteInstead: (...args) => inviteInstead(engine, ...args),
    plan: (...args) => plan(engine, ...args),
    eraseHistory: (...args) => eraseHistory(engine, ...args),
    prune: (...args) => prune(engine, ...args),
    wake: () => engine.runner.wake(),
  };
}

async function start(
  engine: Engine,
  connection: string,
  input: JobInput,
  nonce: string,
): Promise<Reply<{ id: string }>> {
  const { store } = engine;
  if (!(await store.db.get("connections", connection))) return fail("no-connection");
  const kind = kindOf(input);
  if (kind.isTooLarge(input)) return fail("too-many");
  if (kind.isSound?.(input) === false) return fail("bad-input");
  return begin(engine, connection, input, nonce);
}

async function retryFailed(engine: Engine, id: string): Promise<Reply<{ id: string }>> {
  const { store } = engine;
  const job = await readJob(store, id);
  if (!job) return fail("bad-input");
  const all = await readSteps(store, id);
  const failed = failedSteps(job.input, all);
  const again = failed.length > 0 ? kindOf(job.input).retry?.(job.input, failed, all) : undefined;
  if (!again) return fail("bad-input");
  return begin(engine, job.connection, again.input, `retry:${id}`, again.steps);
}

async function plan(
  engine: Engine,
  connection: string,
  { op, groups, people, pace: wanted, pairs, withAdmins }: Wish,
): Promise<Reply<PlanView>> {
  const { store, clock } = engine;
  if ((pairs?.length ?? groups.length * people.length) > JOB_LIMITS.results) return fail("too-many");
  const pace = await paceOf(engine, wanted);
  const own = (await store.db.get("connections", connection))?.ownNumber;
  const known = groups.map(async (id): Promise<Known> => {
    const [group, roster] = await Promise.all([readGroup(store, connection, id), readRoster(store, connection, id)]);
    return { id, size: group?.size, roster };
  });
  const today = await readTally(store, connection, dayOf(clock.now()));
  return ok(planMembership({ op, groups: await Promise.all(known), people, pace, pairs, own, today, withAdmins }));
}
