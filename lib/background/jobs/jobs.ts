import type { PlanView } from "../../shared/views";
import { fail, ok, type Reply } from "../../shared/failure";
import { uninvited } from "../../shared/invitation";
import { kindOf } from "../../shared/jobs/kinds";
import { JOB_LIMITS, type JobInput, type Pace } from "../../shared/model";
import { failedSteps } from "../../shared/summary";
import { readGroup, readRoster } from "../../store/read";
import { dayOf, readInvited, readJob, readSteps, readTally } from "../../store/read-jobs";
import { takeBack } from "./aside";
import { openRunner } from "./runner";
import { type JobPorts, UNDO } from "./ports";
import { type KnownGroup, planMembership } from "../membership/plan";
import { begin, type Engine, liveNonce, paceOf } from "./engine";
import { cancel, pause, resume, resolveSteps } from "./control";
import { inviteInstead } from "./invite-instead";
import { eraseHistory, prune } from "./history";

/**
 * The job engine: every write at the gateway is a job. One runner per profile works in slices, storing everything in
 * between, so the worker may die anywhere.
 */

export interface Jobs {
  /** Starts a job, once per nonce. Fails with `no-connection`, `too-many`, `bad-input`, `storage-full`. */
  start(connection: string, input: JobInput, nonce: string): Promise<Reply<{ id: string }>>;
  pause(id: string): Promise<Reply<void>>;
  resume(id: string): Promise<Reply<void>>;
  /** Drops unsent steps and proves the rest; a second call ends without proof. */
  cancel(id: string): Promise<Reply<void>>;
  /** Starts a job that retries failed steps, or returns the last one, unless it did nothing. `too-late`: none is left. */
  retryFailed(id: string): Promise<Reply<{ id: string }>>;
  /** `group`: where an unsure create or join led. */
  resolveSteps(job: string, indexes: number[], as: "done" | "failed", group?: string): Promise<Reply<void>>;
  /**
   * Sends a group's link once to each person a job could not add, except numbers known not to be on WhatsApp.
   * `indexes`: only these steps. `too-late`: nobody is left. `not-on-whatsapp`: nobody is there.
   */
  inviteInstead(id: string, template: string, indexes?: number[]): Promise<Reply<{ id: string }>>;
  plan(connection: string, wish: Wish): Promise<Reply<PlanView>>;
  /** Deletes jobs ended before a time (ms; default: all); keeps who was invited. */
  eraseHistory(before?: number): Promise<Reply<void>>;
  /** Reopens jobs set aside by another version, paused. */
  takeBack(): Promise<void>;
  /** Deletes jobs beyond what the settings keep, or beyond 50,000 steps. Never rejects. */
  prune(): Promise<void>;
  /** For start, alarm, unlock and granted permission; see `Runner.wake`. */
  wake(): Promise<void>;
}

interface Wish {
  op: "add" | "remove";
  groups: string[];
  people: string[];
  pace: Pace;
  /** Only these pairs, by index. */
  pairs?: [group: number, person: number][];
  withAdmins?: boolean;
}

/** Opens the engine, idle until called. */
export function openJobs(ports: JobPorts): Jobs {
  const engine: Engine = { ...ports, undo: ports.undo ?? UNDO, runner: openRunner(ports) };
  return {
    start: (...args) => start(engine, ...args),
    pause: (...args) => pause(engine, ...args),
    resume: (...args) => resume(engine, ...args),
    cancel: (...args) => cancel(engine, ...args),
    retryFailed: (...args) => retryFailed(engine, ...args),
    resolveSteps: (...args) => resolveSteps(engine, ...args),
    inviteInstead: (...args) => inviteInstead(engine, ...args),
    plan: (...args) => plan(engine, ...args),
    eraseHistory: (...args) => eraseHistory(engine, ...args),
    takeBack: () => takeBack(engine.store),
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
  const kind = kindOf(input);
  if (kind.isTooLarge(input)) return fail("too-many");
  if (kind.isSound?.(input) === false) return fail("bad-input");
  return begin(engine, connection, input, nonce);
}

async function retryFailed(engine: Engine, id: string): Promise<Reply<{ id: string }>> {
  const { store } = engine;
  const job = await readJob(store, id);
  if (!job) return fail("too-late");
  const all = await readSteps(store, id);
  const missed = failedSteps(job.input, all);
  const invited = await readInvited(
    store,
    job.connection,
    missed.flatMap(({ group }) => group ?? []),
  );
  const failed = uninvited(job, missed, invited);
  const again = failed.length > 0 ? kindOf(job.input).retry?.(job.input, failed, all) : undefined;
  if (!again) return fail("too-late");
  return begin(engine, job.connection, again.input, await liveNonce(engine, `retry:${id}`), again.steps);
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
  const known = groups.map(async (id): Promise<KnownGroup> => {
    const [group, roster] = await Promise.all([readGroup(store, connection, id), readRoster(store, connection, id)]);
    return { id, name: group?.name, size: group?.size, capacity: group?.capacity, roster };
  });
  const today = await readTally(store, connection, dayOf(clock.now()));
  return ok(planMembership({ op, groups: await Promise.all(known), people, pace, pairs, own, today, withAdmins }));
}
