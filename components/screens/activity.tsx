import { useSignal } from "@preact/signals";
import { ClipboardList, Download } from "lucide";
import { joined, dateTime, plural, t } from "../../lib/shared/i18n";
import { toCsv } from "../../lib/shared/csv";
import { KINDS } from "../../lib/shared/jobs/kinds";
import type { JobKind } from "../../lib/shared/model";
import type { JobSummary } from "../../lib/shared/summary";
import { readChanges } from "../../lib/store/changes";
import { dayOf, readGroups, readJobWithSteps, readSummaries } from "../../lib/store/read";
import { jobLine, useJobNames } from "../models/job-line";
import { useLive } from "../models/live";
import { usePersonText } from "../models/person";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { ChangeList } from "../parts/changes";
import { Select } from "../parts/field";
import { JobView, StateTag } from "../parts/job";
import { Empty } from "../parts/notice";
import { Skeleton } from "../parts/progress";
import { resultRows } from "../parts/results";
import { saveFile } from "../parts/save";
import { jobTitle, verdictsText } from "../parts/verdicts";

type Filter = "all" | "trouble" | "changes" | JobKind;
const FILTERS: Filter[] = ["all", "trouble", "changes", ...(Object.keys(KINDS) as JobKind[])];

/** Running and finished jobs; one of them when `id` is given. */
export function ActivityScreen({ id }: { id?: string }) {
  return id === undefined ? <History /> : <One id={id} />;
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

function History() {
  const { connection, store } = useShell();
  const filter = useSignal<Filter>("all");
  const limit = useSignal(PAGE);
  const show = usePersonText();
  const id = connection.value?.id ?? "";
  const wanted = filter.value;
  // One more than is shown tells whether there are more.
  const read = useLive(
    ["summaries"],
    (from) => readSummaries(from, id, limit.value + 1, (job) => matches(wanted, job)),
    [id, wanted, limit.value],
  );
  // Without any job the list may still have changes to show; with one, nothing is read for that.
  const isEmpty = read.value?.length === 0;
  const hasChanges = useLive(["changes"], async (from) => isEmpty && (await readChanges(from, id, 1)).length > 0, [
    id,
    isEmpty,
  ]);
  const exportAll = async () => {
    const [all, groups] = await Promise.all([
      readSummaries(store, id, Infinity, (job) => matches(wanted, job)),
      readGroups(store, id, "name"),
    ]);
    const names = { groups: new Map(groups.map((group) => [group.id, group])), person: show };
    const table: string[][] = [];
    for (const summary of all) {
      const run = await readJobWithSteps(store, summary.job);
      if (!run) continue;
      const [head = [], ...body] = resultRows(run.job, run.steps, names);
      if (table.length === 0) table.push([t("activity_when"), t("activity_what"), ...head]);
      const when = new Date(run.job.createdAt).toISOString();
      for (const row of body) table.push([when, jobTitle(run.job), ...row]);
    }
    saveFile(`wappfy-activity ${dayOf(Date.now())}.csv`, new Blob([toCsv(table)], { type: "text/csv" }));
  };
  if (!read.value || hasChanges.value === undefined) return <Skeleton rows={5} />;
  if (read.value.length === 0 && wanted === "all" && !hasChanges.value) {
    return (
      <Empty icon={ClipboardList} title={t("activity_none")}>
        {t("activity_none_text")}
      </Empty>
    );
  }
  const more = () => (limit.value += PAGE);
  const jobs = read.value.slice(0, limit.value);
  const hasMore = read.value.length > limit.value;
  return (
    <div class="screen close">
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
        <Button icon={Download} label={t("activity_export")} isOff={jobs.length === 0} onPress={exportAll} />
      </div>
      {wanted === "changes" ? (
        <GroupChanges connection={id} limit={limit.value} onMore={more} />
      ) : (
        <>
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

/** One row for each job: what, with whom, where, when, and what became of it. */
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

function matches(filter: Filter, job: JobSummary): boolean {
  if (filter === "all") return true;
  if (filter === "changes") return false;
  if (filter === "trouble") return job.state === "paused" || job.troubled > 0;
  return job.kind === filter;
}
