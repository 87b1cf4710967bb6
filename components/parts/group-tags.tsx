import { t } from "../../lib/shared/i18n";
import type { Group } from "../../lib/shared/model";
import { Notice, Tag } from "./notice";

/** What a group is, where that matters for what can be done in it. */
export function GroupTags({ group }: { group: Group }) {
  return (
    <>
      {group.isCommunity ? <Tag tone="brand">{t("group_tag_community")}</Tag> : null}
      {group.isAnnouncement ? <Tag tone="brand">{t("group_tag_announcement")}</Tag> : null}
      {group.onlyAdminsSend && !group.isAnnouncement ? <Tag>{t("group_tag_admins_send")}</Tag> : null}
    </>
  );
}

/** Says before it is tried what WhatsApp will refuse in this group; nothing where it will not, or where nobody knows. */
export function RefusalAhead({ group, to }: { group: Group; to: "add" | "send" }) {
  if (to === "add") {
    if (group.isCommunity || group.isAnnouncement) return <Notice tone="warn">{t("group_add_community")}</Notice>;
    if (group.onlyAdminsAdd && group.isAdmin === false) return <Notice tone="warn">{t("group_add_admins")}</Notice>;
    return null;
  }
  if (group.isCommunity) return <Notice tone="warn">{t("group_send_community")}</Notice>;
  return group.onlyAdminsSend && group.isAdmin !== true ? <Notice tone="warn">{t("group_send_admins")}</Notice> : null;
}
