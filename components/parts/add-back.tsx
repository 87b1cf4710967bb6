import { UserPlus } from "lucide";
import { plural } from "../../lib/shared/i18n";
import { addBack } from "../../lib/shared/jobs/membership";
import type { Job, Step } from "../../lib/shared/model";
import { useStart } from "../models/start";
import { Button } from "./button";
import { FailureNotice } from "./failure-notice";

/** Undoes a removal after its undo window by re-adding the people. */
export function AddBack(props: { job: Job; steps: Step[]; onJob: (id: string) => unknown }) {
  const back = addBack(props.job, props.steps);
  const { start, isBusy, failure } = useStart();
  if (!back) return null;
  const press = async () => {
    const id = await start(back);
    if (id !== undefined) props.onJob(id);
  };
  return (
    <>
      <Button icon={UserPlus} isBusy={isBusy.value} onPress={press}>
        {plural("job_add_back", back.people.length)}
      </Button>
      {failure.value ? <FailureNotice failure={failure.value} onRetry={press} /> : null}
    </>
  );
}
