import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { number, plural, t } from "../../lib/shared/i18n";
import { useFilter } from "../models/filter";
import { useGone } from "../models/group-rows";
import { type GroupList, openGroupList } from "../models/groups";
import { useShell } from "../models/shell";
import { toggled } from "../models/ticked";
import { Button } from "./button";
import { GoneGroups, GoneOfSet } from "./gone-groups";
import { Skeleton } from "./progress";
import { SearchField } from "./search-field";
import { GroupFilter } from "./group-filter";
import { ListPart, RefreshList } from "./list-part";
import { TickList } from "./tick-list";
import "./group-picker.css";

const ROW = 36;

/** Ticks groups of the current connection. Enter in the search ticks the best match. */
export function GroupPicker(props: {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => unknown;
  isOne?: boolean;
}) {
  const { store, connection } = useShell();
  const id = connection.value?.id ?? "";
  const [list, stop] = useMemo(() => {
    const controller = new AbortController();
    return [openGroupList(store, id, "name", controller.signal), controller] as const;
  }, [store, id]);
  useEffect(() => () => stop.abort(), [stop]);
  const narrowed = useSignal("");
  const filter = useFilter(narrowed.value);
  const search = list.search.value;
  const known = filter.narrow(list.shown.value);
  const matching = known ?? [];
  const { first, change } = useFirst(props.chosen, `${narrowed.value} ${search}`, props.onChange);
  const shown = [...matching.filter((row) => first.has(row.id)), ...matching.filter((row) => !first.has(row.id))];
  const areAll = matching.every((row) => props.chosen.has(row.id));
  const gone = useGone(props.chosen);
  const tickBest = async () => {
    await list.whole;
    const best = filter.narrow(list.shown.peek())?.find((row) => !props.chosen.has(row.id));
    if (list.search.peek() === "" || !best) return;
    change(toggled(props.isOne ? new Set<string>() : props.chosen, best.id));
    list.search.value = "";
  };
  return (
    <div class="stack group-picker">
      <div class="row wrap">
        <SearchField
          label={t("groups_search")}
          placeholder={t("keys_search")}
          value={search}
          onInput={(text) => (list.search.value = text)}
          onEnter={tickBest}
        />
        <GroupFilter filter={filter} value={narrowed.value} onChange={(value) => (narrowed.value = value)} />
      </div>
      <ListPart list={list} />
      {filter.set ? <GoneOfSet set={filter.set} /> : null}
      <GoneGroups chosen={props.chosen} gone={gone} onChange={change} />
      {known ? null : <Skeleton rows={3} />}
      {known?.length === 0 && list.total.value !== undefined ? (
        <NoGroup list={list} isNarrowed={narrowed.value !== ""} />
      ) : null}
      <div class="row picked">
        <span class="grow small num" role="status">
          {plural("picker_chosen", props.chosen.size - gone.size)}
        </span>
        {props.isOne ? null : (
          <Button
            kind="quiet"
            isOff={areAll}
            onPress={() => change(new Set([...props.chosen, ...shown.map((row) => row.id)]))}
          >
            {t("chosen_all", number(shown.length))}
          </Button>
        )}
      </div>
      <TickList
        items={shown}
        rowHeight={ROW}
        keyOf={(row) => row.id}
        textOf={(row) => row.name}
        label={t("title_groups")}
        ticked={props.chosen}
        isOne={props.isOne}
        onChange={change}
        render={(row) => <bdi class="clip">{row.name}</bdi>}
      />
    </div>
  );
}

/**
 * Returns the groups listed first: those chosen at opening, when `on` changed, or elsewhere. Ticking here moves no row
 * under the pointer.
 */
function useFirst(chosen: ReadonlySet<string>, on: string, onChange: (chosen: ReadonlySet<string>) => unknown) {
  const textOf = (set: ReadonlySet<string>) => [...set].join(" ");
  const state = useRef({ first: chosen, on, own: textOf(chosen) });
  if (state.current.on !== on || state.current.own !== textOf(chosen)) {
    state.current = { first: chosen, on, own: textOf(chosen) };
  }
  return {
    first: state.current.first,
    change: (next: ReadonlySet<string>) => {
      state.current.own = textOf(next);
      onChange(next);
    },
  };
}

function NoGroup({ list, isNarrowed }: { list: GroupList; isNarrowed: boolean }) {
  const search = list.search.value;
  if (isNarrowed && (!search || list.shown.value?.length)) return <p class="muted">{t("filter_nothing")}</p>;
  if (!search && list.part.value) return null;
  if (!list.part.value && list.listedAt.value === undefined) {
    return (
      <>
        <p class="muted">{t("groups_unread")}</p>
        <RefreshList />
      </>
    );
  }
  return (
    <p class="muted">
      <strong>{search ? t("groups_not_found_title") : t("groups_none_title")}</strong>
      {search ? t("groups_not_found_text", search) : t("groups_none_text")}
    </p>
  );
}
