import { t } from "../../../lib/shared/i18n";
import { lazy } from "../../parts/lazy";
import { List } from "../../parts/list";
import { ChoiceRow } from "./choice";
import { placeOf, Row, ROW } from "./row";
import type { TableProps } from "./table";

const GroupTable = lazy(() => import("./table").then((part) => part.GroupTable));

/** The groups as a list, or a table if there is room. */
export function Rows(props: TableProps & { isTable: boolean }) {
  const { isTable, ...table } = props;
  const { rows, choice } = props;
  if (isTable) return <GroupTable {...table} />;
  return (
    <List
      items={rows}
      rowHeight={ROW}
      keyOf={(row) => row.id}
      label={t("title_groups")}
      scroller={props.scroller}
      start={props.start}
      back={props.back}
      choice={{ isOn: ({ id }) => choice.chosen.ids.has(id), pick: choice.pick }}
      render={(row, isStop, at) => (
        <ChoiceRow row={row} choice={choice} labels={props.filter.labels.get(row.id)}>
          <Row row={row} place={placeOf(props, row, isStop, at)} />
        </ChoiceRow>
      )}
    />
  );
}
