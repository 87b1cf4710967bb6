import { joined, dateTime, number, plural, t } from "../../lib/shared/i18n";
import type { Budget, EachReading } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { readNotes } from "../../lib/store/read";
import { readBudget } from "../../lib/store/read-account";
import { useCommand } from "../models/command";
import { useLive } from "../models/live";
import { readAges, type Ages } from "../models/membership";
import { useNow } from "../models/now";
import { useShell } from "../models/shell";
import { Button, firstClick } from "./button";
import { Counter } from "./counter";
import { waitsText } from "./each-progress";
import { Check } from "./field";
import { FailureNotice } from "./failure-notice";
import { Progress } from "./progress";
import { durationText } from "./verdicts";

/** Shows and controls the worker's reading of members. */
export function MembersReading() {
  const { connection, settings } = useShell();
  const id = connection.value?.id ?? "";
  const read = useLive(
    ["groups", "rosters", "gateways", "budgets"],
    async (store) => {
      const [ages, notes, budget] = await Promise.all([
        readAges(store, id),
        readNotes(store, id),
        readBudget(store, id),
      ]);
      return { ages, reading: notes.members, budget };
    },
    [id],
  );
  const { failure, isBusy, run } = useCommand();
  if (!read.value) return null;
  const { ages, reading, budget } = read.value;
  const start = () => run(() => send("readMembers", {}));
  const stop = (as: "paused" | "ended") => run(() => send("stopReading", { what: "members", as }));
  const isOpen = reading !== undefined && reading.endedAt === undefined;
  const { lockAfter, protection = "none" } = settings.value;
  const isLockedFirst = lockAfter > 0 && protection !== "none" && connection.value?.isSandbox === false;
  const isOn = isOpen && !reading.isPaused && !reading.failure;
  const failed = Object.entries(reading?.failed ?? {}).flatMap(([group, code]) => (code === "group-gone" ? [] : group));
  return (
    <div class="stack tight">
      <div class="row wrap small muted">
        <Counter
          text={isOpen ? t("reading_progress", number(reading.done), number(reading.total)) : agesText(ages)}
          meanwhile={isOn ? t("people_reading") : undefined}
        />
        {isOn ? (
          <Button kind="quiet" isBusy={isBusy.value} onPress={firstClick(() => stop("paused"))}>
            {t("job_pause")}
          </Button>
        ) : (
          <Button kind="quiet" isBusy={isBusy.value} onPress={firstClick(start)}>
            {t(isOpen ? "job_resume" : ages.unread > 0 ? "people_read" : "reading_again")}
          </Button>
        )}
        {isOpen ? (
          <Button kind="quiet" isBusy={isBusy.value} onPress={() => stop("ended")}>
            {t("action_stop")}
          </Button>
        ) : null}
      </div>
      {isOpen ? (
        <Progress done={reading.done / Math.max(1, reading.total)} label={t("people_reading")} isPaused={!isOn} />
      ) : null}
      {isOn ? <Rest reading={reading} budget={budget} /> : null}
      {isOpen && reading.failure ? <FailureNotice failure={{ code: reading.failure }} onRetry={start} /> : null}
      {failed.length > 0 && !isOpen ? (
        <div class="row wrap small">
          <span class="grow">{plural("reading_failed", failed.length)}</span>
          <Button kind="quiet" onPress={() => run(() => send("readMembers", { groups: failed }))}>
            {t("action_retry")}
          </Button>
        </div>
      ) : null}
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <Check
        label={t("reading_freshen")}
        hint={`${t("reading_freshen_hint")} ${isLockedFirst ? t("reading_freshen_lock") : ""}`.trim()}
        isOn={settings.value.isFreshening}
        onChange={(isFreshening) => run(() => send("saveSettings", { isFreshening }))}
      />
    </div>
  );
}

function agesText({ total, unread, oldest }: Ages): string {
  if (unread > 0) return t("people_unread", number(unread), number(total));
  const all = plural("people_all_read", total);
  return oldest === undefined ? all : `${all} ${t("reading_oldest", dateTime(oldest, Date.now()))}`;
}

function Rest({ reading, budget }: { reading: EachReading; budget?: Budget }) {
  const now = useNow(true, 1000);
  const { goesOnAt = 0, wait } = reading;
  const words = [
    goesOnAt > now ? waitsText(wait, goesOnAt - now) : "",
    t("job_left", durationText(restOf(reading, budget, now))),
  ];
  return <p class="small muted num">{joined(words)}</p>;
}

const MINUTE = 60_000;
/** Ms per request without waiting. */
const REQUEST = 100;

/** Estimates remaining ms: one request per group, within the gateway's limit. */
function restOf(reading: Pick<EachReading, "total" | "done">, budget: Budget | undefined, now: number): number {
  const { limit, remaining, resetAt } = budget ?? { limit: 100, remaining: 100, resetAt: 0 };
  const usable = Math.max(1, limit - Math.floor(limit * 0.05));
  const left = resetAt <= now ? usable : Math.max(0, remaining - (limit - usable));
  const rest = reading.total - reading.done;
  if (rest <= left) return rest * REQUEST;
  const windows = Math.ceil((rest - left) / usable);
  const last = rest - left - (windows - 1) * usable;
  return Math.max(0, resetAt - now) + (windows - 1) * MINUTE + last * REQUEST;
}
