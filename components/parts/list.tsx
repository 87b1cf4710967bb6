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
  render: (item: Item, index: number) => ComponentChildren;
}) {
  const { items, rowHeight, scroller } = props;
  const box = useRef<HTMLUListElement>(null);
  const range = useSignal<[number, number]>([0, 24]);
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
  return (
    <ul class="rows" ref={box} aria-label={props.label} style={{ height: `${items.length * rowHeight}px` }}>
      {items.slice(first, last).map((item, offset) => (
        <li
          key={props.keyOf(item)}
          aria-setsize={items.length}
          aria-posinset={first + offset + 1}
          style={{
            position: "absolute",
            insetInline: 0,
            top: `${(first + offset) * rowHeight}px`,
            height: `${rowHeight}px`,
          }}
        >
          {props.render(item, first + offset)}
        </li>
      ))}
    </ul>
  );
}
