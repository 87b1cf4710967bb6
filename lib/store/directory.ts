import type { Contact, PersonHit, Place, Role, Roster } from "../shared/model";
import { digitsOf, isHidden, personKey, toPersonId } from "../shared/person";
import { asciiDigits, fold } from "../shared/text";
import { watch } from "./live";
import type { Directory, DirectoryRow, Store } from "./schema";

/**
 * Finding people as somebody types. Each group has one text with a line for each member; the texts of a connection are
 * kept in memory and searched as they are, which takes a few ms for 300,000 members and 16 bytes for each of them. As
 * somebody types, the store is read again only when it was written meanwhile.
 *
 * A line is `key TAB number TAB role TAB`: the person's key, the number where it is written otherwise (Brazil's ninth digit), and
 * `a` or `s` for an admin or a superadmin. The lines stand in the order of their keys.
 */

const ROLES: Record<string, Role> = { a: "admin", s: "superadmin" };
/** More texts than these are read together, and more people than these are looked for line by line. */
const FEW = 20;
/** More people are not put in order: digits of which there are so many say little. */
const MOST_FOUND = 1000;
/** Fewer digits are in too many numbers. */
const FEWEST_DIGITS = 4;

/** The row of a group's members. */
export function toDirectory({ connection, group, readAt, members }: Roster): DirectoryRow {
  const lines = members.map(({ id, role }) => {
    const key = personKey(id);
    const number = isHidden(id) ? key : (digitsOf(id) ?? key);
    return `${key}\t${number === key ? "" : number}\t${role === "member" ? "" : role[0]}\t\n`;
  });
  lines.sort((a, b) => (a < b ? -1 : 1));
  return { connection, group, readAt, people: `\n${lines.join("")}` };
}

/** A line that was found. */
interface Line {
  key: string;
  id: string;
  role: Role;
}

/**
 * People whose number has these digits (at least four, in any script; the whole number first, then its end), or whose name
 * has all these words; at most `limit`. Only members of groups that were read can be found.
 */
export async function searchPeople(
  store: Store,
  connection: string,
  text: string,
  limit: number,
): Promise<PersonHit[]> {
  const wanted = readQuery(text);
  if (!wanted) {
    // The first digits find nobody, and by the fourth the texts are there. What fails now fails then, too.
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
    name: contacts.get(key)?.contact.name,
    places: placesOf(key),
  }));
}

/** The groups of the list that a person (a `personKey`) is in, among those whose members were read. */
export async function readPlaces(store: Store, connection: string, person: string): Promise<Place[]> {
  return (await readPlacesOf(store, connection, [person])).get(person) ?? [];
}

/** The same of many people at once, with an entry for each. */
export async function readPlacesOf(
  store: Store,
  connection: string,
  people: readonly string[],
): Promise<Map<string, Place[]>> {
  const rows = await openTexts(store, connection, { isExact: true });
  const places = await openPlaces(store, connection, rows, people);
  return new Map(people.map((person) => [person, places(person)]));
}

/** When the members of each group were last read. A group that was never read is not there. */
export async function readTimes({ db }: Store, connection: string): Promise<Map<string, number>> {
  const keys = await db.getAllKeys("directory", IDBKeyRange.bound([connection], [connection, []]));
  return new Map(keys.map(([, group, readAt]) => [group, readAt]));
}

/** The agent's names for people, with what is known of each. */
export async function readContacts({ db }: Store, connection: string): Promise<Contact[]> {
  return db.getAll("contacts", IDBKeyRange.bound([connection], [connection, []]));
}

/** The agent's names for people, by `personKey`. */
export async function readNames(store: Store, connection: string): Promise<Map<string, string>> {
  return new Map((await readContacts(store, connection)).map(({ person, name }) => [person, name]));
}

/** What somebody typed: the forms of a number, or the words of a name. */
type Query = { forms: string[]; isStart: boolean };

function readQuery(text: string): Query | { words: string[] } | undefined {
  if (/\p{L}/u.test(text)) return { words: fold(text).split(/\s+/).filter(Boolean) };
  const typed = asciiDigits(text);
  const given = typed.replace(/\D/g, "");
  if (given.length < FEWEST_DIGITS) return undefined;
  // As at home, with a zero before it; the end of a number may begin with one.
  const bare = given.replace(/^0+/, "");
  const digits = bare.length < FEWEST_DIGITS ? given : bare;
  const key = personKey(toPersonId(digits));
  // Typed with Brazil's ninth digit, while the gateway lists the number without it.
  const short = digits.replace(/^([1-9]\d)?9([6-9]\d{7})$/, "$1$2");
  return { forms: [...new Set([digits, key, short, given])], isStart: /^\s*(?:\+|00)/.test(typed) };
}

/** People with all these words in their names. */
function named(contacts: Directory["contacts"], words: string[], limit: number): Map<string, Line> {
  const found = new Map<string, Line>();
  for (const [key, { contact, nameKey }] of contacts) {
    if (found.size >= limit) break;
    if (words.every((word) => nameKey.includes(word))) found.set(key, { key, id: contact.id, role: "member" });
  }
  return found;
}

/** People with these digits: whole numbers first, then numbers that end so, then those that hold them. */
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
        // The digits of a hidden id are no number.
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

/** Returns a function from a person to their places, found in the texts of all groups. */
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
    // Time for the page between the texts.
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

/** The lines of these people in a text, found by halves as its lines stand in the order of their keys. */
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

/**
 * The texts of all groups, brought up to date when the store was written since. Whoever draws anew after a writing asks for
 * what is exact: the word of it may not have come here yet.
 */
async function openTexts(store: Store, connection: string, { isExact = false } = {}): Promise<Directory["rows"]> {
  const directory = directoryOf(store, connection);
  if (isExact) directory.texts = undefined;
  await remembered(directory, "texts", () => readTexts(store, connection, directory));
  return directory.rows;
}

/** The agent's names, folded, in the same way. */
async function openNames(store: Store, connection: string): Promise<Directory["contacts"]> {
  const directory = directoryOf(store, connection);
  await remembered(directory, "names", () => readFolded(store, connection, directory));
  return directory.contacts;
}

/** Reads a part unless it is there already or under way. One that failed is read again the next time. */
async function remembered(directory: Directory, part: "texts" | "names", read: () => Promise<void>): Promise<void> {
  directory[part] ??= read();
  try {
    await directory[part];
  } catch (error) {
    directory[part] = undefined;
    throw error;
  }
}

function directoryOf(store: Store, connection: string): Directory {
  const directories = (store.directories ??= watchDirectories(store));
  const directory = directories.get(connection) ?? { rows: new Map(), contacts: new Map() };
  directories.set(connection, directory);
  return directory;
}

/** Nothing in memory yet, and what comes there is marked when it was written: for as long as this context lives. */
function watchDirectories(store: Store): Map<string, Directory> {
  const directories = new Map<string, Directory>();
  const { signal } = new AbortController();
  const mark = (part: "texts" | "names") => () => {
    for (const directory of directories.values()) directory[part] = undefined;
  };
  watch(store, ["directory"], mark("texts"), signal);
  watch(store, ["contacts"], mark("names"), signal);
  return directories;
}

/** Only the texts of groups that were read since are read again. */
async function readTexts(store: Store, connection: string, { rows }: Directory): Promise<void> {
  const times = await readTimes(store, connection);
  for (const group of [...rows.keys()].filter((each) => !times.has(each))) rows.delete(group);
  const changed = [...times].flatMap(([group, readAt]) => (rows.get(group)?.readAt === readAt ? [] : group));
  if (changed.length === 0) return;
  const texts = store.db.transaction("directory").store;
  // One by one where there are a few; at first, all together.
  const fresh =
    changed.length > FEW
      ? texts.getAll(IDBKeyRange.bound([connection], [connection, []]))
      : Promise.all(changed.map((group) => texts.get([connection, group, times.get(group) ?? 0])));
  for (const row of await fresh) {
    // Another reading that began later may have ended.
    if (row && row.readAt >= (rows.get(row.group)?.readAt ?? 0)) rows.set(row.group, row);
  }
}

async function readFolded(store: Store, connection: string, directory: Directory): Promise<void> {
  const contacts = await readContacts(store, connection);
  directory.contacts = new Map(
    contacts.map((contact) => [contact.person, { contact, nameKey: fold(contact.name) }] as const),
  );
}
