import { t } from "../../lib/shared/i18n";

/** The way to what became of a form's last job, which stands in the history. */
export function LastResult({ job }: { job: string | undefined }) {
  if (job === undefined) return null;
  return (
    <p class="small">
      <a href={`#/activity/${job}`}>{t("form_last")}</a>
    </p>
  );
}
