import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useMemo, useRef } from "preact/hooks";
import { isLetter, searchBeside, useDrawnRows, type DrawnRows } from "../models/rows";
import { toggled, usePick } from "../models/ticked";
import "./tick-list.css";

/** Most ms between letters of one word. */
const WORD = 700;

interface TickListProps<Item> {
  items: readonly Item[];
  rowHeight: number;
  keyOf: (item: Item) => string;
  textOf: (item: Item) => string;
  label: string;
  ticked: ReadonlySet<string>;
  onChange: (ticked: ReadonlySet<string>) => unknown;
  isOne?: boolean;
  /** Never ticked in a range or by Ctrl A. */
  isAlone?: (item: Item) => boolean;
  render: (item: Item) => ComponentChildren;
}

/**
 * Rows to tick, drawn only in view; one Tab stop. Arrows, Home, End, Page Up and Page Down move, Space ticks, Shift a
 * range, Ctrl or ⌘ A all. Letters go to the search beside it, else to a row starting with them.
 */
export function TickList<Item>(props: TickListProps<Item>) {
  const { items, rowHeight, ticked } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const rows = useDrawnRows(box, scroller, { count: items.length, rowHeight });
  const { at, press, take } = useTicking(props, rows);
  const drawn = [...items.keys()].slice(rows.first, rows.last);
  // Screen readers need the active row even when scrolled away.
  if (items.length > 0 && !drawn.includes(at)) drawn.push(at);
  return (
    <div
      class="list-box tick-list"
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-multiselectable={props.isOne !== true}
      aria-activedescendant={items.length > 0 ? `${id}-${at}` : undefined}
      onKeyDown={press}
    >
      <div ref={box} class="rows" role="presentation" style={{ height: `${items.length * rowHeight}px` }}>
        {drawn.map((place) => {
          const item = items[place]!;
          const isOn = ticked.has(props.keyOf(item));
          return (
            // The box around the rows has the keys.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={props.keyOf(item)}
              id={`${id}-${place}`}
              class={place === at ? "tick-row active" : "tick-row"}
              role="option"
              tabIndex={-1}
              aria-selected={isOn}
              aria-setsize={items.length}
              aria-posinset={place + 1}
              style={{ top: `${place * rowHeight}px`, height: `${rowHeight}px` }}
              onClick={(event) => {
                scroller.current?.focus();
                take(item, event.shiftKey);
              }}
            >
              <input class="tick" type="checkbox" inert checked={isOn} />
              {props.render(item)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** `at`: the active row; `take`: a click on a row. */
function useTicking<Item>(props: TickListProps<Item>, { reveal, rowAfter }: DrawnRows) {
  const { items, keyOf, ticked, onChange, isOne = false, isAlone } = props;
  const active = useSignal<string | undefined>(undefined);
  const alone = useMemo(() => new Set(isAlone ? items.filter(isAlone).map(keyOf) : []), [items]);
  const keys = () => items.map(keyOf);
  const pick = usePick(ticked, keys, onChange, (key) => alone.has(key));
  const at = Math.max(
    0,
    items.findIndex((item) => keyOf(item) === active.value),
  );
  const take = (item: Item, isRange: boolean, from?: string) => {
    active.value = keyOf(item);
    if (isOne) onChange(toggled(ticked.has(keyOf(item)) ? ticked : new Set<string>(), keyOf(item)));
    else pick(keyOf(item), isRange, from);
  };
  const goTo = (to: number, isRange = false) => {
    const [here, next] = [items[at], items[to]];
    if (!here || !next) return;
    if (isRange && to !== at && !isOne) pick(keyOf(next), true, keyOf(here));
    active.value = keyOf(next);
    reveal(to);
  };
  const find = useTypeAhead(props, at, goTo);
  const press = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const [here, to] = [items[at], rowAfter(event.key, at)];
    const isAll = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a";
    if (event.altKey || event.isComposing || !here || (!isAll && (event.ctrlKey || event.metaKey))) return;
    if (isAll) {
      if (!isOne) onChange(new Set([...ticked, ...keys().filter((key) => !alone.has(key))]));
    } else if (event.key === " ") take(here, event.shiftKey);
    else if (to !== undefined) goTo(to, event.shiftKey);
    else if (isLetter(event)) {
      const search = searchBeside(event.currentTarget);
      search?.focus();
      // The letter goes into the field.
      if (search) return;
      find(event.key);
    } else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.currentTarget.scrollIntoView({ block: "nearest" });
  };
  return { at, press, take };
}

/** Goes to the row starting with the typed letters; a new word searches from the next row on. */
function useTypeAhead<Item>({ items, textOf }: TickListProps<Item>, at: number, goTo: (to: number) => void) {
  const typed = useRef({ text: "", time: 0 });
  return (letter: string) => {
    const isNew = performance.now() - typed.current.time > WORD;
    const text = (isNew ? "" : typed.current.text) + letter.toLowerCase();
    typed.current = { text, time: performance.now() };
    const order = [...items.keys()].map((each) => (at + each + (isNew ? 1 : 0)) % items.length);
    goTo(order.find((each) => textOf(items[each]!).toLowerCase().startsWith(text)) ?? at);
  };
}
