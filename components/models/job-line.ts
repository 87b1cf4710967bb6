import { joined, plural, t } from "../../lib/shared/i18n";
import { KINDS } from "../../lib/shared/jobs/kinds";
import type { JobSummary } from "../../lib/shared/summary";
import { readGroup } from "../../lib/store/read";
import { useLive } from "./live";
import { usePersonText } from "./person";
import { useShell } from "./shell";

/** Names of what jobs are about: groups by id, and how a person's id is shown. */
export interface JobNames {
  groups: ReadonlyMap<string, { name: string }>;
  person: (id: string) => string;
}

/** The part of a summary that its line needs. */
export type JobAbout = Pick<JobSummary, "kind" | "count" | "name" | "groups" | "person">;

/** Names of the groups with these ids in the connection in use, kept up to date; and of people. */
export function useJobNames(ids: string[]): JobNames {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const person = usePersonText();
  const wanted = [...new Set(ids)];
  const read = useLive(
    ["groups"],
    async (store) => {
      const found = await Promise.all(wanted.map((group) => readGroup(store, id, group)));
      return new Map(found.flatMap((group) => (group ? [[group.id, group] as const] : [])));
    },
    [id, wanted.join(" ")],
  );
  return { groups: read.value ?? new Map(), person };
}

/** What a job is to do, with whom and where: "Add +1 202 555 0161 · Project Alpha". */
export function jobLine(job: JobAbout, names: JobNames): string {
  const { kind, count, name = "", person } = job;
  const isNamed = person !== undefined && (kind === "add" || kind === "remove");
  const what = isNamed
    ? t(kind === "add" ? "job_person_add" : "job_person_remove", whole(names.person(person)))
    : KINDS[kind].title(count, name);
  return joined([what, placeOf(job, names)]);
}

/** What waits for its undo window, in the same form: "Removing +1 202 555 0161 · Project Alpha". */
export function undoLine(job: JobAbout, names: JobNames): string {
  const { kind, count, person } = job;
  const isNamed = person !== undefined && kind === "remove";
  const what = isNamed ? t("undo_person_remove", whole(names.person(person))) : KINDS[kind].undo?.(count);
  return joined([what, placeOf(job, names)]);
}

/** The one group by its name, of several how many they are; nothing where the line says it already or nobody knows. */
function placeOf({ kind, groups }: JobAbout, names: JobNames): string {
  const [first] = groups;
  if (groups.length === 1 && first !== undefined) return names.groups.get(first)?.name ?? "";
  return groups.length > 1 && (kind === "add" || kind === "remove") ? plural("groups_count", groups.length) : "";
}

/** A number keeps its order in a sentence of either direction. */
const whole = (text: string) => `\u2068${text}\u2069`;
