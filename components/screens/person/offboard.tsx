import { useSignal } from "@preact/signals";
import { dateTime, joined, plural, t } from "../../../lib/shared/i18n";
import type { Person, Place } from "../../../lib/shared/model";
import { placeKey } from "../../../lib/shared/person";
import { usePersonText } from "../../models/person";
import { useShell } from "../../models/shell";
import type { Start } from "../../models/start";
import { ChangeLanes } from "../../parts/change-lanes";
import { FormDialog } from "../../parts/dialog";
import { Check } from "../../parts/field";
import { Notice } from "../../parts/notice";
import { PaceSelect, PlanCost, usePlan } from "../../parts/plan";
import { TickList } from "../../parts/tick-list";

/** Row height in CSS px. */
const ROW = 46;

/**
 * Removes a person from their groups, all ticked except where they are an admin; counts unread groups. Asks once, as
 * the job can be undone.
 */
export function Offboard(props: {
  person: Person;
  places: Place[];
  unread: string[];
  onClose: () => unknown;
  job: Start;
}) {
  const { person, places, unread, job } = props;
  const show = usePersonText();
  const name = person.name ?? show(person.id);
  const { settings } = useShell();
  const ticked = useSignal<ReadonlySet<string>>(
    new Set(places.flatMap(({ group, role }) => (role === "member" ? [group.id] : []))),
  );
  const pace = useSignal(settings.value.pace);
  const going = places.filter(({ group }) => ticked.value.has(group.id));
  const groups = going.map(({ group }) => group.id);
  const plan = usePlan(
    groups.length > 0 ? { op: "remove", groups, people: [person], pace: pace.value, withAdmins: true } : undefined,
  );
  const start = async () => {
    const admins = going.flatMap(({ group, role }) => (role === "member" ? [] : [placeKey(group.id, person.id)]));
    const id = await job.start({ kind: "remove", groups, people: [person], pace: pace.value, admins });
    if (id !== undefined) props.onClose();
  };
  return (
    <FormDialog
      title={t("person_remove_title", name)}
      failure={job.failure.value}
      action={plural("person_remove_count", groups.length)}
      isDanger
      isBusy={job.isBusy.value}
      isOff={groups.length === 0}
      onSend={start}
      onClose={props.onClose}
    >
      <PlaceTicks places={places} ticked={ticked.value} onChange={(next) => (ticked.value = next)} />
      {unread.length > 0 ? <Notice tone="warn">{plural("person_remove_unread", unread.length)}</Notice> : null}
      {groups.length > 1 ? <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} /> : null}
      <ChangeLanes
        groups={going.map(({ group }) => group)}
        changes={new Map(groups.map((id) => [id, "remove"]))}
        people={[person]}
        withAdmins
        areNamed={false}
      />
      {groups.length > 0 ? <PlanCost plans={[plan]} /> : null}
      <p class="small muted">{t("remove_text")}</p>
    </FormDialog>
  );
}

/** The top box ticks plain memberships; admin ones are ticked individually. */
function PlaceTicks(props: {
  places: Place[];
  ticked: ReadonlySet<string>;
  onChange: (ticked: ReadonlySet<string>) => unknown;
}) {
  const { places, ticked, onChange } = props;
  const plain = places.flatMap(({ group, role }) => (role === "member" ? [group.id] : []));
  const isAll = plain.length > 0 && plain.every((id) => ticked.has(id));
  return (
    <div class="stack close">
      {plain.length > 1 ? (
        <Check
          label={<strong>{t("person_remove_all")}</strong>}
          isOn={isAll}
          onChange={(isOn) => {
            const admins = [...ticked].filter((id) => !plain.includes(id));
            onChange(new Set(isOn ? [...admins, ...plain] : admins));
          }}
        />
      ) : null}
      <TickList
        items={places}
        rowHeight={ROW}
        keyOf={({ group }) => group.id}
        textOf={({ group }) => group.name}
        label={t("person_groups")}
        ticked={ticked}
        isAlone={({ role }) => role !== "member"}
        onChange={onChange}
        render={({ group, role, readAt }) => (
          <span class="grow">
            <bdi class="clip block">{group.name}</bdi>
            <span class="small muted clip block">
              {joined([
                role === "member" ? "" : t("person_is_admin", t(`members_role_${role}`)),
                t("groups_as_of", dateTime(readAt, Date.now())),
              ])}
            </span>
          </span>
        )}
      />
    </div>
  );
}
