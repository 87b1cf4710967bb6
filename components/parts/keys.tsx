import { Fragment } from "preact";
import { t } from "../../lib/shared/i18n";
import { InfoDialog } from "./dialog";
import "./keys.css";

/** Keys that work outside text fields. */
export function KeyList() {
  const keys = [
    [`${t("key_ctrl")} K`, t("keys_all")],
    ["/", t("keys_search")],
    ["↑ ↓", t("keys_rows")],
    [t("key_enter"), t("keys_open")],
    ["Esc", t("keys_clear")],
    ["a", t("keys_row_add")],
    ["m", t("keys_row_message")],
    ["i", t("keys_row_invite")],
    ["p", t("keys_row_pin")],
    ["x", t("keys_row_choose")],
    [`${t("key_ctrl")} A`, t("keys_choose_all")],
    ["?", t("keys_help")],
  ] as const;
  return (
    <dl class="keys small">
      {keys.map(([key, words]) => (
        <Fragment key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{words}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** The keys in a dialog. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <InfoDialog title={t("settings_keys")} onClose={onClose}>
      <KeyList />
    </InfoDialog>
  );
}
