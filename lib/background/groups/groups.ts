import { fail, ok, type Reply } from "../../shared/failure";
import type { Connection, Group, Member } from "../../shared/model";
import { readGroup, readRoster } from "../../store/read";
import type { Store } from "../../store/schema";
import { putRoster, ROSTER, toRow, write } from "../../store/write";
import type { CallOptions, Gateway } from "../gateway/gateway";
import { type Answer, failed, type GroupInfo } from "../gateway/answer";
import { changeGroup, markGone } from "./change";
import { goOnReading, readList, type ListPorts } from "./list-reading";
import { merge, rosterOf } from "./rows";
import { openRosterReading, type RosterReading } from "./roster-reading";
import type { RosterPorts } from "./roster-round";

/** Reading groups from the gateway into the store. Nothing here changes anything at the gateway. */

export interface GroupPorts extends ListPorts, RosterPorts {
  store: Store;
  now: () => number;
  gatewayOf: (connection: Connection) => Gateway;
}

export interface Groups {
  /**
   * Reads the list, as `readList` says; with `ifStale` only when it was not read a moment ago. Two calls at once
   * share one reading.
   */
  refresh(connection: Connection, how?: { ifStale?: boolean }): Promise<Reply<{ count: number }>>;
  /** Goes on with the lists that are not read to their end, as far as it is time. For the alarm and a start. */
  goOn(): Promise<void>;
  /** The reading of the members of many groups. */
  rosters: RosterReading;
  /** Reads a group's details and members. `group-gone` marks it gone. Two calls at once share one reading. */
  refreshOne(connection: Connection, group: string): Promise<Reply<void>>;
  /** Reads the invite code and remembers it as ours; a refusal is remembered too. */
  readInvite(connection: Connection, group: string): Promise<Reply<{ code: string }>>;
  /** Whether a number is on WhatsApp; null when the gateway does not know. */
  checkPerson(connection: Connection, person: string): Promise<Reply<{ exists: boolean | null }>>;
  /** Notes that the agent opened the group. */
  markUsed(connection: Connection, group: string): Promise<Reply<void>>;
  /** Keeps the group at the top of the list, or no longer. */
  pin(connection: Connection, group: string, isPinned: boolean): Promise<Reply<void>>;
}

const AGENT: CallOptions = { priority: "agent" };

/** The reading side of the groups of all connections. */
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
    shared(connection.id, () => readList(ports, connection, how));
  return {
    refresh,
    goOn: () => goOnReading(ports, refresh),
    rosters: openRosterReading(ports, refresh),
    refreshOne: (connection, group) => shared(`${connection.id} ${group}`, () => refreshOne(ports, connection, group)),
    readInvite: (...args) => readInvite(ports, ...args),
    checkPerson: (...args) => checkPerson(ports, ...args),
    markUsed: (connection, id) => changeKnown(ports, connection, id, (group) => ({ ...group, usedAt: ports.now() })),
    pin: (connection, id, isPinned) =>
      changeKnown(ports, connection, id, (group) => ({ ...group, pinnedAt: isPinned ? ports.now() : undefined })),
  };
}

async function refreshOne(ports: GroupPorts, connection: Connection, id: string): Promise<Reply<void>> {
  const { now, gatewayOf, store } = ports;
  const at = now();
  const gateway = gatewayOf(connection);
  const answer = await gateway.getGroup(id, AGENT);
  if (!answer.ok) {
    if (answer.failure.code === "group-gone") await markGone(store, connection, id, at);
    return failed(answer.failure);
  }
  let members: Answer<Member[]> | undefined;
  if (!answer.value.members?.length) members = await gateway.listMembers(id, AGENT);
  if (members && !members.ok) return failed(members.failure);
  const list = members?.value ?? answer.value.members ?? [];
  const roster = await readRoster(store, connection.id, id);
  // We are in it, so it cannot be empty: keep what we knew, and say that nothing came.
  const isDoubtful = list.length === 0 && (roster?.members.length ?? 0) > 0;
  await write(store, ["groups", ...ROSTER], async (tx) => {
    const before = await tx.objectStore("groups").get([connection.id, id]);
    const info: GroupInfo = isDoubtful ? answer.value : { ...answer.value, members: list, size: list.length };
    await tx.objectStore("groups").put(toRow({ ...merge(connection, info, before, at), readAt: at }));
    if (isDoubtful) return;
    await putRoster(tx, rosterOf(connection, id, list, at, roster));
  });
  return isDoubtful ? fail("empty-answer") : ok(undefined);
}

async function readInvite(ports: GroupPorts, connection: Connection, id: string): Promise<Reply<{ code: string }>> {
  const { now, gatewayOf, store } = ports;
  const at = now();
  const answer = await gatewayOf(connection).readInvite(id, AGENT);
  if (!answer.ok) {
    const { code } = answer.failure;
    if (code === "group-gone") await markGone(store, connection, id, at);
    if (code === "not-admin" || code === "no-right")
      await changeGroup(store, connection, id, (group) => ({
        ...group,
        inviteRefusedAt: at,
        ...(code === "not-admin" ? { isAdmin: false } : {}),
      }));
    return failed(answer.failure);
  }
  const { code } = answer.value;
  await write(store, ["groups", "invites"], async (tx) => {
    const group = await tx.objectStore("groups").get([connection.id, id]);
    if (group) {
      const { inviteRefusedAt: _, ...rest } = group;
      await tx.objectStore("groups").put(toRow({ ...rest, invite: { code, readAt: at } }));
    }
    await tx.objectStore("invites").put({ connection: connection.id, code, state: "ours", group: id, at });
  });
  return ok({ code });
}

async function checkPerson(
  ports: GroupPorts,
  connection: Connection,
  person: string,
): Promise<Reply<{ exists: boolean | null }>> {
  const { gatewayOf } = ports;
  const [phone = "", suffix] = person.split(/[:@]/);
  // A hidden id carries no number to ask for.
  if (suffix === "lid") return ok({ exists: null });
  const answer = await gatewayOf(connection).checkPerson(phone, AGENT);
  return answer.ok ? ok({ exists: answer.value && answer.value.exists }) : failed(answer.failure);
}

/** Changes what only this computer knows of a group; `group-gone` when it is not known. */
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
