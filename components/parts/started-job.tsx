import type { ComponentChildren } from "preact";
import { t } from "../../lib/shared/i18n";
import type { KeptJob } from "../models/start";
import { Button } from "./button";
import { JobView } from "./job";

/**
 * The job that a form started, with the ways back under it: `children`, else a button that puts it away. It stands in
 * place of the form, or as a card beside it.
 */
export function StartedJob({
  id,
  job,
  isCard,
  children,
}: {
  id: string;
  job: KeptJob;
  isCard?: boolean;
  children?: ComponentChildren;
}) {
  return (
    // Where it takes the place of a form, the keyboard goes on from here.
    <div class={isCard ? "card stack" : "screen"} tabIndex={-1} autofocus={!isCard}>
      <JobView id={id} onJob={job.follow} />
      <div class="row wrap">
        {children ?? (
          <Button kind="quiet" onPress={job.dismiss}>
            {t("action_close")}
          </Button>
        )}
      </div>
    </div>
  );
}
