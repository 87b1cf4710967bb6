import { plural, t, type MessageKey } from "../../lib/shared/i18n";
import type { Group } from "../../lib/shared/model";
import { readGroup } from "../../lib/store/read";
import { useLive } from "../models/live";
import { useShell } from "../models/shell";
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

/** What WhatsApp will refuse in a group, as far as that is known. */
function refusalIn(group: Group, to: "add" | "send"): MessageKey | undefined {
  if (to === "add") {
    if (group.isCommunity || group.isAnnouncement) return "group_add_community";
    return group.onlyAdminsAdd && group.isAdmin === false ? "group_add_admins" : undefined;
  }
  if (group.isCommunity) return "group_send_community";
  return group.onlyAdminsSend && group.isAdmin !== true ? "group_send_admins" : undefined;
}

/** Says before it is tried what WhatsApp will refuse in this group; nothing where it will not, or where nobody knows. */
export function RefusalAhead({ group, to }: { group: Group; to: "add" | "send" }) {
  const key = refusalIn(group, to);
  return key ? <Notice tone="warn">{t(key)}</Notice> : null;
}

/** Names that are written out; of more, the number stands before them. */
const NAMED = 3;

/** The same for several groups, by their names. */
export function RefusalsAhead({ groups, to }: { groups: ReadonlySet<string>; to: "add" | "send" }) {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const key = [...groups].toSorted().join(" ");
  const rows = useLive(
    ["groups"],
    async (store) => Promise.all([...groups].map((group) => readGroup(store, id, group))),
    [id, key],
  );
  const names = (rows.value ?? []).flatMap((group) => (group && refusalIn(group, to) ? [group.name] : []));
  if (names.length === 0) return null;
  const list =
    names
      .slice(0, NAMED)
      .map((name) => `\u2068${name}\u2069`)
      .join(", ") + (names.length > NAMED ? " …" : "");
  return (
    <Notice tone="warn">{plural(to === "add" ? "groups_refuse_add" : "groups_refuse_send", names.length, list)}</Notice>
  );
}
