import { ok, type Reply } from "../../shared/failure";
import type { Connection, Contact, Person } from "../../shared/model";
import { personKey } from "../../shared/person";
import { cleanText } from "../../shared/text";
import type { Store } from "../../store/schema";
import { write, writeOf } from "../../store/write";
import { failed } from "../gateway/answer";
import type { Gateway } from "../gateway/gateway";
import type { GivenName } from "../gateway/read-names";

/** Most names per connection, as every search reads each; the gateway's further ones are dropped. */
const MOST = 20_000;

/** Saves names from a list the agent used; typed names stay. */
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

/**
 * Saves the gateway's names of people without one; `isAnew` also replaces its earlier ones. Returns the number saved.
 */
export async function learnGiven(
  store: Store,
  of: Connection,
  given: readonly GivenName[],
  at: number,
  isAnew = false,
): Promise<number> {
  const connection = of.id;
  const named = new Map<string, Contact>();
  for (const { id, name } of given) {
    const person = personKey(id);
    if (name !== "" && !named.has(person)) named.set(person, { connection, person, id, name, at, isGiven: true });
  }
  if (named.size === 0) return 0;
  const { store: table } = store.db.transaction("contacts");
  const [count, ...known] = await Promise.all([
    table.count(rangeOf(connection)),
    ...[...named.keys()].map((person) => table.get([connection, person])),
  ]);
  let room = MOST - count;
  const fresh = [...named.values()].filter(({ name }, index) => {
    const before = known[index];
    if (before) return isAnew && before.isGiven === true && before.name !== name;
    room -= 1;
    return room >= 0;
  });
  const written = fresh.length > 0 && (await keep(store, of, fresh));
  return written && written.ok ? fresh.length : 0;
}

/** Reads and saves the account's contact names. `count`: new names; null if the gateway lists no contacts. */
export async function readContactNames(
  store: Store,
  connection: Connection,
  gateway: Gateway,
  at: number,
): Promise<Reply<{ count: number | null }>> {
  const answer = await gateway.listContacts({ priority: "agent" });
  if (!answer.ok) return failed(answer.failure);
  if (answer.value === null) return ok({ count: null });
  return ok({ count: await learnGiven(store, connection, answer.value, at, true) });
}

/** Saves a typed name; `null` or blank deletes it. Fails with `no-connection`. */
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

/** Deletes a connection's names. */
export async function eraseContacts(store: Store, connection: string): Promise<Reply<void>> {
  await write(store, ["contacts"], (tx) => tx.objectStore("contacts").delete(rangeOf(connection)));
  return ok(undefined);
}

function rangeOf(connection: string): IDBKeyRange {
  return IDBKeyRange.bound([connection], [connection, []]);
}

function keep(store: Store, connection: string | Connection, contacts: Contact[]): Promise<Reply<void>> {
  return writeOf(store, connection, ["contacts"], async (tx) => {
    const table = tx.objectStore("contacts");
    for (const contact of contacts) {
      const before = await table.get([contact.connection, contact.person]);
      if (rankOf(contact) >= rankOf(before)) await table.put(contact);
    }
  });
}

/** Higher ranks win: typed, from a list, the gateway's. */
function rankOf(contact: Contact | undefined): number {
  if (!contact) return -1;
  return contact.isTyped ? 2 : contact.isGiven ? 0 : 1;
}
