import { t } from "../../lib/shared/i18n";

/** Links to the result of a form's last job. */
export function LastResult({ job }: { job: string | undefined }) {
  if (job === undefined) return null;
  return (
    <p class="small">
      <a href={`#/activity/${job}`}>{t("form_last")}</a>
    </p>
  );
}
