import { useEffect } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { kindOf } from "../../../lib/shared/jobs/kinds";
import type { JobInput, JobKind } from "../../../lib/shared/model";
import { useShell } from "../../models/shell";
import { useSavedJob, type SavedJob } from "../../models/start";

/** Whether a job is about a group. */
export function isAbout(input: JobInput, group: string): boolean {
  return kindOf(input).groups(input).includes(group);
}

/** Returns a group's job of one kind, started anywhere, until its result is dismissed. */
export function useGroupJob(group: string, kind: JobKind): SavedJob {
  const { connection, openJobs } = useShell();
  const job = useSavedJob(draftKey({ form: "group-job", connection: connection.value?.id, subject: group }, kind));
  const open = openJobs.value.find(({ input }) => input.kind === kind && isAbout(input, group))?.id;
  useEffect(() => {
    if (open !== undefined) job.follow(open);
  }, [open]);
  return job;
}
