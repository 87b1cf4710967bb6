import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useReturn } from "../models/return";
import { isLetter, searchBeside, useDrawnRows } from "../models/rows";
import type { Pick } from "../models/ticked";

/** To focus once drawn: a row's `nth` control of `tag`, by default the main one. */
type Goal = { at: number; tag?: string; nth?: number };

const CONTROLS = "a, input, button";
const controlsOf = (row: Element, tags: string) => [...row.querySelectorAll<HTMLElement>(tags)];

/**
 * Draws only rows in view, of one height (CSS px). `scroller` may hold more above. One Tab stop: arrows, Home, End,
 * Page Up and Page Down move; letters go to the search beside the list.
 */
export function List<Item>(props: {
  items: Item[];
  rowHeight: number;
  keyOf: (item: Item) => string;
  label: string;
  scroller: RefObject<HTMLElement | null>;
  /** `isStop`: Tab stops here. `at`: index in `items`. */
  render: (item: Item, isStop: boolean, at: number) => ComponentChildren;
  /** First Tab stop; by default the first row in view. */
  start?: string;
  /** The row to scroll to and focus on the way back. */
  back?: string;
  /** CSS px of a grid's fixed head; makes the list its body. */
  head?: number;
  /** Makes it a grid of rows to choose, also by Shift and arrows. */
  choice?: { isOn: (item: Item) => boolean; pick: Pick };
}) {
  const { items, rowHeight, scroller, head, choice } = props;
  const box = useRef<HTMLElement>(null);
  const stop = useSignal(props.start);
  const goal = useRef<Goal>(undefined);
  const { first, last, seen, reveal, rowAfter } = useDrawnRows(box, scroller, { count: items.length, rowHeight, head });
  const back = useReturn(props.back);
  useLayoutEffect(() => {
    if (back.current !== undefined && document.activeElement?.matches("h1, body")) {
      const at = items.findIndex((item) => props.keyOf(item) === back.current);
      if (at >= 0) {
        goal.current = { at };
        stop.value = back.current;
        reveal(at);
      }
    }
    if (!goal.current) return;
    const { at, tag = "a.list-row", nth = 0 } = goal.current;
    const row = box.current?.querySelector(`[data-at="${at + 1}"]`);
    if (!row) return;
    goal.current = undefined;
    const main = controlsOf(row, "[tabindex='0']")[0] ?? controlsOf(row, CONTROLS)[0];
    (controlsOf(row, tag)[nth] ?? main)?.focus({ preventScroll: true });
  });
  const press = (event: KeyboardEvent & { currentTarget: HTMLElement }, at: number) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !box.current) return;
    const step = stepAside(event.key);
    if (step !== undefined) {
      event.preventDefault();
      const controls = controlsOf(event.currentTarget, CONTROLS);
      controls[controls.indexOf(event.target as HTMLElement) + step]?.focus();
    }
    const to = rowAfter(event.key, at);
    if (to === undefined) {
      if (isLetter(event)) searchBeside(box.current)?.focus();
      return;
    }
    event.preventDefault();
    const [here, next] = [items[at], items[to]];
    if (to === at || !here || !next) return;
    if (event.shiftKey) choice?.pick(props.keyOf(next), true, props.keyOf(here));
    stop.value = props.keyOf(next);
    const { tagName: tag } = event.target as Element;
    goal.current = { at: to, tag, nth: controlsOf(event.currentTarget, tag).indexOf(event.target as HTMLElement) };
    reveal(to);
  };
  const drawn = items.slice(first, last);
  const at = drawn.findIndex((item) => props.keyOf(item) === stop.value);
  // If scrolled away, the first row in view replaces it.
  const stopAt = at >= 0 ? at : Math.min(drawn.length - 1, seen - first);
  const [Rows, Row] = choice ? (["div", "div"] as const) : (["ul", "li"] as const);
  return (
    <Rows
      class="rows"
      ref={box as RefObject<never>}
      {...(choice ? gridOf(items.length, head) : {})}
      aria-label={head === undefined ? props.label : undefined}
      style={{ height: `${items.length * rowHeight}px` }}
    >
      {drawn.map((item, offset) => (
        // The keys are those of what the row holds.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <Row
          key={props.keyOf(item)}
          onFocusIn={() => (stop.value = props.keyOf(item))}
          onKeyDown={(event) => press(event, first + offset)}
          data-at={first + offset + 1}
          {...(choice
            ? {
                role: "row" as const,
                "aria-rowindex": first + offset + (head ? 2 : 1),
                "aria-selected": choice.isOn(item),
              }
            : { "aria-setsize": items.length, "aria-posinset": first + offset + 1 })}
          style={{ top: `${(first + offset) * rowHeight}px`, height: `${rowHeight}px` }}
        >
          {props.render(item, offset === stopAt, first + offset)}
        </Row>
      ))}
    </Rows>
  );
}

const gridOf = (count: number, head: number | undefined) =>
  head === undefined
    ? { role: "grid" as const, "aria-rowcount": count, "aria-multiselectable": true }
    : { role: "rowgroup" as const };

function stepAside(key: string): number | undefined {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  return step && document.documentElement.dir === "rtl" ? -step : step;
}
