import type { JobKind } from "../shared/model";
import { digitsOf, personKey, toPersonId } from "../shared/person";
import type { JobSummary } from "../shared/summary";
import { asciiDigits, fold } from "../shared/text";
import { readContacts } from "./directory";
import { readPersonHistory } from "./person";
import { readGroups, readSummaries } from "./read";
import type { Store } from "./schema";

/** What the history is narrowed to; what is absent narrows nothing. */
export interface HistoryQuery {
  kind?: JobKind | "trouble";
  /** Words: of what was done, of a group's name, of a person's name or number. */
  text?: string;
  /** Id of the one group. */
  group?: string;
  /** Id of the one person. */
  person?: string;
}

/** What the words of a query also name, each of which the history can be narrowed to by itself. */
export interface HistoryHits {
  groups: { id: string; name: string }[];
  people: { id: string; name: string }[];
}

/** From so many digits, a text may be a whole number. */
const WHOLE = 7;
/** So many people of that name are looked up. */
const PEOPLE = 8;

/** Summaries of jobs that match, newest first, at most `limit`. `title` gives the words of a job in the agent's language. */
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
  const jobs = await readSummaries(store, connection, limit, (job) => {
    if (kind === "trouble" && job.state !== "paused" && job.troubled === 0) return false;
    if (kind !== undefined && kind !== "trouble" && job.kind !== kind) return false;
    if (group !== undefined && !job.groups.includes(group)) return false;
    if (ofPerson?.has(job.job) === false) return false;
    return words === undefined || words.match(job, title(job));
  });
  return { jobs, hits: words?.hits ?? { groups: [], people: [] } };
}

/** What a text means in the history; undefined when it says nothing. */
async function readWords(store: Store, connection: string, text: string) {
  const typed = fold(text).trim();
  if (typed === "") return undefined;
  const digits = asciiDigits(text).replace(/\D/g, "").replace(/^0+/, "");
  const isNumber = /^[+\d\s().-]+$/.test(asciiDigits(text).trim()) && digits.length > 3;
  const [groups, contacts] = await Promise.all([
    readGroups(store, connection, "name"),
    isNumber ? [] : readContacts(store, connection),
  ]);
  const named = groups.filter(({ nameKey }) => nameKey.includes(typed)).map(({ id, name }) => ({ id, name }));
  const people = contacts.filter(({ name }) => fold(name).includes(typed)).slice(0, PEOPLE);
  const whole = isNumber && digits.length >= WHOLE ? [toPersonId(digits)] : [];
  const ofPeople = await jobsOf(store, connection, [...whole, ...people.map(({ id }) => id)]);
  const ids = new Set(named.map(({ id }) => id));
  const match = (job: JobSummary, title: string) =>
    ofPeople.has(job.job) ||
    fold(title).includes(typed) ||
    job.groups.some((id) => ids.has(id)) ||
    (isNumber && job.person !== undefined && digitsOf(job.person)?.includes(digits) === true);
  return { match, hits: { groups: named, people: people.map(({ id, name }) => ({ id, name })) } };
}

/** Ids of the jobs in which one of these people is. */
async function jobsOf(store: Store, connection: string, people: string[]): Promise<Set<string>> {
  const found = await Promise.all(people.map((id) => readPersonHistory(store, connection, id)));
  return new Set(found.flat().flatMap(({ job }) => (job ? [job.job] : [])));
}

/** Whether a step is about the one group and the one person of a query. */
export function isInQuery(
  step: { target: string; group?: string; person?: string },
  { group, person }: HistoryQuery,
): boolean {
  if (group !== undefined && step.target !== group && step.group !== group) return false;
  return person === undefined || [step.person, step.target].some((id) => id && personKey(id) === personKey(person));
}
