import { readNotes } from "../../store/read";
import type { Connection } from "../../shared/model";
import type { Store } from "../../store/schema";
import { writeOf } from "../../store/write";
import type { NotesPort } from "./gateway";

/** Stores what was learned about a gateway while its connection is unchanged. */
export function storedNotes(store: Store, connection: Connection): NotesPort {
  return {
    load: () => readNotes(store, connection.id),
    learn: async (change) => {
      await writeOf(store, connection, ["gateways"], async (tx) => {
        const before = (await tx.objectStore("gateways").get(connection.id)) ?? { connection: connection.id };
        await tx.objectStore("gateways").put({ ...before, ...change });
      });
    },
  };
}
