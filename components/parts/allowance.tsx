import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { dateTime, number, t } from "../../lib/shared/i18n";
import { readBudget } from "../../lib/store/read-account";
import { useLive } from "../models/live";
import { useNow } from "../models/now";
import { useShell } from "../models/shell";
import "./allowance.css";

/** A dial of the requests left for now, explained on hover, focus or press. */
export function Allowance() {
  const { connection } = useShell();
  const id = connection.value?.id;
  const budget = useLive(["budgets"], async (store) => (id === undefined ? undefined : readBudget(store, id)), [id]);
  const now = useNow(true, 5000);
  const tip = useId();
  const isHidden = useSignal(false);
  if (!budget.value) return null;
  const { limit, remaining, resetAt } = budget.value;
  const left = resetAt <= now ? limit : Math.max(0, remaining);
  const around = 2 * Math.PI * 8;
  const show = () => (isHidden.value = false);
  return (
    <span class={isHidden.value ? "allowance" : "allowance tells"} onPointerLeave={show}>
      <button
        type="button"
        class="button plain icon"
        aria-label={t("bar_allowance", number(left), number(limit))}
        aria-describedby={tip}
        onBlur={show}
        onClick={show}
        onKeyDown={(event) => {
          // Esc hides the tip before leaving the screen.
          if (event.key !== "Escape" || isHidden.value) return;
          isHidden.value = true;
          event.preventDefault();
        }}
      >
        <svg
          class={left < limit / 5 ? "gauge low" : "gauge"}
          width="22"
          height="22"
          viewBox="0 0 22 22"
          aria-hidden="true"
        >
          <circle cx="11" cy="11" r="8" />
          <circle
            class="fill"
            cx="11"
            cy="11"
            r="8"
            stroke-dasharray={`${(around * left) / Math.max(1, limit)} ${around}`}
            transform="rotate(-90 11 11)"
          />
        </svg>
      </button>
      <span class="tip small">
        <strong>{t("bar_allowance", number(left), number(limit))}</strong>
        <span id={tip} class="block">
          {left < limit ? t("bar_allowance_full", dateTime(resetAt, now)) : null} {t("bar_allowance_hint")}
        </span>
      </span>
    </span>
  );
}
