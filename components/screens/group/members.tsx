import { useSignal } from "@preact/signals";
import { CopyPlus, Download, ListChecks, ListX, SearchX, UserMinus, Users, UserX } from "lucide";
import { useMemo } from "preact/hooks";
import { plural, t } from "../../../lib/shared/i18n";
import type { Group, Member, Pace, Person, Roster } from "../../../lib/shared/model";
import { personKey } from "../../../lib/shared/person";
import { asciiDigits, fold } from "../../../lib/shared/text";
import { useNames, usePersonText } from "../../models/person";
import { useEscape } from "../../models/keys";
import { useJob } from "../../models/live";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";
import { CopyButton } from "../../parts/copy";
import { SearchField } from "../../parts/field";
import { Icon } from "../../parts/icon";
import { JobView } from "../../parts/job";
import { List } from "../../parts/list";
import { Empty, FailureNotice } from "../../parts/notice";
import { Skeleton } from "../../parts/progress";
import { Equal } from "./equal";
import { isAbout, useGroupJob } from "./job";
import { MemberRow } from "./member-row";
import { exportCsv, numbersOf } from "./member-table";
import { type Removal, RemoveDialog, RemoveList } from "./remove";

const ROW = 48;
const RANK = { superadmin: 0, admin: 1, member: 2 } as const;

/** The members: search, filter, select, copy, export, remove. */
export function Members(props: {
  group: Group;
  roster?: Roster;
  scroller: { current: HTMLElement | null };
  isRefreshing: boolean;
}) {
  const { group, roster, scroller } = props;
  const { connection } = useShell();
  const [person, nameOf] = [usePersonText(), useNames()];
  const search = useSignal("");
  const isAdminsOnly = useSignal(false);
  const view = useSignal<"list" | "remove" | "equal">("list");
  /** Ids selected, and whether each was ticked by itself (true) or with "select all" (false). */
  const selected = useSignal<ReadonlyMap<string, boolean>>(new Map());
  const removal = useSignal<Removal | undefined>(undefined);
  const job = useGroupJob(group.id, "remove");
  const own = connection.value?.ownNumber === undefined ? undefined : personKey(connection.value.ownNumber);

  const members = useMemo(
    () => (roster?.members ?? []).toSorted((a, b) => RANK[a.role] - RANK[b.role] || (a.id < b.id ? -1 : 1)),
    [roster],
  );
  const leaving = useLeaving(group.id);
  const words = search.value.trim();
  const shown = useMemo(
    () =>
      members.filter(
        (member) =>
          (!isAdminsOnly.value || member.role !== "member") &&
          (words === "" || isMatch(member, words, nameOf(member.id))),
      ),
    [members, words, isAdminsOnly.value],
  );
  // Who has gone since is not selected any more.
  const chosen = members.filter(({ id }) => selected.value.has(id));
  useEscape(chosen.length > 0 || view.value !== "list", () => {
    if (view.value === "list") selected.value = new Map();
    view.value = "list";
  });
  const tick = (id: string) => {
    const next = new Map(selected.value);
    if (!next.delete(id)) next.set(id, true);
    selected.value = next;
  };
  const tickAll = () => {
    selected.value = new Map(chosen.length > 0 ? [] : shown.map(({ id }) => [id, false]));
  };
  const remove = async (people: Person[], pace: Pace, admins: string[]) => {
    const onStarted = removal.value?.onStarted;
    removal.value = undefined;
    const id = await job.start({ kind: "remove", groups: [group.id], people, pace, admins });
    if (id === undefined) return;
    // The job stands above the list, and in the row of its one person.
    if (people.length > 1) scroller.current?.scrollTo({ top: 0 });
    selected.value = new Map();
    onStarted?.();
  };

  if (roster === undefined) {
    if (props.isRefreshing) return <Skeleton rows={6} />;
    return (
      <Empty icon={Users} title={t("members_unread")}>
        {t("members_unread_text")}
      </Empty>
    );
  }
  if (view.value === "equal") {
    return (
      <Equal group={group} roster={roster} isRefreshing={props.isRefreshing} onClose={() => (view.value = "list")} />
    );
  }
  if (members.length === 0) {
    return (
      <Empty icon={Users} title={t("members_none")}>
        {t("members_none_text")}
      </Empty>
    );
  }
  return (
    <div class="members">
      <RemoveJob group={group} />
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      {view.value === "remove" ? (
        <RemoveList
          group={group}
          members={members}
          onRemove={(next) => (removal.value = next)}
          onClose={() => (view.value = "list")}
        />
      ) : (
        <>
          <div class="row">
            <SearchField label={t("members_search")} value={search.value} onInput={(value) => (search.value = value)} />
            <Button
              attributes={{ "aria-pressed": isAdminsOnly.value }}
              class="toggle"
              onPress={() => (isAdminsOnly.value = !isAdminsOnly.value)}
            >
              {t("members_only_admins")}
            </Button>
          </div>
          <MemberTools
            group={group}
            shown={shown}
            chosen={chosen}
            isNarrowed={words !== "" || isAdminsOnly.value}
            onTickAll={tickAll}
            onRemove={() => (removal.value = { members: chosen, ticked: tickedOf(selected.value), skipped: 0 })}
            onView={(next) => (view.value = next)}
          />
          {shown.length === 0 ? (
            <Empty icon={SearchX} title={t("members_not_found")}>
              {t("members_not_found_text")}
            </Empty>
          ) : (
            <List
              items={shown}
              rowHeight={ROW}
              keyOf={({ id }) => id}
              label={t("members_label")}
              scroller={scroller}
              render={(member) => (
                <MemberRow
                  member={member}
                  group={group.id}
                  text={person(member.id)}
                  name={nameOf(member.id)}
                  isOwn={own !== undefined && personKey(member.id) === own}
                  isLeaving={leaving.has(personKey(member.id))}
                  isOn={selected.value.has(member.id)}
                  onTick={() => tick(member.id)}
                  onRemove={() => (removal.value = { members: [member], ticked: new Set([member.id]), skipped: 0 })}
                />
              )}
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

/** What can be done with those that are selected, else with all that are shown. */
function MemberTools(props: {
  group: Group;
  shown: Member[];
  chosen: Member[];
  /** Not all members are shown. */
  isNarrowed: boolean;
  onTickAll: () => unknown;
  onRemove: () => unknown;
  onView: (view: "remove" | "equal") => unknown;
}) {
  const { group, shown, chosen } = props;
  const scope = chosen.length > 0 ? chosen : shown;
  const ticked = new Set(chosen);
  const areAllChosen = shown.length > 0 && shown.every((member) => ticked.has(member));
  return (
    <div class="member-tools">
      <label class="row grow">
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
        <span class="clip num" role="status">
          {chosen.length > 0
            ? plural("members_selected", chosen.length)
            : props.isNarrowed
              ? plural("members_found", shown.length)
              : t("members_all")}
        </span>
      </label>
      <CopyButton
        kind="quiet"
        text={numbersOf(scope)}
        label={chosen.length > 0 ? t("members_copy_chosen") : t("members_copy")}
      />
      <Button icon={Download} label={t("members_export")} onPress={() => exportCsv(group, scope)} />
      {chosen.length > 0 ? (
        <>
          <Button icon={UserMinus} kind="quiet" class="bad" onPress={props.onRemove}>
            {t("members_remove")}
          </Button>
        </>
      ) : (
        <>
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
        </>
      )}
    </div>
  );
}

/** The removal that runs, or its result until it is put away. */
function RemoveJob({ group }: { group: Group }) {
  const job = useGroupJob(group.id, "remove");
  const read = useJob(job.id);
  if (job.id === undefined) return null;
  const state = read.value?.job.state;
  const isOpen = state === "running" || state === "waiting" || state === "paused";
  return (
    <div class="stack card">
      <JobView id={job.id} onJob={job.follow} />
      {isOpen ? null : (
        <div>
          <Button icon={UserX} onPress={job.dismiss}>
            {t("job_put_away")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Keys of the people that an open job removes from the group. */
function useLeaving(group: string): ReadonlySet<string> {
  const { openJobs } = useShell();
  return useMemo(
    () =>
      new Set(
        openJobs.value.flatMap(({ input }) =>
          input.kind === "remove" && isAbout(input, group) ? input.people.map(({ id }) => personKey(id)) : [],
        ),
      ),
    [openJobs.value, group],
  );
}

/** Whether the name, or any part of the number or of a hidden id, is what was typed, in the digits of any script. */
function isMatch(member: Member, words: string, name: string | undefined): boolean {
  if (name !== undefined && fold(name).includes(fold(words))) return true;
  const digits = asciiDigits(words).replace(/\D/g, "").replace(/^0+/, "");
  return digits !== "" ? member.id.includes(digits) : member.id.includes(words.toLowerCase());
}

function tickedOf(selected: ReadonlyMap<string, boolean>): Set<string> {
  return new Set([...selected].flatMap(([id, isByHand]) => (isByHand ? [id] : [])));
}
