import { useEffect, useMemo, useRef } from "preact/hooks";
import { plural, t } from "../../lib/shared/i18n";
import { openGroupList } from "../models/groups";
import { useShell } from "../models/shell";
import { SearchField } from "./field";
import { List } from "./list";
import { ListPart } from "./list-part";
import "./group-picker.css";

const ROW = 40;

/** Ticking groups of the connection in use, by search. */
export function GroupPicker(props: {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => unknown;
}) {
  const { store, connection } = useShell();
  const scroller = useRef<HTMLDivElement>(null);
  const id = connection.value?.id ?? "";
  const [list, stop] = useMemo(() => {
    const controller = new AbortController();
    return [openGroupList(store, id, "name", controller.signal), controller] as const;
  }, [store, id]);
  useEffect(() => () => stop.abort(), [stop]);
  const shown = list.shown.value ?? [];
  return (
    <div class="stack group-picker">
      <SearchField
        label={t("groups_search")}
        value={list.search.value}
        onInput={(text) => (list.search.value = text)}
      />
      <ListPart list={list} />
      <div class="picks" ref={scroller}>
        {shown.length === 0 && list.total.value !== undefined ? <NoGroup search={list.search.value} /> : null}
        <List
          items={shown}
          rowHeight={ROW}
          keyOf={(row) => row.id}
          label={t("title_groups")}
          scroller={scroller}
          render={(row) => (
            <label class="list-row">
              <input
                class="tick"
                type="checkbox"
                checked={props.chosen.has(row.id)}
                onChange={(event) => {
                  const next = new Set(props.chosen);
                  if (event.currentTarget.checked) next.add(row.id);
                  else next.delete(row.id);
                  props.onChange(next);
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
function NoGroup({ search }: { search: string }) {
  return (
    <p class="muted">
      <strong>{search ? t("groups_not_found_title") : t("groups_none_title")}</strong>
      {search ? t("groups_not_found_text", search) : t("groups_none_text")}
    </p>
  );
}
