import { useSignal } from "@preact/signals";
import { ClipboardList, Download } from "lucide";
import { moment, plural, t } from "../../lib/shared/i18n";
import { toCsv } from "../../lib/shared/csv";
import type { Job, JobKind, Step } from "../../lib/shared/model";
import { readGroups, readJobs, readSteps } from "../../lib/store/read";
import { useLive } from "../models/live";
import { usePersonText } from "../models/person";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { Select } from "../parts/field";
import { JobView, StateTag, summary } from "../parts/job";
import { Empty } from "../parts/notice";
import { Skeleton } from "../parts/progress";
import { resultRows } from "../parts/results";
import { saveFile } from "../parts/save";
import { isFailed, jobTitle } from "../parts/verdicts";

const FILTERS = ["all", "trouble", "add", "remove", "join", "send", "create", "update", "leave"] as const;
type Filter = (typeof FILTERS)[number];

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

function History() {
  const { connection } = useShell();
  const filter = useSignal<Filter>("all");
  const show = usePersonText();
  const id = connection.value?.id ?? "";
  const jobs = useLive(
    ["jobs", "steps"],
    async (store) => {
      const all = await readJobs(store, id);
      return Promise.all(all.map(async (job) => ({ job, steps: await readSteps(store, job.id) })));
    },
    [id],
  );
  const names = useLive(
    ["groups"],
    async (store) => new Map((await readGroups(store, id, "name")).map((group) => [group.id, group])),
    [id],
  );
  if (!jobs.value) return <Skeleton rows={5} />;
  const shown = jobs.value.filter(({ job, steps }) => matches(filter.value, job, steps));
  const exportAll = () => {
    const rows = shown.flatMap(({ job, steps }, index) => {
      const [head, ...body] = resultRows(job, steps, { groups: names.value ?? new Map(), person: show });
      const stamp = new Date(job.createdAt).toISOString();
      return [
        ...(index === 0 && head ? [[t("activity_when"), t("activity_what"), ...head]] : []),
        ...body.map((row) => [stamp, jobTitle(job), ...row]),
      ];
    });
    saveFile("wappfy-activity.csv", new Blob([toCsv(rows)], { type: "text/csv" }));
  };
  if (jobs.value.length === 0) {
    return (
      <Empty icon={ClipboardList} title={t("activity_none")}>
        {t("activity_none_text")}
      </Empty>
    );
  }
  return (
    <div class="screen" style={{ gap: "8px" }}>
      <div class="row">
        <span class="grow">
          <Select<Filter>
            isBare
            label={t("activity_filter")}
            value={filter.value}
            onChange={(next) => (filter.value = next)}
            options={FILTERS.map((value) => ({ value, label: t(`activity_filter_${value}`) }))}
          />
        </span>
        <Button icon={Download} label={t("activity_export")} onPress={exportAll} />
      </div>
      {shown.length === 0 ? <p class="muted">{t("activity_no_match")}</p> : null}
      <ul class="divided" aria-label={t("title_activity")}>
        {shown.map(({ job, steps }) => (
          <li key={job.id}>
            <a class="list-row" style={{ paddingInline: "0" }} href={`#/activity/${job.id}`}>
              <span class="grow">
                <strong class="clip">
                  <bdi>{jobTitle(job)}</bdi>
                </strong>
                <span class="small muted">
                  {moment(job.createdAt, Date.now())}
                  {summary(steps) ? ` · ${summary(steps)}` : ""}
                </span>
              </span>
              <StateTag job={job} steps={steps} />
            </a>
          </li>
        ))}
      </ul>
      <p class="small muted">{plural("activity_count", shown.length)}</p>
    </div>
  );
}

function matches(filter: Filter, job: Job, steps: Step[]): boolean {
  if (filter === "all") return true;
  if (filter === "trouble")
    return job.state === "paused" || steps.some((step) => isFailed(step) || step.state === "review");
  return job.input.kind === (filter satisfies JobKind);
}
