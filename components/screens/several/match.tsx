import { useSignal } from "@preact/signals";
import { FileDown, FileUp, RefreshCw } from "lucide";
import { useMemo } from "preact/hooks";
import { dateTime, number, plural, t } from "../../../lib/shared/i18n";
import { matchOf, type GroupMatch } from "../../../lib/shared/match";
import { digestOf, pairsOf, planText, readPlan, type MatchPlan } from "../../../lib/shared/match-plan";
import type { Group, Member, Pace, Person } from "../../../lib/shared/model";
import { placeKey } from "../../../lib/shared/person";
import { dayOf, readRoster } from "../../../lib/store/read";
import { personText, usePersonText } from "../../models/person";
import { useMembersReading } from "../../models/reading";
import { useEachRoster } from "../../models/rosters";
import { useShell } from "../../models/shell";
import { toggled } from "../../models/ticked";
import { Button } from "../../parts/button";
import { EachProgress } from "../../parts/each-progress";
import { FileButton } from "../../parts/file-button";
import { Notice } from "../../parts/notice";
import { saveFile } from "../../parts/save";
import { ApplyPlan, StartPlan, type Wish } from "./plan";

/**
 * Makes the members of the chosen groups equal to one list: per group who is to be added (ticked), who to be removed (not
 * ticked) and who cannot be told. A group whose reading is no base for that is read again first.
 */
export function Match(props: { groups: readonly Group[]; people: Person[]; unusable: number; onStarted: () => void }) {
  const { groups, people, unusable } = props;
  const { connection, settings } = useShell();
  const own = connection.value?.ownNumber;
  const pace = useSignal<Pace>(settings.value.pace);
  const opened = useSignal<MatchPlan | "unreadable" | "altered" | undefined>(undefined);
  /** Groups to which nobody is added, and members who are removed. */
  const left = useSignal<ReadonlySet<string>>(new Set());
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const reading = useMembersReading(groups.map(({ id }) => id));
  const names = useMemo(() => new Map(groups.map(({ id, name }) => [id, name] as const)), [groups]);
  const matches = useEachRoster<GroupMatch>(
    people.length > 0 ? groups : [],
    (group, roster) => matchOf(group, roster, people, own, Date.now()),
    [people, own],
  );
  if (opened.value !== undefined && typeof opened.value === "object") {
    return <ApplyPlan plan={opened.value} onClose={() => (opened.value = undefined)} />;
  }
  const doubtful = matches?.filter(({ doubt }) => doubt !== undefined).map(({ group }) => group.id) ?? [];
  const wishes = (matches ?? []).map(({ group, difference }): Wish => {
    const going = (difference?.remove ?? []).filter(({ id }) => ticked.value.has(placeKey(group.id, id)));
    return {
      id: group.id,
      name: group.name,
      add: left.value.has(group.id) ? [] : (difference?.add ?? []),
      remove: going.map(asPerson),
      admins: going.filter(({ role }) => role !== "member").map(({ id }) => id),
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
      <div class="stack tight">
        {(people.length > 0 ? matches : undefined)?.map((match) => (
          <MatchRow
            key={match.group.id}
            match={match}
            isAdding={!left.value.has(match.group.id)}
            onAdding={() => (left.value = toggled(left.value, match.group.id))}
            ticked={ticked.value}
            onTick={(ids, isOn) => {
              const next = new Set(ticked.value);
              for (const id of ids)
                if (isOn) next.add(placeKey(match.group.id, id));
                else next.delete(placeKey(match.group.id, id));
              ticked.value = next;
            }}
          />
        ))}
      </div>
      {opened.value ? (
        <Notice tone="bad">{opened.value === "altered" ? t("plan_file_altered") : t("plan_file_unreadable")}</Notice>
      ) : null}
      <StartPlan wishes={wishes} pace={pace.value} onPace={(next) => (pace.value = next)} onStarted={props.onStarted} />
      <div class="row wrap">
        <SavePlan wishes={wishes} isOff={pairsOf(actsOf(wishes)).pairs.length === 0} />
        <FileButton
          kind="quiet"
          icon={FileUp}
          accept=".json,application/json"
          onFile={async (file) => (opened.value = await readPlan(await file.text()))}
        >
          {t("plan_file_open")}
        </FileButton>
      </div>
    </>
  );
}

function asPerson({ id }: Member): Person {
  return { id, given: personText(id) };
}

function actsOf(wishes: readonly Wish[]) {
  return wishes.map(({ id, add, remove }) => ({ group: id, people: [...add, ...remove] }));
}

/** Offers the plan as a file, with what the members of each group are now. */
function SavePlan(props: { wishes: Wish[]; isOff: boolean }) {
  const { store, connection } = useShell();
  const save = async () => {
    const { id = "", origin = "", instance = "" } = connection.value ?? {};
    const groups = [];
    for (const wish of props.wishes.filter(({ add, remove }) => add.length + remove.length > 0)) {
      const members = (await readRoster(store, id, wish.id))?.members ?? [];
      groups.push({ ...wish, members: await digestOf(members) });
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

/** One group: what is to be done there in a line, and who it is about when it is opened. */
function MatchRow(props: {
  match: GroupMatch;
  isAdding: boolean;
  onAdding: () => unknown;
  ticked: ReadonlySet<string>;
  onTick: (ids: string[], isOn: boolean) => unknown;
}) {
  const { match, ticked } = props;
  const { group, difference } = match;
  const show = usePersonText();
  const isOpen = useSignal(false);
  if (!difference) {
    return (
      <div class="match-row">
        <bdi class="clip">{group.name}</bdi>
        <span class="small muted">{t(`match_doubt_${match.doubt}`)}</span>
      </div>
    );
  }
  const { add, remove, unknown, same } = difference;
  const chosen = remove.filter(({ id }) => ticked.has(placeKey(group.id, id)));
  const plain = remove.filter(({ role }) => role === "member").map(({ id }) => id);
  const counts = [
    plural("equal_add", add.length),
    t("match_remove", number(remove.length), number(chosen.length)),
    ...(unknown.length > 0 ? [plural("equal_unknown", unknown.length)] : []),
    t("groups_as_of", dateTime(match.readAt ?? 0, Date.now())),
  ];
  return (
    <details class="match-row" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>
        <bdi class="clip">{group.name}</bdi>
        <span class="small muted num">{counts.join(" · ")}</span>
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
                <Tick
                  isOn={plain.every((id) => ticked.has(placeKey(group.id, id)))}
                  label={t("equal_all", plural("equal_remove", plain.length))}
                  onChange={(isOn) => props.onTick(plain, isOn)}
                />
              ) : null}
              {remove.map(({ id, role }) => (
                <Tick
                  key={id}
                  isOn={ticked.has(placeKey(group.id, id))}
                  label={role === "member" ? show(id) : `${show(id)} · ${t(`members_role_${role}`)}`}
                  onChange={(isOn) => props.onTick([id], isOn)}
                />
              ))}
            </fieldset>
          ) : null}
          {unknown.length > 0 ? <p class="small muted">{t("equal_unknown_text")}</p> : null}
        </div>
      ) : null}
    </details>
  );
}

function Tick({ isOn, label, onChange }: { isOn: boolean; label: string; onChange: (isOn: boolean) => unknown }) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <bdi class="num">{label}</bdi>
    </label>
  );
}
