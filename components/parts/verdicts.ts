import { Ban, CircleAlert, CircleCheck, CircleDashed, CircleHelp, Clock, type IconNode } from "lucide";
import { dateTime, type MessageKey, number, plural, t } from "../../lib/shared/i18n";
import { KINDS, kindOf } from "../../lib/shared/jobs/kinds";
import type { Job, JobKind, Pause, Reason, Step, Verdict } from "../../lib/shared/model";
import type { JobSummary } from "../../lib/shared/summary";
import { failureText, type Tone } from "./notice";

const underscored = (value: string) => value.replaceAll("-", "_");

/** Returns a job's heading: "Add 5 people". */
export function jobTitle({ input }: Job): string {
  const kind = kindOf(input);
  return kind.title(kind.count(input), kind.name?.(input) ?? "");
}

/** Returns a job's heading from its summary. */
export function summaryTitle({ kind, count, name = "" }: Pick<JobSummary, "kind" | "count" | "name">): string {
  return KINDS[kind].title(count, name);
}

/** "Added: 3 · Not added: 1": counts by verdict, what needs the agent first. */
export function verdictsText(verdicts: JobSummary["verdicts"]): string {
  const parts = VERDICT_ORDER.flatMap((verdict) => {
    const count = verdicts[verdict];
    return count ? [`${verdictText(verdict)}: ${number(count)}`] : [];
  });
  return parts.join(" · ");
}

/** Returns a reason in words, and what to do. `isPersonal`: it was given for one person of an accepted request. */
export function reasonText(reason: Reason, kind: JobKind, isPersonal = false): { sentence: string; next: string } {
  const key = `reason_${underscored(reason)}`;
  const { sentence, next } = (isPersonal ? undefined : KINDS[kind].reasons?.[reason]) ?? {};
  return { sentence: t(sentence ?? (key as MessageKey)), next: t(next ?? (`${key}_next` as MessageKey)) };
}

/** Returns why a step ended as it did and what to do; undefined if its verdict says all. */
export function whyText(step: Step, kind: JobKind): { sentence: string; next: string } | undefined {
  const why = reasonOf(step, kind);
  return why && isNeverSent(step) ? { ...why, sentence: `${why.sentence} ${t("verdict_unsent")}` } : why;
}

/** Whether a person is unconfirmed without a request: the members were unreadable. */
export function isNeverSent({ verdict, attempts, person, sentAt }: Step): boolean {
  return verdict === "unconfirmed" && person !== undefined && attempts === 0 && sentAt === undefined;
}

function reasonOf(step: Step, kind: JobKind): { sentence: string; next: string } | undefined {
  const { verdict, reason = verdict?.startsWith("not-") ? "unknown" : undefined, failure, person } = step;
  if (verdict === "waiting-approval") return undefined;
  if (verdict === "unconfirmed" && reason === undefined && failure === undefined) {
    return { sentence: t("verdict_unconfirmed_why"), next: t("verdict_unconfirmed_next") };
  }
  if (failure === undefined || (reason !== undefined && reason !== "unknown"))
    return reason && reasonText(reason, kind, person !== undefined && failure === undefined);
  const { sentence, next } = failureText({ code: failure });
  // No "Try again" while the outcome is unknown.
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
  "set-aside",
];

/** Returns why a job is paused, and what resumes it. */
export function pauseText(pause: Pause): { sentence: string; next: string } {
  const { reason } = pause;
  if (PAUSES.includes(reason)) {
    const key = `pause_${underscored(reason)}`;
    return { sentence: t(key as MessageKey), next: t(`${key}_next` as MessageKey) };
  }
  // The rest are failure codes.
  const words = failureText({
    code: reason as Exclude<Pause["reason"], "agent" | "refusals" | "canary" | "brake" | "settling" | "set-aside">,
  });
  // Tried again by itself, but a full disk stays full.
  const goesOn = pause.until !== undefined && reason !== "storage-full";
  return goesOn ? { ...words, next: t("pause_rate_limited_next") } : words;
}

/** Pauses that end by themselves, with or without a known time. */
const PASSING: ReadonlySet<Pause["reason"]> = new Set<Pause["reason"]>(["rate-limited", "offline", "settling"]);
/** Shorter waits (ms) count as work. */
const SHORT_WAIT = 20_000;

/** Returns until when a job waits; undefined if it works or needs the agent. */
export function waitText({ state, pause, notBefore }: Job, now: number): string | undefined {
  if (state !== "paused" && state !== "waiting") return undefined;
  const until = state === "paused" ? pause?.until : notBefore;
  if (until !== undefined && until > now + (state === "paused" ? 0 : SHORT_WAIT))
    return t("job_waiting_until", dateTime(until, now));
  const goesOn = until !== undefined || (pause !== undefined && PASSING.has(pause.reason));
  return goesOn ? t("job_state_waiting") : undefined;
}

interface VerdictWords {
  /** What happened, in two or three words. */
  text: MessageKey;
  next?: MessageKey;
  tone: Tone;
  /** Colour is never the only difference. */
  icon: IconNode;
}

const bad = { tone: "bad", icon: CircleAlert } as const;
const good = { tone: "good", icon: CircleCheck } as const;
const same = { tone: "info", icon: CircleCheck } as const;

/** In display order: what needs the agent first, successes last. */
export const VERDICT_WORDS: Record<Verdict, VerdictWords> = {
  "needs-review": {
    text: "verdict_needs_review",
    next: "verdict_needs_review_next",
    tone: "warn",
    icon: CircleHelp,
  },
  "not-added": { text: "verdict_not_added", ...bad },
  "not-removed": { text: "verdict_not_removed", ...bad },
  "not-joined": { text: "verdict_not_joined", ...bad },
  "not-left": { text: "verdict_not_left", ...bad },
  "not-sent": { text: "verdict_not_sent", ...bad },
  "not-created": { text: "verdict_not_created", ...bad },
  "not-updated": { text: "verdict_not_updated", ...bad },
  unconfirmed: { text: "verdict_unconfirmed", tone: "warn", icon: CircleDashed },
  "waiting-approval": {
    text: "verdict_waiting_approval",
    next: "verdict_waiting_approval_next",
    tone: "warn",
    icon: Clock,
  },
  added: { text: "verdict_added", ...good },
  removed: { text: "verdict_removed", ...good },
  joined: { text: "verdict_joined", ...good },
  left: { text: "verdict_left", ...good },
  sent: { text: "verdict_sent", next: "verdict_sent_next", ...good },
  queued: { text: "verdict_queued", next: "verdict_queued_next", ...good },
  created: { text: "verdict_created", ...good },
  updated: { text: "verdict_updated", ...good },
  "already-in": { text: "verdict_already_in", ...same },
  "was-not-in": { text: "verdict_was_not_in", ...same },
  "already-joined": { text: "verdict_already_joined", ...same },
  "was-not-member": { text: "verdict_was_not_member", ...same },
  cancelled: { text: "verdict_cancelled", tone: "info", icon: Ban },
};

/** Verdicts in display order. */
export const VERDICT_ORDER = Object.keys(VERDICT_WORDS) as Verdict[];

/** Returns what happened, in two or three words. */
export function verdictText(verdict: Verdict): string {
  return t(VERDICT_WORDS[verdict].text);
}

/** Returns a duration (ms) in words, rounded up: "3 minutes". */
export function durationText(duration: number): string {
  if (duration < 60_000) return plural("duration_seconds", Math.max(1, Math.ceil(duration / 1000)));
  if (duration < 5_400_000) return plural("duration_minutes", Math.ceil(duration / 60_000));
  return plural("duration_hours", Math.ceil(duration / 3_600_000));
}
