import { PAGES } from "../../lib/shared/address";
import { t } from "../../lib/shared/i18n";
import { useShell } from "../models/shell";
import { AllowButton, useAccess } from "./access";
import { Notice } from "./notice";

/** Asks for access to web pages if the browser withholds it. */
export function PageAccess() {
  const { settings } = useShell();
  const isGranted = useAccess(PAGES).value;
  if (isGranted !== false || !settings.value.isPageOn) return null;
  return (
    <Notice tone="warn" title={t("access_pages")}>
      <p>{t("access_pages_next")}</p>
      <div class="row">
        <AllowButton pattern={PAGES} />
      </div>
    </Notice>
  );
}
