import { dateTime, t } from "../../lib/shared/i18n";
import type { GroupList } from "../models/groups";
import { Notice } from "./notice";

/** Says that groups are missing and when they come; empty if earlier readings have them all. */
export function ListPart({ list }: { list: GroupList }) {
  const reading = list.part.value;
  const shown = list.total.value ?? 0;
  if (!reading || (reading.total !== undefined && reading.total <= shown)) return null;
  const { goesOnAt } = reading;
  return (
    <Notice tone="warn">
      {goesOnAt === undefined ? t("groups_part_stopped") : t("groups_part_goes_on", dateTime(goesOnAt, Date.now()))}
    </Notice>
  );
}
