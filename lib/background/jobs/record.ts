import { invitedBy, isInvitation, isUnsent } from "../../shared/invitation";
import type { Job, Step } from "../../shared/model";
import { summaryOf, updated } from "../../shared/summary";
import type { Table } from "../../store/schema";
import type { Writing } from "../../store/write";

/** Only this module writes a job's tables, so they agree even if the worker dies. */

/** Tables that hold a job's record. */
export const RECORD = ["jobs", "steps", "summaries", "invited"] as const satisfies Table[];

/** A changed step, with the stored one if any. */
export interface StepChange {
  before?: Step;
  after: Step;
}

/** Writes a job with changed steps, summary and ledger. */
export async function putRecord(tx: Writing<Table[]>, job: StoredJob, changes: StepChange[] = []): Promise<void> {
  for (const { after } of changes) await tx.objectStore("steps").put(after);
  await tx.objectStore("jobs").put(job);
  const known = await tx.objectStore("summaries").get(job.id);
  const before = changes.flatMap((change) => change.before ?? []);
  const after = changes.map((change) => change.after);
  const summary = known ? updated(known, job, before, after) : summaryOf(job, await readStepsIn(tx, job.id));
  await tx.objectStore("summaries").put(summary);
  if (isInvitation(job)) await noteInvited(tx, job.id, after);
}

/** Deletes a job's record, except its ledger rows. */
export async function deleteRecord(tx: Writing<Table[]>, id: string): Promise<void> {
  await tx.objectStore("steps").delete(IDBKeyRange.bound([id], [id, []]));
  await tx.objectStore("summaries").delete(id);
  await tx.objectStore("jobs").delete(id);
}

/** Returns a job's steps in order. */
export function readStepsIn(tx: Writing<Table[]>, id: string): Promise<Step[]> {
  return tx.objectStore("steps").getAll(IDBKeyRange.bound([id], [id, []]));
}

async function noteInvited(tx: Writing<Table[]>, job: string, steps: Step[]): Promise<void> {
  const ledger = tx.objectStore("invited");
  for (const step of steps) {
    const row = invitedBy(step, job);
    if (!row) continue;
    const key: [string, string, string] = [row.connection, row.group, row.person];
    const known = await ledger.get(key);
    if (!known && !isUnsent(step)) await ledger.put(row);
    if (known?.job === job && isUnsent(step)) await ledger.delete(key);
  }
}

export type StoredJob = Job & { nonce: string };
