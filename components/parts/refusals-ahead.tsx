import { firstNames } from "../../lib/shared/first-names";
import { plural, t, type MessageKey } from "../../lib/shared/i18n";
import type { Group } from "../../lib/shared/model";
import { Notice } from "./notice";

function refusalIn(group: Group, to: "add" | "send"): MessageKey | undefined {
  if (to === "add") {
    if (group.isCommunity || group.isAnnouncement) return "group_add_community";
    return group.onlyAdminsAdd && group.isAdmin === false ? "group_add_admins" : undefined;
  }
  if (group.isCommunity) return "group_send_community";
  return group.onlyAdminsSend && group.isAdmin !== true ? "group_send_admins" : undefined;
}

/** Warns of what WhatsApp will refuse in a group. */
export function RefusalAhead({ group, to }: { group: Group; to: "add" | "send" }) {
  const key = refusalIn(group, to);
  return key ? <Notice tone="warn">{t(key)}</Notice> : null;
}

const NAMED = 3;

/** Warns for several groups, by name. */
export function RefusalsAhead({ groups, to }: { groups: readonly Group[]; to: "add" | "send" }) {
  const refused = groups.filter((group) => refusalIn(group, to) !== undefined);
  const isMute = (group: Group) => to === "send" && group.isCommunity === true;
  const mute = refused.filter(isMute).map(({ name }) => name);
  const names = refused.filter((group) => !isMute(group)).map(({ name }) => name);
  const key = to === "add" ? "groups_refuse_add" : "groups_refuse_send";
  return (
    <>
      {names.length > 0 ? <Notice tone="warn">{plural(key, names.length, firstNames(names, NAMED))}</Notice> : null}
      {mute.length > 0 ? <Notice tone="warn">{t("groups_refuse_community", firstNames(mute, NAMED))}</Notice> : null}
    </>
  );
}
