import { type Signal, useSignal } from "@preact/signals";
import { Clock, Pin } from "lucide";
import type { ComponentChildren } from "preact";
import { plural, t } from "../../../lib/shared/i18n";
import type { GroupRow } from "../../../lib/store/schema";
import { groupRoute } from "../../models/find";
import { useShell } from "../../models/shell";
import { Avatar } from "../../parts/avatar";
import { GroupTags } from "../../parts/group-tags";
import { Icon } from "../../parts/icon";
import { lazyPart } from "../../parts/lazy";
import { Tag } from "../../parts/notice";
import type { Choice } from "./choice";
import type { Letter } from "./row-actions";

/** The actions at a row's end, drawn once pointer or focus is on it. */
export const RowActions = lazyPart(() => import("./row-actions").then((part) => part.RowActions));

/** Row height in CSS px. */
export const ROW = 46;

/** A row's state in its list or table. */
export interface RowPlace {
  isSelected: boolean;
  isChosen: boolean;
  isStop: boolean;
  isHit: boolean;
  /** On top because recently used. */
  isRecent: boolean;
}

/** Returns a row's state by its index. */
export function placeOf(
  list: { selected?: string; choice: Choice; isHit: boolean; recent?: ReadonlySet<string> },
  { id }: GroupRow,
  isStop: boolean,
  at: number,
): RowPlace {
  return {
    isSelected: id === list.selected,
    isChosen: list.choice.chosen.ids.has(id),
    isStop,
    isHit: at === 0 && list.isHit,
    isRecent: list.recent?.has(id) === true,
  };
}

/** A group's link, and its main actions by click or by letter on the link. */
export function Row({ row, place }: { row: GroupRow; place: RowPlace }) {
  const isCopied = useSignal(false);
  const { isNear, onNear } = useNear();
  const size = row.size === undefined ? undefined : plural("groups_members", row.size);
  const description = row.description?.split("\n", 1)[0];
  return (
    <div class="group-row" role="gridcell" {...onNear}>
      <RowLink row={row} place={place} isCopied={isCopied}>
        <Avatar id={row.id} name={row.name} />
        <span class="grow">
          <strong class="clip">
            <bdi>{row.name}</bdi>
          </strong>
          {/* Separate directions, so a long description is cut at its end. */}
          <span class="about small muted">
            {size === undefined ? null : <span>{description ? `${size} · ` : size}</span>}
            {description ? <bdi class="clip">{description}</bdi> : null}
          </span>
        </span>
        {isCopied.value ? <Tag tone="good">{t("action_copied")}</Tag> : null}
        <GroupTags group={row} />
        {row.isAdmin ? <Tag>{t("groups_admin")}</Tag> : null}
        <Marks isPinned={row.pinnedAt !== undefined} isRecent={place.isRecent} />
      </RowLink>
      {isNear ? <RowActions row={row} isCopied={isCopied} /> : null}
    </div>
  );
}

/** Whether pointer or focus has been on a row with the handlers `onNear`. */
export function useNear() {
  const isNear = useSignal(false);
  const near = () => (isNear.value = true);
  return { isNear: isNear.value, onNear: { onPointerEnter: near, onFocusIn: near } };
}

/** A row's link, with its actions by letter. */
export function RowLink(props: {
  row: GroupRow;
  place: RowPlace;
  isCopied: Signal<boolean>;
  children: ComponentChildren;
}) {
  const { row, isCopied } = props;
  const shell = useShell();
  const press = (event: KeyboardEvent) => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || !isActionKey(key)) return;
    event.preventDefault();
    void import("./row-actions").then(({ actionsOf }) => actionsOf(row, shell, isCopied)[key]());
  };
  const { isHit, isStop, isSelected, isChosen } = props.place;
  return (
    <a
      class={isHit ? "list-row hit" : "list-row"}
      href={`#${groupRoute(row.id)}`}
      tabIndex={isStop ? 0 : -1}
      aria-current={isSelected ? "true" : undefined}
      aria-keyshortcuts="A M I P"
      onKeyDown={press}
    >
      {props.children}
      {isChosen ? <span class="visually-hidden">{t("groups_column_chosen")}</span> : null}
    </a>
  );
}

function isActionKey(key: string): key is Letter {
  return ["a", "m", "i", "p"].includes(key);
}

/** Why a row is on top. */
export function Marks({ isPinned, isRecent }: { isPinned: boolean; isRecent: boolean }) {
  return (
    <>
      {isPinned ? <Mark icon={Pin} label={t("groups_pinned")} /> : null}
      {isRecent ? <Mark icon={Clock} label={t("groups_recent")} /> : null}
    </>
  );
}

function Mark({ icon, label }: { icon: typeof Pin; label: string }) {
  return (
    <span class="mark" role="img" aria-label={label} title={label}>
      <Icon icon={icon} size={13} />
    </span>
  );
}
