import { Info, LogOut, MessageSquare, QrCode, SearchX, UserPlus, Users, type IconNode } from "lucide";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Failure } from "../../lib/shared/failure";
import { dateTime, t, type MessageKey } from "../../lib/shared/i18n";
import type { Group as GroupData, Roster } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { readGroup, readRoster } from "../../lib/store/read";
import { useJob } from "../models/job";
import { useLive, useReading } from "../models/live";
import { useShell } from "../models/shell";
import { CopyButton } from "../parts/copy";
import { Icon } from "../parts/icon";
import { inviteLink } from "../../lib/shared/ids";
import { FailureNotice } from "../parts/failure-notice";
import { Empty } from "../parts/empty";
import { Notice } from "../parts/notice";
import { Skeleton } from "../parts/progress";
import "../parts/code.css";
import "./group.css";
import { About } from "./group/about";
import { Add } from "./group/add";
import { Edit } from "./group/edit";
import { Header } from "./group/header";
import { useGroupJob } from "./group/job";
import { Invite } from "./group/invite";
import { Members } from "./group/members";
import { Message } from "./group/message";

const tabs = [
  { name: "members", icon: Users },
  { name: "add", icon: UserPlus },
  { name: "invite", icon: QrCode },
  { name: "message", icon: MessageSquare },
  { name: "about", icon: Info },
] as const satisfies { name: string; icon: IconNode }[];
type Tab = (typeof tabs)[number]["name"];

/** One group, from the store first, then reread. The address holds tab and edit. `from`: the person shown before. */
export function Group({ id, from }: { id: string; from?: string }) {
  const { connection, route, go } = useShell();
  const connectionId = connection.value?.id ?? "";
  const root = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLElement | null>(null);
  const read = useLive(
    ["groups", "rosters"],
    async (store) => ({
      group: await readGroup(store, connectionId, id),
      roster: await readRoster(store, connectionId, id),
    }),
    [connectionId, id],
  );
  const { failure, isBusy, again } = useReading(() => send("refreshGroup", { group: id }), [connectionId, id]);
  useEffect(() => {
    // Only orders the list; failures do not matter.
    void send("markUsed", { group: id });
  }, [connectionId, id]);
  useLayoutEffect(() => {
    scroller.current = root.current?.closest<HTMLElement>(".main:not(.still), .detail-side") ?? null;
  });

  const { group, roster } = read.value ?? {};
  const query = route.value.query;
  const tab = tabs.find(({ name }) => name === query.get("tab"))?.name ?? "members";
  const isEditing = query.get("edit") === "1" && group?.goneAt === undefined;
  const show = (next: { tab?: Tab; isEditing?: boolean }) => {
    const to = new URLSearchParams({ tab: next.tab ?? tab, ...(next.isEditing ? { edit: "1" } : {}) });
    // Back leads to the list, not through the tabs.
    go(`/group/${id}?${to}`, true);
  };
  return (
    <div class="group" ref={root}>
      {group === undefined ? (
        <Unknown isRead={read.value !== undefined && !isBusy.value} failure={failure.value} onRetry={again} />
      ) : (
        <>
          {isEditing ? (
            <Edit group={group} onClose={() => show({})} />
          ) : (
            <Header
              group={group}
              roster={roster}
              isBrief={tab !== "members"}
              isRefreshing={isBusy.value}
              onRefresh={again}
              onEdit={() => show({ isEditing: true })}
            />
          )}
          {failure.value && group.goneAt === undefined ? (
            <div class="band">
              <FailureNotice failure={failure.value} onRetry={again} isRepeated />
            </div>
          ) : null}
          {group.goneAt === undefined ? (
            <>
              <Tabs tab={tab} onSelect={(next) => show({ tab: next })} />
              <div class="panel" role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`}>
                <Panel {...{ tab, group, roster, scroller, isEditing, from }} isRefreshing={isBusy.value} />
              </div>
            </>
          ) : (
            <Gone group={group} />
          )}
        </>
      )}
    </div>
  );
}

function Panel(props: {
  tab: Tab;
  group: GroupData;
  roster?: Roster;
  scroller: { current: HTMLElement | null };
  isRefreshing: boolean;
  isEditing: boolean;
  from?: string;
}) {
  const { tab, group, roster } = props;
  if (tab === "members") return <Members {...props} />;
  if (tab === "add") return <Add group={group} />;
  if (tab === "invite") return <Invite group={group} />;
  if (tab === "message") return <Message group={group} />;
  return <About group={group} roster={roster} />;
}

/** Arrow keys, Home and End move between tabs. */
function Tabs({ tab, onSelect }: { tab: Tab; onSelect: (tab: Tab) => unknown }) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = tabs.findIndex(({ name }) => name === tab);
    const isRtl = document.documentElement.dir === "rtl";
    const step = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 }[event.key];
    const to =
      event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step === undefined ? undefined : at + step;
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onSelect(next.name);
    list.current?.querySelector<HTMLElement>(`#tab-${next.name}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t("group_tabs")} ref={list}>
      {tabs.map(({ name, icon }) => (
        <button
          type="button"
          key={name}
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === tab}
          aria-controls={name === tab ? `panel-${name}` : undefined}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onSelect(name)}
          onKeyDown={move}
        >
          <Icon icon={icon} size={16} />
          <span>{t(`group_tab_${name}` as MessageKey)}</span>
        </button>
      ))}
    </div>
  );
}

function Unknown({ isRead, failure, onRetry }: { isRead: boolean; failure?: Failure; onRetry: () => unknown }) {
  if (!isRead) return <Skeleton rows={5} />;
  return (
    <>
      {failure ? (
        <div class="band">
          <FailureNotice failure={failure} onRetry={onRetry} isRepeated />
        </div>
      ) : null}
      <Empty
        icon={SearchX}
        title={t("group_missing_title")}
        actions={
          <a class="button" href="#/groups">
            {t("group_to_list")}
          </a>
        }
      >
        {t("group_missing_text")}
      </Empty>
    </>
  );
}

function Gone({ group }: { group: GroupData }) {
  const leaving = useJob(useGroupJob(group.id, "leave").id);
  const hasLeft = leaving.value?.steps.some((step) => step.target === group.id && step.verdict === "left") === true;
  const { code, readAt = 0 } = group.invite ?? {};
  return (
    <div class="panel stack">
      {hasLeft ? (
        <Notice tone="good" title={t("leave_done_title", group.name)} />
      ) : (
        <Notice tone="warn">{t("group_gone")}</Notice>
      )}
      {code === undefined ? (
        <p>{t("leave_not_kept")}</p>
      ) : (
        <>
          <p>{t("leave_kept")}</p>
          <p class="mono code">{code}</p>
          <p class="small muted">{t("invite_read_at", dateTime(readAt, Date.now()))}</p>
          <div class="row wrap">
            <a class="button primary" href={`#/join/${code}`}>
              {t("leave_rejoin")}
            </a>
            <CopyButton kind="quiet" text={inviteLink(code)} label={t("invite_copy_link")} />
          </div>
        </>
      )}
      <div>
        <a class="button" href="#/groups">
          <Icon icon={LogOut} />
          {t("group_to_list")}
        </a>
      </div>
    </div>
  );
}
