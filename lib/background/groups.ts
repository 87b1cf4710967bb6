import { fail, ok, type Failure, type Reply } from "../shared/failure";
import type { Connection, Group, Member, Roster } from "../shared/model";
import { personKey } from "../shared/person";
import { readGroup, readRoster } from "../store/read";
import type { GroupRow, Store } from "../store/schema";
import { toRow, write } from "../store/write";
import type { Answer, CallOptions, Gateway, GatewayFailure, GroupInfo } from "./gateway/client";
import { endJoins } from "./jobs/join";
import { RECORD } from "./jobs/record";
import { SETTLE } from "./jobs/slice";

/** Reading groups from the gateway into the store. Nothing here changes anything at the gateway. */

export interface GroupPorts {
  store: Store;
  now: () => number;
  gatewayOf: (connection: Connection) => Gateway;
}

export interface Groups {
  /**
   * Reads the whole list. Groups that a complete list no longer holds are marked gone; an empty list where there were
   * groups is doubted and changes nothing (`empty-answer`). An invite that waited for an admin is ours once its group is in
   * the list. Two calls at once share one reading.
   */
  refresh(connection: Connection): Promise<Reply<{ count: number }>>;
  /** Reads a group's details and members. `group-gone` marks it gone. Two calls at once share one reading. */
  refreshOne(connection: Connection, group: string): Promise<Reply<void>>;
  /** Reads the invite code and remembers it as ours; a refusal is remembered too. */
  readInvite(connection: Connection, group: string): Promise<Reply<{ code: string }>>;
  /** Whether a number is on WhatsApp; null when the gateway cannot tell. */
  checkPerson(connection: Connection, person: string): Promise<Reply<{ exists: boolean | null }>>;
  /** Notes that the agent opened the group. */
  markUsed(connection: Connection, group: string): Promise<Reply<void>>;
}

/** Whether we made or joined it so short a time ago that a reading without it is only late. */
function isNew({ enteredAt }: Group, now: number): boolean {
  return enteredAt !== undefined && Math.abs(now - enteredAt) < SETTLE;
}

/** A reading that shows far fewer members is believed once it was the same for so long, in ms. */
const SHRUNK = 60_000;

/** A new reading of the members, in doubt when more than half of the last one (and at least two) or we are missing. */
function rosterOf(connection: Connection, group: string, members: Member[], readAt: number, last?: Roster): Roster {
  const roster: Roster = { connection: connection.id, group, members, readAt };
  if (!last) return roster;
  const keys = new Set(members.map(({ id }) => personKey(id)));
  const lost = last.members.filter(({ id }) => !keys.has(personKey(id)));
  const own = connection.ownNumber === undefined ? undefined : personKey(connection.ownNumber);
  const isShrunk =
    (lost.length >= 2 && lost.length * 2 > last.members.length) || lost.some(({ id }) => personKey(id) === own);
  if (isShrunk) return { ...roster, shrunk: { from: last.shrunk?.from ?? last.members.length, at: readAt } };
  const { shrunk } = last;
  if (!shrunk || members.length * 2 > shrunk.from) return roster;
  return readAt - shrunk.at >= SHRUNK ? roster : { ...roster, shrunk };
}

const AGENT: CallOptions = { priority: "agent" };

/** The reading side of the groups of all connections. */
export function openGroups({ store, now, gatewayOf }: GroupPorts): Groups {
  const underWay = new Map<string, Promise<unknown>>();
  const shared = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const running = underWay.get(key) as Promise<T> | undefined;
    if (running) return running;
    const started = work().finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };

  async function refresh(connection: Connection): Promise<Reply<{ count: number }>> {
    const at = now();
    const answer = await gatewayOf(connection).listGroups(AGENT);
    if (!answer.ok) return failed(answer.failure);
    const { groups, isComplete } = answer.value;
    return write(store, ["groups", "rosters", "invites", ...RECORD], async (tx) => {
      const rows = tx.objectStore("groups");
      const known = await rows.getAll(IDBKeyRange.bound([connection.id], [connection.id, []]));
      const listed = known.filter((row) => row.gone === 0);
      if (groups.length === 0 && listed.length > 0) return fail("empty-answer");
      const before = new Map(known.map((row) => [row.id, row]));
      const puts: Promise<unknown>[] = [];
      for (const info of groups) {
        const row = merge(connection, info, before.get(info.id), at);
        if (isNewer(before.get(info.id), row)) puts.push(rows.put(row));
        if (info.members?.length) {
          const last = await tx.objectStore("rosters").get([connection.id, info.id]);
          puts.push(tx.objectStore("rosters").put(rosterOf(connection, info.id, info.members, at, last)));
        }
      }
      if (isComplete) {
        const present = new Set(groups.map(({ id }) => id));
        // A group that came up while the list was under way (created, joined) is newer than the list.
        const missing = listed.filter((row) => !present.has(row.id) && row.listedAt < at && !isNew(row, at));
        for (const row of missing) puts.push(rows.put(toRow({ ...row, goneAt: at })));
      }
      await Promise.all(puts);
      await endJoins(tx, connection.id, groups, (id) => !before.has(id), at);
      return ok({ count: groups.length });
    });
  }

  async function refreshOne(connection: Connection, id: string): Promise<Reply<void>> {
    const at = now();
    const gateway = gatewayOf(connection);
    const answer = await gateway.getGroup(id, AGENT);
    if (!answer.ok) {
      if (answer.failure.code === "group-gone") await markGone(connection, id, at);
      return failed(answer.failure);
    }
    let members: Answer<Member[]> | undefined;
    if (!answer.value.members?.length) members = await gateway.listMembers(id, AGENT);
    if (members && !members.ok) return failed(members.failure);
    const list = members?.value ?? answer.value.members ?? [];
    const roster = await readRoster(store, connection.id, id);
    // We are in it, so it cannot be empty: keep what we knew, and say that nothing came.
    const isDoubtful = list.length === 0 && (roster?.members.length ?? 0) > 0;
    await write(store, ["groups", "rosters"], async (tx) => {
      const before = await tx.objectStore("groups").get([connection.id, id]);
      const info: GroupInfo = isDoubtful ? answer.value : { ...answer.value, members: list, size: list.length };
      await tx.objectStore("groups").put(toRow({ ...merge(connection, info, before, at), readAt: at }));
      if (isDoubtful) return;
      await tx.objectStore("rosters").put(rosterOf(connection, id, list, at, roster));
    });
    return isDoubtful ? fail("empty-answer") : ok(undefined);
  }

  async function markGone(connection: Connection, id: string, at: number): Promise<void> {
    await change(connection, id, (group) => (isNew(group, at) ? group : { ...group, goneAt: group.goneAt ?? at }));
  }

  /** Changes a group that is known; nothing happens when it is not. */
  async function change(connection: Connection, id: string, how: (group: Group) => Group): Promise<void> {
    await write(store, ["groups"], async (tx) => {
      const group = await tx.objectStore("groups").get([connection.id, id]);
      if (group) await tx.objectStore("groups").put(toRow(how(group)));
    });
  }

  async function readInvite(connection: Connection, id: string): Promise<Reply<{ code: string }>> {
    const at = now();
    const answer = await gatewayOf(connection).readInvite(id, AGENT);
    if (!answer.ok) {
      const { code } = answer.failure;
      if (code === "group-gone") await markGone(connection, id, at);
      if (code === "not-admin" || code === "no-right")
        await change(connection, id, (group) => ({
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

  return {
    refresh: (connection) => shared(connection.id, () => refresh(connection)),
    refreshOne: (connection, group) => shared(`${connection.id} ${group}`, () => refreshOne(connection, group)),
    readInvite,
    async checkPerson(connection, person) {
      const [phone = "", suffix] = person.split(/[:@]/);
      // A hidden id carries no number to ask for.
      if (suffix === "lid") return ok({ exists: null });
      const answer = await gatewayOf(connection).checkPerson(phone, AGENT);
      return answer.ok ? ok({ exists: answer.value && answer.value.exists }) : failed(answer.failure);
    },
    async markUsed(connection, group) {
      if (!(await readGroup(store, connection.id, group))) return fail("group-gone");
      await change(connection, group, (known) => ({ ...known, usedAt: now() }));
      return ok(undefined);
    },
  };
}

/** What a list or a reading tells, over what was known. What the answer leaves out stays. */
function merge(connection: Connection, info: GroupInfo, before: Group | undefined, at: number): GroupRow {
  const { members, ...told } = info;
  const { goneAt: _, ...known } = before ?? {};
  const size = info.size ?? members?.length ?? before?.size;
  const isAdmin = members ? isOwnAdmin(connection, members) : undefined;
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as typeof told;
  return toRow({
    ...known,
    ...given,
    connection: connection.id,
    size,
    isAdmin: isAdmin ?? before?.isAdmin,
    listedAt: at,
  });
}

/** Whether our own number is an admin among these; undefined when it is unknown or hidden. */
function isOwnAdmin({ ownNumber }: Connection, members: Member[]): boolean | undefined {
  if (ownNumber === undefined) return undefined;
  const own = personKey(ownNumber);
  const found = members.find((member) => personKey(member.id) === own);
  return found && found.role !== "member";
}

/** False when a reading that began later has already written the row. */
function isNewer(before: Group | undefined, row: GroupRow): boolean {
  return before === undefined || (before.listedAt <= row.listedAt && (before.goneAt ?? 0) <= row.listedAt);
}

/** A gateway's failure as a reply: without what only the engine needs. */
export function failed({ code, detail, requestId, retryAt }: GatewayFailure): { ok: false; failure: Failure } {
  return fail(code, { detail, requestId, retryAt });
}
