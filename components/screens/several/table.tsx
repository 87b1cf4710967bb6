import { useSignal } from "@preact/signals";
import { Download, RefreshCw, UserPlus } from "lucide";
import { useMemo } from "preact/hooks";
import { dateTime, number, plural, t } from "../../../lib/shared/i18n";
import { pairsOf } from "../../../lib/shared/match-plan";
import type { Group, Pace, Person } from "../../../lib/shared/model";
import { personKey } from "../../../lib/shared/person";
import { placesIn, type Place } from "../../../lib/shared/places";
import { dayOf } from "../../../lib/store/read";
import { usePersonText } from "../../models/person";
import { useMembersReading } from "../../models/reading";
import { useEachRoster } from "../../models/rosters";
import { useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { EachProgress } from "../../parts/each-progress";
import { Grid } from "../../parts/grid";
import { FailureNotice } from "../../parts/notice";
import { countActs, PaceSelect, PlanSummary, usePlan } from "../../parts/plan";
import { saveFile } from "../../parts/save";

/** One group of the table: where each person stands in it, and when its members were read. */
interface Column {
  group: Group;
  readAt?: number;
  places: Place[];
}

const SIGNS: Record<Place, string> = { in: "✓", admin: "★", out: "–", unknown: "?" };

/** Who is in which group, as a table: in, admin, not in, unknown, with the age of each reading. */
export function PeopleTable({ groups, people: given }: { groups: readonly Group[]; people: Person[] }) {
  const { connection } = useShell();
  const show = usePersonText();
  const isAdding = useSignal(false);
  const reading = useMembersReading(groups.map(({ id }) => id));
  const own = connection.value?.ownNumber;
  const people = useMemo(() => [...new Map(given.map((each) => [personKey(each.id), each])).values()], [given]);
  const columns = useEachRoster<Column>(
    people.length > 0 ? groups : [],
    (group, roster) => ({
      group,
      readAt: roster?.readAt,
      places: placesIn(
        group,
        roster,
        people.map(({ id }) => id),
      ),
    }),
    [people],
  );
  const missing = useMemo(
    () => pairsOf((columns ?? []).map((column) => missingIn(column, people, own))),
    [columns, own],
  );
  if (people.length === 0) return <p class="muted">{t("table_none")}</p>;
  if (!columns) return <p class="muted">{t("plan_checking")}</p>;
  const unread = columns.filter(({ readAt }) => readAt === undefined).map(({ group }) => group.id);
  const nameOf = (at: number) => people[at]?.name ?? show(people[at]?.id ?? "");
  const words = (row: number, column: number) => t(`table_place_${columns[column]?.places[row] ?? "unknown"}`);
  const readText = ({ readAt }: Column) =>
    readAt === undefined ? t("match_doubt_unread") : t("groups_as_of", dateTime(readAt, Date.now()));
  const save = async () => {
    const { toCsv } = await import("../../../lib/shared/csv");
    const heading = [t("people_person"), t("members_csv_number"), ...columns.map(({ group }) => group.name)];
    const ages = [
      t("members_csv_read"),
      "",
      ...columns.map(({ readAt }) => (readAt ? new Date(readAt).toISOString() : "")),
    ];
    const rows = people.map(({ id, name }, row) => [
      name ?? "",
      show(id),
      ...columns.map((_, column) => words(row, column)),
    ]);
    saveFile(
      `${t("people_table")} ${dayOf(Date.now())}.csv`,
      new Blob([toCsv([heading, ages, ...rows])], { type: "text/csv" }),
    );
  };
  return (
    <>
      <EachProgress
        each={reading}
        label={t("people_reading")}
        names={new Map(groups.map(({ id, name }) => [id, name] as const))}
      />
      <div class="row wrap">
        <Button
          kind="primary"
          icon={UserPlus}
          isOff={missing.pairs.length === 0}
          onPress={() => (isAdding.value = true)}
        >
          {t("table_add", number(missing.pairs.length))}
        </Button>
        {unread.length > 0 ? (
          <Button icon={RefreshCw} isBusy={reading.progress.value !== undefined} onPress={() => reading.start(unread)}>
            {plural("table_read", unread.length)}
          </Button>
        ) : null}
        <Button kind="quiet" icon={Download} label={t("table_export")} onPress={save} />
      </div>
      <Grid
        label={t("people_table")}
        corner={t("people_person")}
        rows={people.length}
        columns={columns.length}
        rowText={nameOf}
        columnText={(at) => columns[at]?.group.name ?? ""}
        columnHint={(at) => (columns[at] ? readText(columns[at]) : "")}
        cell={(row, at) => {
          const place = columns[at]?.places[row] ?? "unknown";
          return { sign: SIGNS[place], words: words(row, at), tone: place };
        }}
      />
      <p class="small muted">{t("table_signs")}</p>
      {isAdding.value ? <AddMissing missing={missing} onClose={() => (isAdding.value = false)} /> : null}
    </>
  );
}

/** Who is surely not in a group; our own number never. */
function missingIn({ group, places }: Column, people: Person[], own: string | undefined) {
  const ownKey = own === undefined ? undefined : personKey(own);
  return {
    group: group.id,
    people: people.filter(({ id }, row) => places[row] === "out" && personKey(id) !== ownKey),
  };
}

/** Adds everybody where they are missing, as one job. */
function AddMissing({ missing, onClose }: { missing: ReturnType<typeof pairsOf>; onClose: () => unknown }) {
  const { settings, go } = useShell();
  const { start, isBusy, failure } = useStart();
  const pace = useSignal<Pace>(settings.value.pace);
  const plan = usePlan({ op: "add", ...missing, pace: pace.value });
  const count = countActs(plan.value.view, "add");
  const press = async () => {
    const id = await start({ kind: "add", ...missing, pace: pace.value });
    if (id !== undefined) go(`/activity/${id}`);
  };
  return (
    <Dialog title={t("table_add", number(missing.pairs.length))} onClose={onClose}>
      <p>{`${plural("job_title_add", missing.people.length)} · ${plural("groups_count", missing.groups.length)}`}</p>
      <PlanSummary plan={plan.value} op="add" />
      <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} />
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <div class="row end">
        <Button onPress={onClose}>{t("action_cancel")}</Button>
        <Button kind="primary" isBusy={isBusy.value} isOff={count === 0} onPress={press}>
          {plural("people_add_count", count)}
        </Button>
      </div>
    </Dialog>
  );
}
