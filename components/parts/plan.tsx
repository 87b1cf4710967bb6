import { useSignal } from "@preact/signals";
import { CircleCheck, Clock, EyeOff, Info, ShieldUser, UserRound, type IconNode } from "lucide";
import { useEffect, useMemo } from "preact/hooks";
import type { Input } from "../../lib/shared/commands";
import type { PlanOutcome, PlanView } from "../../lib/shared/views";
import { isActedOn } from "../../lib/shared/plan-outcome";
import type { Failure } from "../../lib/shared/failure";
import { number, plural, t, type PluralKey } from "../../lib/shared/i18n";
import { areTooMany } from "../../lib/shared/jobs/kind";
import type { Pace, Person } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { watch } from "../../lib/store/live";
import { neverTwice } from "../models/live";
import { useShell } from "../models/shell";
import { useDay } from "../models/tally";
import { Select } from "./select";
import { Icon } from "./icon";
import { FailureNotice } from "./failure-notice";
import { Notice } from "./notice";
import { Today } from "./today";
import { durationText } from "./verdicts";
import "./plan.css";

const CAUTIONS = 5;

/** A change's plan, or why there is none; empty while loading. */
export interface Plan {
  view?: PlanView;
  failure?: Failure;
}

/** Returns what a membership change would do; empty without people or groups, and until this very change is planned. */
export function usePlan(input: (Omit<Input<"planMembership">, "people"> & { people: Person[] }) | undefined): Plan {
  const { store, connection: current } = useShell();
  const connection = current.value?.id;
  const day = useDay();
  const plan = useSignal<{ on: string; is: Plan }>({ on: "", is: {} });
  const isAsked = input !== undefined && input.people.length > 0 && input.groups.length > 0;
  const { op, pace, groups = [], people = [], pairs = [], withAdmins } = input ?? {};
  const who = useMemo(() => people.map(({ id }) => id).join(), [people]);
  const where = useMemo(() => pairs.join(), [pairs]);
  const on = JSON.stringify([isAsked, connection, day, op, pace, groups, who, where, withAdmins]);
  useEffect(() => {
    if (!isAsked) return undefined;
    if (areTooMany(people.length, groups.length, input.pairs?.length)) {
      plan.value = { on, is: { failure: { code: "too-many" } } };
      return undefined;
    }
    const stop = new AbortController();
    const ask = neverTwice(async () => {
      const reply = await send("planMembership", { ...input, connection, people: people.map(({ id }) => id) });
      if (!stop.signal.aborted) plan.value = { on, is: reply.ok ? { view: reply.value } : { failure: reply.failure } };
    }, stop.signal);
    // Waits for a pause in typing: a large paste is planned once.
    const timer = setTimeout(() => {
      watch(store, ["rosters", "tallies"], ask, stop.signal);
      ask();
    }, 200);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [store, on]);
  return isAsked && plan.value.on === on ? plan.value.is : {};
}

/** Counts (group, person) pairs with something to send. */
export function countActs(view: PlanView | undefined, op: "add" | "remove"): number {
  const outcomes = Object.entries(view?.outcomes ?? {}) as [PlanOutcome, number][];
  return outcomes.reduce((sum, [outcome, count]) => sum + (isActedOn(op, outcome) ? count : 0), 0);
}

/** Who is acted on and who not, cost, and cautions. */
export function PlanSummary({ plan, op }: { plan: Plan; op: "add" | "remove" }) {
  const { view, failure } = plan;
  if (failure) return <FailureNotice failure={failure} />;
  if (!view) return <p class="small muted">{t("plan_checking")}</p>;
  const count = (outcome: PlanOutcome) => view.outcomes[outcome] ?? 0;
  const isAllRight = Object.keys(view.outcomes).every((outcome) => outcome === "already");
  const lines: [IconNode, string, number][] = [
    [CircleCheck, op === "add" ? "plan_add" : "plan_remove", count("act")],
    [UserRound, op === "add" ? "plan_already_in" : "plan_not_in", count("already")],
    [EyeOff, op === "add" ? "plan_hidden_add" : "plan_hidden", count("hidden")],
    [ShieldUser, "plan_admin", count("admin")],
    [Info, "plan_unread", count("unread")],
  ];
  return (
    <div class="plan">
      <ul>
        {lines.map(([icon, key, number]) =>
          number > 0 ? (
            <li key={key}>
              <Icon icon={icon} size={15} />
              {plural(key as PluralKey, number)}
            </li>
          ) : null,
        )}
        {count("own") > 0 ? (
          <li>
            <Icon icon={UserRound} size={15} />
            {t("plan_own")}
          </li>
        ) : null}
        {countActs(view, op) > 0 ? (
          <li class="muted num">
            <Icon icon={Clock} size={15} />
            {plural("plan_cost", view.requests, durationText(view.duration))}
          </li>
        ) : (
          <li>{isAllRight ? t("plan_nothing") : t("plan_none")}</li>
        )}
      </ul>
      {op === "add" ? <Today counter="adds" more={countActs(view, op)} /> : null}
      <Cautions cautions={view.cautions} />
    </div>
  );
}

/** Total cost of several plans, in requests and time. */
export function PlanCost({ plans }: { plans: Plan[] }) {
  const views = plans.flatMap(({ view }) => (view ? [view] : []));
  const failure = plans.find((plan) => plan.failure)?.failure;
  if (failure) return <FailureNotice failure={failure} />;
  if (views.length < plans.length) return <p class="small muted">{t("plan_checking")}</p>;
  const sum = (pick: (view: PlanView) => number) => views.reduce((total, view) => total + pick(view), 0);
  return (
    <>
      <p class="plan-cost small muted num">
        <Icon icon={Clock} size={15} />
        {plural(
          "plan_cost",
          sum(({ requests }) => requests),
          durationText(sum(({ duration }) => duration)),
        )}
      </p>
      <Cautions cautions={views.flatMap(({ cautions }) => cautions)} />
    </>
  );
}

/** The first cautions in words, the rest counted; they never block. */
export function Cautions({ cautions }: { cautions: PlanView["cautions"] }) {
  if (cautions.length === 0) return null;
  return (
    <Notice tone="warn">
      {cautions.slice(0, CAUTIONS).map(({ key, count, group, capacity = 0 }) => (
        <p key={`${key} ${group}`}>
          {plural(key, count, ...(group === undefined ? [] : [`\u2068${group}\u2069`, number(capacity)]))}
        </p>
      ))}
      {cautions.length > CAUTIONS ? <p>{t("changes_more", number(cautions.length - CAUTIONS))}</p> : null}
    </Notice>
  );
}

/** Chooses the pace, unless company policy fixes it. */
export function PaceSelect({ value: wanted, onChange }: { value: Pace; onChange: (pace: Pace) => unknown }) {
  const { maxPace } = useShell().settings.value.policy ?? {};
  const value = maxPace === "careful" ? maxPace : wanted;
  return (
    <Select<Pace>
      label={t("plan_pace")}
      value={value}
      isSet={maxPace === "careful"}
      onChange={onChange}
      hint={value === "careful" ? t("plan_careful_hint") : t("plan_fast_hint")}
      options={[
        { value: "careful", label: t("plan_careful") },
        { value: "fast", label: t("plan_fast") },
      ]}
    />
  );
}
