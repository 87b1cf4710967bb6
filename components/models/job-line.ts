import { joined, plural, t } from "../../lib/shared/i18n";
import { KINDS } from "../../lib/shared/jobs/kinds";
import type { JobSummary } from "../../lib/shared/summary";
import { readGroupsOf } from "../../lib/store/read";
import { useLive } from "./live";
import { usePersonText } from "./person";
import { useShell } from "./shell";

/** Names of groups and people. */
export interface JobNames {
  groups: ReadonlyMap<string, { name: string }>;
  person: (id: string) => string;
}

export type JobAbout = Pick<JobSummary, "kind" | "count" | "name" | "groups" | "person">;

/** Returns names of the current connection's groups, and of people. */
export function useJobNames(ids: string[]): JobNames {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const person = usePersonText();
  const wanted = [...new Set(ids)];
  const read = useLive(["groups"], (store) => readGroupsOf(store, id, wanted), [id, wanted.join(" ")]);
  return { groups: read.value ?? new Map(), person };
}

/** Returns a job's line: "Add +1 202 555 0161 · Project Alpha". */
export function jobLine(job: JobAbout, names: JobNames): string {
  const { kind, count, name = "", person } = job;
  const isNamed = person !== undefined && (kind === "add" || kind === "remove");
  const what = isNamed
    ? t(kind === "add" ? "job_person_add" : "job_person_remove", whole(names.person(person)))
    : KINDS[kind].title(count, name);
  return joined([what, placeOf(job, names)]);
}

/** Returns a job's line in the undo window: "Removing +1 202 555 0161 …". */
export function undoLine(job: JobAbout, names: JobNames): string {
  const { kind, count, person } = job;
  const isNamed = person !== undefined && kind === "remove";
  const what = isNamed ? t("undo_person_remove", whole(names.person(person))) : KINDS[kind].undo?.(count);
  return joined([what, placeOf(job, names)]);
}

/** Group name or count; empty if unknown or already said. */
function placeOf({ kind, groups }: JobAbout, names: JobNames): string {
  const [first] = groups;
  if (groups.length === 1 && first !== undefined) return names.groups.get(first)?.name ?? "";
  return groups.length > 1 && (kind === "add" || kind === "remove") ? plural("groups_count", groups.length) : "";
}

const whole = (text: string) => `\u2068${text}\u2069`;
