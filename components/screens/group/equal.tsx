import { useSignal } from "@preact/signals";
import { RefreshCw } from "lucide";
import { useMemo } from "preact/hooks";
import { draftKey, type FormPlace } from "../../../lib/shared/draft";
import { dateTime, number, plural, t } from "../../../lib/shared/i18n";
import { differenceOf } from "../../../lib/shared/difference";
import type { Group, Member, Pace, Person, Roster } from "../../../lib/shared/model";
import { samePerson } from "../../../lib/shared/person";
import { send } from "../../../lib/shared/send";
import { useCommand } from "../../models/command";
import { useSavedTicks } from "../../models/saved-ticks";
import { useDraft } from "../../models/live";
import { personText } from "../../models/person";
import { useShell } from "../../models/shell";
import { type SavedJob, useSavedJob } from "../../models/start";
import { Button } from "../../parts/button";
import { Form } from "../../parts/form";
import { FailureNotice } from "../../parts/failure-notice";
import { Notice } from "../../parts/notice";
import { PeopleInput } from "../../parts/people-input";
import { PaceSelect, PlanCost, usePlan } from "../../parts/plan";
import { StartedJob } from "../../parts/started-job";
import { Today } from "../../parts/today";
import { RemoveDialog } from "./remove";
import { Sides } from "./sides";

interface Input {
  people: Person[];
  unusable: number;
  clear: () => void;
}

/**
 * Makes the members equal to a pasted list: additions ticked, removals not, admins only individually; some cases are
 * undecidable. Never compares an empty or much smaller reading.
 */
export function Equal(props: { group: Group; roster: Roster; isRefreshing: boolean; onClose: () => unknown }) {
  const { group, roster, onClose } = props;
  const { connection } = useShell();
  const own = connection.value?.ownNumber;
  const form = { form: "equal", connection: group.connection, subject: group.id } as const;
  const adding = useSavedJob(draftKey(form, "add"));
  const removing = useSavedJob(draftKey(form, "remove"));
  const input = useSignal<Input>({ people: [], unusable: 0, clear: () => undefined });
  const isSure = useSignal(false);
  const chosen = useDraft(draftKey(form, "pace"));
  const pace = (chosen.text.value || "careful") as Pace;
  const { people, unusable, clear } = input.value;
  const isDoubtful = roster.members.length === 0 || roster.shrunk !== undefined;
  const { difference, left, ticked, toAdd, toRemove } = useComparison(form, isDoubtful ? undefined : roster, people);
  const plans = [
    usePlan({ op: "add", groups: [group.id], people: toAdd, pace }),
    usePlan({ op: "remove", groups: [group.id], people: asPeople(toRemove), pace, withAdmins: true }),
  ].filter((_, index) => (index === 0 ? toAdd : toRemove).length > 0);

  if (adding.id !== undefined || removing.id !== undefined) {
    return <Started jobs={[removing, adding]} />;
  }
  const start = async (removed: Person[], admins: string[]) => {
    isSure.value = false;
    const jobs = { groups: [group.id], pace };
    // Removals first: they can be undone for a moment.
    const isOn = removed.length === 0 || (await removing.start({ kind: "remove", people: removed, admins, ...jobs }));
    if (!isOn || (toAdd.length > 0 && !(await adding.start({ kind: "add", people: toAdd, ...jobs })))) return;
    clear();
    left.set([]);
    ticked.set([]);
  };
  const failure = removing.failure.value ?? adding.failure.value;
  const isNothing = difference !== undefined && difference.add.length + difference.remove.length === 0;
  const press = () => (toRemove.length > 0 ? (isSure.value = true) : start([], []));
  return (
    <Form class="stack equal">
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
          <Sides
            group={group}
            size={roster.members.length}
            difference={difference}
            adding={toAdd}
            left={left}
            removing={toRemove}
            ticked={ticked}
            unusable={unusable}
          />
          {isNothing ? null : <PaceSelect value={pace} onChange={(next) => (chosen.text.value = next)} />}
          <Today counter="adds" more={toAdd.length} />
          {plans.length > 0 ? <PlanCost plans={plans} /> : null}
        </>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <div class="row wrap">
        <Button
          type="submit"
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
          ticked={ticked.ids}
          skipped={0}
          pace={pace}
          onClose={() => (isSure.value = false)}
          onRemove={(removed, _, admins) => start(removed, admins)}
        />
      ) : null}
    </Form>
  );
}

function Started({ jobs }: { jobs: SavedJob[] }) {
  return (
    <div class="stack">
      {jobs.map((job) => (job.id === undefined ? null : <StartedJob key={job.id} id={job.id} job={job} isCard />))}
    </div>
  );
}

/** Compares a reading with the list; `left`: exceptions from adding, `ticked`: who to remove. */
function useComparison(form: FormPlace<"equal">, roster: Roster | undefined, people: Person[]) {
  const own = useShell().connection.value?.ownNumber;
  const difference = useMemo(
    () => (people.length > 0 && roster ? differenceOf(roster.members, people, own) : undefined),
    [roster, people, own],
  );
  const left = useSavedTicks(draftKey(form, "left"), { count: people.length, there: idsOf(difference?.add) });
  const ticked = useSavedTicks(draftKey(form, "ticked"), { count: people.length, there: idsOf(difference?.remove) });
  const toAdd = useMemo(() => difference?.add.filter(({ id }) => !left.ids.has(id)) ?? [], [difference, left.ids]);
  const toRemove = difference?.remove.filter(({ id }) => ticked.ids.has(id)) ?? [];
  return { difference, left, ticked, toAdd, toRemove };
}

const idsOf = (list: readonly { id: string }[] | undefined) => list?.map(({ id }) => id);

function asPeople(members: Member[]): Person[] {
  return members.map(({ id }) => ({ id, given: personText(id) }));
}

function actionText(adds: number, removes: number): string {
  if (adds > 0 && removes > 0) return t("equal_action", number(adds), number(removes));
  if (removes > 0) return plural("members_remove_list_next", removes);
  return adds > 0 ? plural("add_action", adds) : t("equal_action_none");
}

function Doubt({ group, roster, isRefreshing }: { group: Group; roster: Roster; isRefreshing: boolean }) {
  const { isBusy, failure, run } = useCommand();
  const read = () => run(() => send("refreshGroup", { group: group.id }));
  const { shrunk, members } = roster;
  const own = useShell().connection.value?.ownNumber;
  const isOnlyUs =
    own !== undefined && members.length * 2 > (shrunk?.from ?? 0) && !members.some(({ id }) => samePerson(id, own));
  const why = isOnlyUs ? "equal_shrunk_own" : "equal_shrunk_text";
  return (
    <Notice
      tone="warn"
      title={shrunk ? t("equal_shrunk", number(members.length), number(shrunk.from)) : t("members_none")}
    >
      <p>{shrunk ? t(why, dateTime(shrunk.at, Date.now())) : t("members_none_text")}</p>
      <div>
        <Button icon={RefreshCw} isBusy={isBusy.value || isRefreshing} onPress={read}>
          {t("equal_read_again")}
        </Button>
      </div>
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
    </Notice>
  );
}
