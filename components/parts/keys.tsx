import { Fragment } from "preact";
import { t } from "../../lib/shared/i18n";
import { Button } from "./button";
import { Dialog } from "./dialog";

/** The keys that work everywhere but in a text field, each with what it does. */
export function KeyList() {
  const keys = [
    ["Ctrl K", t("keys_all")],
    ["/", t("keys_search")],
    ["↑ ↓", t("keys_rows")],
    ["Enter", t("keys_open")],
    ["Esc", t("keys_clear")],
    ["a", t("keys_row_add")],
    ["m", t("keys_row_message")],
    ["i", t("keys_row_invite")],
    ["p", t("keys_row_pin")],
    ["x", t("keys_row_choose")],
    ["Ctrl A", t("keys_choose_all")],
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

/** The keys, over whatever stands on the screen. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("settings_keys")} onClose={onClose}>
      <KeyList />
      <div class="row end">
        <Button onPress={onClose} attributes={{ autofocus: true }}>
          {t("action_close")}
        </Button>
      </div>
    </Dialog>
  );
}
