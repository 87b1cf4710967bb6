import { locale } from "../../../lib/shared/i18n";
import type { GroupRow } from "../../../lib/store/schema";

/** Columns in order; the first is always shown. */
export const COLUMNS = ["name", "size", "role", "read", "invite", "labels"] as const;
export type Column = (typeof COLUMNS)[number];

/** The table's order and hidden columns. */
export interface TableView {
  sort: Column;
  isDown: boolean;
  hidden: ReadonlySet<Column>;
}

export interface Facts {
  /** By group. */
  labels: ReadonlyMap<string, string[]>;
  /** When each group's members were read; undefined until known. */
  times?: ReadonlyMap<string, number>;
}

/** Sorts rows as the table does. */
export type Arrange = (rows: GroupRow[]) => GroupRow[];

/** Parses a view such as `-size role,invite`; by default by name with all columns. */
export function viewOf(text: string): TableView {
  const [order = "", hidden = ""] = text.split(" ");
  const isDown = order.startsWith("-");
  const names = new Set(hidden.split(","));
  return {
    sort: COLUMNS.find((column) => column === order.slice(isDown ? 1 : 0)) ?? "name",
    isDown,
    hidden: new Set(COLUMNS.filter((column) => column !== "name" && names.has(column))),
  };
}

/** Formats a view; `""` is the default. */
export function toView({ sort, isDown, hidden }: TableView): string {
  const order = `${isDown ? "-" : ""}${sort}`;
  if (hidden.size > 0) return `${order} ${[...hidden].join(",")}`;
  return order === "name" ? "" : order;
}

/** Returns the view after a press on a heading: largest first, names and labels from A; pressed again, reversed. */
export function press(view: TableView, column: Column): TableView {
  const isDown = view.sort === column ? !view.isDown : column !== "name" && column !== "labels";
  return { ...view, sort: column, isDown };
}

/** Sorts rows by a view. By name from A keeps the list's order, pinned first. */
export function arrange(rows: GroupRow[], { sort, isDown }: TableView, facts: Facts): GroupRow[] {
  if (sort === "name") return isDown ? rows.toSorted((a, b) => (a.nameKey < b.nameKey ? 1 : -1)) : rows;
  const compare = new Intl.Collator(locale()).compare;
  const labelOf = (row: GroupRow) => facts.labels.get(row.id)?.join(", ") ?? "";
  if (sort === "labels") {
    return rows.toSorted((a, b) => {
      const [one, two] = [labelOf(a), labelOf(b)];
      // Groups without labels are always last.
      if (one === "" || two === "") return Number(one === "") - Number(two === "");
      return isDown ? compare(two, one) : compare(one, two);
    });
  }
  const weigh: Record<Exclude<Column, "name" | "labels">, (row: GroupRow) => number> = {
    size: (row) => row.size ?? -1,
    role: (row) => (row.isAdmin === undefined ? -1 : Number(row.isAdmin)),
    read: (row) => facts.times?.get(row.id) ?? -1,
    invite: (row) => Number(row.invite !== undefined),
  };
  const weight = weigh[sort];
  return rows.toSorted((a, b) => (isDown ? weight(b) - weight(a) : weight(a) - weight(b)));
}
