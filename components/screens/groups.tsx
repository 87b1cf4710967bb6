import { useSignal, type Signal } from "@preact/signals";
import { Link, Plus, RefreshCw, Send } from "lucide";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { dateTime, number, plural, t } from "../../lib/shared/i18n";
import type { Settings } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { useChosen } from "../models/chosen";
import { useFilter, type Filter } from "../models/filter";
import { areGroupsFirst, bestRoute, useOffers } from "../models/find";
import { openGroupList, type GroupList } from "../models/groups";
import { useDraft, useReading } from "../models/live";
import type { GroupRow } from "../../lib/store/schema";
import { useSavedText, useSavedScroll } from "../models/saved";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { Facts } from "../parts/facts";
import { SearchField } from "../parts/search-field";
import { Select } from "../parts/select";
import { GroupFilter } from "../parts/group-filter";
import { lazyPart } from "../parts/lazy";
import { Skeleton } from "../parts/progress";
import { useChoice } from "./groups/choice";
import { Rows } from "./groups/rows";
import type { Arrange } from "./groups/table-view";
import "./groups.css";

const FailureNotice = lazyPart(() => import("../parts/failure-notice").then((part) => part.FailureNotice));
const PageAccess = lazyPart(() => import("../parts/page-access").then((part) => part.PageAccess));
const GoneOfSet = lazyPart(() => import("../parts/gone-groups").then((part) => part.GoneOfSet));
const ListPart = lazyPart(() => import("../parts/list-part").then((part) => part.ListPart));
const NoRows = lazyPart(() => import("./groups/no-rows").then((part) => part.NoRows));
const Offers = lazyPart(() => import("./groups/offers").then((part) => part.Offers));
const Notes = lazyPart(() => import("./groups/notes").then((part) => part.Notes));
const ChosenBar = lazyPart(() => import("./groups/chosen-bar").then((part) => part.ChosenBar));

/**
 * The list of groups, from the store first, then refreshed. `selected`: shown beside it. `from`: shown before. `typed`:
 * text from before the field. `isTable`: columns fit.
 */
export function Groups(props: { selected?: string; from?: string; typed?: string; isTable?: boolean }) {
  const { selected, from, typed = "", isTable = false } = props;
  const { store, connection, settings, go } = useShell();
  const box = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const id = connection.value?.id ?? "";
  // A table is sorted by its headings.
  const sort = isTable ? "name" : settings.value.sort;
  const [list, stop] = useMemo(() => {
    const controller = new AbortController();
    return [openGroupList(store, id, sort, controller.signal), controller] as const;
  }, [store, id, sort]);
  useEffect(() => () => stop.abort(), [stop]);

  const { failure, isBusy, again } = useReading((mustRead) => send("refreshGroups", { ifStale: !mustRead }), [id]);
  useFirstFocus(box, selected === undefined && from === undefined);
  // Before the next key, which belongs after it.
  useLayoutEffect(() => {
    if (typed) list.search.value = typed;
  }, []);
  useSavedSearch(list, id, box);
  useSavedScroll(draftKey({ form: "groups", connection: id }, "scroll"), scroller, list.total.value !== undefined);

  const narrowed = useDraft(draftKey({ form: "groups", connection: id }, "filter")).text;
  const filter = useFilter(narrowed.value);
  const { shown, arrange, order } = useArranged(list, filter);
  const choice = useChoice(useChosen(), shown ?? []);
  const search = list.search.value;
  const { offers, latest } = useOffers(search);
  const openBest = async () => {
    const [found] = await Promise.all([latest(), list.whole]);
    const rows = arrange(list.shown.peek());
    const to = rows && bestRoute(rows, found, list.search.peek());
    if (to !== undefined) go(to);
  };
  return (
    <div
      class="groups"
      ref={box}
      onKeyDown={(event) => {
        choice.press(event);
        moveFromSearch(event, box.current);
      }}
    >
      {connection.value?.isSandbox ? (
        <p class="sample">
          {t("groups_sandbox")} <a href="#/connect">{t("groups_sandbox_connect")}</a>
        </p>
      ) : null}
      {settings.value.guide || settings.value.news ? <Notes /> : null}
      <Tools
        list={list}
        filter={filter}
        narrowed={narrowed}
        isBusy={isBusy.value}
        isTable={isTable}
        onAgain={again}
        onEnter={openBest}
      />
      {isBusy.value || !list.part.value ? null : <ListPart list={list} />}
      {failure.value ? <FailureNotice failure={failure.value} onRetry={again} isRepeated /> : null}
      <PageAccess />
      {filter.set ? <GoneOfSet set={filter.set} /> : null}
      <div class="scroll" ref={scroller}>
        {shown ? null : <Skeleton rows={8} />}
        {shown?.length === 0 ? (
          <NoRows
            list={list}
            isBusy={isBusy.value}
            hasFailed={failure.value !== undefined}
            hasOffers={offers.length > 0}
          />
        ) : null}
        {shown && offers.length > 0 ? <Offers offers={offers} isHit={!areGroupsFirst(shown, search)} /> : null}
        {shown?.length ? (
          <Rows
            rows={shown}
            choice={choice}
            filter={filter}
            selected={selected}
            scroller={scroller}
            start={selected ?? from}
            back={selected === undefined ? from : undefined}
            isHit={offers.length === 0 || areGroupsFirst(shown, search)}
            recent={search ? undefined : list.recent.value}
            isTable={isTable}
            order={order}
          />
        ) : null}
      </div>
      {choice.chosen.ids.size > 0 ? <ChosenBar chosen={choice.chosen} shown={shown ?? []} /> : null}
    </div>
  );
}

function useArranged(list: GroupList, filter: Filter) {
  const order = useSignal<Arrange | undefined>(undefined);
  const arrange = (all: GroupRow[] | undefined) => {
    const rows = filter.narrow(all);
    return rows && (order.value?.(rows) ?? rows);
  };
  const all = list.shown.value;
  const shown = useMemo(() => arrange(all), [all, filter.narrow, order.value]);
  return { shown, arrange, order };
}

/** Restores the last search, selected for typing over. */
function useSavedSearch(list: GroupList, connection: string, box: { current: HTMLElement | null }): void {
  useSavedText(
    draftKey({ form: "groups", connection }, "search"),
    (text) => {
      // What was typed meanwhile is newer.
      if (list.search.peek() !== "") return;
      list.search.value = text;
      const field = searchIn(box.current);
      // `select` also moves the focus, which may be back on a row.
      if (!field || field !== document.activeElement) return;
      // Selected before the next key, which replaces it.
      field.value = text;
      field.select();
    },
    (save) => list.search.subscribe(save),
    list,
  );
}

/** Search and general actions; below, the list's contents, order and refreshing. */
function Tools(props: {
  list: GroupList;
  filter: Filter;
  narrowed: Signal<string>;
  isBusy: boolean;
  isTable: boolean;
  onAgain: () => unknown;
  onEnter: () => unknown;
}) {
  const { list, filter, narrowed, isBusy } = props;
  const { settings, route, go } = useShell();
  const search = list.search.value;
  const shown = filter.narrow(list.shown.value);
  const isAll = search === "" && narrowed.value === "";
  return (
    <div class="tools">
      <div class="row">
        <SearchField
          label={t("find_label")}
          placeholder={t("keys_search")}
          value={search}
          onInput={(text) => (list.search.value = text)}
          onEnter={props.onEnter}
          isFirst={route.value.query.has("search")}
        />
        <Button icon={Plus} kind="primary" label={t("groups_new")} onPress={() => go("/create")} />
        <Button icon={Link} label={t("groups_join")} onPress={() => go("/join")} />
        <Button icon={Send} label={t("groups_message")} onPress={() => go("/message")} />
      </div>
      <div class="row small muted status">
        <span class="grow" role="status">
          {isBusy && !shown?.length ? t("groups_refreshing") : null}
          {shown && !isAll ? plural("groups_found", shown.length) : null}
          {isAll ? <Facts facts={factsOf(list)} /> : null}
        </span>
        <GroupFilter filter={filter} value={narrowed.value} onChange={(value) => (narrowed.value = value)} />
        {props.isTable ? null : (
          <Select
            isBare
            label={t("groups_sort")}
            value={settings.value.sort}
            onChange={(value: Settings["sort"]) => send("saveSettings", { sort: value })}
            options={[
              { value: "name", label: t("groups_sort_name") },
              { value: "size", label: t("groups_sort_size") },
              { value: "used", label: t("groups_sort_used") },
            ]}
          />
        )}
        <Button icon={RefreshCw} label={t("groups_refresh")} isBusy={isBusy} onPress={props.onAgain} />
      </div>
    </div>
  );
}

/** How many groups there are, or were read so far, and when. */
function factsOf({ total, part, listedAt }: GroupList): (string | undefined)[] {
  const count = total.value;
  const all = part.value?.total;
  const isPart = count !== undefined && all !== undefined && all > count;
  return [
    isPart ? t("groups_part", number(count), number(all)) : count ? plural("groups_count", count) : undefined,
    listedAt.value ? t("groups_as_of", dateTime(listedAt.value, Date.now())) : undefined,
  ];
}

function searchIn(box: HTMLElement | null): HTMLInputElement | null | undefined {
  return box?.querySelector<HTMLInputElement>("[data-search]");
}

function rowLinks(list: HTMLElement | null): HTMLAnchorElement[] {
  return [...(list?.querySelectorAll<HTMLAnchorElement>("a.list-row") ?? [])];
}

/** Moves between search, offers and first row; `List` moves between rows. */
function moveFromSearch(event: KeyboardEvent, box: HTMLElement | null): void {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.defaultPrevented || !(event.target instanceof Element)) return;
  if (!event.target.matches("[data-search], .list-row")) return;
  const stops = [searchIn(box), ...rowLinks(box)];
  event.preventDefault();
  stops[stops.indexOf(event.target as HTMLInputElement & HTMLAnchorElement) + step]?.focus();
}

/** Focuses the search when the app opens here, unless the focus is elsewhere. */
function useFirstFocus(box: { current: HTMLElement | null }, isFirst: boolean): void {
  useLayoutEffect(() => {
    if (isFirst && document.activeElement === document.body) searchIn(box.current)?.focus();
  }, []);
}
