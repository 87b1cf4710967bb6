import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** Rows above and below what is seen, so that a quick scroll shows no gap. */
const MARGIN = 6;

/**
 * A list of any length that draws only the rows in view. All rows have one height (CSS px). `scroller` is the element
 * that scrolls; it may hold other things above the list.
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
}) {
  const { items, rowHeight, scroller } = props;
  const box = useRef<HTMLUListElement>(null);
  const range = useSignal<[number, number]>([0, 24]);
  const stop = useSignal(props.start);
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
  const [first, last] = range.value;
  const drawn = items.slice(first, last);
  const at = drawn.findIndex((item) => props.keyOf(item) === stop.value);
  // Scrolled away from it, the first row in view takes its place.
  const stopAt = at >= 0 ? at : Math.min(drawn.length - 1, first === 0 ? 0 : MARGIN);
  return (
    <ul class="rows" ref={box} aria-label={props.label} style={{ height: `${items.length * rowHeight}px` }}>
      {drawn.map((item, offset) => (
        <li
          key={props.keyOf(item)}
          onFocusIn={() => (stop.value = props.keyOf(item))}
          aria-setsize={items.length}
          aria-posinset={first + offset + 1}
          style={{
            position: "absolute",
            insetInline: 0,
            top: `${(first + offset) * rowHeight}px`,
            height: `${rowHeight}px`,
          }}
        >
          {props.render(item, offset === stopAt, first + offset)}
        </li>
      ))}
    </ul>
  );
}
