import { clock, number, t } from "../../lib/shared/i18n";
import type { Each } from "../models/each";
import { useNow } from "../models/now";
import { Button } from "./button";
import { FailureNotice } from "./failure-notice";
import { failureText, Notice } from "./notice";
import { Progress } from "./progress";

const NAMED = 5;

/** Shows progress, waits and failures of reading several groups. */
export function EachProgress({
  each,
  label,
  names,
}: {
  each: Each;
  label: string;
  names: ReadonlyMap<string, string>;
}) {
  const { progress, failures } = each;
  const now = useNow(progress.value?.waitsUntil !== undefined);
  if (progress.value) {
    const { done, total, waitsUntil } = progress.value;
    return (
      <div class="stack close">
        <div class="row small muted">
          <span class="grow num">
            {t("each_progress", number(done), number(total))}
            {waitsUntil === undefined ? null : ` · ${t("each_waits", clock(waitsUntil - now))}`}
          </span>
          <Button kind="quiet" onPress={each.stop}>
            {t("action_stop")}
          </Button>
        </div>
        <Progress done={done / total} label={label} />
      </div>
    );
  }
  if (each.failure?.value) return <FailureNotice failure={each.failure.value} />;
  if (failures.value.size === 0) return null;
  return (
    <Notice tone="warn">
      {[...failures.value].slice(0, NAMED).map(([group, failure]) => (
        <p key={group}>
          <bdi>{names.get(group) ?? group}</bdi>: {failureText(failure).sentence}
        </p>
      ))}
      {failures.value.size > NAMED ? <p>{t("changes_more", number(failures.value.size - NAMED))}</p> : null}
    </Notice>
  );
}
