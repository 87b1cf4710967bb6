import { useSignal } from "@preact/signals";
import { FileCheck, FileDown, RefreshCw } from "lucide";
import { useMemo } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { dateTime, joined, number, plural, t } from "../../../lib/shared/i18n";
import { matchOf, type GroupMatch } from "../../../lib/shared/match";
import { digestOf, pairsOf, planText } from "../../../lib/shared/match-plan";
import type { Group, Member, Person } from "../../../lib/shared/model";
import { placeKey } from "../../../lib/shared/person";
import { dayOf } from "../../../lib/store/read-jobs";
import { useSavedTicks } from "../../models/saved-ticks";
import { personText, usePersonText } from "../../models/person";
import { useReading } from "../../models/reading";
import { useEachRoster } from "../../models/rosters";
import { useShell } from "../../models/shell";
import { toggled } from "../../models/ticked";
import { Button } from "../../parts/button";
import { EachProgress } from "../../parts/each-progress";
import { Check } from "../../parts/field";
import { Icon } from "../../parts/icon";
import { WhoGoesWhere } from "../../parts/lanes";
import { Notice } from "../../parts/notice";
import { saveFile } from "../../parts/save";
import { TickList } from "../../parts/tick-list";
import { usePace } from "./pace";
import { StartPlan, type Wish } from "./plan";

/** Row height in CSS px. */
const ROW = 32;

/** `members`: those that were compared. A reading stored since may differ. */
type PlannedWish = Wish & { members: readonly Member[] };

/**
 * Makes several groups' members equal to a list: additions (ticked), removals (not), and undecidable cases per group.
 * Unreliable readings are not compared.
 */
export function Match(props: { groups: readonly Group[]; people: Person[]; unusable: number; onStarted: () => void }) {
  const { groups, people, unusable } = props;
  const { connection } = useShell();
  const own = connection.value?.ownNumber;
  const [pace, setPace] = usePace();
  const reading = useReading(
    "members",
    groups.map(({ id }) => id),
  );
  const names = useMemo(() => new Map(groups.map(({ id, name }) => [id, name] as const)), [groups]);
  const matches = useEachRoster<GroupMatch & { members?: readonly Member[] }>(
    people.length > 0 ? groups : [],
    (group, roster) => ({ ...matchOf(group, roster, people, own, Date.now()), members: roster?.members }),
    [people, own],
  );
  const { left, ticked } = useTicks(people.length, matches);
  const doubtful = matches?.filter(({ doubt }) => doubt !== undefined).map(({ group }) => group.id) ?? [];
  const wishes = (matches ?? []).map(({ group, difference, members = [] }): PlannedWish => {
    const going = (difference?.remove ?? []).filter(({ id }) => ticked.ids.has(placeKey(group.id, id)));
    return {
      id: group.id,
      name: group.name,
      add: left.ids.has(group.id) ? [] : (difference?.add ?? []),
      remove: going.map(asPerson),
      admins: going.filter(({ role }) => role !== "member").map(({ id }) => id),
      members,
    };
  });
  return (
    <>
      <p class="small muted">{t("equal_text")}</p>
      {doubtful.length > 0 ? (
        <Notice tone="warn">
          <p>{plural("match_doubtful", doubtful.length)}</p>
          <Button
            icon={RefreshCw}
            isBusy={reading.progress.value !== undefined}
            onPress={() => reading.start(doubtful)}
          >
            {t("people_read")}
          </Button>
        </Notice>
      ) : null}
      <EachProgress each={reading} label={t("people_reading")} names={names} />
      {unusable > 0 ? <Notice tone="warn">{plural("equal_unusable", unusable)}</Notice> : null}
      <WhoGoesWhere
        plan={wishes.map(({ id, name, add, remove }, at) => ({
          id,
          name,
          joins: add,
          leaves: remove,
          size: matches?.[at]?.members?.length,
        }))}
      />
      <div class="people-preview" hidden={people.length === 0 || !matches}>
        {(people.length > 0 ? matches : undefined)?.map((match) => (
          <MatchRow
            key={match.group.id}
            match={match}
            isAdding={!left.ids.has(match.group.id)}
            onAdding={() => left.set(toggled(left.ids, match.group.id))}
            ticked={ticked.ids}
            onTick={ticked.set}
          />
        ))}
      </div>
      <StartPlan
        wishes={wishes}
        pace={pace}
        onPace={setPace}
        onStarted={() => {
          props.onStarted();
          left.set([]);
          ticked.set([]);
        }}
      />
      <div class="row wrap">
        <SavePlan wishes={wishes} isOff={pairsOf(actsOf(wishes)).pairs.length === 0} />
        <a class="button quiet" href="#/plan">
          <Icon icon={FileCheck} />
          {t("plan_file_open")}
        </a>
      </div>
    </>
  );
}

/** Returns the groups without additions, and the members to remove. */
function useTicks(count: number, matches: readonly GroupMatch[] | undefined) {
  const form = { form: "several", connection: useShell().connection.value?.id } as const;
  const there = matches?.flatMap(({ group, difference }) =>
    (difference?.remove ?? []).map(({ id }) => placeKey(group.id, id)),
  );
  return {
    left: useSavedTicks(draftKey(form, "left"), { count }),
    ticked: useSavedTicks(draftKey(form, "ticked"), { count, there }, "\n"),
  };
}

function asPerson({ id }: Member): Person {
  return { id, given: personText(id) };
}

function actsOf(wishes: readonly Wish[]) {
  return wishes.map(({ id, add, remove }) => ({ group: id, people: [...add, ...remove] }));
}

function SavePlan(props: { wishes: PlannedWish[]; isOff: boolean }) {
  const { connection } = useShell();
  const save = async () => {
    const { origin = "", instance = "" } = connection.value ?? {};
    const groups = [];
    for (const wish of props.wishes.filter(({ add, remove }) => add.length + remove.length > 0)) {
      groups.push({ ...wish, members: await digestOf(wish.members) });
    }
    const now = Date.now();
    const text = await planText({ format: "wappfy-groups-plan", version: 1, origin, instance, madeAt: now, groups });
    saveFile(`${t("plan_file_name")} ${dayOf(now)}.json`, new Blob([text], { type: "application/json" }));
  };
  return (
    <Button kind="quiet" icon={FileDown} isOff={props.isOff} onPress={save}>
      {t("plan_file_save")}
    </Button>
  );
}

function MatchRow(props: {
  match: GroupMatch;
  isAdding: boolean;
  onAdding: () => unknown;
  ticked: ReadonlySet<string>;
  onTick: (ticked: Iterable<string>) => unknown;
}) {
  const { match, ticked } = props;
  const { group, difference } = match;
  const show = usePersonText();
  const isOpen = useSignal(false);
  if (!difference) {
    return (
      <div class="match-row">
        <strong>
          <bdi class="clip">{group.name}</bdi>
        </strong>
        <span class="small muted">{t(`match_doubt_${match.doubt}`)}</span>
      </div>
    );
  }
  const { add, remove, unknown, same } = difference;
  const chosen = remove.filter(({ id }) => ticked.has(placeKey(group.id, id)));
  const placeOf = ({ id }: Member) => placeKey(group.id, id);
  const plain = remove.filter(({ role }) => role === "member").map(placeOf);
  const counts = [
    plural("equal_add", add.length),
    t("match_remove", number(remove.length), number(chosen.length)),
    ...(unknown.length > 0 ? [plural("equal_unknown", unknown.length)] : []),
    t("groups_as_of", dateTime(match.readAt ?? 0, Date.now())),
  ];
  return (
    <details class="match-row" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- the words are one level deeper than it looks */}
      <summary>
        <span class="grow">
          <bdi class="clip">{group.name}</bdi>
          <span class="small muted num">{counts.join(" · ")}</span>
        </span>
      </summary>
      {isOpen.value ? (
        <div class="stack tight">
          <p class="small muted">{plural("equal_same", same)}</p>
          {add.length > 0 ? (
            <label class="check">
              <input type="checkbox" checked={props.isAdding} onChange={props.onAdding} />
              <span>
                {plural("equal_add", add.length)}
                <span class="hint num">{add.map(({ id, name }) => name ?? show(id)).join(", ")}</span>
              </span>
            </label>
          ) : null}
          {remove.length > 0 ? (
            <fieldset class="stack tight">
              <legend class="legend">{plural("equal_remove", remove.length)}</legend>
              {plain.length > 1 ? (
                <Check
                  isOn={plain.every((place) => ticked.has(place))}
                  label={t("equal_all", plural("equal_remove", plain.length))}
                  onChange={(isOn) => {
                    const others = [...ticked].filter((place) => !plain.includes(place));
                    props.onTick(isOn ? [...others, ...plain] : others);
                  }}
                />
              ) : null}
              <TickList
                items={remove}
                rowHeight={ROW}
                keyOf={placeOf}
                textOf={({ id }) => show(id)}
                label={plural("equal_remove", remove.length)}
                ticked={ticked}
                isAlone={({ role }) => role !== "member"}
                onChange={props.onTick}
                render={({ id, role }) => (
                  <bdi class="num clip">{joined([show(id), role === "member" ? "" : t(`members_role_${role}`)])}</bdi>
                )}
              />
            </fieldset>
          ) : null}
          {unknown.length > 0 ? <p class="small muted">{t("equal_unknown_text")}</p> : null}
        </div>
      ) : null}
    </details>
  );
}
