import { type IconNode, MessagesSquare } from "lucide";
import type { ComponentChildren } from "preact";
import { t } from "../../lib/shared/i18n";
import { Icon } from "./icon";
import "./empty.css";

/** Says what is missing, why, and what to do. */
export function Empty(props: {
  icon: IconNode;
  title?: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
  /** Centred in its place. */
  isWhole?: boolean;
}) {
  return (
    <div class={props.isWhole ? "empty whole" : "empty"}>
      <span class="disc">
        <Icon icon={props.icon} size={26} />
      </span>
      {props.title ? <h2>{props.title}</h2> : null}
      {props.children ? <p>{props.children}</p> : null}
      {props.actions ? <div class="row wrap">{props.actions}</div> : null}
    </div>
  );
}

/** Shown beside the list without a chosen group. */
export function NoGroup() {
  return (
    <Empty isWhole icon={MessagesSquare}>
      {t("groups_pick")}
    </Empty>
  );
}
