import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { number, plural, t } from "../../lib/shared/i18n";
import { useFilter } from "../models/filter";
import { openGroupList } from "../models/groups";
import { useShell } from "../models/shell";
import { toggled } from "../models/ticked";
import { Button } from "./button";
import { SearchField } from "./field";
import { GroupFilter } from "./group-filter";
import { List } from "./list";
import { ListPart } from "./list-part";
import "./group-picker.css";

const ROW = 40;

/** Ticking groups of the connection in use, by search, by what is known of them, or by a saved set. */
export function GroupPicker(props: {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => unknown;
  /** One group alone: the last one that was ticked. */
  isOne?: boolean;
}) {
  const { store, connection } = useShell();
  const scroller = useRef<HTMLDivElement>(null);
  const id = connection.value?.id ?? "";
  const [list, stop] = useMemo(() => {
    const controller = new AbortController();
    return [openGroupList(store, id, "name", controller.signal), controller] as const;
  }, [store, id]);
  useEffect(() => () => stop.abort(), [stop]);
  const narrowed = useSignal("");
  const filter = useFilter(narrowed.value);
  const shown = filter.narrow(list.shown.value ?? []);
  const left = shown.filter((row) => !props.chosen.has(row.id)).length;
  return (
    <div class="stack group-picker">
      <SearchField
        label={t("groups_search")}
        value={list.search.value}
        onInput={(text) => (list.search.value = text)}
      />
      <div class="row">
        <GroupFilter filter={filter} value={narrowed.value} onChange={(value) => (narrowed.value = value)} />
        {props.isOne ? null : (
          <Button
            kind="quiet"
            isOff={left === 0}
            onPress={() => props.onChange(new Set([...props.chosen, ...shown.map((row) => row.id)]))}
          >
            {t("chosen_all", number(shown.length))}
          </Button>
        )}
      </div>
      <ListPart list={list} />
      <div class="picks" ref={scroller}>
        {shown.length === 0 && list.total.value !== undefined ? (
          <NoGroup search={list.search.value} isNarrowed={narrowed.value !== ""} />
        ) : null}
        <List
          items={shown}
          rowHeight={ROW}
          keyOf={(row) => row.id}
          label={t("title_groups")}
          scroller={scroller}
          render={(row, isStop) => (
            <label class="list-row">
              <input
                class="tick"
                type="checkbox"
                tabIndex={isStop ? 0 : -1}
                checked={props.chosen.has(row.id)}
                onChange={(event) => {
                  const before = props.isOne ? new Set<string>() : props.chosen;
                  props.onChange(toggled(before, row.id, event.currentTarget.checked));
                }}
              />
              <bdi class="clip">{row.name}</bdi>
            </label>
          )}
        />
      </div>
      <p class="small muted" role="status">
        {plural("picker_chosen", props.chosen.size)}
      </p>
    </div>
  );
}

/** Why there is nothing to tick. */
function NoGroup({ search, isNarrowed }: { search: string; isNarrowed: boolean }) {
  if (!search && isNarrowed) return <p class="muted">{t("filter_nothing")}</p>;
  return (
    <p class="muted">
      <strong>{search ? t("groups_not_found_title") : t("groups_none_title")}</strong>
      {search ? t("groups_not_found_text", search) : t("groups_none_text")}
    </p>
  );
}
