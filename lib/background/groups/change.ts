import type { Connection, Group } from "../../shared/model";
import type { Store } from "../../store/schema";
import { toRow, write } from "../../store/write";
import { isJustEntered } from "./rows";

/** Changes a group that is known; nothing happens when it is not. */
export async function changeGroup(
  store: Store,
  connection: Connection,
  id: string,
  how: (group: Group) => Group,
): Promise<void> {
  await write(store, ["groups"], async (tx) => {
    const group = await tx.objectStore("groups").get([connection.id, id]);
    if (group) await tx.objectStore("groups").put(toRow(how(group)));
  });
}

/** Marks a group as gone since a time (ms); not one that we made or joined a moment ago. */
export async function markGone(store: Store, connection: Connection, id: string, at: number): Promise<void> {
  await changeGroup(store, connection, id, (group) =>
    isJustEntered(group, at) ? group : { ...group, goneAt: group.goneAt ?? at },
  );
}
