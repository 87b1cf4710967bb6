import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { PlanOutcome } from "../../../lib/shared/views";
import { outcomeOf } from "../../../lib/shared/plan-outcome";
import { plural, t } from "../../../lib/shared/i18n";
import { byPerson } from "../../../lib/shared/members";
import type { Group, Member, Pace, Person } from "../../../lib/shared/model";
import { personKey, placeKey } from "../../../lib/shared/person";
import { personText, usePersonText } from "../../models/person";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Form } from "../../parts/form";
import { Notice } from "../../parts/notice";
import { PeopleInput } from "../../parts/people-input";
import { PaceSelect, PlanCost, usePlan } from "../../parts/plan";
import { TickList } from "../../parts/tick-list";
import "../../parts/names.css";

/** Row height in CSS px. */
const ROW = 32;
const NAMED = 6;

/** Asks before removing people. Admins go only if ticked individually, our own number never: that would be leaving. */
export function RemoveDialog(
  props: Removal & {
    group: Group;
    own?: string;
    pace?: Pace;
    /** `admins`: place keys of the ticked ones. */
    onRemove: (people: Person[], pace: Pace, admins: string[]) => unknown;
    onClose: () => unknown;
  },
) {
  const { group, members, own, skipped, unknown = 0 } = props;
  const person = usePersonText();
  const ticked = useSignal<ReadonlySet<string>>(props.ticked);
  const others = members.filter(({ id }) => own === undefined || personKey(id) !== own);
  const admins = others.filter(({ role }) => role !== "member");
  const going = others.filter(({ id, role }) => role === "member" || ticked.value.has(id));
  const [only] = going;
  const pace = useSignal<Pace>(props.pace ?? "careful");
  const people = going.map(({ id }) => ({ id, given: personText(id) }));
  const adminsGoing = going.flatMap(({ id, role }) => (role === "member" ? [] : [placeKey(group.id, id)]));
  const isPlanned = props.pace === undefined;
  const plan = usePlan(
    isPlanned ? { op: "remove", groups: [group.id], people, pace: pace.value, withAdmins: true } : undefined,
  );
  const title =
    going.length === 1 && only
      ? t("remove_title_named", person(only.id), group.name)
      : plural("remove_title", going.length, group.name);
  const staying = admins.length - going.filter(({ role }) => role !== "member").length;
  const plain = going.filter(({ role }) => role === "member");
  return (
    <Dialog title={title} onClose={props.onClose}>
      <Form class="stack">
        {going.length > 1 && plain.length > 0 ? (
          <ul class="names">
            {plain.slice(0, NAMED).map(({ id }) => (
              <li key={id} class="num">
                <bdi>{person(id)}</bdi>
              </li>
            ))}
            {plain.length > NAMED ? <li class="muted">{plural("input_more", plain.length - NAMED)}</li> : null}
          </ul>
        ) : null}
        {admins.length > 0 && members.length > 1 ? (
          <div class="stack tight">
            <p>{staying > 0 ? plural("remove_admins", staying) : t("remove_admins_all")}</p>
            <TickList
              items={admins}
              rowHeight={ROW}
              keyOf={({ id }) => id}
              textOf={({ id }) => person(id)}
              label={t("several_admins")}
              ticked={ticked.value}
              isAlone={() => true}
              onChange={(next) => (ticked.value = next)}
              render={({ id, role }) => (
                <>
                  <bdi class="num clip">{person(id)}</bdi> <span class="muted">{t(`members_role_${role}`)}</span>
                </>
              )}
            />
          </div>
        ) : null}
        {members.length === 1 && admins.length === 1 ? <Notice tone="warn">{t("remove_is_admin")}</Notice> : null}
        {others.length < members.length ? <p>{t("remove_own")}</p> : null}
        {skipped > 0 ? <p class="muted">{plural("remove_not_in", skipped)}</p> : null}
        {unknown > 0 ? <p>{plural("remove_unknown", unknown)}</p> : null}
        {props.pace === undefined && going.length > 0 ? (
          <>
            {going.length > 1 ? <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} /> : null}
            <PlanCost plans={[plan]} />
          </>
        ) : null}
        <p class="small muted">{going.length > 0 ? t("remove_text") : t("remove_nobody")}</p>
        <div class="row end">
          <Button onPress={props.onClose} attributes={{ autofocus: true }}>
            {t("action_cancel")}
          </Button>
          <Button
            type="submit"
            kind="danger"
            isOff={going.length === 0}
            onPress={() => props.onRemove(people, pace.value, adminsGoing)}
          >
            {going.length === 1 ? t("members_remove") : plural("members_remove_list_next", going.length)}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Removes the members on a pasted list. */
export function RemoveList(props: {
  group: Group;
  members: Member[];
  onRemove: (removal: Removal) => unknown;
  onClose: () => unknown;
}) {
  const { group, members } = props;
  const input = useSignal<{ people: Person[]; clear: () => void }>({ people: [], clear: () => undefined });
  const { people, clear } = input.value;
  const { found, skipped, unknown } = useMemo(() => {
    const list = byPerson(members);
    const hits = new Set(people.flatMap(({ id }) => list.get(personKey(id)) ?? []));
    const countOf = (outcome: PlanOutcome) =>
      people.filter(({ id }) => outcomeOf("remove", id, list) === outcome).length;
    return { found: [...hits], skipped: countOf("already"), unknown: countOf("hidden") };
  }, [members, people]);
  return (
    <Form class="stack">
      <p class="small muted">{t("members_remove_list_text")}</p>
      <PeopleInput
        form={{ form: "remove", connection: group.connection, subject: group.id }}
        onPeople={(next, clear_) => (input.value = { people: next, clear: clear_ })}
      />
      {skipped > 0 ? <p class="small muted">{plural("remove_not_in", skipped)}</p> : null}
      {unknown > 0 ? <Notice tone="warn">{plural("remove_unknown", unknown)}</Notice> : null}
      <div class="row wrap">
        <Button
          type="submit"
          kind="primary"
          isOff={found.length === 0}
          title={people.length === 0 ? t("add_none_hint") : undefined}
          onPress={() =>
            props.onRemove({
              members: found,
              ticked: new Set(),
              skipped,
              unknown,
              onStarted: () => {
                clear();
                props.onClose();
              },
            })
          }
        >
          {found.length === 0 ? t("members_remove") : plural("members_remove_list_next", found.length)}
        </Button>
        <Button kind="quiet" onPress={props.onClose}>
          {t("action_cancel")}
        </Button>
      </div>
    </Form>
  );
}

/** Members to remove, and those ticked individually. */
export interface Removal {
  members: Member[];
  ticked: ReadonlySet<string>;
  /** Listed numbers not in the group. */
  skipped: number;
  /** Numbers perhaps in the group under hidden ids. */
  unknown?: number;
  onStarted?: () => void;
}
