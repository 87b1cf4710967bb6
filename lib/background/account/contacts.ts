import { ok, type Reply } from "../../shared/failure";
import type { Contact, Person } from "../../shared/model";
import { personKey } from "../../shared/person";
import { cleanText } from "../../shared/text";
import type { Store } from "../../store/schema";
import { write, writeOf } from "../../store/write";

/** The agent's names for people. They stay on this computer and belong to one connection. */

/** Keeps the names that stood in a list which the agent used. A name that the agent typed stays as it is. */
export async function learnNames(
  store: Store,
  connection: string,
  people: readonly Person[],
  at: number,
): Promise<void> {
  const named = people.flatMap(({ id, name = "" }) => {
    const clean = cleanText(name);
    return clean === "" ? [] : { connection, person: personKey(id), id, name: clean, at };
  });
  if (named.length > 0) await keep(store, connection, named);
}

/** Gives somebody the name that the agent typed, or takes the name away. `no-connection`: it was forgotten meanwhile. */
export async function saveContact(
  store: Store,
  connection: string,
  { person: id, name }: { person: string; name: string | null },
  at: number,
): Promise<Reply<void>> {
  const person = personKey(id);
  const clean = cleanText(name ?? "");
  if (clean !== "") return keep(store, connection, [{ connection, person, id, name: clean, at, isTyped: true }]);
  await write(store, ["contacts"], (tx) => tx.objectStore("contacts").delete([connection, person]));
  return ok(undefined);
}

/** Takes all names of a connection away. */
export async function eraseContacts(store: Store, connection: string): Promise<Reply<void>> {
  const mine = IDBKeyRange.bound([connection], [connection, []]);
  await write(store, ["contacts"], (tx) => tx.objectStore("contacts").delete(mine));
  return ok(undefined);
}

function keep(store: Store, connection: string, contacts: Contact[]): Promise<Reply<void>> {
  return writeOf(store, connection, ["contacts"], async (tx) => {
    const table = tx.objectStore("contacts");
    for (const contact of contacts) {
      const before = await table.get([connection, contact.person]);
      if (contact.isTyped || !before?.isTyped) await table.put(contact);
    }
  });
}
