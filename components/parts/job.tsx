import { useSignal } from "@preact/signals";
import { Ban, CopyPlus, Download, Pause, Play, RotateCcw, Send } from "lucide";
import { useEffect } from "preact/hooks";
import { clock, number, plural, t } from "../../lib/shared/i18n";
import { isInvitable, isInvitation, uninvited } from "../../lib/shared/invitation";
import { kindOf } from "../../lib/shared/jobs/kinds";
import type { Job, Step } from "../../lib/shared/model";
import { personKey, placeKey } from "../../lib/shared/person";
import { send } from "../../lib/shared/send";
import { failedSteps, summaryOf, type JobSummary } from "../../lib/shared/summary";
import { readGroupsOf } from "../../lib/store/read";
import { dayOf, readInvited, readJobWithSteps } from "../../lib/store/read-jobs";
import type { Store } from "../../lib/store/schema";
import { useCommand } from "../models/command";
import { jobLine } from "../models/job-line";
import { useLive } from "../models/live";
import { useNow } from "../models/now";
import { useNames, usePersonText } from "../models/person";
import { useShown } from "../models/shown";
import { useShell } from "../models/shell";
import { ConnectionAccess } from "./access";
import { AddBack } from "./add-back";
import { Button, firstClick } from "./button";
import { CopyButton } from "./copy";
import { Confirm } from "./dialog";
import { Icon } from "./icon";
import { InviteInstead } from "./invite-instead";
import "./job.css";
import { FailureNotice } from "./failure-notice";
import { Notice, Tag } from "./notice";
import { Progress, Skeleton } from "./progress";
import { Results, type Names, resultRows, resultText } from "./results";
import { jobTitle, pauseText, waitText } from "./verdicts";

/**
 * A job's state, progress, controls and results, with what to do about them. `onJob` gets a follow-up job's id (retry,
 * invitations); otherwise it opens in Activity.
 */
export function JobView({ id, onJob }: { id: string; onJob?: (id: string) => unknown }) {
  const { go } = useShell();
  const read = useLive(["jobs", "steps", "groups"], (store) => readWithGroups(store, id), [id]);
  const { job, steps, groups } = read.value ?? {};
  const isOpen = job !== undefined && job.endedAt === undefined && job.state !== "done" && job.state !== "cancelled";
  const person = usePersonText();
  const name = useNames();
  useShown(id);

  if (!job || !steps || !groups) return <MissingJob />;
  const names: Names = { groups, person, name };
  const summary = summaryOf(job, steps);
  const title = jobLine(summary, names);
  const follow = (next: string) => (onJob ? onJob(next) : go(`/activity/${next}`));
  return (
    // A question about one job must not be answered for the next.
    <section key={job.id} class="job stack" aria-label={title}>
      <div class="row wrap">
        <h2 class="grow">
          <bdi>{title}</bdi>
        </h2>
        <StateTag about={summary} job={job} />
      </div>
      {isOpen ? <Progressing job={job} steps={steps} /> : null}
      <Results job={job} steps={steps} names={names} />
      {isOpen || steps.length === 0 ? null : <After job={job} steps={steps} names={names} onJob={follow} />}
    </section>
  );
}

/** Read together, so no result lacks its group's name. */
async function readWithGroups(store: Store, id: string) {
  const run = await readJobWithSteps(store, id);
  if (!run) return undefined;
  const { job, steps } = run;
  return { job, steps, groups: await readGroupsOf(store, job.connection, namedGroups(job, steps)) };
}

/** A placeholder at first: the job may be loading. */
function MissingJob() {
  const isLate = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => (isLate.value = true), 1500);
    return () => clearTimeout(timer);
  }, []);
  return isLate.value ? <Notice>{t("job_missing")}</Notice> : <Skeleton rows={2} />;
}

/** A job's state: whether a finished one leaves something to do; until when an open `job` waits. */
export function StateTag({ about, job }: { about: Pick<JobSummary, "state" | "troubled">; job?: Job }) {
  const { state, troubled } = about;
  const waits = job && waitText(job, Date.now());
  if (state === "done") {
    const isMixed = troubled > 0;
    return <Tag tone={isMixed ? "warn" : "good"}>{isMixed ? t("job_state_mixed") : t("job_state_done")}</Tag>;
  }
  if (waits !== undefined) return <Tag>{waits}</Tag>;
  if (state === "paused") return <Tag tone="warn">{t("job_state_paused")}</Tag>;
  if (state === "running") return <Tag tone="brand">{t("job_state_running")}</Tag>;
  return <Tag>{state === "waiting" ? t("job_state_waiting") : t("job_state_cancelled")}</Tag>;
}

type JobCommand = "pauseJob" | "resumeJob" | "cancelJob";

function Progressing({ job, steps }: { job: Job; steps: Step[] }) {
  const isAsking = useSignal(false);
  const given = useSignal<JobCommand | undefined>(undefined);
  const { isBusy, failure, run } = useCommand();
  const now = useNow(true);
  const done = steps.filter(({ state }) => !["todo", "sending", "unknown"].includes(state)).length;
  const total = steps.length;
  const isPaused = job.state === "paused";
  const isUndoable = job.undoUntil > now;
  const left = isPaused || isUndoable ? undefined : timeLeft(job, steps, now);
  const act = (command: JobCommand) =>
    run(() => {
      given.value = command;
      return send(command, { id: job.id });
    });
  const press = (command: JobCommand) => firstClick(() => act(command));
  const isGiven = (command: JobCommand) => isBusy.value && given.value === command;
  return (
    <>
      <Progress done={total ? done / total : 0} label={jobTitle(job)} isPaused={isPaused} />
      <p class="small muted num row wrap">
        <span>{t("job_progress", number(done), number(total))}</span>
        {left === undefined ? null : <span>{t("job_left", clock(left))}</span>}
      </p>
      <Waiting job={job} now={now} />
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <div class="row wrap" hidden={isUndoable}>
        {isPaused ? (
          <Button
            kind={isTimed(job) ? "plain" : "primary"}
            icon={Play}
            isBusy={isGiven("resumeJob")}
            onPress={press("resumeJob")}
          >
            {t("job_resume")}
          </Button>
        ) : total < 2 ? null : (
          <Button icon={Pause} isBusy={isGiven("pauseJob")} onPress={press("pauseJob")}>
            {t("job_pause")}
          </Button>
        )}
        <Button kind="quiet" icon={Ban} isBusy={isGiven("cancelJob")} onPress={() => (isAsking.value = true)}>
          {total < 2 ? t("action_cancel") : t("job_cancel")}
        </Button>
      </div>
      {isAsking.value ? (
        <Confirm
          title={t("job_cancel_title")}
          action={t("job_cancel")}
          keep={t("job_keep")}
          onClose={() => (isAsking.value = false)}
          onConfirm={() => {
            isAsking.value = false;
            void act("cancelJob");
          }}
        >
          <p>{t("job_cancelling_text")}</p>
        </Confirm>
      ) : null}
    </>
  );
}

/** Resumes by itself, perhaps seconds after its time. */
const isTimed = ({ pause }: Job) => pause?.until !== undefined;

function Waiting({ job, now }: { job: Job; now: number }) {
  // The job bar shows it with Undo.
  if (job.undoUntil > now) return null;
  if (job.pause) {
    const { sentence, next } = pauseText(job.pause);
    const { until = 0 } = job.pause;
    const left = until > now ? clock(until - now) : undefined;
    return (
      <Notice
        tone={isTimed(job) ? "info" : "warn"}
        isTimer={isTimed(job)}
        title={left === undefined ? sentence : t("job_for_time", sentence.replace(/[.।]$/u, ""), left)}
      >
        <p>{next}</p>
        {job.pause.reason === "no-permission" ? <ConnectionAccess id={job.connection} /> : null}
        {job.pause.detail ? <p class="small muted">{t("failure_said", job.pause.detail)}</p> : null}
      </Notice>
    );
  }
  if (job.notBefore > now) return <p class="small muted num">{t("job_pace_wait", clock(job.notBefore - now))}</p>;
  return null;
}

/** Estimates remaining ms from the pace so far, else the usual interval; undefined if unknown. */
export function timeLeft(job: Job, steps: Step[], now: number): number | undefined {
  const rest = steps.filter(({ state }) => state === "todo" || state === "sending").length;
  if (rest === 0) return undefined;
  const sent = steps.flatMap((step) => (step.sentAt === undefined ? [] : [step.sentAt])).toSorted((a, b) => a - b);
  const [first] = sent;
  if (first !== undefined && sent.length > 2) return Math.max(1000, ((now - first) / sent.length) * rest);
  const { input } = job;
  const interval = "pace" in input ? kindOf(input).interval[input.pace] : undefined;
  return interval === undefined ? undefined : rest * interval;
}

function After({
  job,
  steps,
  names,
  onJob,
}: {
  job: Job;
  steps: Step[];
  names: Names;
  onJob: (id: string) => unknown;
}) {
  const { isBusy, failure, run } = useCommand();
  const isInviting = useSignal(false);
  const refused = steps.filter(isInvitable).map(({ target }) => target);
  const groups = isInvitation(job) ? steps.flatMap(({ group }) => group ?? []) : refused;
  const invited = useLive(["invited"], (store) => readInvited(store, job.connection, groups), [job.id, groups.length]);
  const failed = uninvited(job, failedSteps(job.input, steps), invited.value);
  const again = failed.length > 0 ? kindOf(job.input).retry?.(job.input, failed, steps) : undefined;
  const isUninvited = (step: Step) => invited.value?.has(placeKey(step.target, step.person ?? "")) === false;
  const invitable = steps.filter((step) => isInvitable(step) && isUninvited(step));
  const unadded = new Set(invitable.map(({ person = "" }) => personKey(person)));
  const full = steps.find(({ reason, person }) => reason === "group-full" && person !== undefined)?.target;
  const retry = async () => {
    const reply = await run(() => send("retryFailed", { id: job.id }));
    if (reply?.ok) onJob(reply.value.id);
  };
  const exportCsv = async () => {
    const [{ toCsv }, { saveFile }] = await Promise.all([import("../../lib/shared/csv"), import("./save")]);
    saveFile(
      `${jobTitle(job)} ${dayOf(job.createdAt)}.csv`,
      new Blob([toCsv(resultRows(job, steps, names))], { type: "text/csv" }),
    );
  };
  return (
    <div class="stack">
      {failure.value ? <FailureNotice failure={failure.value} onRetry={retry} /> : null}
      <div class="row wrap">
        {invitable.length > 0 ? (
          <Button icon={Send} onPress={() => (isInviting.value = true)}>
            {plural("job_invite", unadded.size)}
          </Button>
        ) : null}
        {again ? (
          <Button icon={RotateCcw} isBusy={isBusy.value} onPress={retry}>
            {plural("job_retry", again.steps?.length ?? kindOf(again.input).count(again.input))}
          </Button>
        ) : null}
        <AddBack job={job} steps={steps} onJob={onJob} />
        {full === undefined ? null : (
          <a class="button" href={`#/create/${encodeURIComponent(full)}?job=${job.id}`}>
            <Icon icon={CopyPlus} />
            {t("job_next_group")}
          </a>
        )}
        <CopyButton kind="quiet" label={t("job_copy")} text={resultText(job, steps, names)} />
        <Button kind="quiet" icon={Download} onPress={exportCsv}>
          {t("job_export")}
        </Button>
      </div>
      {isInviting.value ? (
        <InviteInstead
          job={job}
          steps={invitable}
          names={names}
          onClose={() => (isInviting.value = false)}
          onJob={onJob}
        />
      ) : null}
    </div>
  );
}

function namedGroups(job: Job, steps: Step[]): string[] {
  const found = steps.flatMap((step) => [...(step.group ? [step.group] : []), ...(step.candidates ?? [])]);
  return [...new Set([...kindOf(job.input).groups(job.input), ...found])];
}
