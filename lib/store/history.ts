import type { JobKind, RosterChange } from "../shared/model";
import { digitsOf, personKey, samePerson, toPersonId } from "../shared/person";
import type { JobSummary } from "../shared/summary";
import { asciiDigits, fold } from "../shared/text";
import { readChanges } from "./changes";
import { directoryOf, readFolded, shownName } from "./directory";
import { readPersonJobs } from "./person";
import { readSummaries, readTimed } from "./read-jobs";
import type { Store } from "./schema";

/** Filters of the history; absent ones match everything. */
export interface HistoryQuery {
  kind?: JobKind | "trouble";
  /** Words of a title, a group, a person's name or number. */
  text?: string;
  group?: string;
  person?: string;
}

/** Matching groups and people, as further filters. */
export interface HistoryHits {
  groups: { id: string; name: string }[];
  people: { id: string; name: string }[];
}

/** Fewest digits of a whole number. */
const WHOLE = 7;
const PEOPLE = 8;

/** Returns matching jobs, newest first, at most `limit`. `title`: a job's text in the agent's language. */
export async function readHistory(
  store: Store,
  connection: string,
  query: HistoryQuery,
  limit: number,
  title: (job: JobSummary) => string,
): Promise<{ jobs: JobSummary[]; hits: HistoryHits }> {
  const { kind, group, person, text = "" } = query;
  const ofPerson = person === undefined ? undefined : await jobsOf(store, connection, [person]);
  const words = await readWords(store, connection, text);
  const timed = kind === "trouble" ? await readTimed(store) : undefined;
  const jobs = await readSummaries(store, connection, limit, (job) => {
    const isStuck = job.state === "paused" && timed?.has(job.job) === false;
    if (kind === "trouble" && !isStuck && job.troubled === 0) return false;
    if (kind !== undefined && kind !== "trouble" && job.kind !== kind) return false;
    if (group !== undefined && !job.groups.includes(group)) return false;
    if (ofPerson?.has(job.job) === false) return false;
    return words === undefined || words.match(job, title(job));
  });
  return { jobs, hits: words?.hits ?? { groups: [], people: [] } };
}

/** Returns matching member changes, newest first, at most `limit`. */
export async function readChangeHistory(
  store: Store,
  connection: string,
  { group, person, text = "" }: HistoryQuery,
  limit: number,
): Promise<RosterChange[]> {
  const named = await readNamed(store, connection, text);
  const groups = new Set(named?.groups.map(({ id }) => id));
  const people = new Set(named?.people.map(({ id }) => personKey(id)));
  return readChanges(store, connection, limit, (change) => {
    const { joined, left, promoted, demoted } = change;
    const all = [...joined, ...left, ...promoted, ...demoted];
    if (group !== undefined && change.group !== group) return false;
    if (person !== undefined && !all.some((id) => samePerson(id, person))) return false;
    if (!named || groups.has(change.group)) return true;
    return all.some((id) => people.has(personKey(id)) || hasDigits(id, named.digits));
  });
}

/** What a text names; undefined if empty. `digits` only of a number. */
async function readNamed(store: Store, connection: string, text: string) {
  const typed = fold(text).trim();
  if (typed === "") return undefined;
  const bare = asciiDigits(text).replace(/\D/g, "").replace(/^0+/, "");
  const digits = /^[+\d\s().-]+$/.test(asciiDigits(text).trim()) && bare.length > 3 ? bare : undefined;
  const { groups, contacts } = await readFolded(store, connection);
  const people = digits === undefined ? [...contacts.values()].filter(({ nameKey }) => nameKey.includes(typed)) : [];
  return {
    typed,
    digits,
    groups: groups.filter(({ nameKey }) => nameKey.includes(typed)),
    people: people.map(({ contact }) => contact),
  };
}

function hasDigits(id: string | undefined, digits: string | undefined): boolean {
  return id !== undefined && digits !== undefined && digitsOf(id)?.includes(digits) === true;
}

/** Which jobs a text is about; undefined if empty. */
async function readWords(store: Store, connection: string, text: string) {
  const named = await readNamed(store, connection, text);
  if (!named) return undefined;
  const { typed, digits = "", groups } = named;
  const people = named.people.slice(0, PEOPLE);
  const whole = digits.length >= WHOLE ? [toPersonId(digits)] : [];
  const ofPeople = await jobsOf(store, connection, [...whole, ...people.map(({ id }) => id)]);
  const ids = new Set(groups.map(({ id }) => id));
  const match = (job: JobSummary, title: string) =>
    ofPeople.has(job.job) ||
    fold(title).includes(typed) ||
    job.groups.some((id) => ids.has(id)) ||
    hasDigits(job.person, named.digits);
  return { match, hits: { groups, people: people.map((one) => ({ id: one.id, name: shownName(one) ?? "" })) } };
}

/** Most people whose jobs are remembered. */
const REMEMBERED = 200;

/** Remembers people's jobs: each letter of a search asks for the same. */
async function jobsOf(store: Store, connection: string, people: string[]): Promise<Set<string>> {
  if (people.length === 0) return new Set();
  const directory = directoryOf(store, connection);
  // News of a write, which empties this memory, arrives before the store's next answer.
  await store.db.getKey("connections", connection);
  if ((directory.jobs?.size ?? 0) > REMEMBERED) directory.jobs = undefined;
  const jobs = (directory.jobs ??= new Map());
  const found = people.map((id) => {
    const reading = jobs.get(id) ?? readPersonJobs(store, connection, id);
    jobs.set(id, reading);
    reading.catch(() => jobs.delete(id));
    return reading;
  });
  return new Set((await Promise.all(found)).flat());
}

/** Whether a step matches the query's group and person. */
export function isInQuery(
  step: { target: string; group?: string; person?: string },
  { group, person }: HistoryQuery,
): boolean {
  if (group !== undefined && step.target !== group && step.group !== group) return false;
  return person === undefined || [step.person, step.target].some((id) => id && personKey(id) === personKey(person));
}
