import { Pencil, RefreshCw } from "lucide";
import { Fragment } from "preact";
import { dateTime, plural, t } from "../../../lib/shared/i18n";
import type { Group, Roster } from "../../../lib/shared/model";
import { Avatar } from "../../parts/avatar";
import { Button } from "../../parts/button";
import { GroupTags } from "../../parts/group-tags";

/** Size, our role, description, and how old all that is. The name stands in the bar. */
export function Header(props: {
  group: Group;
  roster?: Roster;
  /** Without the description, where the room is needed or it stands below anyway. */
  isBrief: boolean;
  isRefreshing: boolean;
  onRefresh: () => unknown;
  onEdit: () => unknown;
}) {
  const { group, roster } = props;
  const size = roster?.members.length || group.size;
  const readAt = group.readAt ?? group.listedAt;
  const role = group.isAdmin ? t("group_role_admin") : t("group_role_member");
  const facts = [
    size === undefined ? "" : plural("members_count", size),
    group.isAdmin === undefined || group.goneAt !== undefined ? "" : role,
    t("group_as_of", dateTime(roster?.readAt ?? readAt, Date.now())),
  ].filter(Boolean);
  return (
    <header class="group-head">
      <Avatar id={group.id} name={group.name} />
      <div class="grow">
        <div class="row title">
          <p class="small muted grow">
            {facts.map((fact, index) => (
              <Fragment key={fact}>
                {index > 0 ? " · " : ""}
                <span class="fact">{fact}</span>
              </Fragment>
            ))}{" "}
            <GroupTags group={group} />
          </p>
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
      </div>
    </header>
  );
}
