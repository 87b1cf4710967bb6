import { t } from "../../lib/shared/i18n";
import type { Job } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { summaryOf } from "../../lib/shared/summary";
import { useCommand } from "../models/command";
import { undoLine, useJobNames } from "../models/job-line";
import { Button } from "./button";
import { FailureNotice } from "./notice";

/** A job that can still be undone; `left` is the time in ms in which it can be undone. */
export function UndoLine({ job, left }: { job: Job; left: number }) {
  const { isBusy, failure, run } = useCommand();
  const about = summaryOf(job, []);
  const names = useJobNames(about.groups);
  return (
    <>
      <div class="undo">
        <span class="grow">{undoLine(about, names)}</span>
        <span class="num" aria-hidden="true">
          {Math.max(0, Math.ceil(left / 1000))}
        </span>
        <Button
          kind="quiet"
          title="Ctrl Z"
          isBusy={isBusy.value}
          onPress={() => run(() => send("cancelJob", { id: job.id }))}
        >
          {t("action_undo")}
        </Button>
      </div>
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
    </>
  );
}
