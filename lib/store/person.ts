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
  const rows = await db.getAll("invited", IDBKeyRange.bound([connection], [connection, []]));
  const own = rows.filter(({ person }) => person === personKey(id));
  return Promise.all(
    own.map(async ({ group, job = "" }) => {
      const steps = await db.getAll("steps", IDBKeyRange.bound([job], [job, []]));
      return { group, job, step: steps.find((step) => step.group === group && samePerson(step.target, id)) };
    }),
  );
}
