import type { Connection, EachReading, FailureCode } from "../../shared/model";
import type { GatewayFailure } from "../gateway/answer";
import { PASSING, PAUSE, TRIES } from "./patience";
import { keepGroup, note } from "./reader-notes";
import type { ReaderPorts, Task } from "./task";

/** Groups at a time: browsers open six connections to a host, two of them for the agent. */
const AT_ONCE = 4;
/** Rounds in vain before late groups count as unreadable. */
const LATE_TRIES = 3;
/** These concern one group; any other would meet all. */
const OF_GROUP: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "group-gone",
  "no-right",
  "not-admin",
  "not-in",
  "rejected",
  "bad-answer",
  "empty-answer",
  "not-json",
  "too-large",
]);

/** The groups that a round reads. */
export interface Work {
  task: Task;
  connection: Connection;
  reading: EachReading;
  groups: string[];
}

/** The outcome of one round. */
export interface Round {
  /** Read, or refused for good. */
  count: number;
  /** Groups without an answer. */
  late: string[];
  failure?: GatewayFailure;
  isStopped: boolean;
}

/** Reads groups, some at a time, until something stops it. */
export async function readRound(ports: ReaderPorts, work: Work, keepAlive: () => Promise<void>): Promise<Round> {
  const open = work.groups.values();
  const round: Round = { count: 0, late: [], isStopped: false };
  let streak = 0;
  const lane = async () => {
    for (const group of open) {
      if (round.failure || round.isStopped) return;
      await keepAlive();
      const failed = await readGroup(ports, work, group, round);
      streak = failed ? streak + 1 : 0;
      const isLate = failed?.code === "timeout" || failed?.code === "gateway-down";
      if (failed && isLate) round.late.push(group);
      // One group may overload the gateway; several in a row mean it is away.
      if (failed && (!isLate || streak >= AT_ONCE)) round.failure ??= failed;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return round;
}

/** Stores what is read of one group. Returns a failure that is not its own. */
async function readGroup(
  ports: ReaderPorts,
  { task, connection, reading }: Work,
  group: string,
  round: Round,
): Promise<GatewayFailure | undefined> {
  const answer = await task.read(ports, connection, group);
  if (!answer.ok && !OF_GROUP.has(answer.failure.code)) return answer.failure;
  const result = answer.ok ? { keep: answer.value } : { failed: answer.failure.code };
  round.count += 1;
  if (!(await keepGroup(ports.store, task, connection, group, result, reading))) round.isStopped = true;
  return undefined;
}

/** Stores where a round ended. Returns whether the reading goes on. */
export async function endRound(
  { store, now }: ReaderPorts,
  { task, connection, reading }: Work,
  round: Round,
): Promise<boolean> {
  const { count, late, failure, isStopped } = round;
  if (isStopped) return false;
  const tries = count > 0 ? 0 : (reading.tries ?? 0) + 1;
  const code = failure?.code ?? "timeout";
  if (failure && (!PASSING.has(code) || tries > TRIES)) {
    await note(store, task, connection, (one) => ({ ...one, failure: code }));
    return false;
  }
  if (!failure && late.length > 0 && tries >= LATE_TRIES) {
    for (const group of late) await keepGroup(store, task, connection, group, { failed: "timeout" }, reading);
    return true;
  }
  // Late groups are tried again after the others, then after a pause.
  const isWaiting = failure !== undefined || (count === 0 && late.length > 0);
  const wait = isWaiting ? { goesOnAt: failure?.retryAt ?? now() + PAUSE, wait: code } : {};
  return note(store, task, connection, (one) => ({ ...one, tries, ...wait }));
}
