import { useSignal } from "@preact/signals";
import { number, plural, t } from "../../lib/shared/i18n";
import type { Person } from "../../lib/shared/model";
import { useGone, useGroupRows } from "../models/group-rows";
import { useShell } from "../models/shell";
import type { Start } from "../models/start";
import { ChangeLanes } from "./change-lanes";
import { Confirm, FormDialog } from "./dialog";
import { GroupPicker } from "./group-picker";
import { RefusalsAhead } from "./refusals-ahead";
import { FailureNotice } from "./failure-notice";
import { Notice } from "./notice";
import { countActs, PaceSelect, PlanSummary, usePlan } from "./plan";

/** Chooses groups for adding or removing people; shows plan and cost. */
export function MembershipChange(props: {
  op: "add" | "remove";
  people: Person[];
  start: ReadonlySet<string>;
  onClose: () => void;
  job: Start;
}) {
  const { job } = props;
  const { settings } = useShell();
  const chosen = useSignal(props.start);
  const pace = useSignal(settings.value.pace);
  const isSure = useSignal(false);
  const rows = useGroupRows(chosen.value) ?? [];
  const gone = useGone(chosen.value);
  const groups = [...chosen.value].filter((group) => !gone.has(group));
  const plan = usePlan(groups.length ? { op: props.op, groups, people: props.people, pace: pace.value } : undefined);
  // While it is being planned, the button has no number.
  const count = groups.length === 0 ? 0 : plan.view && countActs(plan.view, props.op);
  const start = async () => {
    const admins = props.op === "remove" ? { admins: [] } : {};
    const id = await job.start({ kind: props.op, groups, people: props.people, pace: pace.value, ...admins });
    if (id !== undefined) props.onClose();
  };
  const title = props.op === "add" ? t("people_add") : t("people_remove");
  const action =
    count === undefined ? title : plural(props.op === "add" ? "people_add_count" : "people_remove_count", count);
  if (isSure.value) {
    return (
      <Confirm title={t("people_remove_sure")} action={action} onConfirm={start} onClose={() => (isSure.value = false)}>
        <p>{t("people_remove_text", number(props.people.length), number(groups.length))}</p>
        {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      </Confirm>
    );
  }
  return (
    <FormDialog
      title={title}
      failure={job.failure.value}
      action={action}
      isBusy={job.isBusy.value}
      isOff={count === 0 || plan.failure !== undefined}
      onSend={() => (props.op === "remove" ? (isSure.value = true) : start())}
      onClose={props.onClose}
    >
      <GroupPicker chosen={chosen.value} onChange={(next) => (chosen.value = next)} />
      {props.op === "add" ? <RefusalsAhead groups={rows} to="add" /> : null}
      <ChangeLanes groups={rows} changes={new Map(groups.map((id) => [id, props.op]))} people={props.people} />
      {groups.length ? <PlanSummary plan={plan} op={props.op} /> : null}
      <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} />
      {props.op === "remove" ? <Notice>{t("people_remove_admins")}</Notice> : null}
    </FormDialog>
  );
}
