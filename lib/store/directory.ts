import type { Contact, PersonHit, Place, Role, Roster } from "../shared/model";
import { digitsOf, isHidden, personKey, toPersonId } from "../shared/person";
import { asciiDigits, fold } from "../shared/text";
import { watch } from "./live";
import { readGroups } from "./read";
import type { Directory, DirectoryRow, Store } from "./schema";

/**
 * Finds people as the agent types, in memory: one text per group with a line per member, a few ms for 300,000 members
 * of 16 bytes each; read again only after a write. Lines are `key TAB number TAB role TAB`, sorted by key: the number
 * only if written otherwise (Brazil's ninth digit), `a` or `s` for admin or superadmin.
 */

const ROLES: Record<string, Role> = { a: "admin", s: "superadmin" };
/** Above this, texts are read together, people sought line by line. */
const FEW = 20;
/** Digits in more numbers say little. */
const MOST_FOUND = 1000;
/** Fewer digits are in too many numbers. */
const FEWEST_DIGITS = 4;

/** Returns a group's searchable row. */
export function toDirectory({ connection, group, readAt, members }: Roster): DirectoryRow {
  const lines = members.map(({ id, role }) => {
    const key = personKey(id);
    const number = isHidden(id) ? key : (digitsOf(id) ?? key);
    return `${key}\t${number === key ? "" : number}\t${role === "member" ? "" : role[0]}\t\n`;
  });
  lines.sort((a, b) => (a < b ? -1 : 1));
  return { connection, group, readAt, people: `\n${lines.join("")}` };
}

interface Line {
  key: string;
  id: string;
  role: Role;
}

/**
 * Returns people whose number has these digits (four or more; whole numbers first, then endings) or whose name has all
 * words. Only read groups are known.
 */
export async function searchPeople(
  store: Store,
  connection: string,
  text: string,
  limit: number,
): Promise<PersonHit[]> {
  const wanted = readQuery(text);
  if (!wanted) {
    // The first digits load the texts for the fourth; a failure recurs then.
    if (/\d/.test(asciiDigits(text))) openTexts(store, connection).catch(() => undefined);
    return [];
  }
  const contacts = await openNames(store, connection);
  let found = "words" in wanted ? named(contacts, wanted.words, limit) : undefined;
  if (found?.size === 0) return [];
  const rows = await openTexts(store, connection);
  found ??= numbered(rows, wanted as Query, limit);
  const placesOf = await openPlaces(store, connection, rows, [...found.keys()]);
  return [...found.values()].map(({ key, id }) => ({
    key,
    id,
    name: shownName(contacts.get(key)?.contact),
    places: placesOf(key),
  }));
}

/** Returns the listed groups of a `personKey`, as far as read. */
export async function readPlaces(store: Store, connection: string, person: string): Promise<Place[]> {
  return (await readPlacesOf(store, connection, [person])).get(person) ?? [];
}

/** The same for many people, with an entry each. */
export async function readPlacesOf(
  store: Store,
  connection: string,
  people: readonly string[],
): Promise<Map<string, Place[]>> {
  const rows = await openTexts(store, connection, { isExact: true });
  const places = await openPlaces(store, connection, rows, people);
  return new Map(people.map((person) => [person, places(person)]));
}

/** Returns each group's last reading time. */
export async function readTimes({ db }: Store, connection: string): Promise<Map<string, number>> {
  const keys = await db.getAllKeys("directory", IDBKeyRange.bound([connection], [connection, []]));
  return new Map(keys.map(([, group, readAt]) => [group, readAt]));
}

/** Returns all contacts. */
export async function readContacts({ db }: Store, connection: string): Promise<Contact[]> {
  return db.getAll("contacts", IDBKeyRange.bound([connection], [connection, []]));
}

/** Returns shown names by `personKey`. */
export async function readNames(store: Store, connection: string): Promise<Map<string, string | undefined>> {
  return new Map((await readContacts(store, connection)).map((contact) => [contact.person, shownName(contact)]));
}

/** Returns a contact's name; the gateway's with a tilde, as in WhatsApp. */
export function shownName(contact: Contact | undefined): string | undefined {
  return contact?.isGiven ? `~${contact.name}` : contact?.name;
}

/** Returns folded names of groups and people, from memory. */
export async function readFolded(store: Store, connection: string): Promise<Pick<Directory, "groups" | "contacts">> {
  const directory = directoryOf(store, connection);
  await remembered(directory, "list", async () => {
    const rows = await readGroups(store, connection, "name");
    directory.groups = rows.map(({ id, name, nameKey }) => ({ id, name, nameKey }));
  });
  return { groups: directory.groups, contacts: await openNames(store, connection) };
}

/** A typed number; `isStart` after `+` or `00`. */
type Query = { forms: string[]; isStart: boolean };

function readQuery(text: string): Query | { words: string[] } | undefined {
  if (/\p{L}/u.test(text)) return { words: fold(text).split(/\s+/).filter(Boolean) };
  const typed = asciiDigits(text);
  const given = typed.replace(/\D/g, "");
  if (given.length < FEWEST_DIGITS) return undefined;
  // Drops national zeros unless little remains: a number's end may begin with zero.
  const bare = given.replace(/^0+/, "");
  const digits = bare.length < FEWEST_DIGITS ? given : bare;
  const key = personKey(toPersonId(digits));
  // Typed with Brazil's ninth digit, listed without.
  const short = digits.replace(/^([1-9]\d)?9([6-9]\d{7})$/, "$1$2");
  return { forms: [...new Set([digits, key, short, given])], isStart: /^\s*(?:\+|00)/.test(typed) };
}

function named(contacts: Directory["contacts"], words: string[], limit: number): Map<string, Line> {
  const found = new Map<string, Line>();
  for (const [key, { contact, nameKey }] of contacts) {
    if (found.size >= limit) break;
    if (words.every((word) => nameKey.includes(word))) found.set(key, { key, id: contact.id, role: "member" });
  }
  return found;
}

function numbered(rows: Directory["rows"], { forms, isStart }: Query, limit: number): Map<string, Line> {
  const ranks: Map<string, Line>[] = [new Map(), new Map(), new Map()];
  const seen = new Set<string>();
  for (const form of forms) {
    for (const { people } of rows.values()) {
      for (let at = people.indexOf(form); at !== -1 && seen.size < MOST_FOUND;) {
        const end = people.indexOf("\n", at);
        const before = people[at - 1];
        const begins = before === "\n" || before === "\t";
        const ends = people[at + form.length] === "\t";
        const line = readLine(people.slice(people.lastIndexOf("\n", at) + 1, end));
        // A hidden id is no number.
        if (!isHidden(line.id) && !(isStart && !begins) && !seen.has(line.key)) {
          seen.add(line.key);
          ranks[begins && ends ? 0 : ends ? 1 : 2]!.set(line.key, line);
        }
        at = people.indexOf(form, end);
      }
    }
  }
  return new Map(ranks.flatMap((rank) => [...rank]).slice(0, limit));
}

function readLine(text: string): Line {
  const [key = "", number, role = ""] = text.split("\t");
  return { key, id: key.endsWith("@lid") ? key : toPersonId(number || key), role: ROLES[role] ?? "member" };
}

async function openPlaces(
  { db }: Store,
  connection: string,
  rows: Directory["rows"],
  people: readonly string[],
): Promise<(person: string) => Place[]> {
  const lines = new Map<string, { row: DirectoryRow; role: Role }[]>(people.map((person) => [person, []]));
  const ids = new Set<string>();
  let count = 0;
  for (const row of rows.values()) {
    // Let the page work between texts.
    if (people.length > FEW && ++count % FEW === 0) await new Promise((resolve) => setTimeout(resolve));
    for (const line of people.length > FEW ? row.people.split("\n") : linesOf(row, people)) {
      const of = lines.get(line.slice(0, Math.max(0, line.indexOf("\t"))));
      if (!of) continue;
      of.push({ row, role: readLine(line).role });
      ids.add(row.group);
    }
  }
  const { store } = db.transaction("groups");
  const found = await Promise.all([...ids].map((id) => store.get([connection, id])));
  const groups = new Map(found.flatMap((group) => (group && group.goneAt === undefined ? [[group.id, group]] : [])));
  return (person) =>
    (lines.get(person) ?? []).flatMap(({ row: { group: id, readAt }, role }) => {
      const group = groups.get(id);
      return group ? { group, role, readAt } : [];
    });
}

/** Binary search: lines are sorted. */
function linesOf({ people: text }: DirectoryRow, people: readonly string[]): string[] {
  return people.flatMap((person) => {
    const wanted = `${person}\t`;
    let [low, high] = [0, text.length - 1];
    while (low < high) {
      const start = text.lastIndexOf("\n", (low + high) >> 1) + 1;
      const end = text.indexOf("\n", start);
      if (text.startsWith(wanted, start)) return text.slice(start, end);
      if (text.slice(start, end) < wanted) low = end;
      else high = start - 1;
    }
    return [];
  });
}

/** `isExact` checks the store: a write's notice may be late. */
async function openTexts(store: Store, connection: string, { isExact = false } = {}): Promise<Directory["rows"]> {
  const directory = directoryOf(store, connection);
  if (isExact) directory.texts = undefined;
  await remembered(directory, "texts", () => readTexts(store, connection, directory));
  return directory.rows;
}

async function openNames(store: Store, connection: string): Promise<Directory["contacts"]> {
  const directory = directoryOf(store, connection);
  await remembered(directory, "names", () => foldNames(store, connection, directory));
  return directory.contacts;
}

type Part = "texts" | "names" | "list";

/** Reads a part unless present or under way; retries a failed one. */
async function remembered(directory: Directory, part: Part, read: () => Promise<void>): Promise<void> {
  directory[part] ??= read();
  try {
    await directory[part];
  } catch (error) {
    directory[part] = undefined;
    throw error;
  }
}

/** Returns a connection's search data, for this context. */
export function directoryOf(store: Store, connection: string): Directory {
  const directories = (store.directories ??= watchDirectories(store));
  const directory = directories.get(connection) ?? { rows: new Map(), contacts: new Map(), groups: [] };
  directories.set(connection, directory);
  return directory;
}

/** Marks data outdated after writes, while this context lives. */
function watchDirectories(store: Store): Map<string, Directory> {
  const directories = new Map<string, Directory>();
  const { signal } = new AbortController();
  const mark = (part: Part | "jobs") => () => {
    for (const directory of directories.values()) directory[part] = undefined;
  };
  watch(store, ["directory"], mark("texts"), signal);
  watch(store, ["contacts"], mark("names"), signal);
  watch(store, ["groups"], mark("list"), signal);
  watch(store, ["steps", "invited"], mark("jobs"), signal);
  return directories;
}

async function readTexts(store: Store, connection: string, { rows }: Directory): Promise<void> {
  const times = await readTimes(store, connection);
  for (const group of [...rows.keys()].filter((each) => !times.has(each))) rows.delete(group);
  const changed = [...times].flatMap(([group, readAt]) => (rows.get(group)?.readAt === readAt ? [] : group));
  if (changed.length === 0) return;
  const texts = store.db.transaction("directory").store;
  const fresh =
    changed.length > FEW
      ? texts.getAll(IDBKeyRange.bound([connection], [connection, []]))
      : Promise.all(changed.map((group) => texts.get([connection, group, times.get(group) ?? 0])));
  for (const row of await fresh) {
    // A later reading may have ended first.
    if (row && row.readAt >= (rows.get(row.group)?.readAt ?? 0)) rows.set(row.group, row);
  }
}

async function foldNames(store: Store, connection: string, directory: Directory): Promise<void> {
  const contacts = await readContacts(store, connection);
  directory.contacts = new Map(
    contacts.map((contact) => [contact.person, { contact, nameKey: fold(contact.name) }] as const),
  );
}
