import { CircleAlert, CircleCheck, Info, TriangleAlert, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import type { Failure } from "../../lib/shared/failure";
import { clock, dateTime, t, type MessageKey } from "../../lib/shared/i18n";
import { useNow } from "../models/now";
import { Button } from "./button";
import { CopyButton } from "./copy";
import { Icon } from "./icon";
import { lazyPart } from "./lazy";

const GatewayAccess = lazyPart(() => import("./access").then((part) => part.GatewayAccess));

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
  /** It counts down: screen readers read it on demand only. */
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

/** Returns a failure's sentence and its next step. */
export function failureText(failure: Pick<Failure, "code">): { sentence: string; next: string } {
  const key = `failure_${failure.code.replaceAll("-", "_")}`;
  return { sentence: t(key as MessageKey), next: t(`${key}_next` as MessageKey) };
}

/**
 * A failure: sentence, next step, server's words, request id, retry. `isRepeated`: retried automatically at `retryAt`.
 * `address`: the gateway, if not the current one.
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

/** The time is read out once; only eyes follow the countdown. */
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

/** An empty state: what is missing, why, and what to do. */
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
