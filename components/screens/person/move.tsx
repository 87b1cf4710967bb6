import { useSignal } from "@preact/signals";
import { t } from "../../../lib/shared/i18n";
import type { Person, Place } from "../../../lib/shared/model";
import { placeKey } from "../../../lib/shared/person";
import { useGroupRows } from "../../models/group-rows";
import { usePersonText } from "../../models/person";
import { useShell } from "../../models/shell";
import type { Start } from "../../models/start";
import { ChangeLanes } from "../../parts/change-lanes";
import { FormDialog } from "../../parts/dialog";
import { Check } from "../../parts/field";
import { Select } from "../../parts/select";
import { GroupPicker } from "../../parts/group-picker";
import { RefusalsAhead } from "../../parts/refusals-ahead";
import { Notice } from "../../parts/notice";
import { PlanCost, usePlan } from "../../parts/plan";

/** Moves a person: added, proved, and only then removed. */
export function Move(props: { person: Person; places: Place[]; onClose: () => unknown; job: Start }) {
  const { person, places, job } = props;
  const show = usePersonText();
  const { settings } = useShell();
  const from = useSignal(places[0]?.group.id ?? "");
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const isAdminTicked = useSignal(false);
  const [to] = chosen.value;
  const rows = useGroupRows(new Set([from.value, ...chosen.value])) ?? [];
  const place = places.find(({ group }) => group.id === from.value);
  const isAdmin = place !== undefined && place.role !== "member";
  const isSame = to === from.value;
  const { pace } = settings.value;
  const plans = [
    usePlan(to === undefined ? undefined : { op: "add", groups: [to], people: [person], pace }),
    usePlan(
      to === undefined ? undefined : { op: "remove", groups: [from.value], people: [person], pace, withAdmins: true },
    ),
  ];
  const start = async () => {
    if (to === undefined) return;
    const admins = isAdmin ? [placeKey(from.value, person.id)] : [];
    const id = await job.start({ kind: "move", from: from.value, to, people: [person], pace, admins });
    if (id !== undefined) props.onClose();
  };
  return (
    <FormDialog
      title={t("person_move_title", person.name ?? show(person.id))}
      failure={job.failure.value}
      action={t("person_move")}
      isBusy={job.isBusy.value}
      isOff={to === undefined || isSame || (isAdmin && !isAdminTicked.value)}
      onSend={start}
      onClose={props.onClose}
    >
      <Select
        label={t("person_move_from")}
        value={from.value}
        onChange={(next) => {
          from.value = next;
          isAdminTicked.value = false;
        }}
        options={places.map(({ group }) => ({ value: group.id, label: group.name }))}
      />
      <h3>{t("person_move_to")}</h3>
      <GroupPicker isOne chosen={chosen.value} onChange={(next) => (chosen.value = next)} />
      <RefusalsAhead groups={rows.filter(({ id }) => id === to)} to="add" />
      {isSame ? <Notice tone="warn">{t("person_move_same")}</Notice> : null}
      {isAdmin && place ? (
        <Check
          label={t("person_move_admin", place.group.name)}
          isOn={isAdminTicked.value}
          onChange={(isOn) => (isAdminTicked.value = isOn)}
        />
      ) : null}
      {to === undefined || isSame ? null : (
        <>
          <ChangeLanes
            groups={rows}
            changes={
              new Map([
                [from.value, "remove"],
                [to, "add"],
              ])
            }
            people={[person]}
            withAdmins
            areNamed={false}
          />
          <PlanCost plans={plans} />
        </>
      )}
      <p class="small muted">{t("person_move_text")}</p>
    </FormDialog>
  );
}
