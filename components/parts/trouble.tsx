import browser from "webextension-polyfill";
import { t } from "../../lib/shared/i18n";
import type { FailureCode } from "../../lib/shared/model";
import { Button } from "./button";
import { Notice, failureText } from "./notice";

/**
 * What keeps the whole app from working, and the way on: over the screen while there is one, else in its place. It needs
 * nothing of the app, so that it can be shown when nothing else can.
 */
export function Trouble({ code, isWhole = false }: { code: FailureCode; isWhole?: boolean }) {
  const { sentence, next } = failureText({ code });
  const notice = (
    <Notice tone="bad" title={sentence}>
      <p>{next}</p>
      <div class="row">
        {code === "store-elsewhere" ? (
          <Button kind="primary" onPress={() => browser.tabs.create({ url: location.href })}>
            {t("trouble_outside")}
          </Button>
        ) : (
          <Button kind="quiet" onPress={() => location.reload()}>
            {t("action_retry")}
          </Button>
        )}
      </div>
    </Notice>
  );
  return isWhole ? <main class="screen">{notice}</main> : <div class="trouble">{notice}</div>;
}
