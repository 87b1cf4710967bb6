import { ownBrowser } from "../../lib/shared/browser";
import { t } from "../../lib/shared/i18n";
import type { FailureCode } from "../../lib/shared/model";
import { Button } from "./button";
import { Notice, failureText } from "./notice";

/** What stops the app, and the way on: above the screen, or instead of it (`isWhole`). Independent of the app. */
export function Trouble({
  code,
  isWhole = false,
  onRetry = () => location.reload(),
}: {
  code: FailureCode;
  isWhole?: boolean;
  onRetry?: () => void;
}) {
  const { sentence, next } = failureText({ code });
  const notice = (
    <Notice tone="bad" title={sentence}>
      <p>{next}</p>
      <div class="row">
        {code === "store-elsewhere" ? (
          <Button kind="primary" onPress={() => ownBrowser().tabs.create({ url: location.href })}>
            {t("trouble_outside")}
          </Button>
        ) : (
          <Button kind="quiet" onPress={onRetry}>
            {t("action_retry")}
          </Button>
        )}
      </div>
    </Notice>
  );
  return isWhole ? <main class="screen">{notice}</main> : <div class="trouble">{notice}</div>;
}
