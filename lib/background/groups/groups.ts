import { fail, ok, type Reply } from "../../shared/failure";
import type { Connection, Group, Member } from "../../shared/model";
import { readGroup, readRoster } from "../../store/read";
import type { Store } from "../../store/schema";
import { accountOf, putRoster, ROSTER, toRow, writeOf } from "../../store/write";
import type { CallOptions, Gateway } from "../gateway/gateway";
import { isSurelyGone, type Answer, failed, type GroupInfo } from "../gateway/answer";
import { changeGroup, markGone } from "./change";
import { goOnReading, readList, type ListPorts } from "./list-reading";
import { merge, rosterOf } from "./rows";
import { askInvite, INVITE, putInvite } from "./invite";
import { openReader, type Reader } from "./reader";
import { INVITES, MEMBERS } from "./reader-tasks";
import type { ReaderPorts } from "./task";

/** Reads groups into the store; changes nothing at the gateway. */

export interface GroupPorts extends ListPorts, ReaderPorts {
  store: Store;
  now: () => number;
  gatewayOf: (connection: Connection) => Gateway;
}

export interface Groups {
  /** Reads the list as `readList` does; with `ifStale` only if not just read. Concurrent calls share one reading. */
  refresh(connection: Connection, how?: { ifStale?: boolean }): Promise<Reply<{ count: number }>>;
  /** Continues unfinished lists that are due. */
  goOn(): Promise<void>;
  readers: { members: Reader; invites: Reader };
  /** Reads details and members; `group-gone` marks it gone. Concurrent calls share one reading. */
  refreshOne(connection: Connection, group: string): Promise<Reply<void>>;
  /** Reads and stores the invite code as ours; stores a refusal too. */
  readInvite(connection: Connection, group: string): Promise<Reply<{ code: string }>>;
  /** Whether a number is on WhatsApp; null if unknown. */
  checkPerson(connection: Connection, person: string): Promise<Reply<{ exists: boolean | null }>>;
  markUsed(connection: Connection, group: string): Promise<Reply<void>>;
  pin(connection: Connection, group: string, isPinned: boolean): Promise<Reply<void>>;
}

const AGENT: CallOptions = { priority: "agent" };

/** Opens the reading of groups. */
export function openGroups(ports: GroupPorts): Groups {
  const underWay = new Map<string, Promise<unknown>>();
  const shared = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const running = underWay.get(key) as Promise<T> | undefined;
    if (running) return running;
    const started = work().finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };
  const refresh: Groups["refresh"] = (connection, how = {}) =>
    shared(accountOf(connection), () => readList(ports, connection, how));
  return {
    refresh,
    goOn: () => goOnReading(ports, refresh),
    readers: { members: openReader(MEMBERS, ports, refresh), invites: openReader(INVITES, ports, refresh) },
    refreshOne: (connection, group) =>
      shared(`${accountOf(connection)} ${group}`, () => refreshOne(ports, connection, group)),
    readInvite: (...args) => readInvite(ports, ...args),
    checkPerson: (...args) => checkPerson(ports, ...args),
    markUsed: (connection, id) => changeKnown(ports, connection, id, (group) => ({ ...group, usedAt: ports.now() })),
    pin: (connection, id, isPinned) =>
      changeKnown(ports, connection, id, (group) => ({ ...group, pinnedAt: isPinned ? ports.now() : undefined })),
  };
}

/** Continues all due readings, after a start or an unlock. */
export async function wakeReaders({ readers }: Groups): Promise<void> {
  for (const reader of Object.values(readers)) await reader.goOn();
}

async function refreshOne(ports: GroupPorts, connection: Connection, id: string): Promise<Reply<void>> {
  const { now, gatewayOf, store } = ports;
  const at = now();
  const gateway = gatewayOf(connection);
  const answer = await gateway.getGroup(id, AGENT);
  if (!answer.ok) {
    if (isSurelyGone(answer.failure)) await markGone(store, connection, id, at);
    return failed(answer.failure);
  }
  let members: Answer<Member[]> | undefined;
  // Fewer: the answer holds only the first members.
  const { members: shown = [], size = 0 } = answer.value;
  if (shown.length === 0 || shown.length < size) members = await gateway.listMembers(id, AGENT);
  if (members && !members.ok) return failed(members.failure);
  const list = members?.value ?? answer.value.members ?? [];
  const roster = await readRoster(store, connection.id, id);
  // It has us at least, so an empty answer changes nothing.
  const isDoubtful = list.length === 0 && (roster?.members.length ?? 0) > 0;
  const written = await writeOf(store, connection, ["groups", ...ROSTER], async (tx) => {
    const before = await tx.objectStore("groups").get([connection.id, id]);
    const info: GroupInfo = isDoubtful ? answer.value : { ...answer.value, members: list, size: list.length };
    await tx.objectStore("groups").put(toRow({ ...merge(connection, info, before, at), readAt: at }));
    if (isDoubtful) return;
    await putRoster(tx, rosterOf(connection, id, list, at, roster));
  });
  return isDoubtful && written.ok ? fail("empty-answer") : written;
}

async function readInvite(ports: GroupPorts, connection: Connection, id: string): Promise<Reply<{ code: string }>> {
  const answer = await askInvite(ports, connection, id, AGENT);
  if (!answer.ok) return failed(answer.failure);
  const written = await writeOf(ports.store, connection, [...INVITE], (tx) =>
    putInvite(tx, connection, id, answer.value),
  );
  return written.ok ? ok({ code: answer.value.code }) : written;
}

async function checkPerson(
  ports: GroupPorts,
  connection: Connection,
  person: string,
): Promise<Reply<{ exists: boolean | null }>> {
  const { gatewayOf } = ports;
  const [phone = "", suffix] = person.split(/[:@]/);
  // A hidden id holds no number.
  if (suffix === "lid") return ok({ exists: null });
  const answer = await gatewayOf(connection).checkPerson(phone, AGENT);
  return answer.ok ? ok({ exists: answer.value && answer.value.exists }) : failed(answer.failure);
}

/** Changes local facts about a group. `group-gone`: it is unknown. */
async function changeKnown(
  ports: GroupPorts,
  connection: Connection,
  id: string,
  how: (group: Group) => Group,
): Promise<Reply<void>> {
  if (!(await readGroup(ports.store, connection.id, id))) return fail("group-gone");
  await changeGroup(ports.store, connection, id, how);
  return ok(undefined);
}
