import { useSignal } from "@preact/signals";
import { ClipboardList, Download, X } from "lucide";
import { draftKey } from "../../lib/shared/draft";
import { dateTime, joined, plural, t } from "../../lib/shared/i18n";
import { toCsv } from "../../lib/shared/csv";
import { KINDS } from "../../lib/shared/jobs/kinds";
import type { JobKind } from "../../lib/shared/model";
import type { JobSummary } from "../../lib/shared/summary";
import { readChanges } from "../../lib/store/changes";
import { type HistoryHits, type HistoryQuery, isInQuery, readHistory } from "../../lib/store/history";
import { dayOf, readGroups, readJobWithSteps } from "../../lib/store/read";
import type { Store } from "../../lib/store/schema";
import { jobLine, useJobNames } from "../models/job-line";
import { useDraft, useLive } from "../models/live";
import { useNames, usePersonText } from "../models/person";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { ChangeList } from "../parts/changes";
import { SearchField, Select } from "../parts/field";
import { JobView, StateTag } from "../parts/job";
import { Empty } from "../parts/notice";
import { Skeleton } from "../parts/progress";
import { resultRows } from "../parts/results";
import { saveFile } from "../parts/save";
import { jobTitle, summaryTitle, verdictsText } from "../parts/verdicts";

type Filter = "all" | "trouble" | "changes" | JobKind;
const FILTERS: Filter[] = ["all", "trouble", "changes", ...(Object.keys(KINDS) as JobKind[])];

/** Running and finished jobs, of one group or person where the address names one; one job when `id` is given. */
export function ActivityScreen({ id, query }: { id?: string; query?: URLSearchParams }) {
  if (id !== undefined) return <One id={id} />;
  return <History group={query?.get("group") ?? undefined} person={query?.get("person") ?? undefined} />;
}

function One({ id }: { id: string }) {
  const { go } = useShell();
  return (
    <div class="screen">
      <JobView id={id} onJob={(next) => go(`/activity/${next}`)} />
    </div>
  );
}

/** So many jobs are shown at first, and so many more at each press. */
const PAGE = 50;

/** So many groups and people that the words name are offered. */
const OFFERED = 3;

function History({ group, person }: { group?: string; person?: string }) {
  const { connection, store } = useShell();
  const id = connection.value?.id ?? "";
  const filter = useSignal<Filter>("all");
  const limit = useSignal(PAGE);
  const text = useDraft(draftKey({ form: "activity", connection: id }, "search")).text;
  const show = usePersonText();
  const wanted = filter.value;
  const query: HistoryQuery = {
    text: text.value,
    group,
    person,
    ...(wanted === "all" || wanted === "changes" ? {} : { kind: wanted }),
  };
  const isChanges = wanted === "changes";
  const isAll = wanted === "all" && text.value === "" && group === undefined && person === undefined;
  // One more than is shown, to see whether there are more.
  const read = useLive(
    ["summaries"],
    (from) => (isChanges ? NOTHING : readHistory(from, id, query, limit.value + 1, summaryTitle)),
    [id, wanted, limit.value, text.value, group, person],
  );
  // Without any job the list may still have changes to show; with one, nothing is read for that.
  const isEmpty = read.value?.jobs.length === 0;
  const hasChanges = useLive(["changes"], async (from) => isEmpty && (await readChanges(from, id, 1)).length > 0, [
    id,
    isEmpty,
  ]);
  if (!read.value || hasChanges.value === undefined) return <Skeleton rows={5} />;
  if (isEmpty && isAll && !hasChanges.value) {
    return (
      <Empty icon={ClipboardList} title={t("activity_none")}>
        {t("activity_none_text")}
      </Empty>
    );
  }
  const more = () => (limit.value += PAGE);
  const jobs = read.value.jobs.slice(0, limit.value);
  const hasMore = read.value.jobs.length > limit.value;
  return (
    <div class="screen close">
      <SearchField label={t("activity_search")} value={text.value} onInput={(next) => (text.value = next)} />
      <div class="row">
        <span class="grow">
          <Select<Filter>
            isBare
            label={t("activity_filter")}
            value={wanted}
            onChange={(next) => {
              filter.value = next;
              limit.value = PAGE;
            }}
            options={FILTERS.map((value) => ({ value, label: t(`activity_filter_${value}`) }))}
          />
        </span>
        <Button
          icon={Download}
          label={t("activity_export")}
          isOff={jobs.length === 0}
          onPress={() => exportHistory(store, id, query, show)}
        />
      </div>
      {isChanges ? (
        <GroupChanges connection={id} limit={limit.value} onMore={more} />
      ) : (
        <>
          <Only group={group} person={person} hits={read.value.hits} onOnly={() => (text.value = "")} />
          {jobs.length === 0 ? <p class="muted">{t("activity_no_match")}</p> : null}
          <Rows jobs={jobs} />
          {hasMore ? (
            <div>
              <Button onPress={more}>{t("activity_more")}</Button>
            </div>
          ) : (
            <p class="small muted">{plural("activity_count", jobs.length)}</p>
          )}
        </>
      )}
    </div>
  );
}

const NOTHING = Promise.resolve({ jobs: [], hits: { groups: [], people: [] } });

/** The one group and the one person that are shown, each with the way back to all; and those that the words name. */
function Only(props: { group?: string; person?: string; hits: HistoryHits; onOnly: () => unknown }) {
  const { group, person, hits } = props;
  const { go } = useShell();
  const [show, nameOf] = [usePersonText(), useNames()];
  const names = useJobNames(group === undefined ? [] : [group]).groups;
  const to = (next: { group?: string; person?: string }) => {
    const about = Object.entries({ group, person, ...next }).filter((entry): entry is [string, string] => !!entry[1]);
    props.onOnly();
    go(`/activity${about.length > 0 ? `?${new URLSearchParams(about)}` : ""}`, true);
  };
  const groups = group === undefined ? hits.groups.slice(0, OFFERED) : [];
  const people = person === undefined ? hits.people.slice(0, OFFERED) : [];
  const personName = person === undefined ? "" : (nameOf(person) ?? show(person));
  const groupName = group === undefined ? "" : (names.get(group)?.name ?? "");
  if (!group && !person && groups.length + people.length === 0) return null;
  return (
    <div class="row wrap">
      {group === undefined ? null : <Kept name={groupName} onEnd={() => to({ group: "" })} />}
      {person === undefined ? null : <Kept name={personName} onEnd={() => to({ person: "" })} />}
      {groups.map((each) => (
        <Button key={each.id} onPress={() => to({ group: each.id })}>
          <bdi class="clip">{t("activity_only", each.name)}</bdi>
        </Button>
      ))}
      {people.map((each) => (
        <Button key={each.id} onPress={() => to({ person: each.id })}>
          <bdi class="clip">{t("activity_only", each.name)}</bdi>
        </Button>
      ))}
    </div>
  );
}

/** What the history is narrowed to; a press ends that. */
function Kept({ name, onEnd }: { name: string; onEnd: () => unknown }) {
  return (
    <Button icon={X} attributes={{ "aria-label": t("activity_only_end", name) }} onPress={onEnd}>
      <bdi class="clip">{t("activity_only", name)}</bdi>
    </Button>
  );
}

/** Saves what is shown, with everybody in it, as a file. */
async function exportHistory(
  store: Store,
  connection: string,
  query: HistoryQuery,
  person: (id: string) => string,
): Promise<void> {
  const [{ jobs }, groups] = await Promise.all([
    readHistory(store, connection, query, Infinity, summaryTitle),
    readGroups(store, connection, "name"),
  ]);
  const names = { groups: new Map(groups.map((group) => [group.id, group])), person };
  const table: string[][] = [];
  for (const summary of jobs) {
    const run = await readJobWithSteps(store, summary.job);
    if (!run) continue;
    const steps = run.steps.filter((step) => isInQuery(step, query));
    const [head = [], ...body] = resultRows(run.job, steps, names);
    if (table.length === 0) table.push([t("activity_when"), t("activity_what"), ...head]);
    const when = new Date(run.job.createdAt).toISOString();
    for (const row of body) table.push([when, jobTitle(run.job), ...row]);
  }
  saveFile(`wappfy-activity ${dayOf(Date.now())}.csv`, new Blob([toCsv(table)], { type: "text/csv" }));
}

/** What changed in all groups between the readings of their members. */
function GroupChanges(props: { connection: string; limit: number; onMore: () => unknown }) {
  const { connection, limit } = props;
  const read = useLive(
    ["changes", "groups"],
    async (store) => {
      const [changes, groups] = await Promise.all([
        readChanges(store, connection, limit),
        readGroups(store, connection, "name"),
      ]);
      return { changes, groups: new Map(groups.map((group) => [group.id, group])) };
    },
    [connection, limit],
  );
  if (!read.value) return <Skeleton rows={5} />;
  if (read.value.changes.length === 0) return <p class="muted">{t("changes_none")}</p>;
  return (
    <>
      <ChangeList changes={read.value.changes} groups={read.value.groups} />
      {read.value.changes.length < limit ? null : (
        <div>
          <Button onPress={props.onMore}>{t("activity_more")}</Button>
        </div>
      )}
    </>
  );
}

/** One row for each job: what, who, where, when, and what became of it. */
function Rows({ jobs }: { jobs: JobSummary[] }) {
  const names = useJobNames(jobs.flatMap(({ groups }) => (groups.length === 1 ? groups : [])));
  return (
    <ul class="divided" aria-label={t("title_activity")}>
      {jobs.map((job) => (
        <li key={job.job}>
          <a class="list-row flush" href={`#/activity/${job.job}`}>
            <span class="grow">
              <strong class="clip">
                <bdi>{jobLine(job, names)}</bdi>
              </strong>
              <span class="small muted">
                {joined([dateTime(job.createdAt, Date.now()), verdictsText(job.verdicts)])}
              </span>
            </span>
            <StateTag about={job} />
          </a>
        </li>
      ))}
    </ul>
  );
}
