import { t } from "../../lib/shared/i18n";

/** What one recipient gets. */
export interface Preview {
  key: string;
  to: string;
  text: string;
}

/** Each recipient's message as it will be sent. */
export function Previews({ previews }: { previews: Preview[] }) {
  return (
    <section class="stack tight" aria-label={t("invite_instead_preview")}>
      <h3>{t("invite_instead_preview")}</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by keyboard */}
      <ul class="previews" tabIndex={0}>
        {previews.map(({ key, to, text }) => (
          <li key={key}>
            <p class="small muted">
              <bdi>{t("invite_instead_to", to)}</bdi>
            </p>
            <p class="preview" dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
