import { useSignal } from "@preact/signals";
import { number, plural, t } from "../../lib/shared/i18n";
import type { Person } from "../../lib/shared/model";
import { useShell } from "../models/shell";
import type { KeptJob } from "../models/start";
import { Button } from "./button";
import { Confirm, Dialog } from "./dialog";
import { GroupPicker } from "./group-picker";
import { RefusalsAhead } from "./group-tags";
import { FailureNotice, Notice } from "./notice";
import { countActs, PaceSelect, PlanSummary, usePlan } from "./plan";

/** Choosing the groups for these people, with what it would do and cost. */
export function MembershipChange(props: {
  op: "add" | "remove";
  people: Person[];
  start: ReadonlySet<string>;
  onClose: () => void;
  job: KeptJob;
}) {
  const { job } = props;
  const { settings } = useShell();
  const chosen = useSignal(props.start);
  const pace = useSignal(settings.value.pace);
  const isSure = useSignal(false);
  const groups = [...chosen.value];
  const plan = usePlan(groups.length ? { op: props.op, groups, people: props.people, pace: pace.value } : undefined);
  const count = countActs(plan.value.view, props.op);
  const start = async () => {
    const admins = props.op === "remove" ? { admins: [] } : {};
    const id = await job.start({ kind: props.op, groups, people: props.people, pace: pace.value, ...admins });
    if (id !== undefined) props.onClose();
  };
  const action = props.op === "add" ? "people_add_count" : "people_remove_count";
  if (isSure.value) {
    return (
      <Confirm
        title={t("people_remove_sure")}
        action={plural(action, count)}
        onConfirm={start}
        onClose={() => (isSure.value = false)}
      >
        <p>{t("people_remove_text", number(props.people.length), number(groups.length))}</p>
        {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      </Confirm>
    );
  }
  return (
    <Dialog title={props.op === "add" ? t("people_add") : t("people_remove")} onClose={props.onClose}>
      <GroupPicker chosen={chosen.value} onChange={(next) => (chosen.value = next)} />
      {props.op === "add" ? <RefusalsAhead groups={chosen.value} to="add" /> : null}
      {groups.length ? <PlanSummary plan={plan.value} op={props.op} /> : null}
      <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} />
      {props.op === "remove" ? <Notice>{t("people_remove_admins")}</Notice> : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <div class="row end">
        <Button onPress={props.onClose}>{t("action_cancel")}</Button>
        <Button
          kind="primary"
          isBusy={job.isBusy.value}
          isOff={count === 0}
          onPress={() => (props.op === "remove" ? (isSure.value = true) : start())}
        >
          {plural(action, count)}
        </Button>
      </div>
    </Dialog>
  );
}
