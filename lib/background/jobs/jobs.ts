import type { PlanView } from "../../shared/commands";
import { fail, ok, type Reply } from "../../shared/failure";
import { fillInvitation, isInvitable } from "../../shared/invitation";
import { JOB_LIMITS, type Job, type JobInput, type KnownInvite, type Pace, type Step } from "../../shared/model";
import { digitsOf, personKey } from "../../shared/person";
import { isEnded, isTooLarge } from "../../shared/summary";
import {
  dayOf,
  readExpired,
  readGroup,
  readInvited,
  readJob,
  readRoster,
  readSettings,
  readSteps,
  readTally,
  rulesOf,
} from "../../store/read";
import type { Gateway } from "../gateway/gateway";
import { addJob, assertMove, isPending, JOB_MOVES, journal, NotWritten, STEP_MOVES } from "./journal";
import { deleteRecord, putRecord, readStepsIn, RECORD, type StoredJob } from "./record";
import { openRunner, type JobPorts } from "./runner";
import { checkedStep, isWorthChecking, PROVED } from "../membership/verdict";
import { freshStep, inputOf, UNDO, VERDICTS } from "./steps";
import { planMembership, type Known } from "../membership/plan";

const DAY = 86_400_000;

/**
 * The job engine: every write at the gateway is a job here. One runner for the whole profile works through the open
 * jobs in slices; between two slices everything is in the store, so the worker may die at any moment (security,
 * section 6). Time: a wait under 20 s sleeps, a longer one is an alarm.
 */

export interface Jobs {
  /** Writes the job down and begins it. The same nonce gives the same job. `no-connection`, `too-many`, `bad-input`, `storage-full`. */
  start(connection: string, input: JobInput, nonce: string): Promise<Reply<{ id: string }>>;
  pause(id: string): Promise<Reply<void>>;
  resume(id: string): Promise<Reply<void>>;
  /** What was not sent will not be; what was sent is still proved. A second time: ends without proof. */
  cancel(id: string): Promise<Reply<void>>;
  /** A new job with those alone who were refused or not reached. `bad-input`: there is nobody. */
  retryFailed(id: string): Promise<Reply<{ id: string }>>;
  /** The agent says what became of steps in review. With `group` it is the group that an unsure create or join gave. */
  settleSteps(job: string, indexes: number[], as: "done" | "failed", group?: string): Promise<Reply<void>>;
  /**
   * Sends the refused people of a job the group's invite link: nobody twice, and nobody of whom the gateway says that the
   * number is not on WhatsApp. `bad-input`: nobody is left. `not-on-whatsapp`: none of them is there.
   */
  inviteInstead(id: string, template: string): Promise<Reply<{ id: string }>>;
  plan(
    connection: string,
    wish: { op: "add" | "remove"; groups: string[]; people: string[]; pace: Pace; withAdmins?: boolean },
  ): Promise<Reply<PlanView>>;
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

/** The engine over its ports. Nothing runs until `start` or `wake`. */
export function openJobs(ports: JobPorts): Jobs {
  const { store, clock } = ports;
  const undo = ports.undo ?? UNDO;

  const runner = openRunner(ports);

  async function begin(
    connection: string,
    input: JobInput,
    nonce: string,
    steps?: Step[],
  ): Promise<Reply<{ id: string }>> {
    try {
      const wanted = "pace" in input ? { ...input, pace: await paceOf(input.pace) } : input;
      const id = await runner.order(() =>
        addJob(store, { connection, input: wanted, nonce, undo }, clock.now(), steps),
      );
      return ok({ id });
    } catch (error) {
      return notWritten(error);
    }
  }

  /** The pace that the company allows. */
  const paceOf = async (pace: Pace): Promise<Pace> => ((await rulesOf(store)).maxPace === "careful" ? "careful" : pace);

  /** Changes an unfinished job in one transaction. `bad-input`: there is no such job. */
  async function change(
    id: string,
    how: (
      job: StoredJob,
      steps: Step[],
    ) => { job?: Partial<StoredJob>; steps?: Step[]; invites?: KnownInvite[] } | undefined,
  ): Promise<Reply<void>> {
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

  /** Those of whom the gateway says now whether they are on WhatsApp; it is not asked on once it cannot say. */
  async function checkPeople(gateway: Gateway, steps: Step[]): Promise<Step[]> {
    const checked: Step[] = [];
    for (const step of steps.filter(isWorthChecking)) {
      const phone = digitsOf(step.person ?? "") ?? "";
      const answer = await gateway.checkPerson(phone, { priority: "agent" });
      if (!answer.ok || answer.value === null) break;
      checked.push(checkedStep(step, answer.value.exists));
    }
    return checked;
  }

  return {
    async start(connection, input, nonce) {
      if (!(await store.db.get("connections", connection))) return fail("no-connection");
      const isMismatch =
        input.kind === "send" && input.texts !== undefined && input.texts.length !== input.chats.length;
      if (isTooLarge(input)) return fail("too-many");
      if (isMismatch) return fail("bad-input");
      return begin(connection, input, nonce);
    },

    pause: (id) =>
      change(id, (job) => {
        if (isOver(job)) return undefined;
        return { job: { state: "paused", pause: { reason: "agent" } } };
      }),

    resume: (id) =>
      change(id, (job) => {
        if (job.state !== "paused") return undefined;
        const notBefore = Math.max(clock.now(), job.undoUntil);
        return { job: { state: "waiting", pause: undefined, notBefore, streak: 0, tries: 0 } };
      }),

    cancel: (id) =>
      change(id, (job, steps) => {
        if (isOver(job)) return undefined;
        const now = clock.now();
        const changes = steps
          .filter((step) => step.state === "todo")
          .map((step): Step => ({ ...step, state: "cancelled", verdict: "cancelled" }));
        const open = steps.filter((step) => step.state === "sending" || isPending(step));
        const end: Partial<StoredJob> = { state: "cancelled", endedAt: now, pause: undefined };
        if (open.length === 0) return { job: end, steps: changes };
        if (!job.isCancelled) {
          const goOn: Partial<StoredJob> =
            job.state === "paused" ? { state: "waiting", notBefore: now, pause: undefined } : {};
          return { job: { ...goOn, isCancelled: true }, steps: changes };
        }
        const unproved = open.map((step): Step => ({ ...step, state: "review", verdict: "unconfirmed" }));
        return { job: { ...end, epoch: job.epoch + 1 }, steps: [...changes, ...unproved] };
      }),

    async retryFailed(id) {
      const job = await readJob(store, id);
      if (!job) return fail("bad-input");
      const [, missed] = VERDICTS[job.input.kind];
      const all = await readSteps(store, id);
      const again = all.filter(
        (step) =>
          isEnded(step) && (step.verdict === missed || step.verdict === "not-added") && step.reason !== "own-number",
      );
      if (again.length === 0) return fail("bad-input");
      const input = inputOf(job.input, again);
      // A create makes its people's steps anew; a membership job is to have the failed pairs alone.
      const steps =
        input.kind === "create" ? undefined : again.map((step) => freshStep(step, step.target, step.person));
      if (job.input.kind === "create" && again[0]?.index !== 0) {
        const group = all[0]?.group;
        const people = job.input.people.filter((person) => again.some((step) => step.person === person.id));
        if (group === undefined) return fail("bad-input");
        return begin(job.connection, { kind: "add", groups: [group], people, pace: job.input.pace }, `retry:${id}`);
      }
      return begin(job.connection, input, `retry:${id}`, steps);
    },

    settleSteps: (id, indexes, as, group) =>
      change(id, (job, steps) => {
        const open = indexes.flatMap((index) => (steps[index]?.state === "review" ? [steps[index]] : []));
        const [first] = open;
        if (!first) return undefined;
        const [reached, missed] = VERDICTS[job.input.kind];
        const settled = open.map((step): Step => {
          const isAdded = job.input.kind === "create" && step.person !== undefined;
          const verdict = isAdded ? (as === "done" ? "added" : "not-added") : as === "done" ? reached : missed;
          const reason = group === undefined ? "by-agent" : undefined;
          const plain: Step = { ...step, ...PROVED, reason, candidates: undefined };
          return { ...plain, state: as, verdict, group: group ?? step.group };
        });
        if (job.input.kind === "join" && as === "done") {
          const at = clock.now();
          const invites = settled.map(({ connection, target: code, group: ours }): KnownInvite => {
            return { connection, code, state: "ours", group: ours, at };
          });
          return { steps: settled, invites };
        }
        if (job.input.kind !== "create" || first.person !== undefined) return { steps: settled };
        const people = steps.filter((each) => each.person !== undefined && each.state === "review");
        if (as === "failed") {
          const changes = people.map((each): Step => {
            return { ...each, state: "failed", verdict: "not-added", reason: "by-agent" };
          });
          return { steps: [...settled, ...changes] };
        }
        if (group === undefined) {
          const unknown = people.map((each): Step => ({ ...each, verdict: "unconfirmed" }));
          return { steps: [...settled, ...unknown] };
        }
        const sent = people.map((each): Step => {
          return { ...each, ...PROVED, state: "accepted", verdict: "unconfirmed", target: group };
        });
        // The people are proved now, and those beyond the first few are added.
        const again: Partial<StoredJob> = { state: "waiting", notBefore: clock.now(), endedAt: undefined };
        return { steps: [...settled, ...sent], job: job.state === "done" ? again : {} };
      }),

    async inviteInstead(id, template) {
      const job = await readJob(store, id);
      if (!job || !("people" in job.input)) return fail("bad-input");
      const { people, pace } = job.input;
      const refused = (await readSteps(store, id)).filter(isInvitable);
      const groups = refused.map(({ target }) => target);
      const sent = await readInvited(store, job.connection, groups);
      const open = refused.filter((step) => !sent.has(`${step.target} ${personKey(step.person ?? "")}`));
      if (open.length === 0) return fail("bad-input");
      const gateway = await ports.gateway(job.connection);
      if (!gateway.ok) return gateway;
      const checked = await checkPeople(gateway.value, open);
      const noted = await change(id, () => ({ steps: checked }));
      if (!noted.ok) return noted;
      const absent = new Set(checked.flatMap(({ index, reason }) => (reason === "not-on-whatsapp" ? [index] : [])));
      const wanted = open.filter(({ index }) => !absent.has(index));
      if (wanted.length === 0) return fail("not-on-whatsapp");
      const links = new Map<string, { link: string; group: string }>();
      for (const group of new Set(wanted.map(({ target }) => target))) {
        const answer = await gateway.value.readInvite(group, { priority: "agent" });
        if (!answer.ok) {
          const { code, detail, requestId, retryAt } = answer.failure;
          return fail(code, { detail, requestId, retryAt });
        }
        const name = (await readGroup(store, job.connection, group))?.name ?? "";
        links.set(group, { link: `https://chat.whatsapp.com/${answer.value.code}`, group: name });
      }
      const text = template.includes("{link}") ? template : `${template}\n{link}`;
      const texts = wanted.map(({ target, person }) => {
        const name = people.find((each) => each.id === person)?.name;
        return fillInvitation(text, {
          ...links.get(target),
          link: links.get(target)?.link ?? "",
          group: links.get(target)?.group ?? "",
          name,
        });
      });
      const chats = wanted.map(({ person }) => person ?? "");
      const steps = wanted.map((step) => freshStep({ ...step, group: step.target }, step.person ?? ""));
      const who = wanted.map((step) => step.index).join(",");
      return begin(
        job.connection,
        { kind: "send", chats, text, texts, pace, about: { job: id } },
        `invite:${id}:${who}`,
        steps,
      );
    },

    async plan(connection, { op, groups, people, pace: wanted, withAdmins }) {
      if (groups.length * people.length > JOB_LIMITS.results) return fail("too-many");
      const pace = await paceOf(wanted);
      const own = (await store.db.get("connections", connection))?.ownNumber;
      const known = groups.map(async (id): Promise<Known> => {
        const [group, roster] = await Promise.all([
          readGroup(store, connection, id),
          readRoster(store, connection, id),
        ]);
        return { id, size: group?.size, roster };
      });
      const today = await readTally(store, connection, dayOf(clock.now()));
      return ok(planMembership({ op, groups: await Promise.all(known), people, pace, own, today, withAdmins }));
    },

    async eraseHistory(before = Infinity) {
      try {
        await journal(store, [...RECORD, "aside"], async (tx) => {
          for (const summary of await tx.objectStore("summaries").getAll()) {
            if (isOver(summary) && (summary.endedAt ?? 0) < before) await deleteRecord(tx, summary.job);
          }
          // What was set aside is history too: nothing will ever run it.
          for (const { id, table, at } of await tx.objectStore("aside").getAll()) {
            if (table === "jobs" && at < before) await tx.objectStore("aside").delete(id);
          }
        });
        return ok(undefined);
      } catch {
        return fail("storage-full");
      }
    },

    async prune() {
      try {
        const { keepHistory } = await readSettings(store);
        const before = keepHistory === 0 ? -Infinity : clock.now() - keepHistory * DAY;
        const expired = await readExpired(store, before, JOB_LIMITS.results);
        if (expired.length === 0) return;
        await journal(store, [...RECORD], async (tx) => {
          for (const id of expired) await deleteRecord(tx, id);
        });
      } catch {
        // The store cannot be read or written just now; the next start tries again.
      }
    },

    wake: () => runner.wake(),
  };
}

function notWritten(error: unknown): Reply<never> {
  return fail(error instanceof NotWritten ? "storage-full" : "broken");
}

function isOver({ state }: Pick<Job, "state">): boolean {
  return state === "done" || state === "cancelled";
}
