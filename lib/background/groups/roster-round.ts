import type { Browser } from "webextension-polyfill";
import type { Connection, FailureCode, MembersReading } from "../../shared/model";
import type { Store } from "../../store/schema";
import type { GatewayFailure } from "../gateway/answer";
import type { Gateway } from "../gateway/gateway";
import { markGone } from "./change";
import { PASSING, PAUSE, TRIES } from "./patience";
import { keepGroup, note } from "./roster-notes";

/** One round of reading members, group by group, as far as the allowance and the gateway go. */

/** Groups asked for at a time. Browsers open six connections to a host: two are left to what the agent looks at. */
const AT_ONCE = 4;
/** After so many rounds in which the gateway did not answer for a group alone, the group counts as not to be read. */
const LATE_TRIES = 3;
/** Failures that are about one group; any other would meet every group. */
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

/** What reading members needs of the browser. */
export interface RosterPorts {
  store: Store;
  now: () => number;
  sleep: (duration: number) => Promise<void>;
  alarms: Pick<Browser["alarms"], "create" | "clear">;
  gatewayOf: (connection: Connection) => Gateway;
}

/** What a round reads: groups of a connection, for a reading. */
interface Work {
  connection: Connection;
  reading: MembersReading;
  groups: string[];
}

/** What came of a round over groups. */
export interface Round {
  /** How many were read, or refused for good. */
  count: number;
  /** The gateway did not answer for these. */
  late: string[];
  /** What keeps all groups from being read. */
  failure?: GatewayFailure;
  isStopped: boolean;
}

/** Reads these groups, some at a time, until something stops it. */
export async function readRound(ports: RosterPorts, work: Work, keepAlive: () => Promise<void>): Promise<Round> {
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
      // One group may be too much for the gateway; several in a row say that it is away.
      if (failed && (!isLate || streak >= AT_ONCE)) round.failure ??= failed;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return round;
}

/** Reads the members of one group into the store. Returns a failure that is not the group's own. */
async function readGroup(
  { store, now, gatewayOf }: RosterPorts,
  { connection, reading }: Work,
  group: string,
  round: Round,
): Promise<GatewayFailure | undefined> {
  const at = now();
  const answer = await gatewayOf(connection).listMembers(group, { priority: "background" });
  if (!answer.ok && !OF_GROUP.has(answer.failure.code)) return answer.failure;
  if (!answer.ok && answer.failure.code === "group-gone") await markGone(store, connection, group, at);
  // We are in it, so it cannot be empty: what is known stays.
  const isEmpty = answer.ok && answer.value.length === 0;
  const failed = answer.ok ? (isEmpty ? "empty-answer" : undefined) : answer.failure.code;
  const result = answer.ok && !failed ? { members: answer.value, at } : { failed: failed ?? "broken" };
  round.count += 1;
  if (!(await keepGroup(store, connection, group, result, reading))) round.isStopped = true;
  return undefined;
}

/** Notes where a round left the reading. Returns whether it goes on. */
export async function settleRound(
  { store, now }: RosterPorts,
  connection: Connection,
  reading: MembersReading,
  round: Round,
): Promise<boolean> {
  const { count, late, failure, isStopped } = round;
  if (isStopped) return false;
  const tries = count > 0 ? 0 : (reading.tries ?? 0) + 1;
  const code = failure?.code ?? "timeout";
  if (failure && (!PASSING.has(code) || tries > TRIES)) {
    await note(store, connection.id, (one) => ({ ...one, failure: code }));
    return false;
  }
  if (!failure && late.length > 0 && tries >= LATE_TRIES) {
    for (const group of late) await keepGroup(store, connection, group, { failed: "timeout" }, reading);
    return true;
  }
  // Those that were late have their turn again after the others, and then after a pause.
  const isWaiting = failure !== undefined || (count === 0 && late.length > 0);
  const wait = isWaiting ? { goesOnAt: failure?.retryAt ?? now() + PAUSE, wait: code } : {};
  return note(store, connection.id, (one) => ({ ...one, tries, ...wait }));
}
