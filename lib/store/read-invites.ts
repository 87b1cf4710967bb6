import type { Group, KnownInvite } from "../shared/model";
import type { Store } from "./schema";

/** Returns what is known of an invite code; `seen`, so joinable again, if its group is unknown or left. */
export async function readInvite(store: Store, connection: string, code: string): Promise<KnownInvite | undefined> {
  return (await readKnown(store, connection, [code])).get(code)?.known;
}

/** The same for many codes, with their groups. */
export async function readKnown(
  { db }: Store,
  connection: string,
  codes: string[],
): Promise<Map<string, { known?: KnownInvite; group?: Group }>> {
  const tx = db.transaction(["invites", "groups"]);
  const read = async (code: string) => {
    const known = await tx.objectStore("invites").get([connection, code]);
    const id = known?.group;
    const group = id === undefined ? undefined : await tx.objectStore("groups").get([connection, id]);
    const isNotIn = known?.state === "ours" && group?.gone !== 0;
    return [code, { known: isNotIn ? { ...known, state: "seen" as const } : known, group }] as const;
  };
  return new Map(await Promise.all(codes.map(read)));
}

/** Returns all known codes. */
export async function readInvites({ db }: Store, connection: string): Promise<KnownInvite[]> {
  return db.getAll("invites", IDBKeyRange.bound([connection], [connection, []]));
}
