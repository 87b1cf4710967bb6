import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { number, plural, t } from "../../../lib/shared/i18n";
import { pairsOf } from "../../../lib/shared/match-plan";
import type { Pace, Person } from "../../../lib/shared/model";
import { placeKey } from "../../../lib/shared/person";
import { usePersonText } from "../../models/person";
import { goFromHere, useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { Button } from "../../parts/button";
import { Confirm } from "../../parts/dialog";
import { FailureNotice } from "../../parts/failure-notice";
import { PaceSelect, PlanCost, usePlan } from "../../parts/plan";
import { Today } from "../../parts/today";
import "../../parts/stays.css";
import "../../parts/names.css";

/** What to do in a group. */
export interface Wish {
  id: string;
  name: string;
  add: Person[];
  remove: Person[];
  admins: string[];
}

/** Cost and button: one undoable job for all removals, one for all additions. */
export function StartPlan(props: {
  wishes: readonly Wish[];
  pace: Pace;
  onPace: (pace: Pace) => unknown;
  onStarted: () => unknown;
}) {
  const { wishes, pace } = props;
  const shell = useShell();
  const person = usePersonText();
  const removing = useStart();
  const adding = useStart();
  const isSure = useSignal(false);
  /** Removals started without their additions, which the next press starts alone. */
  const begun = useRef<unknown>(undefined);
  const adds = usePairs(wishes.map(({ id, add }) => ({ group: id, people: add })));
  const removals = usePairs(wishes.map(({ id, remove }) => ({ group: id, people: remove })));
  const plans = [
    usePlan({ op: "add", ...adds, pace }),
    usePlan({ op: "remove", ...removals, pace, withAdmins: true }),
  ].filter((_, at) => (at === 0 ? adds : removals).pairs.length > 0);
  const count = adds.pairs.length + removals.pairs.length;
  const areTooMany = plans.some(({ failure }) => failure?.code === "too-many");
  const start = async () => {
    const go = goFromHere(shell);
    isSure.value = false;
    let id: string | undefined;
    // Removals first: they can be undone for a moment.
    if (removals.pairs.length > 0 && begun.current !== removals) {
      const admins = wishes.flatMap((wish) => wish.admins.map((admin) => placeKey(wish.id, admin)));
      id = await removing.start({ kind: "remove", ...removals, admins, pace });
      if (id === undefined) return;
      begun.current = removals;
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
      {adds.pairs.length > 0 ? <Today counter="adds" more={adds.pairs.length} /> : null}
      {count > 0 ? <PlanCost plans={plans} /> : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <Button
        type="submit"
        kind="primary"
        class="stays"
        isWide
        isBusy={adding.isBusy.value || removing.isBusy.value}
        isOff={count === 0 || areTooMany}
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

function actionText(adds: number, removals: number): string {
  if (adds > 0 && removals > 0) return t("equal_action", number(adds), number(removals));
  if (removals > 0) return t("equal_action_remove", number(removals));
  return adds > 0 ? t("equal_action_add", number(adds)) : t("equal_action_none");
}

/** Stable lists, so rendering alone causes no new plan. */
function usePairs(wishes: { group: string; people: Person[] }[]) {
  const key = wishes.map(({ group, people }) => `${group} ${people.map(({ id }) => id).join()}`).join(" ");
  return useMemo(() => pairsOf(wishes), [key]);
}
