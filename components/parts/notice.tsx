import { CircleAlert, CircleCheck, Info, TriangleAlert, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import type { Failure } from "../../lib/shared/failure";
import { clock, dateTime, t, type MessageKey } from "../../lib/shared/i18n";
import { useNow } from "../models/now";
import { GatewayAccess } from "./access";
import { Button } from "./button";
import { CopyButton } from "./copy";
import { Icon } from "./icon";

export type Tone = "info" | "good" | "warn" | "bad";

const icons: Record<Tone, IconNode> = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert };

/** A sentence that stays on the screen: what is, and what to do. `bad` and `warn` are read at once by screen readers. */
export function Notice({
  tone = "info",
  title,
  isTimer,
  children,
}: {
  tone?: Tone;
  title?: string;
  /** A time runs down in it: screen readers read it on demand, not every second. */
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

/** The sentence of a failure and its next step. */
export function failureText(failure: Pick<Failure, "code">): { sentence: string; next: string } {
  const key = `failure_${failure.code.replaceAll("-", "_")}`;
  return { sentence: t(key as MessageKey), next: t(`${key}_next` as MessageKey) };
}

/**
 * A failure as the agent sees it: the sentence, the next step, the server's words, the request id to copy, a retry.
 * `isRepeated`: what failed is tried again by itself at the failure's `retryAt`. `address`: of the gateway that was meant,
 * where it is not that of the connection in use.
 */
export function FailureNotice(props: {
  failure: Failure;
  address?: string;
  onRetry?: () => unknown;
  isRepeated?: boolean;
}) {
  const { failure, address, onRetry } = props;
  const { sentence, next } = failureText(failure);
  const isWaiting = props.isRepeated === true && failure.code === "rate-limited" && failure.retryAt !== undefined;
  return (
    <Notice tone="bad" title={sentence}>
      {isWaiting ? <Wait until={failure.retryAt ?? 0} /> : <p>{next}</p>}
      {failure.detail ? <p class="small muted">{t("failure_said", failure.detail)}</p> : null}
      {failure.code === "no-permission" ? <GatewayAccess address={address} /> : null}
      {onRetry || failure.requestId ? (
        <div class="row">
          {onRetry ? (
            <Button kind="quiet" onPress={onRetry}>
              {t("action_retry")}
            </Button>
          ) : null}
          {failure.requestId ? <CopyButton text={failure.requestId} label={t("failure_copy_id")} kind="quiet" /> : null}
        </div>
      ) : null}
    </Notice>
  );
}

/** When it goes on, which is read out once, and the time until then, which only eyes follow. */
function Wait({ until }: { until: number }) {
  const now = useNow(true);
  return (
    <p>
      {t("failure_rate_limited_again", dateTime(until, now))}{" "}
      <span class="num muted" aria-hidden="true">
        ({clock(until - now)})
      </span>
    </p>
  );
}

/** A small label beside something. */
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

/** An empty state: what is not there, why, and what to do next. */
export function Empty(props: {
  icon: IconNode;
  title: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <span class="disc">
        <Icon icon={props.icon} size={26} />
      </span>
      <h2>{props.title}</h2>
      {props.children ? <p>{props.children}</p> : null}
      {props.actions ? <div class="row wrap">{props.actions}</div> : null}
    </div>
  );
}
