import { useSignal } from "@preact/signals";
import { dateTime, plural, t } from "../../../lib/shared/i18n";
import type { Person, Place } from "../../../lib/shared/model";
import { placeKey } from "../../../lib/shared/person";
import { usePersonText } from "../../models/person";
import { useShell } from "../../models/shell";
import type { KeptJob } from "../../models/start";
import { toggled } from "../../models/ticked";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Check } from "../../parts/field";
import { FailureNotice, Notice } from "../../parts/notice";
import { PaceSelect, PlanCost, usePlan } from "../../parts/plan";

/**
 * Removing a person from the groups in which they are: all of them are ticked but those of which they are an admin, which
 * need a tick each. What was never read is said to be left out. The question names everything that will happen, and the
 * removal waits to be undone, so it asks once.
 */
export function Offboard(props: {
  person: Person;
  places: Place[];
  unread: string[];
  onClose: () => unknown;
  job: KeptJob;
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
    <Dialog title={t("person_remove_title", name)} onClose={props.onClose}>
      <PlaceTicks places={places} ticked={ticked.value} onChange={(next) => (ticked.value = next)} />
      {unread.length > 0 ? <Notice tone="warn">{plural("person_remove_unread", unread.length)}</Notice> : null}
      {groups.length > 1 ? <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} /> : null}
      {groups.length > 0 ? <PlanCost plans={[plan.value]} /> : null}
      <p class="small muted">{t("remove_text")}</p>
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <div class="row end">
        <Button onPress={props.onClose}>{t("action_cancel")}</Button>
        <Button kind="danger" isOff={groups.length === 0} isBusy={job.isBusy.value} onPress={start}>
          {plural("person_remove_count", groups.length)}
        </Button>
      </div>
    </Dialog>
  );
}

/** A box for each group. The one above them ticks those of a plain member: an admin is ticked by itself alone. */
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
      <div class="admin-ticks">
        {places.map(({ group, role, readAt }) => (
          <Check
            key={group.id}
            label={<bdi>{group.name}</bdi>}
            hint={[
              role === "member" ? "" : t("person_is_admin", t(`members_role_${role}`)),
              t("groups_as_of", dateTime(readAt, Date.now())),
            ]
              .filter(Boolean)
              .join(" · ")}
            isOn={ticked.has(group.id)}
            onChange={(isOn) => onChange(toggled(ticked, group.id, isOn))}
          />
        ))}
      </div>
    </div>
  );
}
