import { Ban, CircleAlert, CircleCheck, CircleDashed, CircleHelp, Clock, type IconNode } from "lucide";
import { type MessageKey, number, plural, type PluralKey, t } from "../../lib/shared/i18n";
import type { Job, JobKind, Pause, Reason, Step, Verdict } from "../../lib/shared/model";
import { countOf, type JobSummary } from "../../lib/shared/summary";
import { failureText, type Tone } from "./notice";

/** The words for what became of a job: its title, the verdict of each step, the reason, and what it waits for. */

const underscored = (value: string) => value.replaceAll("-", "_");

/** What a job is to do, as a heading: "Add 5 people". */
export function jobTitle({ input }: Job): string {
  const name = input.kind === "create" ? input.name : undefined;
  return summaryTitle({ kind: input.kind, count: countOf(input), name });
}

/** The same heading from a job's summary. */
export function summaryTitle({ kind, count, name }: Pick<JobSummary, "kind" | "count" | "name">): string {
  if (kind === "create") return t("job_title_create", name ?? "");
  if (kind === "update") return t("job_title_update");
  return plural(`job_title_${kind}` as PluralKey, count);
}

/** "Added: 3 · Not added: 1": the counts by verdict in one line, what needs the agent first. */
export function verdictsText(verdicts: JobSummary["verdicts"]): string {
  const parts = VERDICT_ORDER.flatMap((verdict) => {
    const count = verdicts[verdict];
    return count ? [`${verdictText(verdict)}: ${number(count)}`] : [];
  });
  return parts.join(" · ");
}

/** What happened, in two or three words. */
export function verdictText(verdict: Verdict): string {
  return t(`verdict_${underscored(verdict)}` as MessageKey);
}

const HAS_NEXT: ReadonlySet<Verdict> = new Set<Verdict>(["needs-review", "waiting-approval", "sent", "queued"]);

/** What a verdict that stands for itself asks of the agent; undefined when nothing is to be done. */
export function verdictNext(verdict: Verdict): string | undefined {
  return HAS_NEXT.has(verdict) ? t(`verdict_${underscored(verdict)}_next` as MessageKey) : undefined;
}

/** Reasons that mean something else, or ask for something else, in a job of another kind. */
const SITUATIONS: Partial<Record<Reason, Partial<Record<JobKind, { sentence?: MessageKey; next?: MessageKey }>>>> = {
  "group-full": { join: { next: "reason_full_join_next" } },
  "group-gone": { send: { sentence: "reason_no_chat", next: "reason_no_chat_next" } },
  "not-admin": { send: { sentence: "reason_admins_write", next: "reason_admins_write_next" } },
  invalid: {
    create: { sentence: "reason_bad_create", next: "reason_bad_create_next" },
    update: { sentence: "reason_bad_update", next: "reason_bad_update_next" },
    join: { sentence: "reason_bad_code", next: "reason_bad_code_next" },
    send: { sentence: "reason_bad_message", next: "reason_bad_message_next" },
  },
};

/** Why it is not the wanted verdict, and what to do about it, in a job of this kind. */
export function reasonText(reason: Reason, kind: JobKind): { sentence: string; next: string } {
  const key = `reason_${underscored(reason)}`;
  const { sentence, next } = SITUATIONS[reason]?.[kind] ?? {};
  return { sentence: t(sentence ?? (key as MessageKey)), next: t(next ?? (`${key}_next` as MessageKey)) };
}

/** Why a step ended as it did, and what to do about it; undefined when its verdict says everything. */
export function whyText(step: Step, kind: JobKind): { sentence: string; next: string } | undefined {
  const why = reasonOf(step, kind);
  return why && isNeverSent(step) ? { ...why, sentence: `${why.sentence} ${t("verdict_unsent")}` } : why;
}

/** Whether a person is unconfirmed although no request was sent: the members could not be told before. */
export function isNeverSent({ verdict, attempts, person, sentAt }: Step): boolean {
  return verdict === "unconfirmed" && person !== undefined && attempts === 0 && sentAt === undefined;
}

/** The sentence and the next step of a reason or a failure. */
function reasonOf(step: Step, kind: JobKind): { sentence: string; next: string } | undefined {
  const { verdict, reason = verdict?.startsWith("not-") ? "unknown" : undefined, failure } = step;
  if (verdict === "waiting-approval") return undefined;
  if (verdict === "unconfirmed" && reason === undefined && failure === undefined) {
    return { sentence: t("verdict_unconfirmed_why"), next: t("verdict_unconfirmed_next") };
  }
  if (failure === undefined || (reason !== undefined && reason !== "unknown"))
    return reason && reasonText(reason, kind);
  const { sentence, next } = failureText({ code: failure });
  // "Try again" is no advice where nobody knows whether it was done.
  return { sentence, next: step.state === "failed" ? next : t("verdict_unconfirmed_next") };
}

const PAUSES: Pause["reason"][] = [
  "agent",
  "rate-limited",
  "locked",
  "refusals",
  "canary",
  "brake",
  "offline",
  "settling",
];

/** Why a job does not go on, and what makes it go on. */
export function pauseText(pause: Pause): { sentence: string; next: string } {
  const { reason } = pause;
  if (PAUSES.includes(reason)) {
    const key = `pause_${underscored(reason)}`;
    return { sentence: t(key as MessageKey), next: t(`${key}_next` as MessageKey) };
  }
  // What is left are the failure codes.
  return failureText({
    code: reason as Exclude<Pause["reason"], "agent" | "refusals" | "canary" | "brake" | "settling">,
  });
}

/** The order in which results are shown: what needs the agent first, what went well after it. */
export const VERDICT_ORDER: Verdict[] = [
  "needs-review",
  "not-added",
  "not-removed",
  "not-joined",
  "not-left",
  "not-sent",
  "not-created",
  "not-updated",
  "unconfirmed",
  "waiting-approval",
  "added",
  "removed",
  "joined",
  "left",
  "sent",
  "queued",
  "created",
  "updated",
  "already-in",
  "was-not-in",
  "already-joined",
  "was-not-member",
  "cancelled",
];

/** How a verdict is coloured. */
export function verdictTone(verdict: Verdict): Tone {
  if (verdict.startsWith("not-")) return "bad";
  if (verdict === "needs-review" || verdict === "unconfirmed" || verdict === "waiting-approval") return "warn";
  return VERDICT_ORDER.indexOf(verdict) < VERDICT_ORDER.indexOf("already-in") ? "good" : "info";
}

/** The sign beside a verdict, so that colour is never the only difference. */
export function verdictIcon(verdict: Verdict): IconNode {
  if (verdict === "needs-review") return CircleHelp;
  if (verdict === "unconfirmed") return CircleDashed;
  if (verdict === "waiting-approval") return Clock;
  if (verdict === "cancelled") return Ban;
  return verdictTone(verdict) === "bad" ? CircleAlert : CircleCheck;
}

/** A length of time in the words of the language, rounded up: "3 minutes". `duration` in ms. */
export function durationText(duration: number): string {
  if (duration < 60_000) return plural("duration_seconds", Math.max(1, Math.ceil(duration / 1000)));
  if (duration < 5_400_000) return plural("duration_minutes", Math.ceil(duration / 60_000));
  return plural("duration_hours", Math.ceil(duration / 3_600_000));
}
