import { useSignal } from "@preact/signals";
import { EyeOff, RefreshCw, UserMinus, UserPlus, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { dateTime, number, plural, t } from "../../../lib/shared/i18n";
import { differenceOf } from "../../../lib/shared/difference";
import type { Group, Member, Pace, Person, Roster } from "../../../lib/shared/model";
import { send } from "../../../lib/shared/send";
import { useCommand } from "../../models/command";
import { useDraft } from "../../models/live";
import { personText, usePersonText } from "../../models/person";
import { useShell } from "../../models/shell";
import { useKeptJob } from "../../models/start";
import { toggled } from "../../models/ticked";
import { Button } from "../../parts/button";
import { Icon } from "../../parts/icon";
import { ListBox } from "../../parts/list-box";
import { FailureNotice, Notice, Tag } from "../../parts/notice";
import { PeopleInput } from "../../parts/people-input";
import { PaceSelect, PlanCost, usePlan } from "../../parts/plan";
import { StartedJob } from "../../parts/started-job";
import { RemoveDialog } from "./remove";

const ROW = 40;

/**
 * Makes the members equal to a pasted list: who is to be added (ticked), who to be removed (not ticked; admins one by one
 * only), and who cannot be told. A reading that is empty or shows far fewer than before is never compared with.
 */
export function Equal(props: { group: Group; roster: Roster; isRefreshing: boolean; onClose: () => unknown }) {
  const { group, roster, onClose } = props;
  const { connection } = useShell();
  const own = connection.value?.ownNumber;
  const form = { form: "equal", connection: group.connection, subject: group.id } as const;
  const adding = useKeptJob(draftKey(form, "add"));
  const removing = useKeptJob(draftKey(form, "remove"));
  const input = useSignal<{ people: Person[]; unusable: number; clear: () => void }>({
    people: [],
    unusable: 0,
    clear: () => undefined,
  });
  /** Who is not to be added all the same, and who is to be removed. */
  const left = useSignal<ReadonlySet<string>>(new Set());
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const isSure = useSignal(false);
  const chosen = useDraft(draftKey(form, "pace"));
  const pace = (chosen.text.value || "careful") as Pace;
  const { people, unusable, clear } = input.value;
  const isDoubtful = roster.members.length === 0 || roster.shrunk !== undefined;
  const difference = useMemo(
    () => (people.length > 0 && !isDoubtful ? differenceOf(roster.members, people, own) : undefined),
    [roster, people, own, isDoubtful],
  );
  const toAdd = useMemo(() => difference?.add.filter(({ id }) => !left.value.has(id)) ?? [], [difference, left.value]);
  const toRemove = difference?.remove.filter(({ id }) => ticked.value.has(id)) ?? [];
  const plans = [
    usePlan(useAsked("add", group.id, toAdd, pace)).value,
    usePlan(useAsked("remove", group.id, asPeople(toRemove), pace)).value,
  ].filter((_, index) => (index === 0 ? toAdd : toRemove).length > 0);

  if (adding.id !== undefined || removing.id !== undefined) {
    return (
      <div class="stack">
        {removing.id === undefined ? null : <StartedJob id={removing.id} job={removing} isCard />}
        {adding.id === undefined ? null : <StartedJob id={adding.id} job={adding} isCard />}
      </div>
    );
  }
  const start = async (removed: Person[], admins: string[]) => {
    isSure.value = false;
    const jobs = { groups: [group.id], pace };
    // A removal can be undone for a moment, so it is asked for first.
    if (
      removed.length > 0 &&
      (await removing.start({ kind: "remove", people: removed, admins, ...jobs })) === undefined
    )
      return;
    if (toAdd.length > 0 && (await adding.start({ kind: "add", people: toAdd, ...jobs })) === undefined) return;
    clear();
  };
  const failure = removing.failure.value ?? adding.failure.value;
  const isNothing = difference !== undefined && difference.add.length + difference.remove.length === 0;
  const press = () => (toRemove.length > 0 ? (isSure.value = true) : start([], []));
  return (
    <div class="stack equal">
      <div class="stack tight">
        <h2 class="minor">{t("equal_title")}</h2>
        <p class="small muted">{t("equal_text")}</p>
      </div>
      <PeopleInput
        form={form}
        label={t("equal_label")}
        isFirst
        onPeople={(next, clear_, rejects) => {
          const bad = rejects.filter(({ reason }) => reason !== "duplicate").length;
          input.value = { people: next, clear: clear_, unusable: bad };
        }}
      />
      {isDoubtful ? <Doubt group={group} roster={roster} isRefreshing={props.isRefreshing} /> : null}
      {difference ? (
        <>
          <p class="small muted" role="status">
            {plural("equal_same", difference.same)}
          </p>
          <Side
            icon={UserPlus}
            title={plural("equal_add", difference.add.length)}
            items={difference.add}
            chosen={new Set(toAdd.map(({ id }) => id))}
            all={difference.add.map(({ id }) => id)}
            onChange={(next) => (left.value = new Set(difference.add.flatMap(({ id }) => (next.has(id) ? [] : [id]))))}
          />
          <Side
            icon={UserMinus}
            tone="bad"
            title={plural("equal_remove", difference.remove.length)}
            items={difference.remove}
            chosen={new Set(toRemove.map(({ id }) => id))}
            all={difference.remove.flatMap(({ id, role }) => (role === "member" ? [id] : []))}
            onChange={(next) => (ticked.value = next)}
          >
            {unusable > 0 ? <Notice tone="warn">{plural("equal_unusable", unusable)}</Notice> : null}
          </Side>
          {difference.unknown.length > 0 ? (
            <Side icon={EyeOff} title={plural("equal_unknown", difference.unknown.length)} items={difference.unknown}>
              <p class="small muted">{t("equal_unknown_text")}</p>
            </Side>
          ) : null}
          {isNothing ? null : <PaceSelect value={pace} onChange={(next) => (chosen.text.value = next)} />}
          {plans.length > 0 ? <PlanCost plans={plans} /> : null}
        </>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <div class="row wrap">
        <Button
          kind="primary"
          isBusy={adding.isBusy.value || removing.isBusy.value}
          isOff={toAdd.length + toRemove.length === 0}
          title={people.length === 0 ? t("add_none_hint") : undefined}
          onPress={press}
        >
          {actionText(toAdd.length, toRemove.length)}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t("action_cancel")}
        </Button>
      </div>
      {isSure.value ? (
        <RemoveDialog
          group={group}
          own={own}
          members={toRemove}
          ticked={ticked.value}
          skipped={0}
          pace={pace}
          onClose={() => (isSure.value = false)}
          onRemove={(removed, _, admins) => start(removed, admins)}
        />
      ) : null}
    </div>
  );
}

function useAsked(op: "add" | "remove", group: string, people: Person[], pace: Pace) {
  return useMemo(
    () => ({ op, groups: [group], people, pace, withAdmins: true }),
    [op, group, people.map(({ id }) => id).join(), pace],
  );
}

function asPeople(members: Member[]): Person[] {
  return members.map(({ id }) => ({ id, given: personText(id) }));
}

function actionText(adds: number, removes: number): string {
  if (adds > 0 && removes > 0) return t("equal_action", number(adds), number(removes));
  if (removes > 0) return plural("members_remove_list_next", removes);
  return adds > 0 ? plural("add_action", adds) : t("equal_action_none");
}

/** Says why nothing is compared, and reads the members again. */
function Doubt({ group, roster, isRefreshing }: { group: Group; roster: Roster; isRefreshing: boolean }) {
  const { isBusy, failure, run } = useCommand();
  const read = () => run(() => send("refreshGroup", { group: group.id }));
  const { shrunk, members } = roster;
  return (
    <Notice
      tone="warn"
      title={shrunk ? t("equal_shrunk", number(members.length), number(shrunk.from)) : t("members_none")}
    >
      <p>{shrunk ? t("equal_shrunk_text", dateTime(shrunk.at, Date.now())) : t("members_none_text")}</p>
      <div>
        <Button icon={RefreshCw} isBusy={isBusy.value || isRefreshing} onPress={read}>
          {t("equal_read_again")}
        </Button>
      </div>
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
    </Notice>
  );
}

/** One side of the difference; with boxes where `all` says what "all" ticks. */
function Side(props: {
  icon: IconNode;
  tone?: "bad";
  title: string;
  items: readonly (Person | Member | { id: string; isMember: boolean; given?: string })[];
  chosen?: ReadonlySet<string>;
  all?: string[];
  onChange?: (chosen: ReadonlySet<string>) => unknown;
  children?: ComponentChildren;
}) {
  const { items, chosen, all = [], onChange } = props;
  const show = usePersonText();
  const areAll = all.length > 0 && all.every((id) => chosen?.has(id));
  const toggle = (id: string) => onChange?.(toggled(chosen ?? new Set(), id));
  const noteOf = (item: (typeof items)[number]) => {
    if ("isMember" in item) return item.isMember ? t("equal_is_member") : t("equal_is_listed");
    return "name" in item ? item.name : undefined;
  };
  return (
    <section class={props.tone === "bad" ? "side bad" : "side"} aria-label={props.title}>
      <div class="row">
        {chosen && items.length > 0 ? (
          <label class="target">
            <input
              type="checkbox"
              class="tick"
              aria-label={t("equal_all", props.title)}
              checked={areAll}
              disabled={all.length === 0}
              ref={(box) => {
                if (box) box.indeterminate = chosen.size > 0 && !areAll;
              }}
              onChange={() => onChange?.(new Set(areAll ? [] : all))}
            />
          </label>
        ) : null}
        <Icon icon={props.icon} size={16} />
        <h4 class="grow">{props.title}</h4>
        {chosen && items.length > 0 ? (
          <span class="small muted num">{t("equal_ticked", number(chosen.size))}</span>
        ) : null}
      </div>
      {items.length > 0 ? props.children : null}
      {items.length > 0 ? (
        <ListBox
          items={[...items]}
          rowHeight={ROW}
          keyOf={({ id }) => id}
          label={props.title}
          render={(item) => (
            <label class="side-row">
              {chosen ? (
                <input type="checkbox" class="tick" checked={chosen.has(item.id)} onChange={() => toggle(item.id)} />
              ) : null}
              <bdi class="clip num grow">{show(item.id)}</bdi>
              {noteOf(item) ? <span class="small muted clip">{noteOf(item)}</span> : null}
              {"role" in item && item.role !== "member" ? (
                <Tag tone="good">{t(`members_role_${item.role}`)}</Tag>
              ) : null}
            </label>
          )}
        />
      ) : null}
    </section>
  );
}
