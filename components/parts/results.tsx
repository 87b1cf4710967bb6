import { useSignal } from "@preact/signals";
import { CircleDashed } from "lucide";
import { joined, number, plural, t } from "../../lib/shared/i18n";
import { isGroupId } from "../../lib/shared/ids";
import { kindOf } from "../../lib/shared/jobs/kinds";
import type { Group, Job, Step, Verdict } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { isEnded } from "../../lib/shared/summary";
import { useCommand } from "../models/command";
import { ConnectionAccess } from "./access";
import { Button } from "./button";
import { Icon } from "./icon";
import { ListBox } from "./list-box";
import { FailureNotice } from "./failure-notice";
import { isNeverSent, VERDICT_ORDER, VERDICT_WORDS, verdictText, whyText } from "./verdicts";
import { personText } from "../models/person";

/** Longer sections scroll in their own box. */
const MANY = 12;
const ROW = 46;

/** How a job's groups and people are shown. */
export interface Names {
  groups: ReadonlyMap<string, Group>;
  person: (id: string) => string;
  name?: (id: string) => string | undefined;
}

/** Results by verdict and reason, what needs the agent first. */
export function Results({ job, steps, names }: { job: Job; steps: Step[]; names: Names }) {
  // Unconfirmed only at the end; until then, steps are read back.
  const isPending = ({ state }: Step) => job.endedAt === undefined && (state === "accepted" || state === "unknown");
  const pending = steps.filter(isPending).length;
  const sections = VERDICT_ORDER.map((verdict) => ({
    verdict,
    steps: steps.filter((step) => step.verdict === verdict && !isPending(step)),
  }));
  const shown = sections.filter((section) => section.steps.length > 0);
  if (shown.length === 0 && pending === 0) return null;
  return (
    <div class="results">
      {pending > 0 ? (
        <p class="verdict-section row small muted">
          <Icon icon={CircleDashed} size={16} />
          {plural("job_pending", pending)}
        </p>
      ) : null}
      {shown.map((section) => (
        <VerdictSection key={section.verdict} job={job} verdict={section.verdict} steps={section.steps} names={names} />
      ))}
    </div>
  );
}

function VerdictSection({ job, verdict, steps, names }: { job: Job; verdict: Verdict; steps: Step[]; names: Names }) {
  const why = (step: Step) => `${step.reason} ${step.failure} ${isNeverSent(step)}`;
  const { next, tone, icon } = VERDICT_WORDS[verdict];
  return (
    <section class={`verdict-section ${tone}`}>
      <h3 class="row">
        <Icon icon={icon} size={16} />
        <span>{verdictText(verdict)}</span>
        <span class="num">{number(steps.length)}</span>
      </h3>
      {next ? <p class="small muted">{t(next)}</p> : null}
      {[...new Set(steps.map(why))].map((each) => (
        <Part key={each} job={job} steps={steps.filter((step) => why(step) === each)} names={names} />
      ))}
    </section>
  );
}

/** Whether only the agent can tell: not for steps read as missing or never sent. */
function isAsked(step: Step): boolean {
  return (
    step.state === "review" && !isNeverSent(step) && (step.verdict === "needs-review" || step.verdict === "unconfirmed")
  );
}

/** Steps of one verdict and reason, resolved together if only the agent can tell. */
function Part({ job, steps, names }: { job: Job; steps: Step[]; names: Names }) {
  const isOneByOne = useSignal(false);
  const words = steps[0] && whyText(steps[0], job.input.kind);
  const asked = steps.filter(isAsked);
  const areTogether =
    asked.length > 1 && !isOneByOne.value && asked.every(({ candidates = [] }) => candidates.length === 0);
  return (
    <div class="stack tight">
      {words ? (
        <p class="small">
          {words.sentence} <span class="muted">{words.next}</span>
        </p>
      ) : null}
      {steps[0]?.state === "failed" && steps[0].failure === "no-permission" ? (
        <ConnectionAccess id={job.connection} />
      ) : null}
      {steps.length > MANY && (areTogether || asked.length === 0) ? (
        <ListBox
          items={steps}
          rowHeight={ROW}
          keyOf={(step) => String(step.index)}
          label={words?.sentence ?? t("input_people")}
          render={(step) => <Row job={job} step={step} names={names} />}
        />
      ) : (
        <ul>
          {steps.map((step) => (
            <li key={step.index}>
              <Row job={job} step={step} names={names} />
              {isAsked(step) && !areTogether ? <Resolve steps={[step]} names={names} /> : null}
            </li>
          ))}
        </ul>
      )}
      {areTogether ? <Resolve steps={asked} names={names} onOneByOne={() => (isOneByOne.value = true)} /> : null}
    </div>
  );
}

function Row({ job, step, names }: { job: Job; step: Step; names: Names }) {
  const { title, more } = words(job, step, names);
  const below = joined([more, step.detail]);
  // A group awaiting an admin cannot be opened.
  const isLed = step.group !== undefined && step.state === "done" && kindOf(job.input).leadsTo !== undefined;
  return (
    <div class="result">
      <span class="grow">
        <span class="clip num">
          <bdi>{title}</bdi>
        </span>
        {below ? (
          <span class="small muted clip" title={step.detail}>
            <bdi>{below}</bdi>
          </span>
        ) : null}
      </span>
      {step.code && !/^2\d\d$/.test(step.code) ? <span class="small muted num">{t("job_code", step.code)}</span> : null}
      {isLed ? (
        <a class="small" href={`#/group/${step.group}`}>
          {t("job_open_group")}
        </a>
      ) : null}
    </div>
  );
}

/** Asks the agent what became of one or all unproved steps. */
function Resolve({ steps, names, onOneByOne }: { steps: Step[]; names: Names; onOneByOne?: () => void }) {
  const { isBusy, failure, run } = useCommand();
  const resolve = (as: "done" | "failed", group?: string) => {
    const job = steps[0]?.job ?? "";
    const indexes = steps.map(({ index }) => index);
    return run(() => send("resolveSteps", { job, indexes, as, ...(group ? { group } : {}) }));
  };
  const candidates = steps.flatMap((step) => step.candidates ?? []);
  return (
    <div class="stack tight resolve">
      {candidates.length > 0 ? (
        <>
          <p class="small">{t("job_settle_candidates")}</p>
          {candidates.map((id) => (
            <div class="row" key={id}>
              <bdi class="grow clip">{names.groups.get(id)?.name ?? id}</bdi>
              <Button isBusy={isBusy.value} onPress={() => resolve("done", id)}>
                {t("job_settle_this")}
              </Button>
            </div>
          ))}
          <Button kind="quiet" isOff={isBusy.value} onPress={() => resolve("failed")}>
            {t("job_settle_none")}
          </Button>
        </>
      ) : (
        <div class="row wrap">
          <Button isOff={isBusy.value} onPress={() => resolve("done")}>
            {onOneByOne ? t("job_settle_all_done") : t("job_settle_done")}
          </Button>
          <Button isOff={isBusy.value} onPress={() => resolve("failed")}>
            {onOneByOne ? t("job_settle_all_failed") : t("job_settle_failed")}
          </Button>
          {onOneByOne ? (
            <Button kind="quiet" isOff={isBusy.value} onPress={onOneByOne}>
              {t("job_settle_one_by_one")}
            </Button>
          ) : null}
        </div>
      )}
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
    </div>
  );
}

function words(job: Job, step: Step, names: Names): { title: string; more: string } {
  const { input } = job;
  const kind = kindOf(input);
  const person = step.person ?? (kind.target === "chat" && !isGroupId(step.target) ? step.target : undefined);
  if (person !== undefined) {
    const phone = names.person(person);
    const listed = "people" in input ? input.people.find(({ id }) => id === person)?.name : undefined;
    const name = names.name?.(person) ?? listed;
    const isSpread = kind.target === "group" && kind.groups(input).length > 1;
    // Such invitations go to a person, about a group.
    const about = isSpread ? step.target : kind.target === "chat" ? step.group : undefined;
    const group = about === undefined ? "" : t("job_in_group", names.groups.get(about)?.name ?? about);
    return { title: name ?? phone, more: joined([name ? phone : "", group]) };
  }
  if (kind.name) return { title: step.given ?? kind.name(input), more: "" };
  if (kind.target === "code") {
    const group = step.group ? names.groups.get(step.group)?.name : undefined;
    return { title: group ?? step.target, more: group ? step.target : "" };
  }
  return { title: names.groups.get(step.target)?.name ?? step.target, more: "" };
}

/** Returns the results as rows for CSV, heading first. */
export function resultRows(job: Job, steps: Step[], names: Names): string[][] {
  const heading = [
    t("job_csv_person"),
    t("job_csv_given"),
    t("job_csv_target"),
    t("job_csv_verdict"),
    t("job_csv_reason"),
    t("job_csv_code"),
    t("job_csv_detail"),
    t("job_csv_request"),
  ];
  const rows = steps.map((step) => [
    step.person === undefined ? "" : personText(step.person),
    step.given ?? "",
    names.groups.get(step.target)?.name ?? (step.target || words(job, step, names).title),
    verdictOf(step),
    whyText(step, job.input.kind)?.sentence ?? "",
    step.code ?? "",
    step.detail ?? "",
    step.requestId ?? "",
  ]);
  return [heading, ...rows];
}

/** Returns the results as clipboard lines: who, what, why. */
export function resultText(job: Job, steps: Step[], names: Names): string {
  return steps
    .map((step) => {
      const { title, more } = words(job, step, names);
      const why = whyText(step, job.input.kind)?.sentence;
      return `${joined([title, more])}: ${verdictOf(step)}${why ? ` (${why})` : ""}`;
    })
    .join("\n");
}

function verdictOf(step: Step): string {
  // People of a group that the agent has yet to name have no verdict of their own.
  if (step.verdict === undefined) return t(isEnded(step) ? "verdict_unconfirmed" : "verdict_waiting");
  return verdictText(step.verdict);
}
