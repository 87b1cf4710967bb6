import { useSignal, type Signal } from "@preact/signals";
import { CopyPlus, Download, ListChecks, ListX, SearchX, ShieldUser, UserMinus, Users } from "lucide";
import { useMemo } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { number, plural, t } from "../../../lib/shared/i18n";
import type { Group, Member, Pace, Person, Roster } from "../../../lib/shared/model";
import { personKey } from "../../../lib/shared/person";
import { asciiDigits, fold } from "../../../lib/shared/text";
import { useNames } from "../../models/person";
import { useEscape } from "../../models/escape";
import { useDraft } from "../../models/live";
import { useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { Button } from "../../parts/button";
import { CopyButton } from "../../parts/copy";
import { SearchField } from "../../parts/search-field";
import { Icon } from "../../parts/icon";
import { FailureNotice } from "../../parts/failure-notice";
import { Empty } from "../../parts/empty";
import { Skeleton } from "../../parts/progress";
import { Equal } from "./equal";
import { MemberList } from "./member-list";
import { exportCsv, numbersOf } from "./member-table";
import { type Removal, RemoveDialog, RemoveList } from "./remove";
import { tickedOf, useSelected } from "./selected";
import "./members.css";

const RANK = { superadmin: 0, admin: 1, member: 2 } as const;

/** Members to search, filter, select, copy, export and remove. `isEditing`: Esc closes the edit above first. */
export function Members(props: {
  group: Group;
  roster?: Roster;
  scroller: { current: HTMLElement | null };
  isRefreshing: boolean;
  isEditing?: boolean;
  from?: string;
}) {
  const { group, roster, scroller } = props;
  const { connection } = useShell();
  const form = { form: "members", connection: group.connection, subject: group.id } as const;
  const search = useDraft(draftKey(form, "search")).text;
  const isAdminsOnly = useSignal(false);
  const view = useDraft(draftKey(form, "view"), "list").text as Signal<"list" | "remove" | "equal">;
  const removal = useSignal<Removal | undefined>(undefined);
  const job = useStart();
  const own = connection.value?.ownNumber === undefined ? undefined : personKey(connection.value.ownNumber);
  const { members, shown } = useShownMembers(roster, search.value.trim(), isAdminsOnly.value);
  const selected = useSelected(draftKey(form, "chosen"), shown);
  // Without those who left since.
  const chosen = members.filter(({ id }) => selected.ids.has(id));
  useEscape(!props.isEditing && (chosen.length > 0 || view.value !== "list"), () => {
    if (view.value === "list") selected.set(new Map());
    view.value = "list";
  });
  const tickAll = () => selected.set(new Map(chosen.length > 0 ? [] : shown.map(({ id }) => [id, false])));
  const remove = async (people: Person[], pace: Pace, admins: string[]) => {
    const onStarted = removal.value?.onStarted;
    removal.value = undefined;
    const id = await job.start({ kind: "remove", groups: [group.id], people, pace, admins });
    if (id === undefined) return;
    selected.set(new Map());
    onStarted?.();
  };

  if (roster === undefined && props.isRefreshing) return <Skeleton rows={6} />;
  if (roster === undefined) return <NoMembers isUnread />;
  if (view.value === "equal") {
    return (
      <Equal group={group} roster={roster} isRefreshing={props.isRefreshing} onClose={() => (view.value = "list")} />
    );
  }
  if (members.length === 0) return <NoMembers isUnread={false} />;
  return (
    <div class="members">
      {view.value === "remove" ? (
        <RemoveList
          group={group}
          members={members}
          onRemove={(next) => (removal.value = next)}
          onClose={() => (view.value = "list")}
        />
      ) : (
        <>
          <MemberTools
            group={group}
            shown={shown}
            chosen={chosen}
            search={search}
            isAdminsOnly={isAdminsOnly}
            onTickAll={tickAll}
            onView={(next) => (view.value = next)}
          />
          {chosen.length > 0 ? (
            <SelectedBar
              count={chosen.length}
              onRemove={() => (removal.value = { members: chosen, ticked: tickedOf(selected.ids), skipped: 0 })}
            />
          ) : null}
          {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
          {shown.length === 0 ? (
            <Empty icon={SearchX} title={t("members_not_found")}>
              {isAdminsOnly ? t("members_not_found_admins", t("members_only_admins")) : t("members_not_found_text")}
            </Empty>
          ) : (
            <MemberList
              group={group}
              members={shown}
              selected={selected}
              scroller={scroller}
              from={props.from}
              own={own}
              onRemove={(member) => (removal.value = { members: [member], ticked: new Set([member.id]), skipped: 0 })}
            />
          )}
          <p class="small muted foot">{t("group_cannot_roles")}</p>
        </>
      )}
      {removal.value ? (
        <RemoveDialog
          group={group}
          own={own}
          {...removal.value}
          onClose={() => (removal.value = undefined)}
          onRemove={remove}
        />
      ) : null}
    </div>
  );
}

/** Returns all members, owner and admins first, and those that match. */
function useShownMembers(roster: Roster | undefined, words: string, isAdminsOnly: boolean) {
  const nameOf = useNames();
  const members = useMemo(
    () => (roster?.members ?? []).toSorted((a, b) => RANK[a.role] - RANK[b.role] || (a.id < b.id ? -1 : 1)),
    [roster],
  );
  const shown = useMemo(
    () =>
      members.filter(
        (member) =>
          (!isAdminsOnly || member.role !== "member") && (words === "" || isMatch(member, words, nameOf(member.id))),
      ),
    [members, words, isAdminsOnly],
  );
  return { members, shown };
}

function NoMembers({ isUnread }: { isUnread: boolean }) {
  return isUnread ? (
    <Empty icon={Users} title={t("members_unread")}>
      {t("members_unread_text")}
    </Empty>
  ) : (
    <Empty icon={Users} title={t("members_none")}>
      {t("members_none_text")}
    </Empty>
  );
}

function SelectedBar({ count, onRemove }: { count: number; onRemove: () => unknown }) {
  return (
    <div class="selected-bar">
      <strong class="grow num">{plural("members_selected", count)}</strong>
      <Button icon={UserMinus} kind="quiet" class="bad" onPress={onRemove}>
        {t("members_remove")}
      </Button>
    </div>
  );
}

function MemberTools(props: {
  group: Group;
  shown: Member[];
  chosen: Member[];
  search: Signal<string>;
  isAdminsOnly: Signal<boolean>;
  onTickAll: () => unknown;
  onView: (view: "remove" | "equal") => unknown;
}) {
  const { group, shown, chosen, search, isAdminsOnly } = props;
  const scope = chosen.length > 0 ? chosen : shown;
  const ticked = new Set(chosen);
  const areAllChosen = shown.length > 0 && shown.every((member) => ticked.has(member));
  const isNarrowed = search.value.trim() !== "" || isAdminsOnly.value;
  return (
    <div class="member-tools">
      <label class="row">
        <input
          type="checkbox"
          class="tick"
          aria-label={chosen.length > 0 ? t("members_clear_selection") : t("members_select_all")}
          checked={areAllChosen}
          ref={(box) => {
            if (box) box.indeterminate = chosen.length > 0 && !areAllChosen;
          }}
          onChange={props.onTickAll}
        />
        <span class="num" aria-hidden="true">
          {number(shown.length)}
        </span>
      </label>
      <span class="visually-hidden" role="status">
        {chosen.length > 0
          ? plural("members_selected", chosen.length)
          : isNarrowed
            ? plural("members_found", shown.length)
            : null}
      </span>
      <SearchField
        label={t("members_search")}
        placeholder={t("keys_search")}
        value={search.value}
        onInput={(value) => (search.value = value)}
      />
      <div class="row">
        <Button
          icon={ShieldUser}
          label={t("members_only_admins")}
          attributes={{ "aria-pressed": isAdminsOnly.value }}
          class="toggle"
          onPress={() => (isAdminsOnly.value = !isAdminsOnly.value)}
        />
        <CopyButton
          isIcon
          text={numbersOf(scope)}
          label={chosen.length > 0 ? t("members_copy_chosen") : t("members_copy")}
        />
        <Button icon={Download} label={t("members_export")} onPress={() => exportCsv(group, scope)} />
        <Button icon={ListChecks} label={t("equal_open")} onPress={() => props.onView("equal")} />
        <Button icon={ListX} label={t("members_remove_list")} onPress={() => props.onView("remove")} />
        <a
          class="button plain icon"
          href={`#/create/${encodeURIComponent(group.id)}`}
          aria-label={t("members_new_group")}
          title={t("members_new_group")}
        >
          <Icon icon={CopyPlus} />
        </a>
      </div>
    </div>
  );
}

/** Matches a name, or part of a number or hidden id in any script's digits. */
function isMatch(member: Member, words: string, name: string | undefined): boolean {
  if (name !== undefined && fold(name).includes(fold(words))) return true;
  const digits = asciiDigits(words).replace(/\D/g, "").replace(/^0+/, "");
  return digits !== "" ? member.id.includes(digits) : member.id.includes(words.toLowerCase());
}
