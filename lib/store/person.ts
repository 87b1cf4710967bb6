import type { Invited } from "../shared/invitation";
import type { Contact, Step } from "../shared/model";
import { formsOf, personKey, samePerson } from "../shared/person";
import type { JobSummary } from "../shared/summary";
import { readSteps as readJobSteps } from "./read-jobs";
import type { Store } from "./schema";

/** Something done with a person; without job and step for an erased job's invitation. */
export interface PersonEvent {
  job?: JobSummary;
  step?: Step;
  group: string;
  isInvitation: boolean;
}

/** Returns a person's events, newest first; invitations of erased jobs last. */
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

/** Returns a person's job ids, erased ones included. */
export async function readPersonJobs(store: Store, connection: string, id: string): Promise<string[]> {
  const [ofSteps, invited] = await Promise.all([
    readStepJobs(store, connection, id),
    readInvited(store, connection, id),
  ]);
  return [...ofSteps, ...invited.flatMap(({ job }) => job ?? [])];
}

/** Returns a person's contact. */
export async function readContact({ db }: Store, connection: string, id: string): Promise<Contact | undefined> {
  return db.get("contacts", [connection, personKey(id)]);
}

async function readSteps({ db }: Store, connection: string, id: string): Promise<Step[]> {
  const found = await Promise.all(
    rangesOf(connection, id).map((range) => db.getAllFromIndex("steps", "person", range)),
  );
  return found.flat().filter(({ person = "" }) => samePerson(person, id));
}

/** Reads only keys: a person may have thousands of steps, and each typed letter asks for several people. */
async function readStepJobs({ db }: Store, connection: string, id: string): Promise<string[]> {
  const index = db.transaction("steps").store.index("person");
  const jobs = rangesOf(connection, id).map(async (range) => {
    const found: Promise<[job: string, index: number][]>[] = [];
    for (let cursor = await index.openKeyCursor(range, "nextunique"); cursor; cursor = await cursor.continue()) {
      if (samePerson(cursor.key[1], id)) found.push(index.getAllKeys(IDBKeyRange.only(cursor.key)));
    }
    return (await Promise.all(found)).flat().map(([job]) => job);
  });
  return (await Promise.all(jobs)).flat();
}

/** Skips longer numbers: thousands begin with a half-typed one. */
function rangesOf(connection: string, id: string): IDBKeyRange[] {
  return formsOf(id).flatMap((digits) => [
    IDBKeyRange.bound([connection, digits], [connection, `${digits}0`], false, true),
    IDBKeyRange.bound([connection, `${digits}:`], [connection, `${digits}\uffff`]),
  ]);
}

async function readInvited({ db }: Store, connection: string, id: string): Promise<Invited[]> {
  const person = personKey(id);
  const { store } = db.transaction("invited");
  const own: Invited[] = [];
  // In each group, jumps to the person, then to the next group.
  const all = IDBKeyRange.bound([connection], [connection, []]);
  for (let cursor = await store.openKeyCursor(all); cursor;) {
    const [, group, who] = cursor.key;
    const found = who === person ? await store.get(cursor.key) : undefined;
    if (found) own.push(found);
    cursor = await cursor.continue([connection, group, who < person ? person : "\uffff"]);
  }
  return own;
}

/** Ledger rows with their sending steps, while the job exists. */
async function readInvitations(store: Store, connection: string, id: string) {
  const own = await readInvited(store, connection, id);
  const ofJob = new Map<string, Step[]>();
  for (const job of new Set(own.map((row) => row.job ?? ""))) {
    ofJob.set(job, await readJobSteps(store, job));
  }
  return own.map(({ group, job = "" }) => {
    const step = ofJob.get(job)?.find((each) => each.group === group && samePerson(each.target, id));
    return { group, job, step };
  });
}
