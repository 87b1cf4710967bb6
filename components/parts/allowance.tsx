import { number, t } from "../../lib/shared/i18n";
import { readBudget } from "../../lib/store/read";
import { useLive } from "../models/live";
import { useNow } from "../models/now";
import { useShell } from "../models/shell";

/** How many requests are left in this minute, as a small dial with its words. */
export function Allowance() {
  const { connection } = useShell();
  const id = connection.value?.id;
  const budget = useLive(["budgets"], async (store) => (id === undefined ? undefined : readBudget(store, id)), [id]);
  const now = useNow(true, 5000);
  if (!budget.value) return null;
  const { limit, remaining, resetAt } = budget.value;
  const left = resetAt <= now ? limit : Math.max(0, remaining);
  const words = t("bar_allowance", number(left), number(limit));
  const around = 2 * Math.PI * 8;
  return (
    <svg
      class={left < limit / 5 ? "gauge low" : "gauge"}
      width="22"
      height="22"
      viewBox="0 0 22 22"
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
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
  );
}
