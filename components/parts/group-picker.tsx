import { useEffect, useMemo, useRef } from "preact/hooks";
import { plural, t } from "../../lib/shared/i18n";
import { openGroupList } from "../models/groups";
import { useShell } from "../models/shell";
import { SearchField } from "./field";
import { List } from "./list";
import { ListPart } from "./list-part";

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
    <div class="stack" style={{ gap: "8px" }}>
      <SearchField
        label={t("groups_search")}
        value={list.search.value}
        onInput={(text) => (list.search.value = text)}
      />
      <ListPart list={list} />
      <div
        ref={scroller}
        style={{ height: "220px", overflow: "auto", border: "1px solid var(--line)", borderRadius: "var(--r1)" }}
      >
        <List
          items={shown}
          rowHeight={ROW}
          keyOf={(row) => row.id}
          label={t("title_groups")}
          scroller={scroller}
          render={(row) => (
            <label class="list-row" style={{ height: `${ROW}px`, padding: "0 12px" }}>
              <input
                class="tick"
                style={{ margin: 0 }}
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
