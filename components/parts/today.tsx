import { number, t } from "../../lib/shared/i18n";
import { CAUTION } from "../../lib/shared/model";
import { useTally } from "../models/tally";

/** The bar continues beyond the mark, which is no limit. */
const BEYOND = 1.25;

/** What was tried today, with `more`, as a bar against our caution, and in words. Empty below two. */
export function Today({ counter, more }: { counter: keyof typeof CAUTION; more: number }) {
  const tally = useTally().value;
  if (!tally || tally[counter] + more < 2) return null;
  const done = tally[counter];
  const mark = CAUTION[counter];
  const isOver = done + more >= mark;
  const x = (count: number) => (100 * count) / Math.max(mark * BEYOND, done + more);
  const fill = isOver ? "var(--warn)" : "var(--brand)";
  return (
    <div class="stack tight">
      <p class="row wrap small num">
        <span class="grow">
          {t(`today_${counter}`)}{" "}
          <strong>{more > 0 ? t("today_with", number(done), number(more)) : number(done)}</strong>
        </span>
        <span class="muted">{t("today_mark", number(mark))}</span>
      </p>
      {/* Tried: solid; `more`: pale; caution: a mark across. */}
      <svg width="100%" height="12" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" data-points>
        <rect y="2" width="100" height="8" fill="var(--paper-3)" />
        <rect y="2" width={x(done)} height="8" fill={fill} />
        <rect y="2" x={x(done)} width={x(more)} height="8" fill={fill} opacity="0.45" />
        <line
          x1={x(mark)}
          x2={x(mark)}
          y2="12"
          stroke="currentColor"
          stroke-width="2"
          vector-effect="non-scaling-stroke"
        />
      </svg>
      <p class="small muted">{t("today_hint")}</p>
    </div>
  );
}
