import type { ComponentChildren } from "preact";
import { t } from "../../lib/shared/i18n";
import type { SavedJob } from "../models/start";
import { Button } from "./button";
import { JobView } from "./job";

/** A form's job and buttons (by default Close), in place of the form or as a card beside it. */
export function StartedJob(props: {
  id: string;
  job: SavedJob;
  isCard?: boolean;
  /** Back to the form: emptied, or as it was. */
  again?: { another: string; clear: () => unknown; back: string };
  children?: ComponentChildren;
}) {
  const { id, job, isCard, again } = props;
  const startOver = () => {
    again?.clear();
    job.dismiss();
  };
  return (
    // Replacing a form, it takes the focus.
    <div class={isCard ? "card stack" : "screen"} tabIndex={-1} autofocus={!isCard}>
      <JobView id={id} onJob={job.follow} />
      <div class="row wrap">
        {again ? <Button onPress={startOver}>{again.another}</Button> : null}
        {props.children ?? (
          <Button kind="quiet" onPress={job.dismiss}>
            {again?.back ?? t("action_close")}
          </Button>
        )}
      </div>
    </div>
  );
}
