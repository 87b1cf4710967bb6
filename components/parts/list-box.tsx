import { useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { List } from "./list";

/** A long list in its own scrolling box. */
export function ListBox<Item>(props: {
  items: Item[];
  rowHeight: number;
  keyOf: (item: Item) => string;
  label: string;
  render: (item: Item) => ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div class="list-box" ref={box} tabIndex={0} role="group" aria-label={props.label}>
      <List {...props} scroller={box} />
    </div>
  );
}
