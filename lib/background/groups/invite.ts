import type { Connection } from "../../shared/model";
import type { Store, Table } from "../../store/schema";
import { toRow, type Writing } from "../../store/write";
import { isSurelyGone, type Answer, type GatewayFailure } from "../gateway/answer";
import type { CallOptions, Gateway } from "../gateway/gateway";
import { changeGroup, markGone } from "./change";

interface InvitePorts {
  store: Store;
  now: () => number;
  gatewayOf: (connection: Connection) => Gateway;
}

/** An invite code, and when it was asked for (ms). */
export interface ReadInvite {
  code: string;
  at: number;
}

/** Tables that `putInvite` writes. */
export const INVITE = ["groups", "invites"] as const satisfies Table[];

/** Reads a group's invite code. That we are no admin is noted in the group. */
export async function askInvite(
  { store, now, gatewayOf }: InvitePorts,
  connection: Connection,
  group: string,
  options: CallOptions,
): Promise<Answer<ReadInvite>> {
  const at = now();
  const answer = await gatewayOf(connection).readInvite(group, options);
  if (answer.ok) return { ...answer, value: { code: answer.value.code, at } };
  await refused(store, connection, { group, failure: answer.failure, at });
  return answer;
}

/** Stores a code as that of our group. */
export async function putInvite(
  tx: Writing<Table[]>,
  { id: connection }: Connection,
  group: string,
  { code, at }: ReadInvite,
): Promise<void> {
  const row = await tx.objectStore("groups").get([connection, group]);
  if (row) {
    const { inviteRefusedAt: _, ...rest } = row;
    await tx.objectStore("groups").put(toRow({ ...rest, invite: { code, readAt: at } }));
  }
  await tx.objectStore("invites").put({ connection, code, state: "ours", group, at });
}

async function refused(
  store: Store,
  connection: Connection,
  { group, failure, at }: { group: string; failure: GatewayFailure; at: number },
): Promise<void> {
  const { code } = failure;
  if (isSurelyGone(failure)) await markGone(store, connection, group, at);
  if (code !== "not-admin") return;
  await changeGroup(store, connection, group, (row) => ({ ...row, inviteRefusedAt: at, isAdmin: false }));
}
