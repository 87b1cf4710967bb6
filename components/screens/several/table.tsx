import { useSignal } from "@preact/signals";
import { ArrowDownWideNarrow, Download, RefreshCw, UserPlus } from "lucide";
import { useMemo } from "preact/hooks";
import { dateTime, number, plural, t } from "../../../lib/shared/i18n";
import { pairsOf } from "../../../lib/shared/match-plan";
import type { Group, Pace, Person } from "../../../lib/shared/model";
import { personKey, samePerson } from "../../../lib/shared/person";
import { placesIn, type Place } from "../../../lib/shared/places";
import { dayOf } from "../../../lib/store/read-jobs";
import { useNames, usePersonText } from "../../models/person";
import { useReading } from "../../models/reading";
import { useEachRoster } from "../../models/rosters";
import { goFromHere, useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { EachProgress } from "../../parts/each-progress";
import { Grid } from "../../parts/grid";
import { Form } from "../../parts/form";
import { FailureNotice } from "../../parts/failure-notice";
import { countActs, PaceSelect, PlanSummary, usePlan } from "../../parts/plan";
import { saveFile } from "../../parts/save";

interface Column {
  group: Group;
  readAt?: number;
  places: Place[];
}

const SIGNS: Record<Place, string> = { in: "✓", admin: "★", out: "–", unknown: "?" };

/** Who is in which group: in, admin, out or unknown, with each reading's age. */
export function PeopleTable({ groups, people: given }: { groups: readonly Group[]; people: Person[] }) {
  const { connection } = useShell();
  const [show, known] = [usePersonText(), useNames()];
  const isAdding = useSignal(false);
  const reading = useReading(
    "members",
    groups.map(({ id }) => id),
  );
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
  const missing = useMemo(() => {
    const ownRow = own === undefined ? -1 : people.findIndex(({ id }) => samePerson(id, own));
    return pairsOf((columns ?? []).map((column) => missingIn(column, people, ownRow)));
  }, [columns, own]);
  const isMissingFirst = useSignal(false);
  const rows = useMemo(
    () => orderedRows(people.length, columns ?? [], isMissingFirst.value),
    [columns, isMissingFirst.value],
  );
  if (people.length === 0) return <p class="muted">{t("table_none")}</p>;
  if (!columns) return <p class="muted">{t("plan_checking")}</p>;
  const unread = columns.filter(({ readAt }) => readAt === undefined).map(({ group }) => group.id);
  const nameOf = (at: number) => {
    const { id = "", name } = people[rows[at] ?? 0] ?? {};
    return known(id) ?? name ?? show(id);
  };
  const placeAt = (at: number, column: number) => columns[column]?.places[rows[at] ?? 0] ?? "unknown";
  const words = (at: number, column: number) => t(`table_place_${placeAt(at, column)}`);
  const readText = ({ readAt }: Column) =>
    readAt === undefined ? t("match_doubt_unread") : t("groups_as_of", dateTime(readAt, Date.now()));
  const save = () =>
    saveTable(
      columns,
      rows.map((row) => people[row]!),
      { show, words },
    );
  return (
    <>
      <EachProgress
        each={reading}
        label={t("people_reading")}
        names={new Map(groups.map(({ id, name }) => [id, name] as const))}
      />
      <div class="row wrap">
        <Button
          type="submit"
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
        <Button
          kind="quiet"
          icon={ArrowDownWideNarrow}
          label={t("table_order_missing")}
          attributes={{ "aria-pressed": isMissingFirst.value }}
          onPress={() => (isMissingFirst.value = !isMissingFirst.value)}
        />
      </div>
      <Grid
        label={t("people_table")}
        corner={t("people_person")}
        rows={people.length}
        columns={columns.length}
        rowText={nameOf}
        columnText={(at) => columns[at]?.group.name ?? ""}
        columnNote={(at) => (columns[at]?.readAt ? dateTime(columns[at].readAt, Date.now()) : "–")}
        cornerNote={t("members_csv_read")}
        columnHint={(at) => (columns[at] ? readText(columns[at]) : "")}
        cell={(at, column) => {
          const place = placeAt(at, column);
          return { sign: SIGNS[place], words: words(at, column), tone: place };
        }}
      />
      <p class="small muted">{t("table_signs")}</p>
      {isAdding.value ? <AddMissing missing={missing} onClose={() => (isAdding.value = false)} /> : null}
    </>
  );
}

/** Returns people's indexes, in list order or most missing first. */
function orderedRows(count: number, columns: Column[], isMissingFirst: boolean): number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  if (!isMissingFirst) return rows;
  const missing = rows.map((row) => columns.filter(({ places }) => places[row] === "out").length);
  return rows.toSorted((a, b) => missing[b]! - missing[a]!);
}

async function saveTable(
  columns: Column[],
  people: Person[],
  { show, words }: { show: (id: string) => string; words: (at: number, column: number) => string },
): Promise<void> {
  const { toCsv } = await import("../../../lib/shared/csv");
  const heading = [t("people_person"), t("members_csv_number"), ...columns.map(({ group }) => group.name)];
  const ages = columns.map(({ readAt }) => (readAt ? new Date(readAt).toISOString() : ""));
  const rows = people.map(({ id, name = "" }, at) => [
    name,
    show(id),
    ...columns.map((_, column) => words(at, column)),
  ]);
  const csv = toCsv([heading, [t("members_csv_read"), "", ...ages], ...rows]);
  saveFile(`${t("people_table")} ${dayOf(Date.now())}.csv`, new Blob([csv], { type: "text/csv" }));
}

function missingIn({ group, places }: Column, people: Person[], ownRow: number) {
  return { group: group.id, people: people.filter((_, row) => places[row] === "out" && row !== ownRow) };
}

function AddMissing({ missing, onClose }: { missing: ReturnType<typeof pairsOf>; onClose: () => unknown }) {
  const shell = useShell();
  const { settings } = shell;
  const { start, isBusy, failure } = useStart();
  const pace = useSignal<Pace>(settings.value.pace);
  const plan = usePlan({ op: "add", ...missing, pace: pace.value });
  const count = plan.view ? countActs(plan.view, "add") : missing.pairs.length;
  const press = async () => {
    const go = goFromHere(shell);
    const id = await start({ kind: "add", ...missing, pace: pace.value });
    if (id !== undefined) go(`/activity/${id}`);
  };
  return (
    <Dialog title={t("table_add", number(missing.pairs.length))} onClose={onClose}>
      <Form class="stack">
        <p>{`${plural("job_title_add", missing.people.length)} · ${plural("groups_count", missing.groups.length)}`}</p>
        <PlanSummary plan={plan} op="add" />
        <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} />
        {failure.value ? <FailureNotice failure={failure.value} /> : null}
        <div class="row end">
          <Button onPress={onClose}>{t("action_cancel")}</Button>
          <Button type="submit" kind="primary" isBusy={isBusy.value} isOff={count === 0} onPress={press}>
            {plural("people_add_count", count)}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
