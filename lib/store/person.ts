import type { Invited } from "../shared/invitation";
import type { Step } from "../shared/model";
import { formsOf, personKey, samePerson } from "../shared/person";
import type { JobSummary } from "../shared/summary";
import type { Store } from "./schema";

/** What the store knows of one person. Nothing here writes. */

/** One thing that was done with a person: the job and its step; an invitation whose job was erased has neither. */
export interface PersonEvent {
  job?: JobSummary;
  step?: Step;
  /** The group that it is about. */
  group: string;
  isInvitation: boolean;
}

/**
 * What was done with a person in the jobs that are kept, in every spelling of the number, newest first; after these the
 * invitations whose jobs were erased.
 */
export async function readPersonHistory(store: Store, connection: string, id: string): Promise<PersonEvent[]> {
  const [steps, invited] = await Promise.all([
    readSteps(store, connection, id),
    readInvitations(store, connection, id),
  ]);
  const summaries = new Map<string, JobSummary>();
  const { db } = store;
  for (const job of new Set([...steps, ...invited].map((each) => each.job ?? ""))) {
    const summary = await db.get("summaries", job);
    if (summary) summaries.set(job, summary);
  }
  const done = steps.map((step): PersonEvent => {
    return { job: summaries.get(step.job), step, group: step.target || (step.group ?? ""), isInvitation: false };
  });
  const sent = invited.map(({ job, step, group }): PersonEvent => {
    return { job: summaries.get(job), step, group, isInvitation: true };
  });
  return [...done, ...sent].toSorted((a, b) => (b.job?.createdAt ?? 0) - (a.job?.createdAt ?? 0));
}

/** The name under which the agent knows a person. */
export async function readName({ db }: Store, connection: string, id: string): Promise<string | undefined> {
  return (await db.get("contacts", [connection, personKey(id)]))?.name;
}

async function readSteps({ db }: Store, connection: string, id: string): Promise<Step[]> {
  const ranges = formsOf(id).map((digits) => IDBKeyRange.bound([connection, digits], [connection, `${digits}\uffff`]));
  const found = await Promise.all(ranges.map((range) => db.getAllFromIndex("steps", "person", range)));
  // Longer numbers begin with the same digits.
  return found.flat().filter(({ person = "" }) => samePerson(person, id));
}

/** The ledger's rows of the person, each with the step that sends the message while its job is kept. */
async function readInvitations({ db }: Store, connection: string, id: string) {
  const person = personKey(id);
  const { store } = db.transaction("invited");
  const own: Invited[] = [];
  // Group after group: from each, the cursor jumps to the person there, or to the next group if they are not.
  const all = IDBKeyRange.bound([connection], [connection, []]);
  for (let cursor = await store.openKeyCursor(all); cursor;) {
    const [, group, who] = cursor.key;
    const found = who === person ? await store.get(cursor.key) : undefined;
    if (found) own.push(found);
    cursor = await cursor.continue([connection, group, who < person ? person : "\uffff"]);
  }
  const ofJob = new Map<string, Step[]>();
  for (const job of new Set(own.map((row) => row.job ?? ""))) {
    ofJob.set(job, await db.getAll("steps", IDBKeyRange.bound([job], [job, []])));
  }
  return own.map(({ group, job = "" }) => {
    const step = ofJob.get(job)?.find((each) => each.group === group && samePerson(each.target, id));
    return { group, job, step };
  });
}
