import type { Browser } from "webextension-polyfill";
import { fail, ok, type Reply } from "../../shared/failure";
import type { Connection, ListReading } from "../../shared/model";
import { readNotes } from "../../store/read";
import type { Store } from "../../store/schema";
import { putRoster, ROSTER, toRow, writeOf } from "../../store/write";
import type { Gateway, GroupsPage } from "../gateway/gateway";
import { failed, type GatewayFailure } from "../gateway/answer";
import { endJoins } from "../jobs/join";
import { isDoubtfulLoss } from "../membership/belief";
import { RECORD } from "../jobs/record";
import { FRESH, PASSING, PAUSE, TRIES } from "./patience";
import { isJustEntered, isNewer, merge, rosterOf } from "./rows";

/** Name of the alarm for unfinished lists. */
export const LIST_ALARM = "lists";

/** A reading begun longer ago (ms) starts over: the list may have changed. */
const COLD = 900_000;
/** What reading lists needs. */
export interface ListPorts {
  store: Store;
  now: () => number;
  alarms: Pick<Browser["alarms"], "create" | "clear">;
  gatewayOf: (connection: Connection) => Gateway;
}

/** Reads lists page by page, so that a stopped reading resumes there. Its state is in the gateway notes. */

async function note(ports: ListPorts, connection: Connection, how: (list: ListReading) => ListReading): Promise<void> {
  const { store } = ports;
  await writeOf(store, connection, ["gateways"], async (tx) => {
    const before = await tx.objectStore("gateways").get(connection.id);
    if (before?.list) await tx.objectStore("gateways").put({ ...before, list: how(before.list) });
  });
}

/** Stores a page. `empty-answer`: not credible. `no-connection`: the connection changed. */
async function keep(
  ports: ListPorts,
  connection: Connection,
  page: GroupsPage,
  reading: ListReading,
): Promise<Reply<void>> {
  const { store, now } = ports;
  const at = reading.startedAt;
  const tables = ["gateways", "groups", ...ROSTER, "invites", ...RECORD] as const;
  const written = await writeOf(store, connection, [...tables], async (tx): Promise<Reply<void>> => {
    const notes = (await tx.objectStore("gateways").get(connection.id)) ?? { connection: connection.id };
    const rows = tx.objectStore("groups");
    const isListed = IDBKeyRange.bound([connection.id, 0], [connection.id, 0, []]);
    if (page.count === 0 && (await rows.index("name").count(isListed)) > 0) return fail("empty-answer");
    const puts: Promise<unknown>[] = [];
    const fresh = new Set<string>();
    let hasMembers = notes.list?.startedAt === at && notes.list.hasMembers === true;
    for (const info of page.groups) {
      const before = await rows.get([connection.id, info.id]);
      const row = merge(connection, info, before, at);
      if (isNewer(before, row)) puts.push(rows.put(row));
      if (before === undefined || before.goneAt !== undefined) fresh.add(info.id);
      // Fewer: the list holds only the first members.
      if (info.members?.length && info.members.length >= (info.size ?? 0)) {
        hasMembers = true;
        const last = await tx.objectStore("rosters").get([connection.id, info.id]);
        puts.push(putRoster(tx, rosterOf(connection, info.id, info.members, at, last)));
      }
    }
    if (page.isComplete) {
      // During a pause, groups may move to a page already read, and a list may be cut: then only those absent from two
      // whole readings are gone.
      // Groups entered meanwhile are newer.
      const present = new Set(page.groups.map(({ id }) => id));
      const all = await rows.index("name").getAll(isListed);
      const absent = all.filter((row) => !present.has(row.id) && row.listedAt < at && !isJustEntered(row, at));
      const lost = absent.map(({ id }) => id);
      const isCut = page.count < (page.total ?? 0) || isDoubtfulLoss(lost, all.length, undefined);
      const since = reading.isResumed || isCut ? (reading.before ?? 0) : at;
      const missing = absent.filter((row) => row.listedAt < since);
      for (const row of missing) puts.push(rows.put(toRow({ ...row, goneAt: at })));
    }
    const { count, total, next, isComplete } = page;
    const list: ListReading = {
      startedAt: at,
      count,
      ...(total === undefined ? {} : { total }),
      ...(next ? { next } : {}),
      ...(isComplete ? { endedAt: now() } : {}),
      ...(reading.isResumed ? { isResumed: true } : {}),
      ...(hasMembers ? { hasMembers } : {}),
      ...(reading.before === undefined ? {} : { before: reading.before }),
    };
    puts.push(tx.objectStore("gateways").put({ ...notes, list }));
    await Promise.all(puts);
    await endJoins(tx, connection.id, page.groups, (id) => fresh.has(id), at);
    return ok(undefined);
  });
  return written.ok ? written.value : written;
}

async function openLists(ports: ListPorts): Promise<{ connection: string; list: ListReading }[]> {
  const { store } = ports;
  const all = await store.db.getAll("gateways");
  return all.flatMap(({ connection, list }) =>
    list?.next && list.goesOnAt !== undefined ? [{ connection, list }] : [],
  );
}

/** Postpones a reading, but not for ever without progress. */
async function putOff(
  ports: ListPorts,
  connection: Connection,
  failure: GatewayFailure,
  isFurther: boolean,
): Promise<void> {
  const { now } = ports;
  await note(ports, connection, (list) => {
    const tries = isFurther ? 0 : (list.tries ?? 0) + 1;
    return tries > TRIES
      ? { ...list, goesOnAt: undefined }
      : { ...list, tries, goesOnAt: failure.retryAt ?? now() + PAUSE, wait: failure.code };
  });
  await setAlarm(ports);
}

async function setAlarm(ports: ListPorts): Promise<void> {
  const { alarms, now } = ports;
  const times = (await openLists(ports)).map(({ list }) => list.goesOnAt ?? 0);
  if (times.length === 0) await alarms.clear(LIST_ALARM);
  // Repeating, to wake a dead worker.
  else await alarms.create(LIST_ALARM, { when: Math.max(Math.min(...times), now() + 1000), periodInMinutes: 1 });
}

/**
 * Reads the list, or resumes a recent unfinished reading. Marks absent groups gone, but doubts an empty list
 * (`empty-answer`). Invites awaiting an admin become ours once listed. Succeeds when stopped by a passing failure, and
 * resumes by itself.
 */
export async function readList(
  ports: ListPorts,
  connection: Connection,
  { ifStale = false }: { ifStale?: boolean },
): Promise<Reply<{ count: number }>> {
  const { store, now, gatewayOf } = ports;
  const { list } = await readNotes(store, connection.id);
  const at = now();
  // Report a missing key or permission even after a recent reading.
  if (list && ifStale && !connection.trouble && isRecent(list, at)) return ok({ count: list.count });
  const from = list?.next && at - list.startedAt < COLD && at >= list.startedAt ? list : undefined;
  const before = list?.endedAt === undefined ? list?.before : list.startedAt;
  const reading: ListReading = from
    ? { ...from, isResumed: true }
    : { startedAt: at, count: 0, ...(before === undefined ? {} : { before }) };
  const stop = new AbortController();
  let saved: Reply<void> | undefined;
  const answer = await gatewayOf(connection).listGroups({
    priority: "agent",
    signal: stop.signal,
    ...(from?.next ? { from: { next: from.next, count: from.count, total: from.total } } : {}),
    onPage: async (page) => {
      saved = await keep(ports, connection, page, reading);
      if (!saved.ok) stop.abort();
    },
  });
  if (saved?.ok === false) return saved;
  const failure = answer.ok ? answer.value.failure : answer.failure;
  const isPart = from !== undefined || saved !== undefined;
  if (failure && isPart && PASSING.has(failure.code)) await putOff(ports, connection, failure, saved !== undefined);
  else if (failure) {
    // The gateway refused: start over next time.
    const canGoOn = failure.certainty === "unsent";
    const stopped = (part: ListReading) => ({
      ...part,
      goesOnAt: undefined,
      ...(canGoOn ? {} : { next: undefined }),
    });
    if (isPart) await note(ports, connection, stopped);
    return failed(failure);
  }
  return ok({ count: (await readNotes(store, connection.id)).list?.count ?? 0 });
}

/** Continues every due list with `read`; keeps the alarm while any is open. */
export async function goOnReading(ports: ListPorts, read: (connection: Connection) => Promise<unknown>): Promise<void> {
  const { store, now } = ports;
  for (const { connection: id, list } of await openLists(ports)) {
    const connection = await store.db.get("connections", id);
    if (connection && list.goesOnAt !== undefined && list.goesOnAt <= now()) await read(connection);
  }
  await setAlarm(ports);
}

function isRecent({ endedAt, next, goesOnAt }: ListReading, at: number): boolean {
  if (endedAt !== undefined) return at >= endedAt && at - endedAt < FRESH;
  return next !== undefined && goesOnAt !== undefined && goesOnAt > at;
}
