import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import "./grid.css";

/** CSS px, as in `grid.css`. */
const ROW = 32;
const COLUMN = 96;
const NAME = 168;
const HEAD = 60;
const MARGIN = 3;

/** `words` explain `sign`; `tone` is a class. */
interface GridCell {
  sign: string;
  words: string;
  tone: string;
}

interface GridProps {
  label: string;
  corner: string;
  rows: number;
  columns: number;
  rowText: (row: number) => string;
  columnText: (column: number) => string;
  columnHint: (column: number) => string;
  /** Short note below the column's name; `cornerNote` explains it. */
  columnNote: (column: number) => string;
  cornerNote: string;
  cell: (row: number, column: number) => GridCell;
}

interface View {
  top: number;
  left: number;
  width: number;
  height: number;
}

/**
 * A table that draws only cells in view, names fixed at side and top. Arrows, Home, End, Page Up and Page Down move;
 * the active cell is spelled out below.
 */
export function Grid(props: GridProps) {
  const { rows, columns } = props;
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const { view, measure } = useView(box, [rows, columns]);
  const active = useSignal<[row: number, column: number]>([0, 0]);
  const { top, left, width, height } = view;
  const shownRows = range(top / ROW, (top + height - HEAD) / ROW, rows);
  const shownColumns = range(left / COLUMN, (left + width - NAME) / COLUMN, columns);
  const row = Math.min(active.value[0], rows - 1);
  const column = Math.min(active.value[1], columns - 1);
  const move = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey) return;
    const to = moved(event, [row, column], [rows, columns], Math.floor((height - HEAD) / ROW));
    const host = box.current;
    if (!to || !host) return;
    event.preventDefault();
    active.value = to;
    const side = inView(to[1] * COLUMN, COLUMN, left, width - NAME);
    host.scrollTo({ top: inView(to[0] * ROW, ROW, top, height - HEAD), left: isRightToLeft() ? -side : side });
    measure();
  };
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the box has the focus, the cell is named by its id */}
      <div
        class="grid"
        role="grid"
        ref={box}
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={rows + 1}
        aria-colcount={columns + 1}
        aria-activedescendant={`${id}-${row}-${column}`}
        onScroll={measure}
        onKeyDown={move}
        onClick={(event) => {
          const cell = (event.target as Element).closest<HTMLElement>("[data-cell]")?.dataset["cell"];
          if (cell === undefined) return;
          const [clickedRow = 0, clickedColumn = 0] = cell.split(" ").map(Number);
          active.value = [clickedRow, clickedColumn];
          // Arrow keys go on from here.
          box.current?.focus();
        }}
      >
        <div class="grid-size" style={{ width: `${NAME + columns * COLUMN}px`, height: `${HEAD + rows * ROW}px` }}>
          <Heads props={props} shown={shownColumns} />
          {shownRows.map((at) => (
            <div key={at} class="grid-row" role="row" aria-rowindex={at + 2} style={{ top: `${HEAD + at * ROW}px` }}>
              <bdi class="grid-name clip num" role="rowheader" aria-colindex={1}>
                {props.rowText(at)}
              </bdi>
              {shownColumns.map((each) => (
                <Cell
                  key={each}
                  id={`${id}-${at}-${each}`}
                  at={[at, each]}
                  cell={props.cell(at, each)}
                  isActive={at === row && each === column}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <p class="small">
        <bdi class="num">{props.rowText(row)}</bdi> · <bdi>{props.columnText(column)}</bdi>:{" "}
        <strong>{props.cell(row, column).words}</strong> <span class="muted">{props.columnHint(column)}</span>
      </p>
    </>
  );
}

function Heads({ props, shown }: { props: GridProps; shown: number[] }) {
  return (
    <div class="grid-head" role="row" aria-rowindex={1}>
      <span class="grid-corner" role="columnheader" aria-colindex={1}>
        <strong>{props.corner}</strong>
        <span class="muted">{props.cornerNote}</span>
      </span>
      {shown.map((at) => (
        <span
          key={at}
          class="grid-column"
          role="columnheader"
          aria-colindex={at + 2}
          title={`${props.columnText(at)} · ${props.columnHint(at)}`}
          style={{ insetInlineStart: `${NAME + at * COLUMN}px` }}
        >
          <bdi>{props.columnText(at)}</bdi>
          <span class="clip muted num">{props.columnNote(at)}</span>
        </span>
      ))}
    </div>
  );
}

function Cell(props: { id: string; at: [row: number, column: number]; cell: GridCell; isActive: boolean }) {
  const { at, cell } = props;
  return (
    <span
      id={props.id}
      class={props.isActive ? `grid-cell ${cell.tone} active` : `grid-cell ${cell.tone}`}
      role="gridcell"
      aria-colindex={at[1] + 2}
      aria-label={cell.words}
      title={cell.words}
      tabIndex={-1}
      data-cell={at.join(" ")}
      style={{ insetInlineStart: `${NAME + at[1] * COLUMN}px` }}
    >
      {cell.sign}
    </span>
  );
}

/** Remeasured when the box or `on` changes. */
function useView(box: RefObject<HTMLDivElement | null>, on: unknown[]): { view: View; measure: () => void } {
  const view = useSignal<View>({ top: 0, left: 0, width: 360, height: 320 });
  const measure = () => {
    const host = box.current;
    // Not laid out yet.
    if (!host || host.clientWidth === 0) return;
    // Negative in right-to-left text.
    const left = Math.abs(host.scrollLeft);
    view.value = { top: host.scrollTop, left, width: host.clientWidth, height: host.clientHeight };
  };
  useLayoutEffect(measure, on);
  useEffect(() => {
    if (!box.current) return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return { view: view.value, measure };
}

/** Returns the cell a key leads to; undefined for other keys. `page`: rows in view. */
function moved(
  { key, ctrlKey }: KeyboardEvent,
  [row, column]: [number, number],
  [rows, columns]: [number, number],
  page: number,
): [row: number, column: number] | undefined {
  const forward = isRightToLeft() ? -1 : 1;
  const to = {
    ArrowDown: [row + 1, column],
    ArrowUp: [row - 1, column],
    ArrowRight: [row, column + forward],
    ArrowLeft: [row, column - forward],
    PageDown: [row + Math.max(1, page - 1), column],
    PageUp: [row - Math.max(1, page - 1), column],
    Home: ctrlKey ? [0, 0] : [row, 0],
    End: ctrlKey ? [rows - 1, columns - 1] : [row, columns - 1],
  }[key];
  return to && [clamp(to[0] ?? 0, rows), clamp(to[1] ?? 0, columns)];
}

function isRightToLeft(): boolean {
  return document.documentElement.dir === "rtl";
}

function clamp(at: number, count: number): number {
  return Math.max(0, Math.min(count - 1, at));
}

function range(from: number, to: number, count: number): number[] {
  const first = Math.max(0, Math.floor(from) - MARGIN);
  const last = Math.min(count, Math.ceil(to) + MARGIN);
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
}

function inView(start: number, size: number, now: number, room: number): number {
  if (start < now) return start;
  return start + size > now + room ? start + size - room : now;
}
