import { useSignal } from "@preact/signals";
import { ChevronRight, X } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import type { Failure } from "../../lib/shared/failure";
import { joined, number, t } from "../../lib/shared/i18n";
import type { Job } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import type { JobSummary } from "../../lib/shared/summary";
import { readGroupsOf } from "../../lib/store/read";
import { readJob, readJobWithSteps, readSummary } from "../../lib/store/read-jobs";
import type { Store } from "../../lib/store/schema";
import { useCommand } from "../models/command";
import { jobLine, undoLine, type JobNames } from "../models/job-line";
import { unreadable, useDraft, useLive } from "../models/live";
import { useNow } from "../models/now";
import { usePersonText } from "../models/person";
import { announce, useShell, type Route } from "../models/shell";
import { Button } from "./button";
import { Icon } from "./icon";
import "./job-bar.css";
import { FailureNotice } from "./failure-notice";
import { Progress } from "./progress";
import { pauseText, verdictsText, waitText } from "./verdicts";

interface Run {
  job: Job;
  summary: JobSummary;
}

/** Ms an untroubled result stays. */
const RESULT = 8000;

const isEnded = ({ job }: Run) => job.endedAt !== undefined;
const isUndoable = ({ job }: Run, now: number) => job.state === "waiting" && job.undoUntil > now;
/** Whether only the agent can resume it. */
const isStuck = ({ job }: Run) => job.state === "paused" && waitText(job, Date.now()) === undefined;

/** Shows every job that can be undone, else the most urgent not on the screen. A line opens its job. */
export function JobBar() {
  const { shown, route } = useShell();
  // No line goes or moves under the pointer: a press would reach what takes its place.
  const isHeld = useSignal(false);
  const { runs, names, forget } = useFollowed(isHeld.value);
  const isTimed = runs.some((run) => isUndoable(run, Date.now()));
  const now = useNow(isTimed, 250);
  const undoable = runs.filter((run) => isUndoable(run, now));
  const others = runs.filter(({ job }) => !shown.value.includes(job.id));
  const urgent = others.find(isStuck) ?? others.find(isEnded) ?? others[0];
  const wanted = undoable.length > 0 ? undoable : urgent ? [urgent] : [];
  const lines = useSteady(wanted, [...undoable, ...others], isHeld.value);
  const undo = useUndo(undoable, runs, names, isHeld.value);
  const isEmpty = lines.length === 0 && !undo.late.value;
  useEffect(() => {
    // What is gone is not left by the pointer.
    if (isEmpty) isHeld.value = false;
  }, [isEmpty]);
  if (isEmpty) return null;
  const query = jobQuery(route.value);
  return (
    <section
      class="job-bar"
      aria-label={t("nav_activity")}
      onPointerEnter={() => (isHeld.value = true)}
      onPointerLeave={() => (isHeld.value = false)}
    >
      {undo.late.value ? (
        <Late {...undo.late.value} query={query} onClose={() => (undo.late.value = undefined)} />
      ) : null}
      {lines.map((run) => (
        <Line
          key={run.job.id}
          {...{ run, names, now, query }}
          isBusy={undo.isBusy.value}
          failure={undo.failureOf(run.job.id)}
          onUndo={() => undo.press(run).catch(unreadable)}
          onClose={() => forget(run.job.id)}
        />
      ))}
    </section>
  );
}

/** Returns the wanted runs; while held, below new ones those that were, in their places. */
function useSteady(wanted: Run[], runs: Run[], isHeld: boolean): Run[] {
  const last = useRef<string[]>([]);
  const kept = isHeld ? last.current : [];
  last.current = [...wanted.map(({ job }) => job.id).filter((id) => !kept.includes(id)), ...kept];
  return last.current.flatMap((id) => runs.find(({ job }) => job.id === id) ?? []);
}

/** Leads Back from a job to where it was opened, skipping jobs between. */
function jobQuery({ name, id, query }: Route): string {
  const isJob = name === "activity" && id !== undefined;
  const path = id === undefined ? name : `${name}/${encodeURIComponent(id)}`;
  const from = isJob ? query.get("from") : [path, query.toString()].filter(Boolean).join("?");
  return from ? `?${new URLSearchParams({ from })}` : "";
}

/** Says that an undo came too late. */
function Late(props: { id: string; text: string; query: string; onClose: () => unknown }) {
  return (
    <div class="job-line warn">
      <a href={`#/activity/${props.id}${props.query}`}>
        <span class="what all">{props.text}</span>
        <Icon icon={ChevronRight} size={16} />
      </a>
      <Button icon={X} label={t("job_put_away")} onPress={props.onClose} />
    </div>
  );
}

function Line(props: {
  run: Run;
  names: JobNames;
  now: number;
  query: string;
  isBusy: boolean;
  failure: Failure | undefined;
  onUndo: () => unknown;
  onClose: () => unknown;
}) {
  const { run, names, now } = props;
  const { job, summary } = run;
  const canUndo = isUndoable(run, now);
  const done = summary.steps - summary.open;
  const tone = canUndo ? "undo" : isStuck(run) || summary.troubled > 0 ? "warn" : isEnded(run) ? "good" : "";
  const line = jobLine(summary, names);
  const state = stateOf(run, now);
  return (
    <>
      <div class={`job-line ${tone}`}>
        {canUndo || isEnded(run) ? null : (
          <Progress done={done / Math.max(1, summary.steps)} label={line} isPaused={job.state === "paused"} />
        )}
        <a href={`#/activity/${job.id}${props.query}`} title={canUndo ? undefined : joined([line, state])}>
          <bdi class="what clip">{canUndo ? undoLine(summary, names) : line}</bdi>
          {canUndo ? null : (
            <span class="state row">
              <span class="clip num">{state}</span>
              {isEnded(run) ? null : <Icon icon={ChevronRight} size={16} />}
            </span>
          )}
        </a>
        {canUndo ? (
          <Button kind="quiet" title={`${t("key_ctrl")} Z`} isBusy={props.isBusy} onPress={props.onUndo}>
            {t("action_undo")}
            <span class="num" aria-hidden="true">
              {number(Math.ceil((job.undoUntil - now) / 1000))}
            </span>
          </Button>
        ) : null}
        {isEnded(run) ? <Button icon={X} label={t("job_put_away")} onPress={props.onClose} /> : null}
      </div>
      {props.failure ? <FailureNotice failure={props.failure} /> : null}
    </>
  );
}

function stateOf(run: Run, now: number): string {
  const { job, summary } = run;
  if (isEnded(run)) return verdictsText(summary.verdicts) || t("job_state_cancelled");
  if (isStuck(run) && job.pause) return pauseText(job.pause).sentence;
  const { steps, open } = summary;
  return joined([steps > 1 ? t("job_progress", number(steps - open), number(steps)) : "", waitText(job, now)]);
}

/**
 * Undoes a job by a press, the newest by Ctrl or ⌘ Z. `late`: one too late to undo, until another undo or for `RESULT`
 * ms.
 */
function useUndo(undoable: Run[], runs: Run[], names: JobNames, isHeld: boolean) {
  const shell = useShell();
  const { isBusy, failure, run: command, reset } = useCommand();
  const late = useSignal<{ id: string; text: string } | undefined>(undefined);
  /** The newest that could be undone; kept after an untroubled end, as the agent may still mean it. */
  const last = useRef<Run>(undefined);
  last.current = runs.find(({ job }) => job.undoUntil > 0) ?? last.current;
  const tried = useRef("");
  const say = async ({ job, summary }: Run) => {
    const line = jobLine(summary, names);
    // May have ended in another window.
    const now = await readJobWithSteps(shell.store, job.id);
    const isCancelled = now?.job.state === "cancelled";
    // Nothing was sent: it is not too late.
    if (!isCancelled && now?.steps.every(({ attempts }) => attempts === 0)) return;
    const text = isCancelled ? t("undo_already", line) : t("undo_late", line);
    late.value = { id: job.id, text };
    announce(shell, text);
  };
  const press = async (run: Run) => {
    late.value = undefined;
    tried.current = run.job.id;
    const reply = await command(() => send("cancelJob", { id: run.job.id }));
    if (reply?.ok !== false || reply.failure.code !== "too-late") return;
    reset();
    await say(run);
  };
  const byKey = useRef(() => {});
  byKey.current = () => {
    if (undoable[0]) press(undoable[0]).catch(unreadable);
    else if (last.current) say(last.current).catch(unreadable);
  };
  useEffect(() => {
    const stop = new AbortController();
    const pressed = (event: KeyboardEvent) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
      // In a field, these keys undo typing.
      if (!isUndo || event.defaultPrevented || isTyping(event.target) || !last.current) return;
      event.preventDefault();
      byKey.current();
    };
    addEventListener("keydown", pressed, { signal: stop.signal });
    return () => stop.abort();
  }, []);
  useEffect(() => {
    if (!late.value || isHeld) return undefined;
    const timer = setTimeout(() => (late.value = undefined), RESULT);
    return () => clearTimeout(timer);
  }, [late.value, isHeld]);
  const failureOf = (id: string) => (tried.current === id ? failure.value : undefined);
  return { press, late, isBusy, failureOf };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea") !== null;
}

/** Open jobs and unseen results, newest first; outlives the popup. */
function useFollowed(isHeld: boolean): { runs: Run[]; names: JobNames; forget: (...gone: string[]) => void } {
  const { openJobs, connection, shown } = useShell();
  const person = usePersonText();
  const id = connection.value?.id ?? "";
  const draft = useDraft(draftKey({ form: "jobs", connection: id }, "followed"));
  const ids = draft.text.value.split(" ").filter(Boolean);
  useEffect(() => {
    const more = openJobs.value.flatMap((job) => (ids.includes(job.id) ? [] : job.id));
    if (draft.isRead.value && more.length > 0) draft.text.value = [...ids, ...more].join(" ");
  }, [openJobs.value, draft.isRead.value]);
  const read = useLive(["jobs", "summaries", "groups"], (store) => readRuns(store, id, ids), [id, draft.text.value]);
  const { runs, groups, erased } = read.value ?? { runs: [], groups: new Map(), erased: [] };
  const names = { groups, person };
  useAnnouncements(runs, names);
  const forget = (...gone: string[]) => {
    const rest = draft.text.peek().split(" ");
    draft.text.value = rest.filter((id) => !gone.includes(id)).join(" ");
  };
  // Results on screen count as seen.
  const seen = runs.filter((run) => isEnded(run) && shown.value.includes(run.job.id)).map(({ job }) => job.id);
  useEffect(() => {
    if (seen.length + erased.length > 0) forget(...seen, ...erased);
  }, [seen.join(" "), erased.join(" ")]);
  const well = runs.filter((run) => isEnded(run) && run.summary.troubled === 0).map(({ job }) => job.id);
  useEffect(() => {
    if (well.length === 0 || isHeld) return undefined;
    const timer = setTimeout(() => forget(...well), RESULT);
    return () => clearTimeout(timer);
  }, [well.join(" "), isHeld]);
  return { runs, names, forget };
}

/** Read with their groups, so no line lacks a name. */
async function readRuns(store: Store, connection: string, ids: string[]) {
  const found = await Promise.all(
    ids.map(async (id) => ({ job: await readJob(store, id), summary: await readSummary(store, id) })),
  );
  const runs = found.filter((run): run is Run => run.job !== undefined && run.summary !== undefined);
  const named = runs.flatMap(({ summary }) => (summary.groups.length === 1 ? summary.groups : []));
  const groups = await readGroupsOf(store, connection, named);
  const erased = ids.filter((id) => !runs.some(({ job }) => job.id === id));
  return { runs: runs.toSorted((a, b) => b.job.createdAt - a.job.createdAt), groups, erased };
}

/** Announces each job's undo window, pauses and end, once each. */
function useAnnouncements(runs: Run[], names: JobNames): void {
  const shell = useShell();
  const openedAt = useRef(Date.now());
  const announced = useRef(new Map<string, string | undefined>());
  useEffect(() => {
    for (const run of runs) {
      const { job, summary } = run;
      const state = isEnded(run) ? "ended" : isUndoable(run, Date.now()) ? "undo" : job.pause?.reason;
      if (announced.current.get(job.id) === state) continue;
      announced.current.set(job.id, state);
      // Ended before this view opened: no news.
      if (state === undefined || (job.endedAt ?? Infinity) < openedAt.current) continue;
      announce(
        shell,
        state === "undo"
          ? t("job_announce", undoLine(summary, names), `${t("action_undo")} ${t("key_ctrl")} Z`)
          : t("job_announce", jobLine(summary, names), job.pause ? pauseText(job.pause).sentence : stateOf(run, 0)),
      );
    }
  });
}
