import { useSignal } from "@preact/signals";
import { RefreshCw } from "lucide";
import { draftKey } from "../../../lib/shared/draft";
import { plural, t } from "../../../lib/shared/i18n";
import { pairsOf } from "../../../lib/shared/match-plan";
import { byPerson } from "../../../lib/shared/members";
import type { Group, Member, Person, Roster } from "../../../lib/shared/model";
import { personKey, placeKey, samePerson } from "../../../lib/shared/person";
import { useSavedTicks } from "../../models/saved-ticks";
import { personText, usePersonText } from "../../models/person";
import { useReading } from "../../models/reading";
import { useEachRoster } from "../../models/rosters";
import { goFromHere, useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { Button, type ButtonProps } from "../../parts/button";
import { ChangeLanes } from "../../parts/change-lanes";
import { Confirm } from "../../parts/dialog";
import { EachProgress } from "../../parts/each-progress";
import { RefusalsAhead } from "../../parts/refusals-ahead";
import { WhoGoesWhere } from "../../parts/lanes";
import { FailureNotice } from "../../parts/failure-notice";
import { Notice } from "../../parts/notice";
import { countActs, PaceSelect, PlanSummary, usePlan } from "../../parts/plan";
import { TickList } from "../../parts/tick-list";
import { usePace } from "./pace";
import "../../parts/stays.css";
import "../../parts/names.css";

/** Row height in CSS px. */
const ROW = 32;

/** Adds people to the chosen groups, or removes them, as one job. */
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
  const shell = useShell();
  const { start, isBusy, failure } = useStart();
  const [pace, setPace] = usePace();
  const ids = groups.map(({ id }) => id);
  const plan = usePlan({ op: "add", groups: ids, people, pace });
  const press = async () => {
    const go = goFromHere(shell);
    const id = await start({ kind: "add", groups: ids, people, pace });
    if (id === undefined) return;
    onStarted();
    go(`/activity/${id}`);
  };
  return (
    <>
      <RefusalsAhead groups={groups} to="add" />
      {people.length > 0 ? (
        <ChangeLanes groups={groups} changes={new Map(ids.map((id) => [id, "add"]))} people={people} />
      ) : null}
      {people.length > 0 ? <PlanSummary plan={plan} op="add" /> : null}
      <PaceSelect value={pace} onChange={setPace} />
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <Submit
        hasPeople={people.length > 0}
        isBusy={isBusy.value}
        isOff={people.length === 0 || plan.failure !== undefined || (plan.view && countActs(plan.view, "add") === 0)}
        onPress={press}
      >
        {`${plural("job_title_add", people.length)} · ${plural("groups_count", groups.length)}`}
      </Submit>
    </>
  );
}

function Submit({ hasPeople, ...button }: Omit<ButtonProps, "type"> & { hasPeople: boolean }) {
  const title = hasPeople ? undefined : t("add_none_hint");
  return <Button {...button} type="submit" kind="primary" class="stays" isWide title={title} />;
}

/** The people who are members, and the group's size; undefined if never read. */
interface Found {
  group: Group;
  members?: Member[];
  size?: number;
}

function Remove({ groups, people, onStarted }: Props) {
  const { connection, go } = useShell();
  const own = connection.value?.ownNumber;
  const { start, isBusy, failure } = useStart();
  const [pace, setPace] = usePace();
  const isSure = useSignal(false);
  const reading = useReading(
    "members",
    groups.map(({ id }) => id),
  );
  const found = useEachRoster<Found>(
    groups,
    (group, roster) => ({ group, members: membersAmong(roster, people, own), size: roster?.members.length }),
    [people, own],
  );
  const unread = found?.filter(({ members }) => members === undefined).map(({ group }) => group.id) ?? [];
  const admins = (found ?? []).flatMap(({ group, members = [] }) =>
    members.filter(({ role }) => role !== "member").map((member) => ({ group, member })),
  );
  const ticked = useSavedTicks(
    draftKey({ form: "several", connection: connection.value?.id }, "admins"),
    { count: people.length, there: found && admins.map(({ group, member }) => placeKey(group.id, member.id)) },
    "\n",
  );
  const wishes = (found ?? []).map(({ group, members = [] }) => ({
    group: group.id,
    people: members
      .filter((member) => member.role === "member" || ticked.ids.has(placeKey(group.id, member.id)))
      .map(({ id }): Person => ({ id, given: personText(id) })),
  }));
  const job = pairsOf(wishes);
  const remove = async () => {
    const going = admins.filter(({ group, member }) => ticked.ids.has(placeKey(group.id, member.id)));
    const leaving = going.map(({ group, member }) => placeKey(group.id, member.id));
    const id = await start({ kind: "remove", ...job, admins: leaving, pace });
    if (id === undefined) return;
    onStarted();
    ticked.set([]);
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
      {people.length > 0 ? (
        <WhoGoesWhere
          plan={wishes.map(({ group: id, people: leaves }, at) => ({
            id,
            name: names.get(id) ?? "",
            joins: [],
            leaves,
            size: found?.[at]?.size,
          }))}
        />
      ) : null}
      <Admins admins={admins} ticked={ticked.ids} onTick={ticked.set} />
      <PaceSelect value={pace} onChange={setPace} />
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <Submit
        hasPeople={people.length > 0}
        isBusy={isBusy.value}
        isOff={job.pairs.length === 0}
        onPress={() => (isSure.value = true)}
      >
        {action}
      </Submit>
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

function Admins(props: {
  admins: { group: Group; member: Member }[];
  ticked: ReadonlySet<string>;
  onTick: (places: Iterable<string>) => unknown;
}) {
  const person = usePersonText();
  if (props.admins.length === 0) return null;
  return (
    <fieldset class="stack tight">
      <legend class="legend">{t("several_admins")}</legend>
      <TickList
        items={props.admins}
        rowHeight={ROW}
        keyOf={({ group, member }) => placeKey(group.id, member.id)}
        textOf={({ member }) => person(member.id)}
        label={t("several_admins")}
        ticked={props.ticked}
        isAlone={() => true}
        onChange={props.onTick}
        render={({ group, member }) => (
          <span class="clip">
            <bdi class="num">{person(member.id)}</bdi> · <bdi>{group.name}</bdi>
          </span>
        )}
      />
    </fieldset>
  );
}

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

/** Returns the members among these people, never our own number. */
function membersAmong(roster: Roster | undefined, people: Person[], own: string | undefined): Member[] | undefined {
  if (!roster) return undefined;
  const list = byPerson(roster.members);
  const hits = new Set(people.flatMap(({ id }) => list.get(personKey(id)) ?? []));
  return [...hits].filter(({ id }) => own === undefined || !samePerson(id, own));
}
