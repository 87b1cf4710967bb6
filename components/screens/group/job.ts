import { useEffect } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { kindOf } from "../../../lib/shared/jobs/kinds";
import type { JobInput, JobKind } from "../../../lib/shared/model";
import { useShell } from "../../models/shell";
import { useKeptJob, type KeptJob } from "../../models/start";

/** Whether a job writes to the group. */
export function isAbout(input: JobInput, group: string): boolean {
  return kindOf(input).groups(input).includes(group);
}

/** The job of one kind on one group: started here or elsewhere, shown until its result is put away, also after a closing. */
export function useGroupJob(group: string, kind: JobKind): KeptJob {
  const { connection, openJobs } = useShell();
  const job = useKeptJob(draftKey({ form: "group-job", connection: connection.value?.id, subject: group }, kind));
  const open = openJobs.value.find((each) => each.input.kind === kind && isAbout(each.input, group))?.id;
  useEffect(() => {
    if (open !== undefined) job.follow(open);
  }, [open]);
  return job;
}
