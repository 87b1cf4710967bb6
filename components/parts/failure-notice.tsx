import type { Failure } from "../../lib/shared/failure";
import { clock, dateTime, t } from "../../lib/shared/i18n";
import { useNow } from "../models/now";
import { Button } from "./button";
import { CopyButton } from "./copy";
import { lazyPart } from "./lazy";
import { failureText, Notice } from "./notice";

const GatewayAccess = lazyPart(() => import("./access").then((part) => part.GatewayAccess));

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
  const until = failure.code === "rate-limited" ? failure.retryAt : undefined;
  return (
    <Notice tone="bad" title={sentence}>
      {until === undefined ? (
        <p>{next}</p>
      ) : props.isRepeated ? (
        <Wait until={until} />
      ) : (
        <p>{t("failure_rate_limited_at", dateTime(until, Date.now()))}</p>
      )}
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

/** Screen readers get the time once, not the countdown. */
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
