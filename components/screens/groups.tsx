import { Link, MessagesSquare, Plus, RefreshCw, SearchX, Send } from "lucide";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { draftKey, type DraftKey } from "../../lib/shared/draft";
import { moment, number, plural, t } from "../../lib/shared/i18n";
import type { Settings } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { readDraft } from "../../lib/store/read";
import type { GroupRow } from "../../lib/store/schema";
import { openGroupList } from "../models/groups";
import { unreadable, useReading } from "../models/live";
import { useShell } from "../models/shell";
import { PageAccess } from "../parts/page-access";
import { Avatar } from "../parts/avatar";
import { Button } from "../parts/button";
import { SearchField, Select } from "../parts/field";
import { GroupTags } from "../parts/group-tags";
import { List } from "../parts/list";
import { ListPart } from "../parts/list-part";
import { Empty, FailureNotice, Tag } from "../parts/notice";
import { Skeleton } from "../parts/progress";
import "./groups.css";

const ROW = 58;

/**
 * The list of groups: at once from the store, refreshed behind. `selected` is the group shown beside it, if any; `from`
 * the one that was shown in its place before.
 */
export function Groups({ selected, from }: { selected?: string; from?: string }) {
  const { store, connection, settings, route, go } = useShell();
  const box = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const id = connection.value?.id ?? "";
  const sort = settings.value.sort;
  const [list, stop] = useMemo(() => {
    const controller = new AbortController();
    return [openGroupList(store, id, sort, controller.signal), controller] as const;
  }, [store, id, sort]);
  useEffect(() => () => stop.abort(), [stop]);

  const { failure, isBusy, again } = useReading((mustRead) => send("refreshGroups", { ifStale: !mustRead }), [id]);
  useKept(
    draftKey({ form: "groups", connection: id }, "search"),
    (text) => (list.search.value = text),
    (save) => list.search.subscribe(save),
    list,
  );
  useKeptScroll(draftKey({ form: "groups", connection: id }, "scroll"), scroller, list.total.value !== undefined);

  const shown = list.shown.value;
  const isDrawn = shown !== undefined;
  useEffect(() => {
    // Back from a group, the keyboard goes on at its row.
    if (from === undefined || document.activeElement?.tagName !== "H1") return;
    rowLinks(scroller.current)
      .find((link) => link.hash === `#/group/${encodeURIComponent(from)}`)
      ?.focus();
  }, [isDrawn, selected]);
  /** Up and down move between the search and the rows. */
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !(event.target instanceof Element)) return;
    if (!event.target.matches("[data-search], .list-row")) return;
    const stops = [box.current?.querySelector<HTMLElement>("[data-search]"), ...rowLinks(scroller.current)];
    event.preventDefault();
    stops[stops.indexOf(event.target as HTMLElement) + step]?.focus();
  };
  const search = list.search.value;
  return (
    <div class="groups" ref={box} onKeyDown={move}>
      {connection.value?.isSandbox ? (
        <p class="sample">
          {t("groups_sandbox")} <a href="#/connect">{t("groups_sandbox_connect")}</a>
        </p>
      ) : null}
      <div class="tools">
        <SearchField
          label={t("groups_search")}
          value={search}
          onInput={(text) => (list.search.value = text)}
          isFirst={route.value.query.has("search")}
        />
        <div class="row small muted">
          <span class="grow clip" role="status">
            {isBusy.value && !shown?.length ? t("groups_refreshing") : null}
            {shown && search ? plural("groups_found", shown.length) : null}
            {!search && list.total.value ? countText(list.total.value, list.part.value?.total) : null}
            {!search && list.listedAt.value ? ` · ${t("groups_as_of", moment(list.listedAt.value, Date.now()))}` : null}
          </span>
          <Select
            isBare
            label={t("groups_sort")}
            value={sort}
            onChange={(value: Settings["sort"]) => send("saveSettings", { sort: value })}
            options={[
              { value: "name", label: t("groups_sort_name") },
              { value: "size", label: t("groups_sort_size") },
              { value: "used", label: t("groups_sort_used") },
            ]}
          />
          <Button icon={RefreshCw} label={t("groups_refresh")} isBusy={isBusy.value} onPress={again} />
        </div>
      </div>
      {isBusy.value ? null : <ListPart list={list} />}
      {failure.value ? <FailureNotice failure={failure.value} onRetry={again} isRepeated /> : null}
      <PageAccess />
      <div class="scroll" ref={scroller}>
        {shown === undefined ? <Skeleton rows={8} /> : null}
        {shown?.length === 0 && isBusy.value && !search ? <Skeleton rows={8} /> : null}
        {shown?.length === 0 && search ? (
          <Empty
            icon={SearchX}
            title={t("groups_not_found_title")}
            actions={<Button onPress={() => (list.search.value = "")}>{t("groups_clear_search")}</Button>}
          >
            {t("groups_not_found_text", search)}
          </Empty>
        ) : null}
        {shown?.length === 0 && !search && !isBusy.value && !failure.value ? (
          <Empty icon={MessagesSquare} title={t("groups_none_title")}>
            {t("groups_none_text")}
          </Empty>
        ) : null}
        {shown?.length ? (
          <List
            items={shown}
            rowHeight={ROW}
            keyOf={(row) => row.id}
            label={t("title_groups")}
            scroller={scroller}
            start={selected ?? from}
            render={(row, isStop) => <Row row={row} isSelected={row.id === selected} isStop={isStop} />}
          />
        ) : null}
      </div>
      <div class="foot">
        <Button icon={Plus} kind="primary" onPress={() => go("/create")}>
          {t("groups_new")}
        </Button>
        <Button icon={Link} onPress={() => go("/join")}>
          {t("groups_join")}
        </Button>
        <Button icon={Send} label={t("groups_message")} onPress={() => go("/message")} />
      </div>
    </div>
  );
}

/** How many groups there are, or how many of them are here while the list is not read to its end. */
function countText(count: number, total: number | undefined): string {
  return total !== undefined && total > count
    ? t("groups_part", number(count), number(total))
    : plural("groups_count", count);
}

function rowLinks(list: HTMLElement | null): HTMLAnchorElement[] {
  return [...(list?.querySelectorAll<HTMLAnchorElement>("a.list-row") ?? [])];
}

function Row({ row, isSelected, isStop }: { row: GroupRow; isSelected: boolean; isStop: boolean }) {
  const about = [
    row.size === undefined ? "" : plural("groups_members", row.size),
    row.description?.split("\n", 1)[0] ?? "",
  ];
  return (
    <a
      class="list-row"
      href={`#/group/${encodeURIComponent(row.id)}`}
      tabIndex={isStop ? 0 : -1}
      aria-current={isSelected ? "true" : undefined}
      style={{ height: `${ROW}px` }}
    >
      <Avatar id={row.id} name={row.name} />
      <span class="grow">
        <strong class="clip">
          <bdi>{row.name}</bdi>
        </strong>
        <span class="clip small muted">{about.filter(Boolean).join(" · ")}</span>
      </span>
      <GroupTags group={row} />
      {row.isAdmin ? <Tag>{t("groups_admin")}</Tag> : null}
    </a>
  );
}

/** Keeps a text of the view in the store: given back once by `restore`, then saved whenever it changes. */
function useKept(
  key: DraftKey,
  restore: (text: string) => void,
  follow: (save: (text: string) => void) => () => void,
  on: unknown,
) {
  const { store } = useShell();
  useEffect(() => {
    let unfollow = () => {};
    let isOver = false;
    void readDraft(store, key).then((text) => {
      if (isOver) return;
      if (text) restore(text);
      let last = text ?? "";
      unfollow = follow((next) => {
        if (next === last) return;
        last = next;
        void send("saveDraft", { key, value: next || null });
      });
    }, unreadable);
    return () => {
      isOver = true;
      unfollow();
    };
  }, [store, ...key, on]);
}

/** Keeps where the list was scrolled to, and goes there once all rows are known. */
function useKeptScroll(key: DraftKey, scroller: { current: HTMLElement | null }, isWhole: boolean) {
  useKept(
    key,
    (text) => scroller.current?.scrollTo(0, Number(text)),
    (save) => {
      const host = scroller.current;
      const scrolled = () => save(host && host.scrollTop > 0 ? String(Math.round(host.scrollTop)) : "");
      const stop = new AbortController();
      host?.addEventListener("scrollend", scrolled, { signal: stop.signal });
      return () => stop.abort();
    },
    isWhole,
  );
}
