import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../../../lib/shared/i18n";
import type { GroupRow } from "../../../lib/store/schema";
import type { Chosen } from "../../models/chosen";
import { Tag } from "../../parts/notice";

export interface Choice {
  chosen: Chosen;
  /** Chooses a group or leaves it out; `isRange`: all from the last one to it are chosen. */
  pick: (id: string, isRange: boolean) => void;
  /** For the list as a whole: Ctrl or ⌘ A chooses what is shown, Esc leaves all out. */
  press: (event: KeyboardEvent) => void;
}

/** Choosing groups in a list that shows these rows. */
export function useChoice(chosen: Chosen, shown: readonly GroupRow[]): Choice {
  const last = useRef<string | undefined>(undefined);
  const placeOf = (id: string | undefined) => shown.findIndex((row) => row.id === id);
  return {
    chosen,
    pick: (id, isRange) => {
      const [from, to] = [placeOf(last.current), placeOf(id)];
      last.current = id;
      if (!isRange || from < 0 || to < 0) {
        chosen.toggle(id);
        return;
      }
      const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
      chosen.set([...chosen.ids, ...range.map((row) => row.id)]);
    },
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

/** So many labels have room in a row. */
const LABELS = 2;

/**
 * The box of a row in the list and the row itself: the box, `x` or Space chooses the group, with Shift all from the last
 * one to it.
 */
export function ChoiceRow(props: {
  row: GroupRow;
  choice: Choice;
  /** The agent's labels of the group. */
  labels?: string[];
  /** It is a row of a table: the box is a cell of it. */
  isTable?: boolean;
  children: ComponentChildren;
}) {
  const { row, choice } = props;
  const isOn = choice.chosen.ids.has(row.id);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Space on the box is the box's own.
    const isOnBox = event.target instanceof HTMLInputElement;
    if ((event.key !== " " || isOnBox) && event.key.toLowerCase() !== "x") return;
    event.preventDefault();
    choice.pick(row.id, event.shiftKey);
  };
  const click = (event: MouseEvent) => {
    if (!event.shiftKey || !(event.target instanceof Element) || !event.target.closest("a.list-row")) return;
    // Not a new window.
    event.preventDefault();
    choice.pick(row.id, true);
  };
  const names = ["choice-row", isOn ? "on" : "", choice.chosen.ids.size > 0 ? "choosing" : ""];
  return (
    <div class={names.filter(Boolean).join(" ")} onKeyDown={press} onClick={click}>
      {props.children}
      {props.labels?.slice(0, LABELS).map((label) => (
        <Tag key={label} tone="brand">
          {label}
        </Tag>
      ))}
      {/* Drawn before the row; the arrow keys go to the link, which comes first. */}
      <span class="choose-cell" role={props.isTable ? "cell" : undefined}>
        <label class="choose">
          <input
            type="checkbox"
            class="tick"
            tabIndex={-1}
            checked={isOn}
            aria-label={t("chosen_pick", row.name)}
            onClick={(event) => {
              event.preventDefault();
              choice.pick(row.id, event.shiftKey);
            }}
          />
        </label>
      </span>
    </div>
  );
}
