import { clock, number, t } from "../../lib/shared/i18n";
import type { FailureCode } from "../../lib/shared/model";
import type { Each } from "../models/each";
import { useNow } from "../models/now";
import { Button } from "./button";
import { FailureNotice } from "./failure-notice";
import { failureText, Notice } from "./notice";
import { Progress } from "./progress";

const NAMED = 5;

/** Returns what a reading waits for, and how long (ms). */
export function waitsText(wait: FailureCode | undefined, left: number): string {
  if (wait === "rate-limited") return t("reading_waits", clock(left));
  return t(wait === "offline" ? "reading_waits_offline" : "reading_waits_gateway", clock(left));
}

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
    const { done, total, waitsUntil = 0, wait } = progress.value;
    return (
      <div class="stack close">
        <div class="row small muted">
          <span class="grow num">
            {t("each_progress", number(done), number(total))}
            {waitsUntil > now ? ` · ${waitsText(wait, waitsUntil - now)}` : null}
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
