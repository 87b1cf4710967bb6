import { Pencil, RefreshCw } from "lucide";
import { dateTime, plural, t } from "../../../lib/shared/i18n";
import type { Group, Roster } from "../../../lib/shared/model";
import { Avatar } from "../../parts/avatar";
import { Button } from "../../parts/button";
import { Facts } from "../../parts/facts";
import { GroupTags } from "../../parts/group-tags";

/** Size, our role and their age; the description if there is room. The name is in the bar. */
export function Header(props: {
  group: Group;
  roster?: Roster;
  isBrief: boolean;
  isRefreshing: boolean;
  onRefresh: () => unknown;
  onEdit: () => unknown;
}) {
  const { group, roster } = props;
  const size = roster?.members.length || group.size;
  const readAt = group.readAt ?? group.listedAt;
  const role = group.isAdmin ? t("groups_admin") : t("group_role_short");
  const facts = [
    size === undefined ? undefined : plural("members_count", size),
    group.isAdmin === undefined || group.goneAt !== undefined ? undefined : role,
    t("group_as_of", dateTime(roster?.readAt ?? readAt, Date.now())),
  ];
  return (
    <header class="group-head">
      <div class="row">
        <Avatar id={group.id} name={group.name} />
        <div class="small muted grow">
          <Facts facts={facts} />
          <GroupTags group={group} />
        </div>
        {group.goneAt === undefined ? (
          <>
            <Button icon={Pencil} label={t("group_edit")} onPress={props.onEdit} />
            <Button
              icon={RefreshCw}
              label={props.isRefreshing ? t("group_refreshing") : t("group_refresh")}
              isBusy={props.isRefreshing}
              onPress={props.onRefresh}
            />
          </>
        ) : null}
      </div>
      {group.description && !props.isBrief ? (
        <p class="small description" dir="auto" title={group.description}>
          {group.description}
        </p>
      ) : null}
    </header>
  );
}
