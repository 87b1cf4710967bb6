import { draftKey, FORMS, type DraftKey, type Form } from "../shared/draft";
import { invitedBy, isInvitation, isUnsent } from "../shared/invitation";
import { summaryOf } from "../shared/summary";
import { toDirectory } from "./directory";
import type { Upgrade } from "./open";

/** Draft names before version 3; named groups are parts of today's keys. */
const DRAFT_NAMES: { pattern: RegExp; form?: Form; field?: string }[] = [
  { pattern: /^route:(?<field>\w+)$/, form: "route" },
  { pattern: /^people:selection(?<list>\/list)?$/, form: "selection", field: "people" },
  {
    pattern: /^(?<form>people|create|message|join|page|groups):(?<field>\w+):(?<connection>[^:/]+)(?<list>\/list)?$/,
  },
  { pattern: /^join:(?<field>\w+):(?<connection>[^:/]+):(?<subject>.+)$/s, form: "join" },
  { pattern: /^people:(?<connection>[^:/]+)(?<list>\/list)?$/, form: "people", field: "people" },
  { pattern: /^invite-instead\/(?<connection>[^/]+)$/, form: "invite-instead", field: "text" },
  { pattern: /^job\/(?<connection>[^/]+)\/(?<subject>[^/]+)\/(?<field>\w+)$/, form: "group-job" },
  { pattern: /^message\/(?<connection>[^/]+)\/(?<subject>[^/]+)$/, form: "group-message", field: "text" },
  {
    pattern: /^(?<form>add|remove|equal)\/(?<connection>[^/]+)\/(?<subject>[^/]+)(?<list>\/list)?$/,
    field: "people",
  },
  { pattern: /^(?<form>add|equal|edit)\/(?<connection>[^/]+)\/(?<subject>[^/]+)\/(?<field>\w+)$/ },
];

function draftKeyOf(name: string): DraftKey | undefined {
  for (const { pattern, ...fixed } of DRAFT_NAMES) {
    const parts = pattern.exec(name)?.groups;
    if (!parts) continue;
    const form = (fixed.form ?? parts["form"]) as Form;
    const field = parts["list"] ? "list" : (fixed.field ?? parts["field"] ?? "");
    if (!(FORMS[form] as readonly string[]).includes(field)) continue;
    const { connection, subject } = parts;
    return draftKey({ form, connection, subject }, field as never);
  }
  return undefined;
}

/** Version 3: keys drafts by connection. Deletes the invisible ones of forgotten connections or unknown names. */
export async function keyDrafts(tx: Upgrade): Promise<void> {
  const drafts = tx.objectStore("drafts");
  const connections = new Set(["", ...(await tx.objectStore("connections").getAllKeys())]);
  for (let cursor = await drafts.openCursor(); cursor; cursor = await cursor.continue()) {
    const name: unknown = cursor.key;
    if (typeof name !== "string") continue;
    const key = draftKeyOf(name);
    if (key && connections.has(key[0])) await drafts.put(cursor.value, key);
    await cursor.delete();
  }
}

/** Version 4: adds older jobs' summaries, and invitations that only steps held. */
export async function summarizeJobs(tx: Upgrade): Promise<void> {
  for (let cursor = await tx.objectStore("jobs").openCursor(); cursor; cursor = await cursor.continue()) {
    const job = cursor.value;
    const steps = await tx.objectStore("steps").getAll(IDBKeyRange.bound([job.id], [job.id, []]));
    let summary;
    try {
      summary = summaryOf(job, steps);
    } catch {
      // Unknown record: the engine sets it aside.
      continue;
    }
    await tx.objectStore("summaries").put(summary);
    if (!isInvitation(job)) continue;
    for (const step of steps.filter((each) => !isUnsent(each))) {
      const row = invitedBy(step, job.id);
      if (row) await tx.objectStore("invited").put(row);
    }
  }
}

/** Version 6: makes known members searchable. */
export async function indexPeople(tx: Upgrade): Promise<void> {
  for (let cursor = await tx.objectStore("rosters").openCursor(); cursor; cursor = await cursor.continue()) {
    await tx.objectStore("directory").put(toDirectory(cursor.value));
  }
}
