import { useSignal } from "@preact/signals";
import { ClipboardList, Download, X } from "lucide";
import type { TargetedKeyboardEvent } from "preact";
import { draftKey } from "../../lib/shared/draft";
import { dateTime, joined, plural, t } from "../../lib/shared/i18n";
import { toCsv } from "../../lib/shared/csv";
import { KINDS } from "../../lib/shared/jobs/kinds";
import type { JobKind } from "../../lib/shared/model";
import type { JobSummary } from "../../lib/shared/summary";
import { readChanges } from "../../lib/store/changes";
import {
  type HistoryHits,
  type HistoryQuery,
  isInQuery,
  readChangeHistory,
  readHistory,
} from "../../lib/store/history";
import { readGroupsOf } from "../../lib/store/read";
import { dayOf, readJobWithSteps } from "../../lib/store/read-jobs";
import type { Store } from "../../lib/store/schema";
import { jobLine, useJobNames } from "../models/job-line";
import { useDraft, useLive } from "../models/live";
import { useNames, usePersonText } from "../models/person";
import { rowAfter } from "../models/rows";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { ChangeList } from "../parts/changes";
import { SearchField } from "../parts/search-field";
import { Select } from "../parts/select";
import { JobView, StateTag } from "../parts/job";
import { Empty } from "../parts/empty";
import { Skeleton } from "../parts/progress";
import { resultRows } from "../parts/results";
import { saveFile } from "../parts/save";
import { jobTitle, summaryTitle, verdictsText } from "../parts/verdicts";

type Filter = "all" | "trouble" | "changes" | JobKind;
const FILTERS: Filter[] = ["all", "trouble", "changes", ...(Object.keys(KINDS) as JobKind[])];

/** All jobs, or those of the group or person in the address; one job if `id` is set. */
export function ActivityScreen({ id, query }: { id?: string; query?: URLSearchParams }) {
  if (id !== undefined) return <One id={id} from={query?.get("from")} />;
  return <History group={query?.get("group") ?? undefined} person={query?.get("person") ?? undefined} />;
}

/** `from`: the route Back leads to. */
function One({ id, from }: { id: string; from?: string | null }) {
  const { go } = useShell();
  const query = from ? `?${new URLSearchParams({ from })}` : "";
  return (
    <div class="screen">
      <JobView id={id} onJob={(next) => go(`/activity/${next}${query}`)} />
    </div>
  );
}

const PAGE = 50;

const OFFERED = 3;

/** Rows per Page Up or Page Down. */
const JUMP = 10;

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
  const read = useLive(
    ["summaries", "changes"],
    async (from) => {
      // One extra shows whether there are more.
      const found = isChanges ? NOTHING : await readHistory(from, id, query, limit.value + 1, summaryTitle);
      // Without jobs, there may still be changes.
      const isBare = isAll && found.jobs.length === 0 && (await readChanges(from, id, 1)).length === 0;
      return { ...found, isBare };
    },
    [id, wanted, limit.value, text.value, group, person],
  );
  if (!read.value) return <Skeleton rows={5} />;
  if (read.value.isBare) {
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
      <Only group={group} person={person} hits={read.value.hits} onOnly={() => (text.value = "")} />
      {isChanges ? (
        <GroupChanges connection={id} query={query} limit={limit.value} onMore={more} />
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

const NOTHING: Awaited<ReturnType<typeof readHistory>> = { jobs: [], hits: { groups: [], people: [] } };

/** Removable filters for group and person, and the search's matches. */
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
      {group === undefined ? null : <FilterTag name={groupName} onEnd={() => to({ group: "" })} />}
      {person === undefined ? null : <FilterTag name={personName} onEnd={() => to({ person: "" })} />}
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

/** A filter; pressing it ends it. */
function FilterTag({ name, onEnd }: { name: string; onEnd: () => unknown }) {
  return (
    <Button icon={X} attributes={{ "aria-label": t("activity_only_end", name) }} onPress={onEnd}>
      <bdi class="clip">{t("activity_only", name)}</bdi>
    </Button>
  );
}

async function exportHistory(
  store: Store,
  connection: string,
  query: HistoryQuery,
  person: (id: string) => string,
): Promise<void> {
  const { jobs } = await readHistory(store, connection, query, Infinity, summaryTitle);
  // Names groups already left, too.
  const groups = await readGroupsOf(
    store,
    connection,
    jobs.flatMap((job) => job.groups),
  );
  const names = { groups, person };
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

function GroupChanges(props: { connection: string; query: HistoryQuery; limit: number; onMore: () => unknown }) {
  const { connection, query, limit } = props;
  const { group, person, text } = query;
  const read = useLive(
    ["changes", "groups"],
    async (store) => {
      const found = await readChangeHistory(store, connection, query, limit + 1);
      const changes = found.slice(0, limit);
      const ids = changes.map((change) => change.group);
      return { changes, hasMore: found.length > limit, names: await readGroupsOf(store, connection, ids) };
    },
    [connection, limit, group, person, text],
  ).value;
  if (!read) return <Skeleton rows={5} />;
  const { changes, hasMore, names } = read;
  if (changes.length === 0)
    return <p class="muted">{t(group || person || text ? "activity_no_match" : "changes_none")}</p>;
  return (
    <>
      <ChangeList changes={changes} groups={names} />
      {hasMore ? (
        <div>
          <Button onPress={props.onMore}>{t("activity_more_changes")}</Button>
        </div>
      ) : null}
    </>
  );
}

/** One Tab stop; arrows, Home, End, Page Up and Page Down move. */
function Rows({ jobs }: { jobs: JobSummary[] }) {
  const { openJobs } = useShell();
  const stop = useSignal(0);
  const stopAt = Math.min(stop.value, jobs.length - 1);
  const names = useJobNames(jobs.flatMap(({ groups }) => (groups.length === 1 ? groups : [])));
  return (
    <ul class="divided" aria-label={t("title_activity")}>
      {jobs.map((job, at) => (
        <li key={job.job}>
          <a
            class="list-row flush job-row"
            href={`#/activity/${job.job}`}
            tabIndex={at === stopAt ? 0 : -1}
            onFocus={() => (stop.value = at)}
            onKeyDown={(event) => moveInRows(event, at)}
          >
            <span class="grow">
              <strong class="clip">
                <bdi>{jobLine(job, names)}</bdi>
              </strong>
              <span class="small muted">
                {joined([dateTime(job.createdAt, Date.now()), verdictsText(job.verdicts)])}
              </span>
            </span>
            <StateTag about={job} job={openJobs.value.find(({ id }) => id === job.job)} />
          </a>
        </li>
      ))}
    </ul>
  );
}

function moveInRows(event: TargetedKeyboardEvent<HTMLAnchorElement>, at: number): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = event.currentTarget.closest("ul")?.querySelectorAll("a") ?? [];
  const to = rowAfter(event.key, at, rows.length, JUMP);
  if (to === undefined) return;
  event.preventDefault();
  rows[to]?.focus();
}
