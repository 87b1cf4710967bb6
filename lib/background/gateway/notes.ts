import { readNotes } from "../../store/read";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";
import type { NotesPort } from "./gateway";

/** Keeps what the client learns of a gateway with its connection, and nowhere for one that is only tried. */
export function storedNotes(store: Store, connection: string): NotesPort {
  return {
    load: () => readNotes(store, connection),
    learn: async (change) => {
      await write(store, ["connections", "gateways"], async (tx) => {
        if (!(await tx.objectStore("connections").getKey(connection))) return;
        const before = (await tx.objectStore("gateways").get(connection)) ?? { connection };
        await tx.objectStore("gateways").put({ ...before, ...change });
      });
    },
  };
}
