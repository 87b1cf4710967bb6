import { t } from "../../lib/shared/i18n";
import type { Group } from "../../lib/shared/model";
import { Tag } from "./notice";

/** Tags for what limits a group. */
export function GroupTags({ group }: { group: Group }) {
  return (
    <>
      {group.isCommunity ? <Tag tone="brand">{t("group_tag_community")}</Tag> : null}
      {group.isAnnouncement ? <Tag tone="brand">{t("group_tag_announcement")}</Tag> : null}
      {group.onlyAdminsSend && !group.isAnnouncement ? <Tag>{t("group_tag_admins_send")}</Tag> : null}
    </>
  );
}
