import type { ComponentChildren } from "preact";
import { t } from "../../../lib/shared/i18n";
import type { GroupRow } from "../../../lib/store/schema";
import type { Chosen } from "../../models/chosen";
import { usePick, type Pick } from "../../models/ticked";
import { Tag } from "../../parts/notice";
import { TickBox } from "../../parts/tick-box";

export interface Choice {
  chosen: Chosen;
  pick: Pick;
  /** Ctrl or ⌘ A chooses all shown; Esc clears the choice. */
  press: (event: KeyboardEvent) => void;
}

/** Chooses among the shown groups. */
export function useChoice(chosen: Chosen, shown: readonly GroupRow[]): Choice {
  return {
    chosen,
    pick: usePick(chosen.ids, () => shown.map(({ id }) => id), chosen.set),
    press: (event) => {
      if (!(event.target instanceof Element) || event.target.closest("dialog")) return;
      const field = event.target.closest("input:not([type=checkbox]), textarea, select");
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a" && !field) {
        event.preventDefault();
        chosen.set([...chosen.ids, ...shown.map(({ id }) => id)]);
      }
      const hasText = field instanceof HTMLInputElement && field.value !== "";
      if (event.key === "Escape" && chosen.ids.size > 0 && !hasText) {
        event.preventDefault();
        chosen.set([]);
      }
    },
  };
}

const LABELS = 2;

/** A row with its box. Box, `x` or Space chooses the group; with Shift, all from the last. */
export function ChoiceRow(props: { row: GroupRow; choice: Choice; labels?: string[]; children: ComponentChildren }) {
  const { row, choice } = props;
  const isOn = choice.chosen.ids.has(row.id);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Boxes and buttons handle Space themselves.
    const isOnLink = event.target instanceof HTMLAnchorElement;
    if ((event.key !== " " || !isOnLink) && event.key.toLowerCase() !== "x") return;
    event.preventDefault();
    choice.pick(row.id, event.shiftKey);
  };
  const click = (event: MouseEvent) => {
    if (!event.shiftKey || !(event.target instanceof Element) || !event.target.closest("a.list-row")) return;
    // Shift and click must not open a new window.
    event.preventDefault();
    choice.pick(row.id, true);
  };
  const names = ["choice-row", isOn ? "on" : "", choice.chosen.ids.size > 0 ? "choosing" : ""];
  return (
    <div class={names.filter(Boolean).join(" ")} onKeyDown={press} onClick={click}>
      <span class="choose-cell" role="gridcell">
        {/* oxlint-disable-next-line jsx-a11y/label-has-associated-control -- the box is a component */}
        <label class="choose">
          <TickBox isOn={isOn} label={t("chosen_pick", row.name)} onTick={(isRange) => choice.pick(row.id, isRange)} />
        </label>
      </span>
      {props.children}
      {props.labels?.slice(0, LABELS).map((label) => (
        <Tag key={label} tone="brand">
          {label}
        </Tag>
      ))}
    </div>
  );
}
