import { useSignal } from "@preact/signals";
import { UserPlus } from "lucide";
import { draftKey } from "../../../lib/shared/draft";
import { plural, t } from "../../../lib/shared/i18n";
import type { Group, Pace, Person } from "../../../lib/shared/model";
import { useJob } from "../../models/job";
import { useDraft } from "../../models/live";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";
import { RefusalAhead } from "../../parts/refusals-ahead";
import { JobView } from "../../parts/job";
import { Form } from "../../parts/form";
import { FailureNotice } from "../../parts/failure-notice";
import { PeopleInput } from "../../parts/people-input";
import { countActs, PaceSelect, PlanSummary, usePlan } from "../../parts/plan";
import { useGroupJob } from "./job";
import "../../parts/stays.css";

/** Adds people: input, plan, job and results. */
export function Add({ group }: { group: Group }) {
  const { settings } = useShell();
  const job = useGroupJob(group.id, "add");
  const read = useJob(job.id);
  const input = useSignal<{ people: Person[]; clear: () => void }>({ people: [], clear: () => undefined });
  const form = { form: "add", connection: group.connection, subject: group.id } as const;
  const chosen = useDraft(draftKey(form, "pace"));
  const pace = (chosen.text.value || settings.value.pace) as Pace;
  const { people } = input.value;
  const isShown = job.id === undefined;
  const plan = usePlan(isShown ? { op: "add", groups: [group.id], people, pace } : undefined);
  const willAdd = plan.view ? countActs(plan.view, "add") : people.length;

  if (job.id !== undefined) {
    const state = read.value?.job.state;
    return (
      <div class="stack">
        <JobView id={job.id} onJob={job.follow} />
        {state === "running" || state === "waiting" || state === "paused" ? null : (
          <div>
            <Button icon={UserPlus} onPress={job.dismiss}>
              {t("add_more")}
            </Button>
          </div>
        )}
      </div>
    );
  }
  const start = async () => {
    if (willAdd === 0) return;
    const id = await job.start({ kind: "add", groups: [group.id], people, pace });
    // The job now records them.
    if (id !== undefined) input.value.clear();
  };
  return (
    <Form class="stack" onSubmit={() => start()}>
      <RefusalAhead group={group} to="add" />
      {group.isAdmin === false ? <p class="small muted">{t("group_not_admin_hint")}</p> : null}
      <PeopleInput form={form} isFirst onPeople={(next, clear) => (input.value = { people: next, clear })}>
        {people.length > 0 ? <PlanSummary plan={plan} op="add" /> : null}
      </PeopleInput>
      {people.length > 0 ? <PaceSelect value={pace} onChange={(value) => (chosen.text.value = value)} /> : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <Button
        type="submit"
        kind="primary"
        icon={UserPlus}
        class="stays"
        isWide
        isBusy={job.isBusy.value}
        isOff={people.length === 0 || willAdd === 0}
        title={people.length === 0 ? t("add_none_hint") : undefined}
      >
        {people.length === 0 ? t("add_action_none") : plural("add_action", willAdd)}
      </Button>
    </Form>
  );
}
