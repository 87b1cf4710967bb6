import { useSignal, type Signal } from "@preact/signals";
import { ArrowDown, ArrowUp, Columns3 } from "lucide";
import type { RefObject } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { dateTime, number, t } from "../../../lib/shared/i18n";
import { readTimes } from "../../../lib/store/directory";
import type { GroupRow } from "../../../lib/store/schema";
import type { Filter } from "../../models/filter";
import { useDraft, useLive } from "../../models/live";
import { useShell } from "../../models/shell";
import { toggled } from "../../models/ticked";
import { Avatar } from "../../parts/avatar";
import { Button } from "../../parts/button";
import { InfoDialog } from "../../parts/dialog";
import { Check } from "../../parts/field";
import { GroupTags } from "../../parts/group-tags";
import { Icon } from "../../parts/icon";
import { List } from "../../parts/list";
import { Tag } from "../../parts/notice";
import { ChoiceRow, type Choice } from "./choice";
import { Marks, placeOf, RowActions, RowLink, type RowPlace, useNear } from "./row";
import {
  arrange,
  COLUMNS,
  press,
  toView,
  viewOf,
  type Arrange,
  type Column,
  type Facts,
  type TableView,
} from "./table-view";
import "./table.css";

/** CSS px, as in `table.css`. */
const ROW = 40;
const HEAD = 34;

/** What the list and table of groups share. */
export interface TableProps {
  rows: GroupRow[];
  choice: Choice;
  filter: Filter;
  selected?: string;
  scroller: RefObject<HTMLElement | null>;
  start?: string;
  back?: string;
  isHit: boolean;
  recent?: ReadonlySet<string>;
  order: Signal<Arrange | undefined>;
}

/** The groups as a table, sorted by its headings, with chosen columns. */
export function GroupTable(props: TableProps) {
  const { rows, order } = props;
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const draft = useDraft(draftKey({ form: "table" }, "view"));
  const view = useMemo(() => viewOf(draft.text.value), [draft.text.value]);
  const times = useLive(["rosters"], async (store) => readTimes(store, id), [id]).value;
  const facts: Facts = { labels: props.filter.labels, times };
  useEffect(() => {
    order.value = (all) => arrange(all, view, facts);
  }, [view, times, props.filter.labels]);
  useEffect(() => () => void (order.value = undefined), []);
  return (
    <div class="table" role="grid" aria-label={t("title_groups")} aria-rowcount={rows.length + 1} aria-multiselectable>
      <Head view={view} onView={(next) => (draft.text.value = toView(next))} />
      <List
        items={rows}
        rowHeight={ROW}
        keyOf={(row) => row.id}
        label={t("title_groups")}
        scroller={props.scroller}
        start={props.start}
        back={props.back}
        choice={{ isOn: ({ id: group }) => props.choice.chosen.ids.has(group), pick: props.choice.pick }}
        head={HEAD}
        render={(row, isStop, at) => (
          <ChoiceRow row={row} choice={props.choice}>
            <TableRow row={row} view={view} facts={facts} place={placeOf(props, row, isStop, at)} />
          </ChoiceRow>
        )}
      />
    </div>
  );
}

function Head({ view, onView }: { view: TableView; onView: (view: TableView) => unknown }) {
  const isChoosing = useSignal(false);
  return (
    <div class="table-head" role="row" aria-rowindex={1}>
      <span class="choose-cell" role="columnheader">
        <span class="visually-hidden">{t("groups_column_chosen")}</span>
      </span>
      {shownIn(view).map((column) => {
        const isSorted = view.sort === column;
        return (
          <span
            key={column}
            class={`cell ${column}`}
            role="columnheader"
            aria-sort={isSorted ? (view.isDown ? "descending" : "ascending") : "none"}
          >
            <button type="button" class="sort" onClick={() => onView(press(view, column))}>
              <span class="clip">{title(column)}</span>
              {isSorted ? <Icon icon={view.isDown ? ArrowDown : ArrowUp} size={14} /> : null}
            </button>
          </span>
        );
      })}
      <span class="cell columns" role="columnheader">
        <Button icon={Columns3} label={t("groups_columns")} onPress={() => (isChoosing.value = true)} />
      </span>
      {isChoosing.value ? (
        <InfoDialog isChoice title={t("groups_columns")} onClose={() => (isChoosing.value = false)}>
          {COLUMNS.filter((column) => column !== "name").map((column) => (
            <Check
              key={column}
              label={title(column)}
              isOn={!view.hidden.has(column)}
              onChange={(isOn) => onView({ ...view, hidden: toggled(view.hidden, column, !isOn) })}
            />
          ))}
        </InfoDialog>
      ) : null}
    </div>
  );
}

function shownIn({ hidden }: TableView): Column[] {
  return COLUMNS.filter((column) => !hidden.has(column));
}

function title(column: Column): string {
  const titles = {
    name: t("groups_sort_name"),
    size: t("groups_sort_size"),
    role: t("members_csv_role"),
    read: t("groups_column_read"),
    invite: t("groups_column_invite"),
    labels: t("labels_field"),
  };
  return titles[column];
}

function TableRow(props: { row: GroupRow; view: TableView; facts: Facts; place: RowPlace }) {
  const { row, view, facts, place } = props;
  const isCopied = useSignal(false);
  const { isNear, onNear } = useNear();
  return (
    <div class="group-row" {...onNear}>
      <span class="cell name" role="gridcell">
        <RowLink row={row} place={place} isCopied={isCopied}>
          <Avatar id={row.id} name={row.name} />
          <strong class="clip" title={row.description}>
            <bdi>{row.name}</bdi>
          </strong>
          <Marks isPinned={row.pinnedAt !== undefined} isRecent={place.isRecent} />
        </RowLink>
        {isCopied.value ? <Tag tone="good">{t("action_copied")}</Tag> : null}
        <GroupTags group={row} />
      </span>
      {shownIn(view)
        .filter((column) => column !== "name")
        .map((column) => (
          <span key={column} class={`cell clip ${column}`} role="gridcell">
            <Fact column={column} row={row} facts={facts} />
          </span>
        ))}
      {isNear ? <RowActions row={row} isCopied={isCopied} role="gridcell" /> : null}
    </div>
  );
}

function Fact({ column, row, facts }: { column: Column; row: GroupRow; facts: Facts }) {
  if (column === "size") return <>{row.size === undefined ? "–" : number(row.size)}</>;
  if (column === "role") {
    if (row.isAdmin === undefined) return <>–</>;
    return row.isAdmin ? <Tag>{t("groups_admin")}</Tag> : <>{t("members_role_member")}</>;
  }
  if (column === "read") {
    const at = facts.times?.get(row.id);
    return <>{at === undefined ? t("groups_never_read") : dateTime(at, Date.now())}</>;
  }
  if (column === "invite") return <>{row.invite ? t("groups_invite_known") : "–"}</>;
  return (
    <>
      {facts.labels.get(row.id)?.map((label) => (
        <Tag key={label} tone="brand">
          {label}
        </Tag>
      ))}
    </>
  );
}
