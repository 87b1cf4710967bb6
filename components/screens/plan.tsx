import { useSignal } from "@preact/signals";
import { FileCheck } from "lucide";
import { useEffect } from "preact/hooks";
import { dateTime, plural, t } from "../../lib/shared/i18n";
import { digestOf, readPlan, type MatchPlan } from "../../lib/shared/match-plan";
import type { Pace } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { readRoster } from "../../lib/store/read";
import { useEach } from "../models/each";
import { usePersonText } from "../models/person";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { EachProgress } from "../parts/each-progress";
import { FileButton } from "../parts/file-button";
import { Form } from "../parts/form";
import { Notice, Tag } from "../parts/notice";
import { StartPlan } from "./several/plan";

/** Opens and applies a plan for several groups from a file, or says what is wrong with it. */
export function PlanScreen() {
  const plan = useSignal<MatchPlan | undefined>(undefined);
  const wrong = useSignal<"unreadable" | "altered" | undefined>(undefined);
  const open = async (file: File) => {
    const read = await readPlan(await file.text());
    wrong.value = typeof read === "string" ? read : undefined;
    if (typeof read !== "string") plan.value = read;
  };
  return (
    <Form class="screen">
      {plan.value ? (
        <Apply plan={plan.value} onClose={() => (plan.value = undefined)} />
      ) : (
        <>
          <p class="muted">{t("plan_file_text")}</p>
          <div class="row">
            <FileButton kind="primary" icon={FileCheck} accept=".json,application/json" onFile={open}>
              {t("plan_file_open")}
            </FileButton>
          </div>
          {wrong.value ? (
            <Notice tone="bad">{wrong.value === "altered" ? t("plan_file_altered") : t("plan_file_unreadable")}</Notice>
          ) : null}
        </>
      )}
    </Form>
  );
}

type Now = "same" | "changed" | "unread";

/** Rereads the plan's groups and skips changed ones. */
function Apply({ plan, onClose }: { plan: MatchPlan; onClose: () => unknown }) {
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
    // Read again after the request limit.
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
          <li class="stack tight padded" key={id}>
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
      {reading.progress.value === undefined && usable.length > 0 ? (
        <StartPlan wishes={usable} pace={pace.value} onPace={(next) => (pace.value = next)} onStarted={onClose} />
      ) : null}
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
