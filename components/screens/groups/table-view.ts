import { locale } from "../../../lib/shared/i18n";
import type { GroupRow } from "../../../lib/store/schema";

/** The columns of the table of groups, in their order; the first is always there. */
export const COLUMNS = ["name", "size", "role", "read", "invite", "labels"] as const;
export type Column = (typeof COLUMNS)[number];

/** How the table is sorted, and what of it is hidden. */
export interface TableView {
  sort: Column;
  isDown: boolean;
  hidden: ReadonlySet<Column>;
}

/** What the table knows of groups beside their rows. */
export interface Facts {
  /** Labels by group. */
  labels: ReadonlyMap<string, string[]>;
  /** When the members of each group were last read; undefined until that is known. */
  times?: ReadonlyMap<string, number>;
}

/** Puts rows into the order of the table. */
export type Arrange = (rows: GroupRow[]) => GroupRow[];

/** The view that a text such as `-size role,invite` stands for; by name, with all columns, unless it says otherwise. */
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

/** The text for a view; `""` is the view of the beginning. */
export function toView({ sort, isDown, hidden }: TableView): string {
  const order = `${isDown ? "-" : ""}${sort}`;
  if (hidden.size > 0) return `${order} ${[...hidden].join(",")}`;
  return order === "name" ? "" : order;
}

/** The view after a press on a heading: what is most is first at the first press, names and labels from A. */
export function press(view: TableView, column: Column): TableView {
  const isDown = view.sort === column ? !view.isDown : column !== "name" && column !== "labels";
  return { ...view, sort: column, isDown };
}

/** Rows in the order of a view. By name from A they keep the order of the list, which has the pinned ones first. */
export function arrange(rows: GroupRow[], { sort, isDown }: TableView, facts: Facts): GroupRow[] {
  if (sort === "name") return isDown ? rows.toSorted((a, b) => (a.nameKey < b.nameKey ? 1 : -1)) : rows;
  const compare = new Intl.Collator(locale()).compare;
  const labelOf = (row: GroupRow) => facts.labels.get(row.id)?.join(", ") ?? "";
  if (sort === "labels") {
    return rows.toSorted((a, b) => {
      const [one, two] = [labelOf(a), labelOf(b)];
      // What has none is last in both directions.
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
