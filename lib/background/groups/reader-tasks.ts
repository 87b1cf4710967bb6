import type { Connection } from "../../shared/model";
import { readTimes } from "../../store/directory";
import { putRoster, ROSTER, toRow } from "../../store/write";
import { isGroupGone, isSurelyGone, type Answer } from "../gateway/answer";
import type { CallOptions } from "../gateway/gateway";
import { isOwnAdmin } from "../membership/belief";
import { markGone } from "./change";
import { askInvite, INVITE, putInvite } from "./invite";
import { rosterOf } from "./rows";
import type { Keep, ReaderPorts, Task } from "./task";

const BACKGROUND: CallOptions = { priority: "background" };

/** Reads the members of groups. */
export const MEMBERS: Task = {
  field: "members",
  alarm: "members",
  isInList: true,
  tables: ["groups", ...ROSTER],
  readTimes,
  read: readMembers,
};

/** Reads the invite codes of groups. */
export const INVITES: Task = {
  field: "invites",
  alarm: "codes",
  isInList: false,
  tables: [...INVITE],
  readTimes: async ({ db }, connection) => {
    const groups = await db.getAll("groups", IDBKeyRange.bound([connection], [connection, []]));
    return new Map(groups.flatMap(({ id, invite }) => (invite ? [[id, invite.readAt]] : [])));
  },
  read: async (ports, connection, group) => {
    const answer = await askInvite(ports, connection, group, BACKGROUND);
    return answer.ok ? { ...answer, value: (tx) => putInvite(tx, connection, group, answer.value) } : answer;
  },
};

async function readMembers(
  { store, now, gatewayOf }: ReaderPorts,
  connection: Connection,
  group: string,
): Promise<Answer<Keep>> {
  const at = now();
  const answer = await gatewayOf(connection).listMembers(group, BACKGROUND);
  if (!answer.ok) {
    if (isSurelyGone(answer.failure)) await markGone(store, connection, group, at);
    else if (isGroupGone(answer.failure)) return { ...answer, failure: { ...answer.failure, code: "rejected" } };
    return answer;
  }
  const members = answer.value;
  // It has us at least, so an empty answer changes nothing.
  if (members.length === 0) return { ok: false, failure: { code: "empty-answer", certainty: "unknown" } };
  return {
    ...answer,
    value: async (tx) => {
      const row = await tx.objectStore("groups").get([connection.id, group]);
      const last = await tx.objectStore("rosters").get([connection.id, group]);
      if (!row || (last?.readAt ?? 0) > at) return;
      await putRoster(tx, rosterOf(connection, group, members, at, last));
      const isAdmin = isOwnAdmin(connection.ownNumber, members) ?? row.isAdmin;
      await tx.objectStore("groups").put(toRow({ ...row, size: members.length, isAdmin }));
    },
  };
}
