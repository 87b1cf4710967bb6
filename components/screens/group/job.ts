import { useEffect } from "preact/hooks";
import type { JobInput, JobKind } from "../../../lib/shared/model";
import { useDraft } from "../../models/live";
import { useShell } from "../../models/shell";
import { useStart, type Start } from "../../models/start";

/** Whether a job writes to the group. */
export function isAbout(input: JobInput, group: string): boolean {
  if (input.kind === "update") return input.group === group;
  if (input.kind === "send") return input.chats.includes(group);
  return "groups" in input && input.groups.includes(group);
}

export interface GroupJob extends Start {
  /** The job of this kind that runs or whose result was not yet put away. */
  id: string | undefined;
  /** Shows another job in its place. */
  follow: (id: string) => void;
  /** Puts the result away. */
  dismiss: () => void;
}

/** The job of one kind on one group: started here or elsewhere, shown until its result is put away, also after a closing. */
export function useGroupJob(group: string, kind: JobKind): GroupJob {
  const { connection, openJobs } = useShell();
  const kept = useDraft(`job/${connection.value?.id ?? ""}/${group}/${kind}`);
  const starting = useStart();
  const open = openJobs.value.find((job) => job.input.kind === kind && isAbout(job.input, group))?.id;
  useEffect(() => {
    if (open !== undefined) kept.text.value = open;
  }, [open]);
  return {
    ...starting,
    start: async (job) => {
      const id = await starting.start(job);
      if (id !== undefined) kept.text.value = id;
      return id;
    },
    id: kept.text.value || undefined,
    follow: (id) => (kept.text.value = id),
    dismiss: kept.clear,
  };
}
