import { MessagesSquare, Search } from "lucide";
import { t } from "../../../lib/shared/i18n";
import type { GroupList } from "../../models/groups";
import { Button } from "../../parts/button";
import { Empty } from "../../parts/empty";
import { Skeleton } from "../../parts/progress";

/** Says why no groups are shown. */
export function NoRows(props: { list: GroupList; isBusy: boolean; hasFailed: boolean; hasOffers: boolean }) {
  const { list, isBusy } = props;
  const search = list.search.value;
  if (list.shown.value?.length) {
    return (
      <Empty icon={Search} title={t("groups_not_found_title")}>
        {t("filter_nothing")}
      </Empty>
    );
  }
  if (search) {
    if (props.hasOffers) return null;
    return (
      <Empty
        icon={Search}
        title={t("groups_not_found_title")}
        actions={<Button onPress={() => (list.search.value = "")}>{t("groups_clear_search")}</Button>}
      >
        {t("groups_not_found_text", search)}
      </Empty>
    );
  }
  if (isBusy) return <Skeleton rows={8} />;
  if (props.hasFailed) return null;
  return (
    <Empty icon={MessagesSquare} title={t("groups_none_title")}>
      {t("groups_none_text")}
    </Empty>
  );
}
