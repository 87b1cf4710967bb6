import { Trash2, UserRound } from "lucide";
import { t } from "../../../lib/shared/i18n";
import type { Member } from "../../../lib/shared/model";
import { isHidden } from "../../../lib/shared/person";
import { personPath } from "../../models/person";
import { Button } from "../../parts/button";
import { Icon } from "../../parts/icon";
import { Tag } from "../../parts/notice";

/** One member: a box to select them, their name, number and role, the way to their page, and removing them alone. `text` is the number as it is shown. */
export function MemberRow(props: {
  member: Member;
  group: string;
  text: string;
  name?: string;
  isOwn: boolean;
  isLeaving: boolean;
  isOn: boolean;
  onTick: () => unknown;
  onRemove: () => unknown;
}) {
  const { member, group, text, isOwn } = props;
  const open = t("members_open", text);
  return (
    <div class={props.isOn ? "member on" : "member"}>
      <label class="grow row">
        <input
          type="checkbox"
          class="tick"
          checked={props.isOn}
          aria-label={t("members_select", text)}
          onChange={props.onTick}
          onKeyDown={moveTick}
        />
        <span class="who grow">
          <bdi class="clip num grow" title={isHidden(member.id) ? t("members_hidden_hint") : undefined}>
            {props.name ? <strong>{props.name}</strong> : null} {text}
          </bdi>
          {isOwn ? <Tag tone="brand">{t("members_you")}</Tag> : null}
          {member.role === "superadmin" ? <Tag tone="good">{t("members_role_superadmin")}</Tag> : null}
          {member.role === "admin" ? <Tag tone="good">{t("members_role_admin")}</Tag> : null}
          {props.isLeaving ? <Tag tone="warn">{t("members_leaving")}</Tag> : null}
        </span>
      </label>
      <a class="button plain icon" href={`#${personPath(member.id, group)}`} aria-label={open} title={open}>
        <Icon icon={UserRound} />
      </a>
      {isOwn || props.isLeaving ? (
        <span class="no-button" />
      ) : (
        <Button icon={Trash2} label={t("members_remove_one", text)} onPress={props.onRemove} />
      )}
    </div>
  );
}

/** Up and down move from one row's box to the next. */
function moveTick(event: KeyboardEvent & { currentTarget: HTMLInputElement }): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const row = event.currentTarget.closest("li");
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  const box = next?.querySelector<HTMLInputElement>("input.tick");
  if (!box) return;
  event.preventDefault();
  box.focus();
}
