import { useSignal } from "@preact/signals";
import { Clock, Link, MessageSquare, Pin, UserPlus } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { plural, t } from "../../../lib/shared/i18n";
import { inviteLink } from "../../../lib/shared/ids";
import { send } from "../../../lib/shared/send";
import type { GroupRow } from "../../../lib/store/schema";
import { groupRoute } from "../../models/find";
import { useShell } from "../../models/shell";
import { Avatar } from "../../parts/avatar";
import { Button } from "../../parts/button";
import { GroupTags } from "../../parts/group-tags";
import { Icon } from "../../parts/icon";
import { Tag } from "../../parts/notice";
import type { Choice } from "./choice";

/** Height of a row in CSS px. */
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

/** Returns the state of the row at an index. */
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

/** A group's link, and its main actions by click, or by letter on the focused link. */
export function Row({ row, place }: { row: GroupRow; place: RowPlace }) {
  const { press, actions, isCopied } = useRowActions(row);
  const size = row.size === undefined ? undefined : plural("groups_members", row.size);
  const description = row.description?.split("\n", 1)[0];
  return (
    <div class="group-row" role="gridcell">
      <RowLink row={row} place={place} onKeyDown={press}>
        <Avatar id={row.id} name={row.name} />
        <span class="grow">
          <strong class="clip">
            <bdi>{row.name}</bdi>
          </strong>
          {/* A direction each, so that a long description is cut at its end. */}
          <span class="about small muted">
            {size === undefined ? null : <span>{description ? `${size} · ` : size}</span>}
            {description ? <bdi class="clip">{description}</bdi> : null}
          </span>
        </span>
        {isCopied ? <Tag tone="good">{t("action_copied")}</Tag> : null}
        <GroupTags group={row} />
        {row.isAdmin ? <Tag>{t("groups_admin")}</Tag> : null}
        <Marks isPinned={row.pinnedAt !== undefined} isRecent={place.isRecent} />
      </RowLink>
      <RowActions row={row} actions={actions} />
    </div>
  );
}

/** A row's link, which handles the keys of its actions. */
export function RowLink(props: {
  row: GroupRow;
  place: RowPlace;
  onKeyDown: (event: KeyboardEvent) => void;
  children: ComponentChildren;
}) {
  const { isHit, isStop, isSelected, isChosen } = props.place;
  return (
    <a
      class={isHit ? "list-row hit" : "list-row"}
      href={`#${groupRoute(props.row.id)}`}
      tabIndex={isStop ? 0 : -1}
      aria-current={isSelected ? "true" : undefined}
      aria-keyshortcuts="A M I P"
      onKeyDown={props.onKeyDown}
    >
      {props.children}
      {isChosen ? <span class="visually-hidden">{t("groups_column_chosen")}</span> : null}
    </a>
  );
}

interface Actions {
  a: () => unknown;
  m: () => unknown;
  i: () => unknown;
  p: () => unknown;
}

/** Returns a row's actions and key handler, and whether its link was just copied. */
export function useRowActions(row: GroupRow) {
  const { go } = useShell();
  const { copy, isCopied } = useInviteCopy(row);
  const actions: Actions = {
    a: () => go(groupRoute(row.id, "add")),
    m: () => go(groupRoute(row.id, "message")),
    i: () => void copy(),
    p: () => void send("pinGroup", { group: row.id, isPinned: row.pinnedAt === undefined }),
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = Object.entries(actions).find(([key]) => key === event.key.toLowerCase())?.[1];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return { press, actions, isCopied };
}

/** The actions over the end of the row; `role`: it is a cell. */
export function RowActions({ row, actions, role }: { row: GroupRow; actions: Actions; role?: "gridcell" }) {
  const isPinned = row.pinnedAt !== undefined;
  return (
    <span class="row-actions" role={role}>
      <Action icon={UserPlus} label={t("groups_row_add", row.name)} onPress={actions.a} />
      <Action icon={MessageSquare} label={t("groups_row_message", row.name)} onPress={actions.m} />
      <Action icon={Link} label={t("groups_row_invite", row.name)} onPress={actions.i} />
      <Action
        icon={Pin}
        label={isPinned ? t("groups_unpin", row.name) : t("groups_pin", row.name)}
        onPress={actions.p}
      />
    </span>
  );
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

function Action(props: { icon: typeof Pin; label: string; onPress: () => unknown }) {
  return <Button {...props} attributes={{ tabIndex: -1 }} />;
}

/** Copies the invite link, reading it if needed; a failure leads to the reason. */
function useInviteCopy(row: GroupRow) {
  const { go, announcement } = useShell();
  const isCopied = useSignal(false);
  useEffect(() => {
    if (!isCopied.value) return undefined;
    const timer = setTimeout(() => (isCopied.value = false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied.value]);
  const copy = async () => {
    const known = row.invite?.code;
    const reply = known === undefined ? await send("readInvite", { group: row.id }) : undefined;
    const code = known ?? (reply?.ok ? reply.value.code : undefined);
    if (code === undefined) {
      go(groupRoute(row.id, "invite"));
      return;
    }
    await navigator.clipboard.writeText(inviteLink(code)).then(
      () => {
        isCopied.value = true;
        announcement.value = t("groups_copied", row.name);
      },
      () => go(groupRoute(row.id, "invite")),
    );
  };
  return { copy, isCopied: isCopied.value };
}
