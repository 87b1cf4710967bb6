import type { Connection, Group } from "../../shared/model";
import type { Store } from "../../store/schema";
import { toRow, writeOf } from "../../store/write";
import { isJustEntered } from "./rows";

/** Changes a group if it and its account are known. */
export async function changeGroup(
  store: Store,
  connection: Connection,
  id: string,
  how: (group: Group) => Group,
): Promise<void> {
  await writeOf(store, connection, ["groups"], async (tx) => {
    const group = await tx.objectStore("groups").get([connection.id, id]);
    if (group) await tx.objectStore("groups").put(toRow(how(group)));
  });
}

/** Marks a group gone since a time (ms), unless we just made or joined it. */
export async function markGone(store: Store, connection: Connection, id: string, at: number): Promise<void> {
  await changeGroup(store, connection, id, (group) =>
    isJustEntered(group, at) ? group : { ...group, goneAt: group.goneAt ?? at },
  );
}
