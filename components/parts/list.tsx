import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** Rows above and below what is seen, so that a quick scroll shows no gap. */
const MARGIN = 6;

/** What a row's focus goes to: the row itself where it is a link, else its first control. */
const stopOf = (row: Element) =>
  row.querySelector<HTMLElement>("a.list-row") ?? row.querySelector<HTMLElement>("a, input, button");

/**
 * A list of any length that draws only the rows in view. All rows have one height (CSS px). `scroller` is the element
 * that scrolls; it may hold other things above the list. It is one stop for Tab: the arrows, Home, End, Page Up and Page
 * Down lead to the other rows, and a letter that the row does not use goes to the search beside the list.
 */
export function List<Item>(props: {
  items: Item[];
  rowHeight: number;
  keyOf: (item: Item) => string;
  label: string;
  scroller: RefObject<HTMLElement | null>;
  /** `isStop`: the one row that Tab stops at; arrow keys lead to the others. `at`: its place in `items`. */
  render: (item: Item, isStop: boolean, at: number) => ComponentChildren;
  /** Row at which Tab stops first; the first one in view unless given. */
  start?: string;
  /** It is the body of a table, whose head of so many CSS px stays in view above the rows; each row draws its cells. */
  head?: number;
}) {
  const { items, rowHeight, scroller, head = 0 } = props;
  const box = useRef<HTMLElement>(null);
  const range = useSignal<[number, number]>([0, 24]);
  const stop = useSignal(props.start);
  /** The row that gets the focus as soon as it is drawn. */
  const wanted = useRef<number | undefined>(undefined);
  const measure = () => {
    const host = scroller.current;
    if (!host || !box.current) return;
    const top = host.scrollTop - (box.current.offsetTop - host.offsetTop);
    const first = Math.max(0, Math.floor(top / rowHeight) - MARGIN);
    const last = Math.ceil((top + host.clientHeight) / rowHeight) + MARGIN;
    if (range.peek()[0] !== first || range.peek()[1] !== last) range.value = [first, last];
  };
  useEffect(() => {
    const host = scroller.current;
    if (!host) return undefined;
    const stop = new AbortController();
    host.addEventListener("scroll", measure, { passive: true, signal: stop.signal });
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    return () => {
      stop.abort();
      observer.disconnect();
    };
  }, [scroller.current, rowHeight]);
  useLayoutEffect(measure, [items.length]);
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-at="${wanted.current + 1}"]`);
    if (!row) return;
    wanted.current = undefined;
    stopOf(row)?.focus({ preventScroll: true });
  });
  const press = (event: KeyboardEvent, at: number) => {
    const host = scroller.current;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !host || !box.current) return;
    const page = Math.max(1, Math.floor((host.clientHeight - head) / rowHeight) - 1);
    const to = rowAfter(event.key, at, items.length, page);
    if (to === undefined) {
      if (isLetter(event)) searchBeside(box.current)?.focus();
      return;
    }
    event.preventDefault();
    const next = items[to];
    if (to === at || next === undefined) return;
    stop.value = props.keyOf(next);
    const top = box.current.offsetTop - host.offsetTop + to * rowHeight;
    if (top - head < host.scrollTop) host.scrollTop = top - head;
    if (top + rowHeight > host.scrollTop + host.clientHeight) host.scrollTop = top + rowHeight - host.clientHeight;
    wanted.current = to;
    measure();
  };
  const [first, last] = range.value;
  const drawn = items.slice(first, last);
  const at = drawn.findIndex((item) => props.keyOf(item) === stop.value);
  // Scrolled away from it, the first row in view takes its place.
  const stopAt = at >= 0 ? at : Math.min(drawn.length - 1, first === 0 ? 0 : MARGIN);
  const isTable = props.head !== undefined;
  const [Rows, Row] = isTable ? (["div", "div"] as const) : (["ul", "li"] as const);
  return (
    <Rows
      class="rows"
      ref={box as RefObject<never>}
      role={isTable ? "rowgroup" : undefined}
      aria-label={isTable ? undefined : props.label}
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
          {...(isTable ? ofTable(first + offset) : ofList(first + offset, items.length))}
          style={{ top: `${(first + offset) * rowHeight}px`, height: `${rowHeight}px` }}
        >
          {props.render(item, offset === stopAt, first + offset)}
        </Row>
      ))}
    </Rows>
  );
}

const ofTable = (at: number) => ({ role: "row" as const, "aria-rowindex": at + 2 });
const ofList = (at: number, count: number) => ({ "aria-setsize": count, "aria-posinset": at + 1 });

/** Index of the row that a key leads to; undefined for other keys, and where the key leads out of the list at its top. */
function rowAfter(key: string, at: number, count: number, page: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined || (key === "ArrowUp" && at === 0)) return undefined;
  return Math.min(count - 1, Math.max(0, at + step));
}

/** Whether the key is a sign that somebody types; `/` and `?` have a meaning of their own, a blank presses. */
function isLetter({ key, isComposing }: KeyboardEvent): boolean {
  return key.length === 1 && !isComposing && !" /?".includes(key);
}

function searchBeside(list: HTMLElement): HTMLElement | null | undefined {
  return list.closest("dialog, form, main, .list-side")?.querySelector<HTMLElement>("[data-search]");
}
