import { useSignal } from "@preact/signals";
import { RefreshCw } from "lucide";
import { plural, t } from "../../../lib/shared/i18n";
import { pairsOf } from "../../../lib/shared/match-plan";
import { byPerson } from "../../../lib/shared/members";
import type { Group, Member, Pace, Person, Roster } from "../../../lib/shared/model";
import { personKey, placeKey, samePerson } from "../../../lib/shared/person";
import { personText, usePersonText } from "../../models/person";
import { useMembersReading } from "../../models/reading";
import { useEachRoster } from "../../models/rosters";
import { useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { toggled } from "../../models/ticked";
import { Button } from "../../parts/button";
import { Confirm } from "../../parts/dialog";
import { EachProgress } from "../../parts/each-progress";
import { Check } from "../../parts/field";
import { RefusalsAhead } from "../../parts/group-tags";
import { FailureNotice, Notice } from "../../parts/notice";
import { countActs, PaceSelect, PlanSummary, usePlan } from "../../parts/plan";

/** Adds people to the chosen groups or removes them: what it will do and cost, then one job for all of it. */
export function Change(props: {
  op: "add" | "remove";
  groups: readonly Group[];
  people: Person[];
  onStarted: () => void;
}) {
  const { op, groups, people } = props;
  return op === "add" ? (
    <Add groups={groups} people={people} onStarted={props.onStarted} />
  ) : (
    <Remove groups={groups} people={people} onStarted={props.onStarted} />
  );
}

type Props = { groups: readonly Group[]; people: Person[]; onStarted: () => void };

function Add({ groups, people, onStarted }: Props) {
  const { settings, go } = useShell();
  const { start, isBusy, failure } = useStart();
  const pace = useSignal<Pace>(settings.value.pace);
  const ids = groups.map(({ id }) => id);
  const plan = usePlan({ op: "add", groups: ids, people, pace: pace.value });
  const press = async () => {
    const id = await start({ kind: "add", groups: ids, people, pace: pace.value });
    if (id === undefined) return;
    onStarted();
    go(`/activity/${id}`);
  };
  return (
    <>
      <RefusalsAhead groups={new Set(ids)} to="add" />
      {people.length > 0 ? <PlanSummary plan={plan.value} op="add" /> : null}
      <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} />
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <Button
        kind="primary"
        class="stays"
        isWide
        isBusy={isBusy.value}
        isOff={countActs(plan.value.view, "add") === 0}
        title={people.length === 0 ? t("add_none_hint") : undefined}
        onPress={press}
      >
        {`${plural("job_title_add", people.length)} · ${plural("groups_count", groups.length)}`}
      </Button>
    </>
  );
}

/** Who of the people is a member of a group, as it was read; undefined where it never was. */
interface Found {
  group: Group;
  members?: Member[];
}

function Remove({ groups, people, onStarted }: Props) {
  const { connection, settings, go } = useShell();
  const own = connection.value?.ownNumber;
  const { start, isBusy, failure } = useStart();
  const pace = useSignal<Pace>(settings.value.pace);
  const isSure = useSignal(false);
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const reading = useMembersReading(groups.map(({ id }) => id));
  const found = useEachRoster<Found>(
    groups,
    (group, roster) => ({ group, members: membersAmong(roster, people, own) }),
    [people, own],
  );
  const unread = found?.filter(({ members }) => members === undefined).map(({ group }) => group.id) ?? [];
  const admins = (found ?? []).flatMap(({ group, members = [] }) =>
    members.filter(({ role }) => role !== "member").map((member) => ({ group, member })),
  );
  const wishes = (found ?? []).map(({ group, members = [] }) => ({
    group: group.id,
    people: members
      .filter((member) => member.role === "member" || ticked.value.has(placeKey(group.id, member.id)))
      .map(({ id }): Person => ({ id, given: personText(id) })),
  }));
  const job = pairsOf(wishes);
  const remove = async () => {
    const going = admins.filter(({ group, member }) => ticked.value.has(placeKey(group.id, member.id)));
    const leaving = going.map(({ group, member }) => placeKey(group.id, member.id));
    const id = await start({ kind: "remove", ...job, admins: leaving, pace: pace.value });
    if (id === undefined) return;
    onStarted();
    go(`/activity/${id}`);
  };
  const action = `${plural("job_title_remove", job.people.length)} · ${plural("groups_count", job.groups.length)}`;
  const names = new Map(groups.map(({ id, name }) => [id, name] as const));
  return (
    <>
      {unread.length > 0 ? (
        <Notice tone="warn">
          <p>{plural("several_unread", unread.length)}</p>
          <Button icon={RefreshCw} isBusy={reading.progress.value !== undefined} onPress={() => reading.start(unread)}>
            {t("people_read")}
          </Button>
        </Notice>
      ) : null}
      <EachProgress each={reading} label={t("people_reading")} names={names} />
      {people.length > 0 && found ? <p role="status">{plural("several_removals", job.pairs.length)}</p> : null}
      <Admins admins={admins} ticked={ticked.value} onTick={(place) => (ticked.value = toggled(ticked.value, place))} />
      <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} />
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <Button
        kind="primary"
        class="stays"
        isWide
        isBusy={isBusy.value}
        isOff={job.pairs.length === 0}
        title={people.length === 0 ? t("add_none_hint") : undefined}
        onPress={() => (isSure.value = true)}
      >
        {action}
      </Button>
      {isSure.value ? (
        <Confirm
          title={action}
          action={plural("members_remove_list_next", job.pairs.length)}
          onClose={() => (isSure.value = false)}
          onConfirm={() => {
            isSure.value = false;
            void remove();
          }}
        >
          <Leaving wishes={wishes} names={names} />
          <p class="small muted">{t("remove_text")}</p>
        </Confirm>
      ) : null}
    </>
  );
}

/** The admins among those who are to be removed; each goes only if ticked. */
function Admins(props: {
  admins: { group: Group; member: Member }[];
  ticked: ReadonlySet<string>;
  onTick: (place: string) => unknown;
}) {
  const person = usePersonText();
  if (props.admins.length === 0) return null;
  return (
    <fieldset class="stack tight">
      <legend class="legend">{t("several_admins")}</legend>
      {props.admins.map(({ group, member }) => (
        <Check
          key={placeKey(group.id, member.id)}
          isOn={props.ticked.has(placeKey(group.id, member.id))}
          onChange={() => props.onTick(placeKey(group.id, member.id))}
          label={
            <>
              <bdi class="num">{person(member.id)}</bdi> · <bdi>{group.name}</bdi>
            </>
          }
        />
      ))}
    </fieldset>
  );
}

/** Who leaves which group, by name. */
function Leaving(props: { wishes: { group: string; people: Person[] }[]; names: ReadonlyMap<string, string> }) {
  const person = usePersonText();
  return (
    <ul class="names">
      {props.wishes.map(({ group, people }) =>
        people.length > 0 ? (
          <li key={group}>
            <bdi>{props.names.get(group)}</bdi>: {people.map(({ id }) => person(id)).join(", ")}
          </li>
        ) : null,
      )}
    </ul>
  );
}

/** The members that are meant by these people; our own number never. */
function membersAmong(roster: Roster | undefined, people: Person[], own: string | undefined): Member[] | undefined {
  if (!roster) return undefined;
  const list = byPerson(roster.members);
  const hits = new Set(people.flatMap(({ id }) => list.get(personKey(id)) ?? []));
  return [...hits].filter(({ id }) => own === undefined || !samePerson(id, own));
}
