import { Trash2, UserRound } from "lucide";
import { t } from "../../../lib/shared/i18n";
import type { Member } from "../../../lib/shared/model";
import { isHidden } from "../../../lib/shared/person";
import { personPath } from "../../models/person";
import { Button } from "../../parts/button";
import { Icon } from "../../parts/icon";
import { Tag } from "../../parts/notice";
import { TickBox } from "../../parts/tick-box";

/** A member's row: select, visit, remove. `text`: the number as shown. */
export function MemberRow(props: {
  member: Member;
  group: string;
  text: string;
  name?: string;
  isOwn: boolean;
  isLeaving: boolean;
  isOn: boolean;
  isStop: boolean;
  /** With `isRange`, ticks all from the last one. */
  onTick: (isRange: boolean) => unknown;
  onRemove: () => unknown;
}) {
  const { member, group, text, isOwn } = props;
  const open = t("members_open", text);
  return (
    <div class={props.isOn ? "member on" : "member"}>
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- the box in it is named by its words */}
      <span class="grow" role="gridcell">
        <label class="row">
          <TickBox isOn={props.isOn} isStop={props.isStop} onTick={props.onTick} />
          <span class="who grow">
            <bdi class="clip num grow" title={isHidden(member.id) ? t("members_hidden_hint") : undefined}>
              {props.name ? <strong>{props.name}</strong> : null} {text}
            </bdi>
            {isOwn ? <Tag tone="brand">{t("members_you")}</Tag> : null}
            {member.role === "member" ? null : <Tag tone="good">{t(`members_role_${member.role}`)}</Tag>}
            {props.isLeaving ? <Tag tone="warn">{t("members_leaving")}</Tag> : null}
          </span>
        </label>
      </span>
      <span role="gridcell">
        <a
          class="button plain icon"
          href={`#${personPath(member.id, group)}`}
          tabIndex={-1}
          aria-label={open}
          title={open}
        >
          <Icon icon={UserRound} />
        </a>
      </span>
      <span class="no-button" role="gridcell">
        {isOwn || props.isLeaving ? null : (
          <Button
            icon={Trash2}
            label={t("members_remove_one", text)}
            attributes={{ tabIndex: -1 }}
            onPress={props.onRemove}
          />
        )}
      </span>
    </div>
  );
}
