import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { dateTime, number, plural, t } from "../../../lib/shared/i18n";
import { digestOf, pairsOf, type MatchPlan } from "../../../lib/shared/match-plan";
import type { Pace, Person } from "../../../lib/shared/model";
import { placeKey } from "../../../lib/shared/person";
import { send } from "../../../lib/shared/send";
import { readRoster } from "../../../lib/store/read";
import { useEach } from "../../models/each";
import { usePersonText } from "../../models/person";
import { useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { Button } from "../../parts/button";
import { Confirm } from "../../parts/dialog";
import { EachProgress } from "../../parts/each-progress";
import { FailureNotice, Notice, Tag } from "../../parts/notice";
import { PaceSelect, PlanCost, usePlan } from "../../parts/plan";

/** What is to be done in one group. */
export interface Wish {
  id: string;
  name: string;
  add: Person[];
  remove: Person[];
  /** Ids of those of them who are removed although they are admins. */
  admins: string[];
}

/** What it costs, and the button that starts it: one job for all removals, which can be undone, and one for all who are added. */
export function StartPlan(props: {
  wishes: readonly Wish[];
  pace: Pace;
  onPace: (pace: Pace) => unknown;
  onStarted: () => unknown;
}) {
  const { wishes, pace } = props;
  const { go } = useShell();
  const person = usePersonText();
  const removing = useStart();
  const adding = useStart();
  const isSure = useSignal(false);
  const adds = usePairs(wishes.map(({ id, add }) => ({ group: id, people: add })));
  const removals = usePairs(wishes.map(({ id, remove }) => ({ group: id, people: remove })));
  const plans = [
    usePlan({ op: "add", ...adds, pace }).value,
    usePlan({ op: "remove", ...removals, pace, withAdmins: true }).value,
  ].filter((_, at) => (at === 0 ? adds : removals).pairs.length > 0);
  const count = adds.pairs.length + removals.pairs.length;
  const start = async () => {
    isSure.value = false;
    let id: string | undefined;
    // A removal can be undone for a moment, so it is asked for first.
    if (removals.pairs.length > 0) {
      const admins = wishes.flatMap((wish) => wish.admins.map((admin) => placeKey(wish.id, admin)));
      id = await removing.start({ kind: "remove", ...removals, admins, pace });
      if (id === undefined) return;
    }
    if (adds.pairs.length > 0) {
      id = await adding.start({ kind: "add", ...adds, pace });
      if (id === undefined) return;
    }
    props.onStarted();
    go(removals.pairs.length > 0 && adds.pairs.length > 0 ? "/activity" : `/activity/${id}`);
  };
  const failure = removing.failure.value ?? adding.failure.value;
  return (
    <>
      {count > 0 ? <PaceSelect value={pace} onChange={props.onPace} /> : null}
      {count > 0 ? <PlanCost plans={plans} /> : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <Button
        kind="primary"
        class="stays"
        isWide
        isBusy={adding.isBusy.value || removing.isBusy.value}
        isOff={count === 0}
        onPress={() => (removals.pairs.length > 0 ? (isSure.value = true) : void start())}
      >
        {actionText(adds.pairs.length, removals.pairs.length)}
      </Button>
      {isSure.value ? (
        <Confirm
          title={plural("several_removals", removals.pairs.length)}
          action={actionText(adds.pairs.length, removals.pairs.length)}
          onClose={() => (isSure.value = false)}
          onConfirm={start}
        >
          <ul class="names">
            {wishes.map(({ id, name, remove }) =>
              remove.length > 0 ? (
                <li key={id}>
                  <bdi>{name}</bdi>: {remove.map((each) => person(each.id)).join(", ")}
                </li>
              ) : null,
            )}
          </ul>
          <p class="small muted">{t("remove_text")}</p>
        </Confirm>
      ) : null}
    </>
  );
}

/** What the button does; nothing is said of what it does not do. */
function actionText(adds: number, removals: number): string {
  if (adds > 0 && removals > 0) return t("equal_action", number(adds), number(removals));
  if (removals > 0) return t("equal_action_remove", number(removals));
  return adds > 0 ? t("equal_action_add", number(adds)) : t("equal_action_none");
}

/** The same lists as long as they say the same, so that the plan is not asked for with every drawing. */
function usePairs(wishes: { group: string; people: Person[] }[]) {
  const key = wishes.map(({ group, people }) => `${group} ${people.map(({ id }) => id).join()}`).join(" ");
  return useMemo(() => pairsOf(wishes), [key]);
}

/** What became of a group since the plan was made. */
type Now = "same" | "changed" | "unread";

/**
 * A plan from a file, shown as it is. The members of its groups are read again, and a group that is not as it was when
 * the plan was made is left out.
 */
export function ApplyPlan({ plan, onClose }: { plan: MatchPlan; onClose: () => unknown }) {
  const { store, connection, settings } = useShell();
  const person = usePersonText();
  const pace = useSignal<Pace>(settings.value.pace);
  const states = useSignal<ReadonlyMap<string, Now>>(new Map());
  const { id: own = "", origin, instance } = connection.value ?? {};
  const isOurs = origin === plan.origin && instance === plan.instance;
  const reading = useEach(async (group) => {
    const reply = await send("refreshGroup", { group });
    const wish = plan.groups.find(({ id }) => id === group);
    const roster = reply.ok ? await readRoster(store, own, group) : undefined;
    const isSame = roster && roster.shrunk === undefined && (await digestOf(roster.members)) === wish?.members;
    const state: Now = !roster ? "unread" : isSame ? "same" : "changed";
    // A request limit is waited for and the group is read again.
    if (reply.ok || reply.failure.code !== "rate-limited") states.value = new Map([...states.peek(), [group, state]]);
    return reply;
  });
  useEffect(() => {
    if (isOurs) void reading.start(plan.groups.map(({ id }) => id));
  }, [plan, isOurs]);
  const usable = plan.groups.filter(({ id }) => states.value.get(id) === "same");
  const changed = plan.groups.filter(({ id }) => states.value.get(id) === "changed").length;
  const names = new Map(plan.groups.map(({ id, name }) => [id, name] as const));
  return (
    <>
      <h2>{t("plan_file_title", dateTime(plan.madeAt, Date.now()))}</h2>
      {isOurs ? null : <Notice tone="bad">{t("plan_file_foreign", plan.origin, plan.instance)}</Notice>}
      <EachProgress each={reading} label={t("people_reading")} names={names} />
      {changed > 0 ? <Notice tone="warn">{plural("plan_file_changed", changed)}</Notice> : null}
      <ul class="divided" aria-label={t("plan_file_groups")}>
        {plan.groups.map(({ id, name, add, remove }) => (
          <li class="stack tight" key={id}>
            <span class="row">
              <strong class="grow clip">
                <bdi>{name}</bdi>
              </strong>
              <State now={states.value.get(id)} />
            </span>
            {add.length > 0 ? (
              <span class="small num">
                {plural("equal_add", add.length)}: {add.map((each) => each.name ?? person(each.id)).join(", ")}
              </span>
            ) : null}
            {remove.length > 0 ? (
              <span class="small num">
                {plural("equal_remove", remove.length)}: {remove.map((each) => person(each.id)).join(", ")}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      <StartPlan
        wishes={reading.progress.value === undefined ? usable : []}
        pace={pace.value}
        onPace={(next) => (pace.value = next)}
        onStarted={onClose}
      />
      <Button kind="quiet" onPress={onClose}>
        {t("action_cancel")}
      </Button>
    </>
  );
}

function State({ now }: { now: Now | undefined }) {
  if (now === undefined) return null;
  if (now === "same") return <Tag tone="good">{t("plan_state_same")}</Tag>;
  return <Tag tone="warn">{now === "changed" ? t("plan_state_changed") : t("plan_state_unread")}</Tag>;
}
