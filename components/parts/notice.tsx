import { CircleAlert, CircleCheck, Info, TriangleAlert, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import type { Failure } from "../../lib/shared/failure";
import { t, type MessageKey } from "../../lib/shared/i18n";
import { Icon } from "./icon";

export type Tone = "info" | "good" | "warn" | "bad";

const icons: Record<Tone, IconNode> = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert };

/** A sentence; screen readers read `bad` at once. */
export function Notice({
  tone = "info",
  title,
  isTimer,
  children,
}: {
  tone?: Tone;
  title?: string;
  /** A countdown: screen readers read it on demand only. */
  isTimer?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <div class={`notice ${tone}`} role={isTimer ? "timer" : tone === "bad" ? "alert" : "status"}>
      <Icon icon={icons[tone]} />
      <div>
        {title ? <strong>{title}</strong> : null}
        {children ? <div>{children}</div> : null}
      </div>
    </div>
  );
}

/** Returns a failure's sentence and next step. */
export function failureText(failure: Pick<Failure, "code">): { sentence: string; next: string } {
  const key = `failure_${failure.code.replaceAll("-", "_")}`;
  return { sentence: t(key as MessageKey), next: t(`${key}_next` as MessageKey) };
}

/** A small label. */
export function Tag({
  tone,
  icon,
  children,
}: {
  tone?: "good" | "warn" | "bad" | "brand";
  icon?: IconNode;
  children: ComponentChildren;
}) {
  return (
    <span class={tone ? `tag ${tone}` : "tag"}>
      {icon ? <Icon icon={icon} size={12} /> : null}
      {children}
    </span>
  );
}
